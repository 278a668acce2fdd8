import { IconDownload } from '@tabler/icons-react';
import { useSync } from './use-sync.ts';
import { updateWords } from './sync-words.ts';

/** On every screen while the server does not serve an app of this age any more. */
export function UpdateBanner() {
  const { status, help } = useSync();
  const words = status && updateWords(status, help);
  return (
    <div role="status">
      {words && (
        <div className="g-banner" data-testid="update-banner">
          <IconDownload size={18} stroke={1.5} aria-hidden />
          <span>{words}</span>
        </div>
      )}
    </div>
  );
}
