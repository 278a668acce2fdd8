import { Button } from '@mantine/core';
import { IconCheck, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { sdsDocuments } from '#shared/schema/tables/sds-documents.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { fieldWord } from '../../../ui/domain-words.ts';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { FormField } from '../../../ui/form-field.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { FormSummary, useForm } from '../../../ui/use-form.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useTask } from '../../../ui/use-task.ts';
import { ItemSelect } from '../item-select.tsx';
import { useInventoryList } from '../use-inventory.ts';
import { choiceWords } from './catalog-words.ts';
import { isCasNumber } from './safety-text.ts';
import { useSafetyActs } from './use-safety.ts';
import { PanelHead } from '../../../ui/panel-head.tsx';

const { product_name, cas_no, hazard_class, first_aid, spill, language, revised_on } =
  sdsDocuments.fields;
const FIELDS = {
  product_name,
  first_aid,
  hazard_class,
  cas_no,
  spill,
  language,
  revised_on,
} as const;
type Name = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as Name[];

const focusOn = (name: Name): void =>
  document.querySelector<HTMLElement>(`[data-testid="sheet-${name}"]`)?.focus();
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

/** A new safety sheet: what stands on the card, copied from the maker's sheet by a person. */
export function SheetForm(props: {
  itemId: string | null;
  /** What it is called, where that is known. */
  product: string | null;
  close: () => void;
  made: (id: string) => void;
}) {
  const { t, timeZone, language: spoken } = useI18n();
  const { may } = useSession();
  const today = clinicDate(useNow(60_000), timeZone);
  const { items } = useInventoryList();
  const [itemId, setItemId] = useState(props.itemId);
  const item = items?.find(({ item_id }) => item_id === itemId);
  const form = useForm<Name>(FIELDS, {
    product_name: props.product,
    cas_no: null,
    hazard_class: null,
    first_aid: null,
    spill: null,
    language: spoken,
    revised_on: null,
  });
  const { create } = useSafetyActs();
  const { done } = useToasts();
  const task = useTask();
  const status = may('sds_documents', 'approve') ? 'current' : 'draft';
  const [tried, setTried] = useState(false);
  useEffect(() => focusOn('product_name'), []);
  const { values } = form;
  const cas = textOf(values.cas_no);
  const isCasWrong = cas !== null && !isCasNumber(cas);

  const finish = async () => {
    setTried(true);
    if (!form.check()) return;
    if (isCasWrong) return focusOn('cas_no');
    let id = '';
    const isDone = await task.run(async () => {
      id = await create(
        {
          item_id: itemId,
          product_name: textOf(values.product_name) ?? '',
          cas_no: cas,
          hazard_class: textOf(values.hazard_class),
          first_aid: textOf(values.first_aid) ?? '',
          spill: textOf(values.spill),
          language: values.language === 'es' ? 'es' : 'en',
          revised_on: textOf(values.revised_on),
        },
        status,
      );
    });
    if (!isDone) return;
    done(t('safety.saved', { product: textOf(values.product_name) ?? '' }));
    props.made(id);
  };
  usePageKeys('safetySheet', { finish: () => void finish() });
  return (
    <aside className="g-detail" aria-label={t('safety.new')} data-testid="sheet-form">
      <PanelHead title={t('safety.new')} close={props.close} />
      <form
        noValidate
        className="g-detail-body g-stack"
        onSubmit={(event) => {
          event.preventDefault();
          void finish();
        }}
      >
        {task.error && <ErrorNote error={task.error} />}
        <FormSummary
          form={form}
          fields={FIELDS}
          label={(name) => fieldWord(t, name)}
          focus={focusOn}
        />
        {status === 'draft' && (
          <Note tone="blue" icon={IconInfoCircle}>
            {t('safety.draftHelp')}
          </Note>
        )}
        <ItemSelect
          register={() => undefined}
          items={items ?? []}
          value={itemId}
          error={null}
          onChoose={(id) => {
            setItemId(id);
            const chosen = items?.find(({ item_id }) => item_id === id);
            const isNamed =
              textOf(values.product_name) !== null && values.product_name !== item?.name;
            if (chosen && !isNamed) form.set('product_name', chosen.name);
          }}
          testId="sheet-item"
        />
        {NAMES.map((name) => (
          <FormField
            key={name}
            {...form.bind(name)}
            label={fieldWord(t, name)}
            words={choiceWords(t, name)}
            error={name === 'cas_no' && tried && isCasWrong ? t('safety.casWrong') : null}
            today={today}
            testId={`sheet-${name}`}
          />
        ))}
        <div>
          <Button
            type="submit"
            loading={task.busy}
            leftSection={<IconCheck size={18} stroke={1.5} />}
            title="Ctrl+Enter"
            aria-keyshortcuts="Control+Enter"
            data-testid="sheet-create"
          >
            {t('safety.create')}
          </Button>
        </div>
      </form>
    </aside>
  );
}
