import { IconCloudOff } from '@tabler/icons-react';
import { useSync } from './use-sync.ts';
import { offlineWords } from './sync-words.ts';

/**
 * Age of the data and what becomes of changes, on every screen while the server is out of reach.
 * The store calls short outages by no name, so no banner flickers for them.
 */
export function OfflineBanner() {
  const { status, help } = useSync();
  const offline = status?.state === 'offline' || (status?.state === 'needs-you' && !status.online);
  return (
    <div role="status">
      {offline && status && (
        <div className="g-banner" data-testid="offline-banner">
          <IconCloudOff size={18} stroke={1.5} aria-hidden />
          <span>{offlineWords(status, help)}</span>
        </div>
      )}
    </div>
  );
}
