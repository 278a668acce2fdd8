import { IconPaperclip } from '@tabler/icons-react';
import { FILE_TYPES } from '#shared/schema/file-types.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { useI18n } from '../../ui/i18n.tsx';
import { Loading } from '../../ui/loading.tsx';
import { useSession } from '../session.tsx';
import { FileList } from './file-list.tsx';
import { useFiles } from './use-files.ts';
import type { FileOwner } from './use-files.ts';

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
  const { t } = useI18n();
  const { mayRow } = useSession();
  const known = useFiles(owner);
  const { files, error, taking } = known;
  if (error && !files) return <ErrorNote error={error} />;
  if (!files) return <Loading lines={4} />;

  const scope = { ...props.scope, owner_table: owner.table, owner_id: owner.id };
  const mayAttach = mayRow('file_uploads', 'create', scope);
  const list = (
    <>
      {files.length === 0 && taking.length === 0 && (
        <EmptyState icon={IconPaperclip} title={t('files.empty')} help={props.emptyHelp} />
      )}
      <FileList known={known} scope={scope} label={t('detail.files')} />
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
