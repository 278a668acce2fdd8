import { overReceiptBase } from '#shared/merge/derive/purchase-order.ts';
import type { StockActLine } from '#shared/schema/tables/stock-acts.ts';

/** A line of the order that a delivery belongs to, with what has come of it, 1/10,000 base unit. */
export interface ExpectedLine {
  readonly id: string;
  readonly item_id: string;
  readonly unit: string;
  readonly unit_price_cents: number | null;
  readonly orderedBase: number | null;
  readonly receivedBase: number;
}

export interface OrderReceipt {
  readonly lines: readonly StockActLine[];
  /** Order lines of which more has come than was ordered, this delivery included. */
  readonly over: readonly string[];
  /** Items that nobody ordered with this order. */
  readonly unordered: readonly string[];
}

/**
 * Says of each received line which order line it belongs to: that of its item, and of several the first
 * of which something is still open. What was ordered in the same unit takes over its price.
 */
export function belongToOrder(
  received: readonly StockActLine[],
  expected: readonly ExpectedLine[],
): OrderReceipt {
  const came = new Map(expected.map((line) => [line.id, line.receivedBase]));
  const isOpen = ({ id, orderedBase }: ExpectedLine): boolean =>
    orderedBase !== null && (came.get(id) ?? 0) < orderedBase;
  const lines = received.map((line): StockActLine => {
    const ofItem = expected.filter(({ item_id }) => item_id === line.item_id);
    const own = ofItem.find(isOpen) ?? ofItem.at(-1);
    if (!own) return line;
    came.set(own.id, (came.get(own.id) ?? 0) + line.qty_base);
    const cost = line.entered_unit === own.unit ? own.unit_price_cents : line.unit_cost_cents;
    return { ...line, unit_cost_cents: cost, ref_type: 'po_line', ref_id: own.id };
  });
  const touched = new Set(lines.map(({ ref_id: id }) => id));
  return {
    lines,
    over: expected.flatMap(({ id, orderedBase }) =>
      touched.has(id) && overReceiptBase({ orderedBase, receivedBase: came.get(id) ?? 0 }) > 0
        ? [id]
        : [],
    ),
    unordered: lines.flatMap((line) => (line.ref_id === undefined ? [line.item_id] : [])),
  };
}
