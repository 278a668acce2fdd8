import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { useTask } from '../../ui/use-task.ts';
import { useSync } from '../use-sync.ts';
import { syncWords } from '../sync-words.ts';
import { useProfileCalls } from './use-profile.ts';

/** Offers to send what waits, and says how that goes. */
export function SyncFirst() {
  const { t } = useI18n();
  const calls = useProfileCalls();
  const { status, help } = useSync();
  const task = useTask();
  return (
    <>
      <div className="g-row g-wrap">
        <Button
          variant="default"
          leftSection={<IconRefresh size={18} stroke={1.5} />}
          onClick={() => {
            void task.run(() => calls.syncNow());
          }}
          data-testid="sync-first"
        >
          {t('sync.now')}
        </Button>
        <span role="status" className="g-small g-dim">
          {status && syncWords(status, help)}
        </span>
      </div>
      {task.error && <ErrorNote error={task.error} />}
    </>
  );
}
