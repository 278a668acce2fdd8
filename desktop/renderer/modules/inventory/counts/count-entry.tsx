import { Button, Select, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { SharedField } from '../../../shell/presence.tsx';
import { useSession } from '../../../shell/session.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { FieldFocus } from '../../../ui/field-focus.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { ItemSelect } from '../item-select.tsx';
import { toBase } from '../receive/packs.ts';
import { useActiveItems, useReceivable } from '../receive/use-receive.ts';
import { useItemLots } from '../use-inventory.ts';
import { useCountActs } from './use-counts.ts';

const NO_LOT = '-';

/** One observation after the other: item, lot where it has lots, how many are there. */
export function CountEntry(props: { count: CountSessionRow }) {
  const { count } = props;
  const { t, fmt } = useI18n();
  const { who } = useSession();
  const { observe } = useCountActs(who.userId);
  const items = useActiveItems();
  const [itemId, setItemId] = useState<string | null>(null);
  const [lot, setLot] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [unitName, setUnitName] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<Code | null>(null);
  const [fields] = useState(() => new FieldFocus<'item' | 'quantity'>());
  const receivable = useReceivable(itemId === null ? [] : [itemId], items);
  const { data: lots } = useItemLots(itemId);

  const item = itemId === null ? undefined : receivable.get(itemId);
  const unit = unitName === null ? item?.units[0] : item?.units.find((u) => u.name === unitName);
  const read = unit ? toBase(text, unit, 'zero') : null;
  const here = (lots ?? []).filter(({ location_id }) => location_id === count.location_id);
  const wrong = {
    item: item ? null : t('receive.problem.itemMissing'),
    lot:
      item?.lot_policy === 'required' && lot === null && here.length > 0
        ? t('counts.lotMissing')
        : null,
    quantity: read?.ok ? null : t('counts.quantityWrong'),
  };

  const add = async () => {
    setTried(true);
    if (wrong.item) fields.focus('item');
    else if (wrong.quantity) fields.focus('quantity');
    if (itemId === null || wrong.item || wrong.lot || !read?.ok) return;
    try {
      await observe(count, {
        itemId,
        lotId: lot === NO_LOT ? null : lot,
        quantity: read.quantity,
      });
      setItemId(null);
      setLot(null);
      setText('');
      setUnitName(null);
      setTried(false);
      setError(null);
      fields.focus('item');
    } catch (failure) {
      setError(toAppError(failure).code);
    }
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
      <SharedField field="item_id">
        <ItemSelect
          register={fields.register('item')}
          items={items ?? []}
          value={itemId}
          error={tried ? wrong.item : null}
          onChoose={(id) => {
            setItemId(id);
            setLot(null);
            setUnitName(null);
            if (id !== null) fields.focus('quantity');
          }}
          testId="count-item"
        />
      </SharedField>
      <div className="g-count-fields">
        <SharedField field="counted_qty">
          <TextInput
            ref={fields.register('quantity')}
            label={t('counts.counted')}
            inputMode="decimal"
            autoComplete="off"
            value={text}
            error={tried ? wrong.quantity : null}
            onChange={(event) => setText(event.currentTarget.value)}
            maxLength={20}
            data-testid="count-qty"
          />
        </SharedField>
        <Select
          label={t('receive.unit')}
          data={item?.units.map(({ name }) => name) ?? []}
          value={unit?.name ?? null}
          onChange={setUnitName}
          allowDeselect={false}
          disabled={!item}
          data-testid="count-unit"
        />
        <Select
          label={t('lots.lot')}
          data={[
            ...here.map(({ lot_id, lot_no, expiry_date }) => ({
              value: lot_id,
              label: expiry_date ? `${lot_no} · ${fmt.date(expiry_date)}` : lot_no,
            })),
            { value: NO_LOT, label: t('counts.noLot') },
          ]}
          value={lot}
          onChange={setLot}
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
    </form>
  );
}
