import { useContext, useEffect, useState } from 'react';
import { KeeperContext } from '../../ui/table-arrangement.ts';
import { readRecent, withRecent } from './recent.ts';
import type { Recent } from './recent.ts';

const NAME = 'palette';

/** What this person chose in Ctrl+K lately; it lies in their encrypted profile on this device. */
export function useRecent(): { recent: Recent; choose: (id: string) => void } {
  const keeper = useContext(KeeperContext);
  const [recent, setRecent] = useState<Recent>([]);
  useEffect(() => {
    let current = true;
    keeper?.recall(NAME).then(
      (kept) => current && setRecent(readRecent(kept)),
      // Without it the list is in its usual order.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [keeper]);
  const choose = (id: string): void => {
    const next = withRecent(recent, id);
    setRecent(next);
    keeper?.remember(NAME, JSON.stringify(next)).catch(() => undefined);
  };
  return { recent, choose };
}
