import type { Translate } from './format.ts';
import type { Formats } from './formats.ts';
import type { EN } from './messages.en.ts';

/** One line of an order, as a vendor reads it. */
export interface SummaryLine {
  readonly name: string;
  /** The vendor's own number, or ours where they have none. */
  readonly number: string;
  /** 1/10,000 of the unit. */
  readonly quantity: number;
  readonly unit: string;
  /** Null: nobody has said what it costs. */
  readonly priceCents: number | null;
  readonly totalCents: number;
}

/** What a vendor needs to know of an order. The note on it is ours, and stays here. */
export interface SummaryOrder {
  readonly no: string;
  readonly vendor: string;
  /** Name, address and phone of the site, as far as they are known. */
  readonly deliverTo: readonly (string | null)[];
  readonly account: string | null;
  readonly urgency: string;
  readonly needBy: string | null;
  readonly lines: readonly SummaryLine[];
  readonly totalCents: number;
}

type T = Translate<typeof EN>;

export const summaryTitle = (order: SummaryOrder, t: T): string =>
  t('orders.text.title', { no: order.no, vendor: order.vendor });

/** Lines above the table. */
export function summaryHead(order: SummaryOrder, t: T, fmt: Formats): string[] {
  const site = order.deliverTo.filter(Boolean).join(', ');
  const head = [t('orders.text.deliverTo', { site })];
  if (order.account) head.push(t('orders.text.account', { no: order.account }));
  if (order.urgency === 'urgent') head.push(t('orders.urgency.urgent'));
  if (order.urgency === 'emergency') head.push(t('orders.urgency.emergency'));
  if (order.needBy !== null) {
    head.push(t('orders.text.needBy', { date: fmt.date(order.needBy) }));
  }
  return head;
}

/** One row a line: what it is, the vendor's number, how much, the price, what it comes to. */
export function summaryRows(order: SummaryOrder, fmt: Formats): string[][] {
  return order.lines.map((line) => [
    line.name,
    line.number,
    `${fmt.quantity(line.quantity)} ${line.unit}`,
    line.priceCents === null ? '–' : fmt.money(line.priceCents),
    fmt.money(line.totalCents),
  ]);
}

/** The whole order as plain text: what is copied on the screen and what the server sends. */
export function summaryText(order: SummaryOrder, t: T, fmt: Formats): string {
  const lines = summaryRows(order, fmt).map(
    ([name, no, quantity, price, total], at) =>
      `${at + 1}. ${quantity}  ${name} (${no})  ${price}  ${total}`,
  );
  const total = t('orders.text.total', { amount: fmt.money(order.totalCents) });
  return [summaryTitle(order, t), ...summaryHead(order, t, fmt), '', ...lines, '', total].join(
    '\n',
  );
}
