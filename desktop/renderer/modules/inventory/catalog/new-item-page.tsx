import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconInfoCircle, IconLock } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { clinicDate } from '#shared/kernel/dates.ts';
import { newId } from '#shared/kernel/ids.ts';
import { usePageKeys } from '../../../shell/actions/page-keys.ts';
import { useSession } from '../../../shell/session.tsx';
import { fieldWord } from '../../../ui/domain-words.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { PageHeader } from '../../../ui/page-header.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { FormSummary, useForm } from '../../../ui/use-form.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { useTask } from '../../../ui/use-task.ts';
import { useInventoryList } from '../use-inventory.ts';
import { FieldGroup, ItemField } from './item-fields.tsx';
import { ChosenPicture, PictureButton } from './item-picture.tsx';
import { makesItems } from './item-rights.ts';
import { ITEM_FIELDS, NEW_ITEM, newItemRow, policiesFit } from './item-values.ts';
import type { ItemFieldName } from './item-values.ts';
import { PackFields } from './pack-fields.tsx';
import { readPacks } from './pack-text.ts';
import type { PacksText } from './pack-text.ts';
import { useGtinOwner, useItemActs } from './use-catalog.ts';

const NO_PROBLEMS = new Map();
const focusOn = (testId: string): void =>
  document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.focus();

/** A new item of the catalogue: one form, one button that makes it. */
export function NewItemPage() {
  const { t, timeZone } = useI18n();
  const session = useSession();
  const make = makesItems(session);
  const today = clinicDate(useNow(60_000), timeZone);
  const { items } = useInventoryList();
  const ownerOf = useGtinOwner(null);
  const { create } = useItemActs();
  const navigate = useNavigate();
  const { done } = useToasts();
  const task = useTask();
  const form = useForm<ItemFieldName>(ITEM_FIELDS, NEW_ITEM);
  const [packs, setPacks] = useState<PacksText>({ baseGtin: '', rows: [] });
  const [shown, setShown] = useState(false);
  const [picture, setPicture] = useState<File | null>(null);
  /** The same item when the button is pressed twice. */
  const id = useRef(newId());
  useEffect(() => focusOn('item-name'), []);

  const { values } = form;
  const sku = typeof values.sku === 'string' ? values.sku.trim().toUpperCase() : '';
  const namesake = items?.find((item) => sku !== '' && item.sku.toUpperCase() === sku);
  const fits = policiesFit(String(values.lot_policy), String(values.expiry_policy));
  const baseUnit = typeof values.base_unit === 'string' ? values.base_unit.trim() : '';
  const read = readPacks(packs, baseUnit === '' ? '–' : baseUnit, ownerOf);

  const finish = async () => {
    setShown(true);
    if (!form.check() || make === null) return;
    if (namesake) return focusOn('item-sku');
    if (!fits) return focusOn('item-lot_policy');
    if (!read.ok) {
      document.querySelector<HTMLElement>('.g-packs [aria-invalid="true"]')?.focus();
      return;
    }
    const row = newItemRow(id.current, values, read.packs, make);
    const isDone = await task.run(() => create(row, picture));
    if (!isDone) return;
    done(t('catalog.created', { item: row.name }));
    await navigate({ to: '/inventory', search: { item: row.id, tab: 'item' } });
  };
  usePageKeys('newItem', { finish: () => void finish() });

  if (make === null) {
    return (
      <EmptyState isPage icon={IconLock} title={t('home.nothing')} help={t('home.nothingHelp')} />
    );
  }
  const field = (name: ItemFieldName, error: string | null = null) => (
    <ItemField key={name} name={name} bound={form.bind(name)} today={today} error={error} />
  );
  return (
    <>
      <PageHeader title={t('catalog.new')}>
        <Button variant="default" onClick={() => void navigate({ to: '/inventory' })}>
          {t('common.cancel')}
        </Button>
        <Button
          leftSection={<IconCheck size={18} stroke={1.5} />}
          loading={task.busy}
          onClick={() => void finish()}
          aria-keyshortcuts="Control+Enter"
          title="Ctrl+Enter"
          data-testid="item-create"
        >
          {make === 'active' ? t('catalog.create') : t('catalog.createDraft')}
        </Button>
      </PageHeader>
      <div className="g-scroll">
        <form
          noValidate
          className="g-stack g-column"
          style={{ maxWidth: 880, gap: 24 }}
          onSubmit={(event) => {
            event.preventDefault();
            void finish();
          }}
        >
          {task.error && <ErrorNote error={task.error} testId="item-error" />}
          <FormSummary
            form={form}
            fields={ITEM_FIELDS}
            label={(name) => fieldWord(t, name)}
            focus={(name) => focusOn(`item-${name}`)}
          />
          {make === 'draft' && (
            <Note tone="blue" icon={IconInfoCircle}>
              {t('catalog.draftNote')}
            </Note>
          )}
          <FieldGroup title={t('catalog.what')}>
            {field('name')}
            {field('sku', namesake ? t('catalog.skuTaken', { item: namesake.name }) : null)}
            {field('category')}
            {field('manufacturer')}
            {field('kind')}
            {field('description')}
          </FieldGroup>
          <FieldGroup title={t('catalog.units')}>
            {field('base_unit')}
            <div className="g-field-wide">
              <PackFields
                text={packs}
                baseUnit={baseUnit}
                problems={shown && !read.ok ? read.problems : NO_PROBLEMS}
                change={setPacks}
                onLeave={() => setShown(true)}
              />
            </div>
          </FieldGroup>
          <FieldGroup title={t('catalog.dates')}>
            {field('lot_policy')}
            {field('expiry_policy')}
            {!fits && (
              <div className="g-field-wide">
                <Note tone="red" icon={IconAlertTriangle} role="alert" testId="item-policies">
                  {t('catalog.policies')}
                </Note>
              </div>
            )}
            {field('expiry_alert_days')}
            {field('open_days')}
            {field('open_hours')}
            {field('vial_units')}
            {field('vial_unit')}
          </FieldGroup>
          <FieldGroup title={t('catalog.safety')}>
            {field('controlled_schedule')}
            {field('hazardous')}
          </FieldGroup>
          <FieldGroup title={t('picture.title')}>
            <div className="g-field-wide g-row">
              {picture && <ChosenPicture file={picture} alt={t('picture.title')} />}
              <PictureButton has={picture !== null} take={setPicture} />
              <span className="g-small g-dim">{t('picture.later')}</span>
            </div>
          </FieldGroup>
        </form>
      </div>
    </>
  );
}
