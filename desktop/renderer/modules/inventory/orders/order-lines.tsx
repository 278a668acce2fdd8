import { ActionIcon, Select } from '@mantine/core';
import { IconAlertTriangle, IconTag, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { formatQuantity, parseQuantity } from '#shared/kernel/quantity.ts';
import { lineTotalCents } from '#shared/merge/derive/purchase-order.ts';
import type { OrderDetail, OrderLineRow } from '#shared/ipc/order-views.ts';
import { SharedField } from '../../../shell/presence.tsx';
import { useI18n } from '../../../ui/i18n.tsx';
import { InlineEdit } from '../../../ui/inline-edit.tsx';
import { plainMoney, readMoney } from '../../../ui/money-text.ts';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { useToasts } from '../../../ui/toasts.tsx';
import { unitsOf } from '../receive/packs.ts';
import { receiptsOf } from './order-rules.ts';
import { PricesDialog } from './prices-dialog.tsx';
import { useOrderActs } from './use-orders.ts';

/** Orders of which something has come, or may: then what came and what is open is shown. */
const COMING: ReadonlySet<string> = new Set([
  'ordered',
  'partially_received',
  'received',
  'closed',
]);

/** The lines of an order; in a draft their fields save themselves. */
export function OrderLines(props: { order: OrderDetail; editable: boolean }) {
  const { order, editable } = props;
  const { t } = useI18n();
  const [prices, setPrices] = useState<OrderLineRow | null>(null);
  const rows = receiptsOf(order.lines);
  const byId = new Map(order.lines.map((line) => [line.id, line]));
  const coming = COMING.has(order.status) || rows.some(({ receivedBase }) => receivedBase > 0);
  if (rows.length === 0) return <p className="g-dim">{t('orders.noLines')}</p>;
  return (
    <>
      {prices && (
        <PricesDialog
          itemId={prices.item_id}
          itemName={prices.item_name}
          close={() => setPrices(null)}
        />
      )}
      <table className="g-table" data-testid="order-lines">
        <thead>
          <tr>
            <th scope="col" style={{ minWidth: 96 }}>
              {t('inventory.item')}
            </th>
            <th scope="col" className="g-num" style={{ width: 72 }}>
              {t('receive.quantity')}
            </th>
            {editable && (
              <th scope="col" style={{ width: 84 }}>
                {t('receive.unit')}
              </th>
            )}
            {!coming && (
              <th scope="col" className="g-num" style={{ width: 76 }}>
                {t('orders.price')}
              </th>
            )}
            {coming && (
              <>
                <th scope="col" className="g-num">
                  {t('orders.received')}
                </th>
                <th scope="col" className="g-num">
                  {t('orders.stillOpen')}
                </th>
              </>
            )}
            {!coming && !editable && (
              <th scope="col" className="g-num">
                {t('orders.lineTotal')}
              </th>
            )}
            {editable && (
              <th scope="col">
                <span className="g-hidden">{t('receive.actions')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const line = byId.get(row.line.id);
            return (
              line && (
                <Line
                  key={line.id}
                  line={line}
                  receipt={row}
                  editable={editable}
                  coming={coming}
                  showPrices={() => setPrices(line)}
                />
              )
            );
          })}
        </tbody>
      </table>
    </>
  );
}

function Line(props: {
  line: OrderLineRow;
  receipt: Omit<ReturnType<typeof receiptsOf>[number], 'line'>;
  editable: boolean;
  coming: boolean;
  showPrices: () => void;
}) {
  const { line, receipt, editable } = props;
  const { t, fmt } = useI18n();
  const { editLine } = useOrderActs();
  const { done, failed } = useToasts();
  const item = line.item_name;
  const save = (
    changes: Parameters<typeof editLine>[1],
    former: Parameters<typeof editLine>[1],
    words = t('orders.lineSaved', { item }),
  ): Promise<void> =>
    editLine(line.id, changes).then(() => done(words, () => editLine(line.id, former)));
  const units = unitsOf({
    base_unit: line.base_unit,
    packs: line.packs.map((pack) => ({ ...pack, gtin: null })),
  });
  return (
    <tr data-testid="order-line" data-sku={line.sku}>
      <td>
        {item}
        <div className="g-row" style={{ gap: '0 4px', flexWrap: 'wrap' }}>
          <span className="g-code g-dim" style={{ whiteSpace: 'nowrap' }}>
            {line.vendor_sku ?? line.sku}
          </span>
          {props.coming && line.unit_price_cents !== null && (
            <span className="g-small g-dim">{fmt.money(line.unit_price_cents)}</span>
          )}
          {editable && <span className="g-small">{fmt.money(lineTotalCents(line))}</span>}
          <ActionIcon
            size={24}
            aria-label={t('prices.of', { item })}
            title={t('prices.of', { item })}
            onClick={props.showPrices}
            data-testid={`order-prices-${line.sku}`}
          >
            <IconTag size={16} stroke={1.5} />
          </ActionIcon>
        </div>
        <MinimumMark line={line} orderedBase={receipt.orderedBase} />
      </td>
      <td className="g-num">
        {editable ? (
          <SharedField field="qty_ordered" row={line.id}>
            <InlineEdit
              label={t('orders.quantityOf', { item })}
              value={formatQuantity(line.qty_ordered)}
              align="right"
              width={60}
              maxLength={20}
              check={(text) => (isQuantity(text) ? null : t('orders.quantityWrong'))}
              save={(text) =>
                save({ qty_ordered: parseQuantity(text) ?? 0 }, { qty_ordered: line.qty_ordered })
              }
              testId={`order-qty-${line.sku}`}
            />
          </SharedField>
        ) : (
          `${fmt.quantity(line.qty_ordered)} ${line.unit}`
        )}
      </td>
      {editable && (
        <td>
          {units.length > 1 ? (
            <Select
              aria-label={t('orders.unitOf', { item })}
              size="xs"
              w={80}
              data={units.map(({ name }) => name)}
              value={line.unit}
              onChange={(unit) => {
                if (unit === null) return;
                // A price belongs to its unit.
                save(
                  { unit, unit_price_cents: null },
                  { unit: line.unit, unit_price_cents: line.unit_price_cents },
                  t('orders.unitSaved', { item, unit }),
                ).catch(failed);
              }}
              allowDeselect={false}
              data-testid={`order-unit-${line.sku}`}
            />
          ) : (
            line.unit
          )}
        </td>
      )}
      {!props.coming && (
        <td className="g-num">
          {editable ? (
            <SharedField field="unit_price_cents" row={line.id}>
              <InlineEdit
                label={t('orders.priceOf', { item, unit: line.unit })}
                value={line.unit_price_cents === null ? '' : plainMoney(line.unit_price_cents)}
                align="right"
                width={72}
                placeholder="–"
                maxLength={20}
                check={(text) => (text === '' || isPrice(text) ? null : t('money.unreadable'))}
                save={(text) =>
                  save(
                    { unit_price_cents: text === '' ? null : readMoney(text) },
                    { unit_price_cents: line.unit_price_cents },
                  )
                }
                testId={`order-price-${line.sku}`}
              />
            </SharedField>
          ) : line.unit_price_cents === null ? (
            '–'
          ) : (
            fmt.money(line.unit_price_cents)
          )}
        </td>
      )}
      {props.coming && (
        <>
          <td className="g-num" data-testid="line-received" data-quantity={receipt.receivedBase}>
            {fmt.quantity(receipt.receivedBase)} {line.base_unit}
          </td>
          <td className="g-num" data-testid="line-open" data-quantity={receipt.backOrder}>
            {receipt.over > 0 ? (
              <StatusPill tone="amber" icon={IconAlertTriangle}>
                {t('orders.over', { quantity: fmt.quantity(receipt.over) })}
              </StatusPill>
            ) : receipt.backOrder === 0 ? (
              '–'
            ) : (
              `${fmt.quantity(receipt.backOrder)} ${line.base_unit}`
            )}
          </td>
        </>
      )}
      {!props.coming && !editable && <td className="g-num">{fmt.money(lineTotalCents(line))}</td>}
      {editable && (
        <td style={{ textAlign: 'right', whiteSpace: 'nowrap' }}>
          <ActionIcon
            size={28}
            aria-label={t('receive.removeLine', { item })}
            onClick={() => {
              save({ removed: true }, { removed: false }, t('orders.lineRemoved', { item })).catch(
                failed,
              );
            }}
            data-testid={`order-remove-${line.sku}`}
          >
            <IconTrash size={16} stroke={1.5} />
          </ActionIcon>
        </td>
      )}
    </tr>
  );
}

/** Where less is ordered than the vendor sells. */
function MinimumMark(props: { line: OrderLineRow; orderedBase: number | null }) {
  const { line, orderedBase } = props;
  const { t, fmt } = useI18n();
  if (line.min_qty === null || orderedBase === null || orderedBase >= line.min_qty) return null;
  return (
    <div>
      <StatusPill tone="amber" icon={IconAlertTriangle}>
        {t('orders.belowMinimum', { least: fmt.quantity(line.min_qty), unit: line.base_unit })}
      </StatusPill>
    </div>
  );
}

const isQuantity = (text: string): boolean => (parseQuantity(text) ?? 0) > 0;
const isPrice = (text: string): boolean => (readMoney(text) ?? -1) >= 0;
