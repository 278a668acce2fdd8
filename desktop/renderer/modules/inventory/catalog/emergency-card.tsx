import { Button, CloseButton } from '@mantine/core';
import {
  IconCheck,
  IconExternalLink,
  IconFileUpload,
  IconFlame,
  IconPencil,
} from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { sdsDocuments } from '#shared/schema/tables/sds-documents.ts';
import { FilePreview } from '../../../shell/files/file-preview.tsx';
import { useFiles } from '../../../shell/files/use-files.ts';
import { useSession } from '../../../shell/session.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { fieldWord } from '../../../ui/domain-words.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useTask } from '../../../ui/use-task.ts';
import { isCasNumber } from './safety-text.ts';
import type { SoughtSheet } from './safety-text.ts';
import { SavedField } from './saved-field.tsx';
import { useSafetyActs } from './use-safety.ts';
import { PanelHead } from '../../../ui/panel-head.tsx';

const EDITABLE = [
  'product_name',
  'cas_no',
  'hazard_class',
  'first_aid',
  'spill',
  'revised_on',
] as const;

/** What somebody needs who has the thing on the skin: in big letters, without a network. */
export function EmergencyCard(props: {
  sheet: SoughtSheet;
  /** True when the maker's sheet can be opened here without a network. */
  isHere: boolean;
  isEditing: boolean;
  edit: (on: boolean) => void;
  close: () => void;
}) {
  const { sheet, isEditing } = props;
  const { t, fmt } = useI18n();
  const { mayRow } = useSession();
  const mayEdit = mayRow('sds_documents', 'update', { ...sheet });
  return (
    <aside
      className="g-detail g-emergency"
      aria-label={t('safety.cardOf', { product: sheet.product_name })}
      data-testid="emergency-card"
      data-product={sheet.product_name}
    >
      <div className="g-detail-head g-row" style={{ alignItems: 'flex-start' }}>
        <div className="g-spread">
          <h2>{sheet.product_name}</h2>
          <p className="g-dim">
            {[sheet.item_name, sheet.sku].filter((part) => part !== null).join(' · ')}
          </p>
        </div>
        {mayEdit && !isEditing && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPencil size={16} stroke={1.5} />}
            onClick={() => props.edit(true)}
            data-testid="safety-edit"
          >
            {t('safety.edit')}
          </Button>
        )}
        <CloseButton
          aria-label={t('common.close')}
          title={t('common.closeEsc')}
          onClick={props.close}
        />
      </div>
      <div className="g-detail-body g-stack" style={{ gap: 16 }}>
        {sheet.status === 'draft' && <Draft sheet={sheet} />}
        {isEditing && mayEdit ? (
          <Edit sheet={sheet} done={() => props.edit(false)} />
        ) : (
          <>
            <Big title={t('field.first_aid')} testId="card-first-aid">
              {sheet.first_aid}
            </Big>
            <dl className="g-emergency-facts">
              <dt>{fieldWord(t, 'hazard_class')}</dt>
              <dd data-testid="card-hazard">{sheet.hazard_class ?? '–'}</dd>
              <dt>{fieldWord(t, 'cas_no')}</dt>
              <dd className="g-code" data-testid="card-cas">
                {sheet.cas_no ?? '–'}
              </dd>
            </dl>
            {sheet.spill !== null && <Big title={t('field.spill')}>{sheet.spill}</Big>}
            <p className="g-emergency-call">{t('safety.call')}</p>
            {sheet.revised_on !== null && (
              <p className="g-dim">{t('safety.revised', { date: fmt.date(sheet.revised_on) })}</p>
            )}
          </>
        )}
        <SheetFile sheet={sheet} isHere={props.isHere} mayEdit={mayEdit} />
      </div>
    </aside>
  );
}

function Big(props: { title: string; children: string; testId?: string }) {
  return (
    <section>
      <h3 className="g-dim">{props.title}</h3>
      <p className="g-emergency-text" data-testid={props.testId}>
        {props.children}
      </p>
    </section>
  );
}

/** The maker's own sheet: opened, attached, replaced. */
function SheetFile(props: { sheet: SoughtSheet; isHere: boolean; mayEdit: boolean }) {
  const { sheet, isHere, mayEdit } = props;
  const { t } = useI18n();
  const { mayRow } = useSession();
  const known = useFiles({ table: 'sds_documents', id: sheet.id });
  const { attachFile, patch } = useSafetyActs();
  const { done } = useToasts();
  const task = useTask();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const file = known.files?.find(({ id }) => id === sheet.file?.id);
  const mayAttach =
    mayEdit &&
    mayRow('file_uploads', 'create', {
      location_id: null,
      owner_table: 'sds_documents',
      owner_id: sheet.id,
    });
  const take = (chosen: File) =>
    void task.run(async () => {
      const former = await attachFile(sheet, chosen, sheet.product_name);
      done(t('safety.attached'), () => patch(sheet.id, { file_id: former }));
    });
  return (
    <section className="g-stack" style={{ gap: 8 }} aria-label={t('safety.sheet')}>
      {task.error && <ErrorNote error={task.error} />}
      <p className="g-dim" data-testid="card-file" data-here={isHere}>
        {sheet.file === null
          ? t('safety.noFileHelp')
          : isHere
            ? t('safety.hereHelp')
            : t('safety.comingHelp')}
      </p>
      <div className="g-row">
        {file && (
          <Button
            leftSection={<IconExternalLink size={18} stroke={1.5} />}
            variant="default"
            onClick={() => setOpen(true)}
            data-testid="card-open"
          >
            {t('safety.open')}
          </Button>
        )}
        {mayAttach && (
          <>
            <Button
              variant="default"
              loading={task.busy}
              leftSection={<IconFileUpload size={18} stroke={1.5} />}
              onClick={() => input.current?.click()}
              data-testid="card-attach"
            >
              {sheet.file === null ? t('safety.attach') : t('safety.replace')}
            </Button>
            <input
              ref={input}
              type="file"
              hidden
              accept="application/pdf,image/jpeg,image/png,image/tiff"
              aria-label={t('safety.attach')}
              data-testid="card-attach-input"
              onChange={({ currentTarget }) => {
                const [chosen] = currentTarget.files ?? [];
                if (chosen) take(chosen);
                currentTarget.value = '';
              }}
            />
          </>
        )}
      </div>
      {open && file && (
        <FilePreview
          file={file}
          transfer={known.byFile.get(file.id)}
          save={() => known.save(file.id)}
          close={() => setOpen(false)}
        />
      )}
    </section>
  );
}

/** A draft is nobody's guide before somebody has looked at it. */
function Draft({ sheet }: { sheet: SoughtSheet }) {
  const { t } = useI18n();
  const { mayRow } = useSession();
  const { patch } = useSafetyActs();
  const { done, failed } = useToasts();
  const approve = async () => {
    try {
      await patch(sheet.id, { status: 'current' });
      done(t('safety.approved', { product: sheet.product_name }));
    } catch (error) {
      failed(error);
    }
  };
  return (
    <Note tone="amber" icon={IconFlame}>
      <p>{t('safety.draftHelp')}</p>
      {mayRow('sds_documents', 'approve', { ...sheet }) && (
        <Button
          mt={8}
          size="compact-sm"
          leftSection={<IconCheck size={16} stroke={1.5} />}
          onClick={() => void approve()}
          data-testid="safety-approve"
        >
          {t('safety.approve')}
        </Button>
      )}
    </Note>
  );
}

function Edit({ sheet, done }: { sheet: SoughtSheet; done: () => void }) {
  const { t, timeZone } = useI18n();
  const { mayRow } = useSession();
  const { patch } = useSafetyActs();
  const today = clinicDate(useNow(60_000), timeZone);
  const [asks, setAsks] = useState(false);
  const mayWithdraw =
    sheet.status === 'current' && mayRow('sds_documents', 'approve', { ...sheet });
  return (
    <div className="g-stack">
      {EDITABLE.map((name) => (
        <SavedField
          key={name}
          field={sdsDocuments.fields[name]}
          label={fieldWord(t, name)}
          value={sheet[name]}
          save={(value) => patch(sheet.id, { [name]: value })}
          check={(value) =>
            name === 'cas_no' && typeof value === 'string' && !isCasNumber(value)
              ? t('safety.casWrong')
              : null
          }
          mayEdit
          today={today}
          testId={`sheet-${name}`}
        />
      ))}
      <div className="g-row">
        <Button variant="default" onClick={done} data-testid="safety-edit-done">
          {t('safety.editDone')}
        </Button>
        {mayWithdraw && (
          <Button
            variant="subtle"
            color="red"
            onClick={() => setAsks(true)}
            data-testid="safety-withdraw"
          >
            {t('safety.withdraw')}
          </Button>
        )}
      </div>
      {asks && <Withdraw sheet={sheet} close={() => setAsks(false)} />}
    </div>
  );
}

/** There is no way back from it, so it names what it is about. */
function Withdraw({ sheet, close }: { sheet: SoughtSheet; close: () => void }) {
  const { t } = useI18n();
  const { patch } = useSafetyActs();
  const task = useTask();
  const go = () => task.run(() => patch(sheet.id, { status: 'superseded' }));
  return (
    <Dialog
      title={t('safety.withdraw')}
      close={close}
      busy={task.busy}
      testId="safety-withdraw-ask"
    >
      <p>{t('safety.withdrawHelp', { product: sheet.product_name })}</p>
      {task.error && <ErrorNote error={task.error} />}
      <div className="g-row">
        <Button
          color="red"
          loading={task.busy}
          onClick={() => void go()}
          data-testid="withdraw-yes"
        >
          {t('safety.withdrawYes', { product: sheet.product_name })}
        </Button>
        <Button variant="default" onClick={close} data-autofocus>
          {t('common.cancel')}
        </Button>
      </div>
    </Dialog>
  );
}

/** A hazardous item without a sheet: said, with the way to one. */
export function MissingSheet(props: {
  sheet: SoughtSheet;
  close: () => void;
  make: (() => void) | null;
}) {
  const { t } = useI18n();
  const { make } = props;
  let action: ReactNode = null;
  if (make) {
    action = (
      <Button onClick={make} data-testid="safety-make">
        {t('safety.make')}
      </Button>
    );
  }
  return (
    <aside className="g-detail" aria-label={props.sheet.product_name} data-testid="safety-missing">
      <PanelHead title={props.sheet.product_name} close={props.close} />
      <div className="g-detail-body">
        <EmptyState
          icon={IconFlame}
          title={t('safety.missingTitle')}
          help={t('safety.missingHelp')}
          action={action}
        />
      </div>
    </aside>
  );
}
