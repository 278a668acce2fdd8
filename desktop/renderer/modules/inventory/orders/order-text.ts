import {
  lineTotalCents,
  orderTotalCents,
  standingLines,
} from '#shared/merge/derive/purchase-order.ts';
import type { OrderDetail } from '#shared/ipc/order-views.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import type { Formats } from '#shared/i18n/formats.ts';
import type { T } from '../../../ui/i18n.tsx';
import { orderNo } from './order-rules.ts';
import { urgencyWord } from './order-status.tsx';

/** Where a delivery goes; undefined while the sites load. */
export type DeliverySite = Pick<TableRow<'locations'>, 'address' | 'phone'> | undefined;

/** What a vendor needs to know of an order, as lines above a table. */
export function summaryHead(order: OrderDetail, site: DeliverySite, t: T, fmt: Formats): string[] {
  const where = [order.location_name, site?.address, site?.phone].filter(Boolean).join(', ');
  const head = [t('orders.text.deliverTo', { site: where })];
  if (order.account_no) head.push(t('orders.text.account', { no: order.account_no }));
  if (order.urgency !== 'routine') head.push(urgencyWord(t, order.urgency));
  if (order.need_by) head.push(t('orders.text.needBy', { date: fmt.date(order.need_by) }));
  return head;
}

export const summaryTitle = (order: OrderDetail, t: T): string =>
  t('orders.text.title', { no: orderNo(order), vendor: order.vendor_name });

/** One row a line: what it is, the vendor's number, how much, the price, what it comes to. */
export function summaryRows(order: OrderDetail, fmt: Formats): string[][] {
  return standingLines(order.lines).map((line) => [
    line.item_name,
    line.vendor_sku ?? line.sku,
    `${fmt.quantity(line.qty_ordered)} ${line.unit}`,
    line.unit_price_cents === null ? '–' : fmt.money(line.unit_price_cents),
    fmt.money(lineTotalCents(line)),
  ]);
}

/** The whole order as plain text, for a message. The note is ours and stays here. */
export function summaryText(order: OrderDetail, site: DeliverySite, t: T, fmt: Formats): string {
  const lines = summaryRows(order, fmt).map(
    ([name, no, quantity, price, total], at) =>
      `${at + 1}. ${quantity}  ${name} (${no})  ${price}  ${total}`,
  );
  const total = t('orders.text.total', { amount: fmt.money(orderTotalCents(order.lines)) });
  return [
    summaryTitle(order, t),
    ...summaryHead(order, site, t, fmt),
    '',
    ...lines,
    '',
    total,
  ].join('\n');
}
