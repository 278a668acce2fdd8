import { IconFileAlert } from '@tabler/icons-react';
import { FileList } from '../../../../shell/files/file-list.tsx';
import { useFiles } from '../../../../shell/files/use-files.ts';
import { useSession } from '../../../../shell/session.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { useI18n } from '../../../../ui/i18n.tsx';
import { Note } from '../../../../ui/note.tsx';
import { useToasts } from '../../../../ui/toasts.tsx';
import { useTask } from '../../../../ui/use-task.ts';
import { useItemRecord } from '../../use-inventory.ts';
import { DocumentInput } from './document-input.tsx';
import { useAttachDocument } from './use-lot-documents.ts';

/** The papers of a lot's trade: where it came from, for a recall and for whoever asks. */
export function LotDocuments(props: { lotId: string; itemId: string }) {
  const { lotId, itemId } = props;
  const { t } = useI18n();
  const { mayRow } = useSession();
  const { data: item } = useItemRecord(itemId);
  const known = useFiles({ table: 'inventory_lots', id: lotId });
  const attach = useAttachDocument();
  const { done } = useToasts();
  const task = useTask();
  const { files } = known;
  const scope = { location_id: null, owner_table: 'inventory_lots', owner_id: lotId };
  const mayAttach = mayRow('file_uploads', 'create', scope);
  const policy = item?.document_policy ?? null;
  if (!files || (files.length === 0 && policy === null && !mayAttach)) return null;
  const take = (file: File): void =>
    void task.run(async () => {
      await attach(file, [lotId]);
      done(t('lots.attached'));
    });
  return (
    <section className="g-stack" style={{ gap: 8 }} aria-label={t('lots.documents')}>
      <div className="g-row">
        <h2 className="g-strong g-spread" style={{ fontSize: 16 }}>
          {t('lots.documents')}
        </h2>
        {mayAttach && (
          <DocumentInput
            label={t('lots.attach')}
            busy={task.busy}
            take={take}
            testId="lot-attach"
          />
        )}
      </div>
      {task.error && <ErrorNote error={task.error} />}
      {files.length === 0 &&
        (policy === 'required' ? (
          <Note tone="amber" icon={IconFileAlert} testId="lot-document-missing">
            {t('lots.isMissing')}
          </Note>
        ) : (
          <p className="g-small g-dim">{t('lots.documentsHelp')}</p>
        ))}
      <FileList known={known} scope={scope} label={t('lots.documents')} />
    </section>
  );
}
