import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { InventoryListRow } from '#shared/ipc/views.ts';
import type { FieldFocus } from '../../../ui/field-focus.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { ItemSelect } from '../item-select.tsx';
import { readExpiry } from './expiry-text.ts';
import { toBase } from './packs.ts';
import { expiryAsked, lotAsked } from './receive-check.ts';
import type { EntryField, EntryProblems, EntryText, ReceivableItem } from './receive-check.ts';
import { UnitSelect } from '../unit-select.tsx';

/**
 * The fields of one line. Enter goes on to the next field that the item needs, and from the last
 * one adds the line.
 */
export function EntryFields(props: {
  items: readonly InventoryListRow[];
  entry: EntryText;
  item: ReceivableItem | null;
  problems: EntryProblems;
  /** True once somebody tried to add the line or to finish: then all problems show. */
  showAll: boolean;
  fields: FieldFocus<EntryField>;
  today: string;
  change: (changes: Partial<EntryText>) => void;
  add: () => void;
}) {
  const { items, entry, item, problems, fields, change, add } = props;
  const { t, fmt } = useI18n();
  const [left, setLeft] = useState<ReadonlySet<EntryField>>(new Set());
  const leave = (field: EntryField, filled: boolean) => () => {
    if (filled) setLeft(new Set([...left, field]));
  };
  const words = (field: EntryField) => {
    const problem = problems[field];
    return problem && (props.showAll || left.has(field)) ? t(problem) : null;
  };
  const lotPolicy = item ? lotAsked(item) : null;
  const expiryPolicy = item ? expiryAsked(item) : null;
  const lots = lotPolicy !== 'none';
  const dates = expiryPolicy !== 'none';
  const order: EntryField[] = ['quantity'];
  if (lots) order.push('lot');
  if (dates) order.push('expiry');

  const onEnter = (field: EntryField) => (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = order[order.indexOf(field) + 1];
    if (next) fields.focus(next);
    else {
      setLeft(new Set());
      add();
    }
  };

  return (
    <div className="g-entry">
      <div className="g-entry-item">
        <ItemSelect
          register={fields.register('item')}
          items={items}
          value={entry.itemId}
          error={words('item')}
          onChoose={(itemId) => {
            change({ itemId, unit: null });
            if (itemId !== null) fields.focus('quantity');
          }}
          testId="receive-item"
        />
      </div>
      <TextInput
        ref={fields.register('quantity')}
        label={t('receive.quantity')}
        inputMode="decimal"
        autoComplete="off"
        value={entry.quantity}
        error={words('quantity')}
        description={baseWords(entry, item, fmt.quantity)}
        inputWrapperOrder={ORDER}
        onChange={(event) => change({ quantity: event.currentTarget.value })}
        onBlur={leave('quantity', entry.quantity !== '')}
        onKeyDown={onEnter('quantity')}
        styles={RIGHT}
        maxLength={20}
        data-testid="receive-qty"
      />
      <UnitSelect
        units={item?.units.map(({ name }) => name) ?? []}
        value={entry.unit ?? item?.units[0]?.name ?? null}
        choose={(unit) => change({ unit })}
        disabled={!item}
        testId="receive-unit"
      />
      <TextInput
        ref={fields.register('lot')}
        label={t('lots.lot')}
        required={lotPolicy === 'required'}
        disabled={!lots}
        autoComplete="off"
        value={lots ? entry.lot : ''}
        error={words('lot')}
        inputWrapperOrder={ORDER}
        onChange={(event) => change({ lot: event.currentTarget.value })}
        onBlur={leave('lot', entry.lot !== '')}
        onKeyDown={onEnter('lot')}
        maxLength={40}
        data-testid="receive-lot"
      />
      <TextInput
        ref={fields.register('expiry')}
        label={t('lots.expiry')}
        required={expiryPolicy === 'required'}
        disabled={!dates}
        autoComplete="off"
        placeholder={t('receive.datePlaceholder')}
        value={dates ? entry.expiry : ''}
        error={words('expiry')}
        description={expiryWords(entry.expiry, props.today, fmt.date, {
          passed: t('receive.alreadyExpired'),
          month: (date) => t('receive.monthEnd', { date }),
        })}
        inputWrapperOrder={ORDER}
        onChange={(event) => change({ expiry: event.currentTarget.value })}
        onBlur={leave('expiry', entry.expiry !== '')}
        onKeyDown={onEnter('expiry')}
        maxLength={10}
        data-testid="receive-expiry"
      />
      <Button
        variant="default"
        mt={22}
        leftSection={<IconPlus size={18} stroke={1.5} />}
        onClick={() => {
          setLeft(new Set());
          add();
        }}
        data-testid="receive-add-line"
      >
        {t('receive.addLine')}
      </Button>
      {(entry.serial !== '' || (item?.document_policy ?? null) !== null) && (
        <TextInput
          label={t('receive.serial')}
          autoComplete="off"
          value={entry.serial}
          onChange={(event) => change({ serial: event.currentTarget.value })}
          maxLength={40}
          data-testid="receive-serial"
        />
      )}
    </div>
  );
}

const ORDER = ['label', 'input', 'error', 'description'] as (
  | 'label'
  | 'input'
  | 'error'
  | 'description'
)[];
const RIGHT = { input: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' } } as const;

/** "= 60 each" for three boxes of twenty. */
function baseWords(
  entry: EntryText,
  item: ReceivableItem | null,
  write: (quantity: number) => string,
): string | undefined {
  const base = item?.units[0];
  const unit = item?.units.find(({ name }) => name === entry.unit);
  if (!base || !unit || unit.name === base.name) return undefined;
  const read = toBase(entry.quantity, unit);
  return read.ok ? `= ${write(read.quantity)} ${base.name}` : undefined;
}

/** The date in words, so that a month and a day cannot be taken for each other. */
function expiryWords(
  text: string,
  today: string,
  write: (date: string) => string,
  words: { readonly passed: string; readonly month: (date: string) => string },
): string | undefined {
  if (text.trim() === '') return undefined;
  const read = readExpiry(text);
  if (!read.ok) return undefined;
  const date = read.precision === 'month' ? words.month(write(read.date)) : write(read.date);
  return read.date < today ? `${date}. ${words.passed}` : date;
}
