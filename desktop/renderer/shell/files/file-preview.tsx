import { Button, Progress } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Note } from '../../ui/note.tsx';
import { useTask } from '../../ui/use-task.ts';
import { isShown, percent, sizeWords, typeWord } from './file-words.ts';
import { useFileContent } from './use-files.ts';
import type { AttachedFile, FileTransfer } from './use-files.ts';

/** A file as large as fits, or what it is and how to get it out. */
export function FilePreview(props: {
  file: AttachedFile;
  transfer: FileTransfer | undefined;
  save: () => Promise<boolean>;
  close: () => void;
}) {
  const { file, transfer } = props;
  const { t, fmt } = useI18n();
  const isPicture = isShown(file.mime);
  const { url, error, again } = useFileContent(isPicture ? file : null);
  const name = file.caption ?? t('files.untitled', { type: typeWord(file.mime) });
  const task = useTask();
  const [saved, setSaved] = useState(false);
  const loading = transfer?.direction === 'down' ? percent(transfer.done, transfer.size) : null;
  return (
    <Dialog title={name} close={props.close} testId="file-preview">
      {error && <ErrorNote error={error} retry={again} />}
      {isPicture && !url && !error && loading === null && <Loading lines={3} />}
      {loading !== null && (
        <div>
          <p className="g-small g-dim">{t('files.loading', { percent: loading })}</p>
          <Progress
            size={4}
            value={loading}
            aria-label={t('files.loading', { percent: loading })}
          />
        </div>
      )}
      {url && <img className="g-file-picture" src={url} alt={name} data-testid="file-picture" />}
      {!isPicture && (
        <p>{t('files.notShown', { type: typeWord(file.mime), size: sizeWords(fmt, file.size) })}</p>
      )}
      <Note tone="blue" icon={IconInfoCircle}>
        {t('files.saveHelp')}
      </Note>
      {task.error && <ErrorNote error={task.error} />}
      {saved && (
        <p role="status" data-testid="file-saved">
          {t('files.saved')}
        </p>
      )}
      <div className="g-row" style={{ justifyContent: 'flex-end' }}>
        <Button
          variant="default"
          loading={task.busy}
          onClick={() =>
            void task.run(async () => {
              setSaved(await props.save());
            })
          }
          data-testid="file-save"
        >
          {t('files.save')}
        </Button>
      </div>
    </Dialog>
  );
}
