import { Button, Progress } from '@mantine/core';
import { IconFileTypePdf, IconLoader, IconPhoto } from '@tabler/icons-react';
import { useI18n } from '../../ui/i18n.tsx';
import { InlineEdit } from '../../ui/inline-edit.tsx';
import { StatusPill } from '../../ui/status-pill.tsx';
import { useTask } from '../../ui/use-task.ts';
import { When } from '../../ui/when.tsx';
import { fileStatus, percent, sizeWords, typeWord } from './file-words.ts';
import type { AttachedFile, FileTransfer, TakingOver } from './use-files.ts';

const MAX_CAPTION = 120;

/** One attached file: what it is, who attached it when, and where it is. */
export function FileRow(props: {
  file: AttachedFile;
  transfer: FileTransfer | undefined;
  today: string;
  now: number;
  mayEdit: boolean;
  open: () => void;
  retry: () => Promise<void>;
  caption: (text: string | null) => Promise<void>;
}) {
  const { file, transfer, now, mayEdit } = props;
  const { t, fmt, say } = useI18n();
  const task = useTask();
  const status = fileStatus(t, file, transfer, props.today);
  const Mark = file.mime === 'application/pdf' ? IconFileTypePdf : IconPhoto;
  const name = file.caption ?? t('files.untitled', { type: typeWord(file.mime) });
  const canOpen = !['elsewhere', 'refused', 'removed'].includes(status.name) || file.is_from_here;
  return (
    <li
      className="g-file"
      data-testid="file-row"
      data-file={file.id}
      data-status={status.name}
      data-percent={status.percent ?? ''}
    >
      <Mark size={18} stroke={1.5} aria-hidden />
      {mayEdit ? (
        <InlineEdit
          label={t('files.captionOf', { name })}
          value={file.caption ?? ''}
          placeholder={t('files.captionNone')}
          maxLength={MAX_CAPTION}
          save={(text) => props.caption(text === '' ? null : text)}
          testId="file-caption"
        />
      ) : (
        <span className="g-cut">{name}</span>
      )}
      <span className="g-row" style={{ gap: 4 }}>
        {status.name === 'refused' && transfer && (
          <Button
            size="compact-sm"
            variant="default"
            loading={task.busy}
            onClick={() => void task.run(props.retry)}
            data-testid="file-retry"
          >
            {t('common.tryAgain')}
          </Button>
        )}
        {canOpen && (
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={t('files.openOf', { name })}
            onClick={props.open}
            data-testid="file-open"
          >
            {t('files.open')}
          </Button>
        )}
      </span>
      <div className="g-file-facts g-small g-dim">
        <StatusPill tone={status.tone} icon={status.icon}>
          {status.words}
        </StatusPill>
        <span>
          {typeWord(file.mime)}, {sizeWords(fmt, file.size)}
        </span>
        <span className="g-cut">{file.who ?? t('files.someone')}</span>
        <When instant={file.attached_at} now={now} />
      </div>
      {status.percent !== null && status.percent < 100 && (
        <Progress
          className="g-file-bar"
          size={4}
          value={status.percent}
          aria-label={status.words}
        />
      )}
      {status.code !== null && (
        <p className="g-file-why g-small g-dim" role="status">
          {say(status.code)} <span className="g-code">{status.code}</span>
        </p>
      )}
    </li>
  );
}

/** A file on its way from the person's folder into this device's store. */
export function TakingRow(props: { file: TakingOver; cancel: () => void; dismiss: () => void }) {
  const { file } = props;
  const { t, fmt, say } = useI18n();
  const done = percent(file.done, file.size);
  return (
    <li className="g-file" data-testid="file-taking">
      <IconLoader size={18} stroke={1.5} aria-hidden />
      <span className="g-cut" title={file.name}>
        {file.name}
      </span>
      {file.error ? (
        <Button
          size="compact-sm"
          variant="default"
          onClick={props.dismiss}
          data-testid="file-dismiss"
        >
          {t('common.close')}
        </Button>
      ) : (
        <Button
          size="compact-sm"
          variant="default"
          onClick={props.cancel}
          data-testid="file-cancel"
        >
          {t('common.cancel')}
        </Button>
      )}
      {file.error ? (
        <p className="g-file-why g-small" role="alert" data-testid="file-problem">
          {say(file.error.code)} <span className="g-code">{file.error.code}</span>
        </p>
      ) : (
        <>
          <p className="g-file-facts g-small g-dim">
            {t('files.taking', {
              done: sizeWords(fmt, file.done),
              size: sizeWords(fmt, file.size),
            })}
          </p>
          <Progress className="g-file-bar" size={4} value={done} aria-label={t('files.saving')} />
        </>
      )}
    </li>
  );
}
