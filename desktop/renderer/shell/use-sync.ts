import { useState } from 'react';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { useTopic } from '#desktop/collections/hooks.tsx';
import { useI18n } from '../ui/i18n.tsx';
import type { SyncWordsHelp } from './sync-words.ts';

/** The sync status and what is needed to put it into words. */
export function useSync(): { status: SyncStatus | undefined; help: SyncWordsHelp } {
  const { data: status } = useTopic('sync.status');
  const { t, fmt, say } = useI18n();
  const [burst, setBurst] = useState(0);
  const most = !status || status.waiting === 0 ? 0 : Math.max(burst, status.waiting);
  if (most !== burst) setBurst(most);
  const when = (instant: number) =>
    fmt.date(dayOf(instant)) === fmt.date(dayOf(Date.now()))
      ? fmt.time(instant)
      : fmt.exact(instant);
  return { status, help: { t, when, say, burst: most } };
}

const dayOf = (instant: number): string => {
  const date = new Date(instant);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};
