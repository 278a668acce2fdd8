import { Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconRefresh } from '@tabler/icons-react';
import { memo, useCallback, useMemo } from 'react';
import type { ReactNode } from 'react';
import { SharedField } from '../../../shell/presence.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { Note } from '../../../ui/note.tsx';
import { ItemSelect } from '../item-select.tsx';
import { ScanStatus } from '../scan/scan-status.tsx';
import { EMPTY_COUNT, NO_LOT, useCountDraft } from './count-draft.ts';
import { quantityOf, quantityText, unitOf } from './count-scan.ts';
import { Keypad } from './keypad.tsx';
import type { useCountEntry } from './use-count-entry.ts';
import { UnitSelect } from '../unit-select.tsx';

/** Keys of a scan in the field beside it do not search a thousand items. */
const ItemField = memo(ItemSelect);
const NO_ITEMS: readonly never[] = [];

/** One observation after the other: item, lot where it has lots, how many are there. */
export function CountEntry(props: {
  counting: ReturnType<typeof useCountEntry>;
  /** Shows the large keys. */
  keypad: boolean;
  children?: ReactNode;
}) {
  const { entry, items, item, lots, fields, tried, error, flow, change, add } = props.counting;
  const { t, fmt } = useI18n();
  const register = useMemo(() => fields.register('item'), [fields]);
  const choose = useCallback(
    (itemId: string | null) => {
      const { scans } = useCountDraft.getState().entry;
      // No field of its own, as a scan has: the one that takes the focus now must be the one that stays.
      change({ ...EMPTY_COUNT, itemId, scans });
      if (itemId !== null) fields.focus('quantity');
    },
    [change, fields],
  );
  const units = item?.units ?? [];
  const quantity = quantityOf(entry, units);
  const wrong = {
    item: item ? null : t('receive.problem.itemMissing'),
    lot:
      item?.lot_policy === 'required' && entry.lot === null && lots.length > 0
        ? t('counts.lotMissing')
        : null,
    quantity: quantity === null ? t('counts.quantityWrong') : null,
  };
  return (
    <form
      className="g-count-entry"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      {error && <ErrorNote error={error} />}
      <ScanStatus said={flow.said} question={flow.question} />
      {props.children}
      {entry.again && (
        <Note tone="blue" icon={IconRefresh} testId="count-again">
          {t('counts.againHelp')}
        </Note>
      )}
      <SharedField field="item_id">
        <ItemField
          register={register}
          items={items ?? NO_ITEMS}
          value={entry.itemId}
          error={tried ? wrong.item : null}
          onChoose={choose}
          testId="count-item"
        />
      </SharedField>
      <div className="g-count-fields">
        <SharedField field="counted_qty">
          <TextInput
            // A field of its own for each scan: keys of the next one never end up in its quantity.
            key={entry.scans}
            ref={fields.register('quantity')}
            label={t('counts.counted')}
            inputMode="decimal"
            autoComplete="off"
            value={quantityText(entry, units)}
            error={tried ? wrong.quantity : null}
            onChange={(event) => change({ typed: event.currentTarget.value })}
            onFocus={(event) => event.currentTarget.select()}
            maxLength={20}
            data-testid="count-qty"
          />
        </SharedField>
        <UnitSelect
          units={units.map(({ name }) => name)}
          value={unitOf(entry, units)?.name ?? null}
          choose={(unit) => change({ unit, typed: quantityText(entry, units) })}
          disabled={!item}
          testId="count-unit"
        />
        <Select
          ref={fields.register('lot')}
          label={t('lots.lot')}
          data={[
            ...lots.map(({ lot_id, lot_no, expiry_date }) => ({
              value: lot_id,
              label: expiry_date ? `${lot_no} · ${fmt.date(expiry_date)}` : lot_no,
            })),
            { value: NO_LOT, label: t('counts.noLot') },
          ]}
          value={entry.lot}
          onChange={props.counting.chooseLot}
          error={tried ? wrong.lot : null}
          disabled={!item || item.lot_policy === 'none'}
          data-testid="count-lot"
        />
        <Button
          type="submit"
          variant="default"
          mt={22}
          leftSection={<IconPlus size={18} stroke={1.5} />}
          data-testid="count-add"
        >
          {t('counts.add')}
        </Button>
      </div>
      {props.keypad && (
        <Keypad
          text={quantityText(entry, units)}
          fresh={entry.typed === null}
          change={(typed) => change({ typed })}
          save={() => void add()}
        />
      )}
    </form>
  );
}
