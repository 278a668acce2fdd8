import { useEffect, useState } from 'react';
import type { SyncDetails, SyncStatus, WaitingChange } from '#shared/ipc/sync-status.ts';
import { useStore, useTopic } from '#desktop/collections/hooks.tsx';
import { useToasts } from '../../ui/toasts.tsx';
import { useNow } from '../../ui/use-now.ts';

/** Most changes that the page lists; the number of all of them stands above. */
export const MOST_WAITING = 200;
const LOOK_AGAIN_MS = 5_000;

/**
 * What waits and what is here, asked anew when the status says that something has changed, and every
 * few seconds for the last contact.
 */
export function useSyncDetails(status: SyncStatus | undefined): {
  details: SyncDetails | null;
  waiting: readonly WaitingChange[] | null;
} {
  const { client } = useStore();
  const { failed } = useToasts();
  const [details, setDetails] = useState<SyncDetails | null>(null);
  const [waiting, setWaiting] = useState<readonly WaitingChange[] | null>(null);
  const tick = useNow(LOOK_AGAIN_MS);
  const count = status?.waiting;
  const refused = status?.needsYou;
  const loaded = status?.firstSync?.done;
  useEffect(() => {
    let current = true;
    client.call('sync.waiting', { limit: MOST_WAITING }).then((changes) => {
      if (current) setWaiting(changes);
    }, failed);
    return () => {
      current = false;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- asked again when a number changes
  }, [client, count, refused]);
  useEffect(() => {
    let current = true;
    client.call('sync.details', {}).then((answer) => {
      if (current) setDetails(answer);
    }, failed);
    return () => {
      current = false;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- asked again as time goes on
  }, [client, tick, loaded, status?.online]);
  return { details, waiting };
}

/** Files that only this device has so far. */
export function useUnsentFiles(): number {
  const { data } = useTopic('files.transfers');
  return data?.filter(({ direction }) => direction === 'up').length ?? 0;
}

/** Tries everything now. */
export function useSyncNow(): () => void {
  const { client } = useStore();
  const { failed } = useToasts();
  return () => {
    client.call('sync.now', {}).catch(failed);
  };
}
