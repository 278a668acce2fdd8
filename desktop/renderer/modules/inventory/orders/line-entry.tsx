import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { formatQuantity, parseQuantity } from '#shared/kernel/quantity.ts';
import { bestOffer, inWholeUnits, perUnitOf, priceIn } from '#shared/merge/derive/reorder.ts';
import type { ItemPrices, OrderDetail } from '#shared/ipc/order-views.ts';
import { FieldFocus } from '../../../ui/field-focus.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { MoneyInput } from '../../../ui/money-input.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { ItemSelect } from '../item-select.tsx';
import { useInventoryList } from '../use-inventory.ts';
import { useItemPrices, useOrderActs } from './use-orders.ts';
import { UnitSelect } from '../unit-select.tsx';

interface Entry {
  readonly itemId: string | null;
  readonly quantity: string;
  /** Null: as the vendor sells it. */
  readonly unit: string | null;
  /** Undefined: the price that is known. */
  readonly price: number | null | undefined;
}
const EMPTY: Entry = { itemId: null, quantity: '', unit: null, price: undefined };

/** The fields of one more line. Enter goes on, and from the quantity adds the line. */
export function LineEntry(props: { order: OrderDetail }) {
  const { order } = props;
  const { t, fmt } = useI18n();
  const { items } = useInventoryList();
  const { addLines, editLine } = useOrderActs();
  const { done, failed } = useToasts();
  const [entry, setEntry] = useState<Entry>(EMPTY);
  const [asked, setAsked] = useState(false);
  const [fields] = useState(() => new FieldFocus<'item' | 'quantity'>());
  const { data } = useItemPrices(entry.itemId);
  const known = data ?? null;
  const active = useMemo(() => items?.filter(({ status }) => status === 'active') ?? [], [items]);
  const item = active.find(({ item_id }) => item_id === entry.itemId);
  const offer = known?.offers.find(({ vendor_id }) => vendor_id === order.vendor_id) ?? null;
  const units = known ? [known.base_unit, ...packNames(known)] : [];
  const unit = entry.unit ?? usualUnit(known, offer);
  const usual = known && unit !== null && offer?.price ? priceIn(unit, offer.price, known) : null;
  const price = entry.price === undefined ? usual : entry.price;
  const quantity = parseQuantity(entry.quantity) ?? 0;
  const twice = order.lines.find((line) => line.item_id === entry.itemId && !line.removed);
  const wrong =
    entry.itemId === null
      ? 'item'
      : entry.quantity.trim() === '' || quantity <= 0
        ? 'quantity'
        : null;

  const add = async () => {
    setAsked(true);
    if (wrong !== null) return fields.focus(wrong);
    if (entry.itemId === null || unit === null) return;
    try {
      if (twice?.unit === unit) {
        // The same item once more raises its line: two would be received one by one.
        await editLine(twice.id, { qty_ordered: twice.qty_ordered + quantity });
      } else {
        await addLines(order, [
          { item_id: entry.itemId, unit, qty_ordered: quantity, unit_price_cents: price },
        ]);
      }
      done(t('orders.lineAdded', { item: item?.name ?? '' }));
      setEntry(EMPTY);
      setAsked(false);
      fields.focus('item');
    } catch (failure) {
      failed(failure);
    }
  };
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    void add();
  };
  return (
    <section className="g-stack" style={{ gap: 8 }} aria-label={t('orders.addLine')}>
      <ItemSelect
        register={fields.register('item')}
        items={active}
        value={entry.itemId}
        error={asked && wrong === 'item' ? t('receive.problem.itemMissing') : null}
        onChoose={(itemId) => {
          setEntry({ ...EMPTY, itemId, quantity: entry.quantity });
          if (itemId !== null) fields.focus('quantity');
        }}
        testId="order-item"
      />
      <div className="g-order-entry">
        <TextInput
          ref={fields.register('quantity')}
          label={t('receive.quantity')}
          inputMode="decimal"
          autoComplete="off"
          maxLength={20}
          value={entry.quantity}
          error={asked && wrong === 'quantity' ? t('orders.quantityWrong') : null}
          onChange={({ currentTarget }) => setEntry({ ...entry, quantity: currentTarget.value })}
          onKeyDown={onEnter}
          styles={RIGHT}
          data-testid="order-qty"
        />
        <UnitSelect
          units={units}
          value={unit}
          choose={(next) => setEntry({ ...entry, unit: next, price: undefined })}
          disabled={!known}
          testId="order-unit"
        />
        <MoneyInput
          label={unit === null ? t('orders.price') : t('orders.priceEach', { unit })}
          value={price}
          onChange={(cents) => setEntry({ ...entry, price: cents })}
          disabled={!known}
          testId="order-price"
        />
        <Button
          variant="default"
          leftSection={<IconPlus size={18} stroke={1.5} />}
          onClick={() => void add()}
          data-testid="order-add-line"
        >
          {t('receive.addLine')}
        </Button>
      </div>
      {known && (
        <p className="g-small g-dim" data-testid="order-offer">
          {offerWords(known, order.vendor_id)
            .map((said) => {
              if (said.key === 'none') return t('orders.offer.none');
              if (said.key === 'lead') return t('orders.offer.lead', { n: said.days });
              if (said.key === 'primary') return t('orders.offer.primary', said);
              const least = `${fmt.quantity(said.least)} ${known.base_unit}`;
              return t('orders.offer.sells', { least });
            })
            .join(' ')}
          {usual !== null && offer?.price && offer.price.unit !== unit
            ? ` ${t('orders.offer.reckoned', {
                price: fmt.money(offer.price.price_cents),
                unit: offer.price.unit,
              })}`
            : ''}
        </p>
      )}
      {twice && (
        <p className="g-small g-dim">
          {t('orders.twice', {
            quantity: formatQuantity(twice.qty_ordered),
            unit: twice.unit,
          })}
        </p>
      )}
    </section>
  );
}

const RIGHT = { input: { textAlign: 'right', fontVariantNumeric: 'tabular-nums' } } as const;

const packNames = ({ packs, base_unit: base }: ItemPrices): string[] =>
  packs.flatMap(({ unit }) => (unit === base ? [] : [unit]));

/** The unit that the vendor's least quantity makes whole, else the one that their price is for. */
function usualUnit(known: ItemPrices | null, offer: ItemPrices['offers'][number] | null) {
  if (!known) return null;
  if (offer?.min_qty) return inWholeUnits(offer.min_qty, known).unit;
  if (offer?.price && perUnitOf(offer.price.unit, known) !== null) return offer.price.unit;
  return known.base_unit;
}

type Said =
  | { readonly key: 'sells'; readonly least: number }
  | { readonly key: 'lead'; readonly days: number }
  | { readonly key: 'primary'; readonly vendor: string }
  | { readonly key: 'none' };

/** What is known of the item at this vendor, and whether another one is the usual one. */
function offerWords(known: ItemPrices, vendorId: string): Said[] {
  const offer = known.offers.find(({ vendor_id }) => vendor_id === vendorId);
  const best = bestOffer(known.offers, known);
  const said: Said[] = offer ? [] : [{ key: 'none' }];
  if (offer?.min_qty) said.push({ key: 'sells', least: offer.min_qty });
  if (offer?.lead_days) said.push({ key: 'lead', days: offer.lead_days });
  if (best && best.is_primary && best.vendor_id !== vendorId) {
    said.push({ key: 'primary', vendor: best.vendor_name });
  }
  return said;
}
