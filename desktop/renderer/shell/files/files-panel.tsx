import { IconPaperclip } from '@tabler/icons-react';
import { useState } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { FILE_TYPES } from '#shared/schema/file-types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useSession } from '../session.tsx';
import { FilePreview } from './file-preview.tsx';
import { FileRow, TakingRow } from './file-row.tsx';
import { useFiles } from './use-files.ts';
import type { AttachedFile, FileOwner } from './use-files.ts';

const ACCEPT = Object.keys(FILE_TYPES).join(',');

/** The files of one record: attach, look at, see where each one is. */
export function FilesPanel(props: {
  owner: FileOwner;
  /** The row of the record's site, for what a person may do. */
  scope: Readonly<Record<string, unknown>>;
  /** True where the name of a file cannot name a patient: then it becomes the caption. */
  captionFromName: boolean;
  emptyHelp: string;
}) {
  const { owner, captionFromName } = props;
  const { t, timeZone } = useI18n();
  const { mayRow } = useSession();
  const now = useNow();
  const known = useFiles(owner);
  const [shown, setShown] = useState<AttachedFile | null>(null);
  const { files, error, byFile, taking } = known;
  if (error && !files) return <ErrorNote error={error} />;
  if (!files) return <Loading lines={4} />;

  const scope = { ...props.scope, owner_table: owner.table, owner_id: owner.id };
  const mayAttach = mayRow('file_uploads', 'create', scope);
  const today = clinicDate(now, timeZone);
  const list = (
    <>
      {files.length === 0 && taking.length === 0 && (
        <EmptyState icon={IconPaperclip} title={t('files.empty')} help={props.emptyHelp} />
      )}
      <ul className="g-files" aria-label={t('detail.files')}>
        {taking.map((one) => (
          <TakingRow
            key={one.key}
            file={one}
            cancel={() => known.cancel(one.key)}
            dismiss={() => known.dismiss(one.key)}
          />
        ))}
        {files.map((file) => (
          <FileRow
            key={file.id}
            file={file}
            transfer={byFile.get(file.id)}
            today={today}
            now={now}
            mayEdit={mayRow('file_uploads', 'update', scope)}
            open={() => setShown(file)}
            retry={() => known.retry(file.id)}
            caption={(text) => known.caption(file.id, text)}
          />
        ))}
      </ul>
      {shown && (
        <FilePreview
          key={shown.id}
          file={shown}
          transfer={byFile.get(shown.id)}
          save={() => known.save(shown.id)}
          close={() => setShown(null)}
        />
      )}
    </>
  );
  if (!mayAttach) return list;
  return (
    <FileDrop
      label={t('files.attach')}
      help={t('files.help')}
      dropWords={t('files.drop')}
      accept={ACCEPT}
      take={(chosen) => {
        // One after the other: the disk is one.
        void (async () => {
          for (const file of chosen) await known.attach(file, captionFromName);
        })();
      }}
      testId="files-drop"
    >
      {list}
    </FileDrop>
  );
}
