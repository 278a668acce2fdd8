import { Button } from '@mantine/core';
import { IconAlertTriangle, IconArrowDown } from '@tabler/icons-react';
import type { OrderDetail } from '#shared/ipc/order-views.ts';
import type { StockActLine } from '#shared/schema/tables/stock-acts.ts';
import { useI18n } from '../../../ui/i18n.tsx';
import { StatusPill } from '../../../ui/status-pill.tsx';
import { orderNo, receiptsOf } from '../orders/order-rules.ts';
import { belongToOrder } from './order-receipt.ts';

/** What is still to come of the order that is being received; each line can be taken into the fields. */
export function OrderExpected(props: {
  order: OrderDetail;
  /** The lines of the receipt that are complete so far. */
  lines: readonly StockActLine[];
  /** Puts a line into the fields: its item, and what is open of it in base units. */
  take: (itemId: string, openBase: number, unit: string) => void;
}) {
  const { order } = props;
  const { t, fmt } = useI18n();
  const rows = receiptsOf(order.lines);
  const names = new Map(order.lines.map((line) => [line.id, line]));
  const here = belongToOrder(
    props.lines,
    rows.map(({ line, ...receipt }) => ({ ...line, ...receipt })),
  );
  return (
    <section aria-label={t('orders.one', { no: orderNo(order) })} data-testid="receive-order">
      <p className="g-strong" style={{ marginBottom: 8 }}>
        {t('receive.forOrder', { no: orderNo(order), vendor: order.vendor_name })}
      </p>
      <table className="g-table">
        <thead>
          <tr>
            <th scope="col">{t('inventory.item')}</th>
            <th scope="col" className="g-num">
              {t('receive.ordered')}
            </th>
            <th scope="col" className="g-num">
              {t('orders.received')}
            </th>
            <th scope="col" className="g-num">
              {t('receive.inThis')}
            </th>
            <th scope="col" className="g-num">
              {t('orders.stillOpen')}
            </th>
            <th scope="col">
              <span className="g-hidden">{t('receive.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ line, receivedBase, orderedBase }) => {
            const shown = names.get(line.id);
            if (!shown) return null;
            const now = here.lines
              .filter(({ ref_id: id }) => id === line.id)
              .reduce((sum, { qty_base: quantity }) => sum + quantity, 0);
            const open = Math.max(0, (orderedBase ?? 0) - receivedBase - now);
            const over = here.over.includes(line.id);
            return (
              <tr key={line.id} data-testid="expected-line" data-sku={shown.sku}>
                <td>
                  {shown.item_name} <span className="g-code g-dim">{shown.sku}</span>
                </td>
                <td className="g-num">
                  {fmt.quantity(line.qty_ordered)} {line.unit}
                </td>
                <td className="g-num">
                  {fmt.quantity(receivedBase)} {shown.base_unit}
                </td>
                <td className="g-num">{now === 0 ? '–' : fmt.quantity(now)}</td>
                <td className="g-num">
                  {over ? (
                    <StatusPill tone="amber" icon={IconAlertTriangle}>
                      {t('receive.over')}
                    </StatusPill>
                  ) : open === 0 ? (
                    '–'
                  ) : (
                    `${fmt.quantity(open)} ${shown.base_unit}`
                  )}
                </td>
                <td style={{ textAlign: 'right' }}>
                  {open > 0 && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      leftSection={<IconArrowDown size={14} stroke={1.5} aria-hidden />}
                      aria-label={t('receive.takeLine', { item: shown.item_name })}
                      onClick={() => props.take(line.item_id, open, line.unit)}
                      data-testid={`take-${shown.sku}`}
                    >
                      {t('receive.take')}
                    </Button>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
