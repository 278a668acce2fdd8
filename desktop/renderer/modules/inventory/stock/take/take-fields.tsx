import { Button, Select, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { InventoryListRow } from '#shared/ipc/views.ts';
import type { LotAtSite } from '#shared/ipc/views.stock.ts';
import { lastUsableDay, standingOf } from '#shared/merge/derive/lot-choice.ts';
import type { FieldFocus } from '../../../../ui/field-focus.ts';
import { useI18n } from '../../../../ui/i18n.tsx';
import { ItemSelect } from '../../item-select.tsx';
import type { ReceivableItem } from '../../receive/receive-check.ts';
import { refOf } from './take-check.ts';
import type { LotRef, PlannedLine, TakeEntry, TakeKind, TakeProblems } from './take-check.ts';
import type { TakeField } from './take-scan.ts';
import { UnitSelect } from '../../unit-select.tsx';

const SUGGESTED = '';

/** The fields of one line. Enter goes on, and from the lot adds the line. */
export function TakeFields(props: {
  kind: TakeKind;
  items: readonly InventoryListRow[];
  entry: TakeEntry;
  item: ReceivableItem | null;
  lots: readonly LotAtSite[];
  planned: PlannedLine | undefined;
  problems: TakeProblems;
  /** True once somebody tried to add the line or to finish: then all problems show. */
  showAll: boolean;
  fields: FieldFocus<TakeField>;
  today: string;
  change: (changes: Partial<TakeEntry>) => void;
  add: () => void;
}) {
  const { kind, entry, item, lots, problems, fields, change, today } = props;
  const { t, fmt } = useI18n();
  const words = (field: TakeField) => {
    const problem = problems[field];
    // What must not be used is said at once.
    return problem && (props.showAll || (field === 'lot' && entry.lot)) ? t(problem) : null;
  };
  const dateOf = (lot: LotRef): string => {
    const last = lastUsableDay(lot);
    return last === null ? t('lots.noExpiry') : fmt.date(last);
  };
  const lotWords = (lot: LotRef, onHand: number | null): string => {
    const standing = standingOf(lot, today);
    return [
      lot.lot_no,
      lot.serial === '' ? null : t('scan.serial', { serial: lot.serial }),
      dateOf(lot),
      onHand === null
        ? null
        : t('take.lotHas', { quantity: fmt.quantity(onHand), unit: item?.units[0]?.name ?? '' }),
      standing === 'usable' ? null : t(`take.standing.${standing}`),
    ]
      .filter((part) => part !== null)
      .join(' · ');
  };
  const hasLots = lots.length > 0 || entry.lot !== null;
  const known = lots.some(({ lot_id }) => lot_id === entry.lot?.lot_id);
  const shown = lots.filter(
    (lot) => lot.on_hand !== 0 || kind === 'issue' || lot.lot_id === entry.lot?.lot_id,
  );
  const onEnter = (next: () => void) => (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    next();
  };
  return (
    <div className="g-entry g-entry-take">
      <div className="g-entry-item">
        <ItemSelect
          register={fields.register('item')}
          items={props.items}
          value={entry.itemId}
          error={words('item')}
          onChoose={(itemId) => {
            change({ itemId, unit: null, lot: null });
            if (itemId !== null) fields.focus('quantity');
          }}
          testId="take-item"
        />
      </div>
      <TextInput
        ref={fields.register('quantity')}
        label={t('receive.quantity')}
        inputMode="decimal"
        autoComplete="off"
        value={entry.quantity}
        error={words('quantity')}
        onChange={(event) => change({ quantity: event.currentTarget.value })}
        onKeyDown={onEnter(props.add)}
        styles={RIGHT}
        maxLength={20}
        data-testid="take-qty"
      />
      <UnitSelect
        units={item?.units.map(({ name }) => name) ?? []}
        value={entry.unit ?? item?.units[0]?.name ?? null}
        choose={(unit) => change({ unit })}
        disabled={!item}
        testId="take-unit"
      />
      <Select
        ref={fields.register('lot')}
        label={t('lots.lot')}
        required={item?.lot_policy === 'required'}
        disabled={!item || !hasLots}
        placeholder={hasLots ? undefined : t('take.noLots')}
        data={
          hasLots
            ? [
                { value: SUGGESTED, label: t(kind === 'waste' ? 'take.earliest' : 'take.fefo') },
                ...(entry.lot && !known
                  ? [{ value: entry.lot.lot_id, label: lotWords(entry.lot, null) }]
                  : []),
                ...shown.map((lot) => ({ value: lot.lot_id, label: lotWords(lot, lot.on_hand) })),
              ]
            : []
        }
        value={hasLots ? (entry.lot?.lot_id ?? SUGGESTED) : null}
        onChange={(id) => {
          const lot = lots.find(({ lot_id }) => lot_id === id);
          if (lot) change({ lot: refOf(lot) });
          else if (id === SUGGESTED) change({ lot: null });
        }}
        allowDeselect={false}
        error={words('lot')}
        description={
          props.planned?.ok && entry.lot === null
            ? props.planned.parts
                .flatMap(({ lot, quantity }) =>
                  lot
                    ? [
                        t('take.fromLot', {
                          quantity: fmt.quantity(quantity),
                          lot: lot.lot_no,
                          date: dateOf(lot),
                        }),
                      ]
                    : [],
                )
                .join('; ')
            : undefined
        }
        inputWrapperOrder={ORDER}
        data-testid="take-lot"
      />
      <Button
        variant="default"
        mt={22}
        leftSection={<IconPlus size={18} stroke={1.5} />}
        onClick={props.add}
        data-testid="take-add-line"
      >
        {t('receive.addLine')}
      </Button>
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
