import { formatQuantity, parseQuantity } from '#shared/kernel/quantity.ts';
import type { TransferLine, TransferRow } from '#shared/ipc/views.stock.ts';
import type { StockActLine } from '#shared/schema/tables/stock-acts.ts';

/** What was announced and has not come yet, with what somebody typed for it. */
export interface Expected {
  readonly key: string;
  readonly line: TransferLine;
  /** Sent and not received, 1/10,000 base units. */
  readonly open: number;
}

export const expectedOf = (transfer: Pick<TransferRow, 'lines'>): Expected[] =>
  transfer.lines
    .map((line) => ({
      key: `${line.item_id} ${line.lot_id ?? ''}`,
      line,
      open: line.sent - line.received,
    }))
    .filter(({ open }) => open > 0);

/**
 * The lines of the receiving leg. What nobody changed came as it was sent; an emptied field is nothing.
 * @param typed by key of the expected line
 * @returns null when one of the texts is no quantity
 */
export function arrivedLines(
  expected: readonly Expected[],
  typed: Readonly<Record<string, string>>,
): StockActLine[] | null {
  const lines: StockActLine[] = [];
  for (const { key, line, open } of expected) {
    const text = (typed[key] ?? formatQuantity(open)).trim();
    const quantity = text === '' ? 0 : parseQuantity(text);
    if (quantity === null || quantity < 0) return null;
    if (quantity === 0) continue;
    lines.push({
      item_id: line.item_id,
      qty_base: quantity,
      lot_no: line.lot_no,
      expiry_date: line.expiry_date,
      ...(line.expiry_precision ? { expiry_precision: line.expiry_precision } : {}),
      serial: line.serial,
      entered_unit: line.base_unit,
      entered_qty: formatQuantity(quantity),
      unit_cost_cents: null,
    });
  }
  return lines;
}
