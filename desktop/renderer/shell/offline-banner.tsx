import { IconClock, IconCloudOff } from '@tabler/icons-react';
import { useNow } from '../ui/use-now.ts';
import { useSync } from './use-sync.ts';
import { agedWords, offlineWords } from './sync-words.ts';

/**
 * Age of the data and what becomes of changes, on every screen while the server is out of reach or
 * nothing moves. The store calls short outages by no name, so no banner flickers for them.
 */
export function OfflineBanner() {
  const { status, help } = useSync();
  const now = useNow();
  const offline = status?.state === 'offline' || (status?.state === 'needs-you' && !status.online);
  const aged = status ? agedWords(status, help, now) : null;
  return (
    <div role="status">
      {offline && status && (
        <div className="g-banner" data-testid="offline-banner">
          <IconCloudOff size={18} stroke={1.5} aria-hidden />
          <span>{offlineWords(status, help)}</span>
        </div>
      )}
      {aged !== null && (
        <div className="g-banner" data-testid="aged-banner">
          <IconClock size={18} stroke={1.5} aria-hidden />
          <span>{aged}</span>
        </div>
      )}
    </div>
  );
}
