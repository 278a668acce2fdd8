import type { HistoryRow } from '#shared/ipc/views.ts';
import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import type { Unit } from '../receive/packs.ts';
import { difference } from './count-rules.ts';
import type { CountLine } from './count-rules.ts';

/** What may have led to a difference. A hint for whoever looks, never a reason by itself. */
export type Cause =
  /** The books said less than nothing: something that came in was not booked. */
  | { readonly kind: 'books-negative' }
  /** Counted in packs, or the books in pieces: the numbers are the same up to the size of a pack. */
  | { readonly kind: 'unit'; readonly unit: string; readonly pieces: number }
  /** Another lot of the same item differs by as much the other way. */
  | { readonly kind: 'other-lot'; readonly lotNo: string | null }
  /** As much was booked at once before the count: twice, not at all in fact, or under a wrong lot. */
  | { readonly kind: 'movement'; readonly movement: HistoryRow };

/** A movement so long before a count is no likely cause any more. */
const LATELY_MS = 60 * 24 * 3_600_000;

/**
 * Likely causes of the difference of a line, the likeliest first.
 * @param lines those that hold in the same count
 * @param history movements and counts of the item, newest first
 * @param units of the item, the base unit first
 */
export function likelyCauses(
  line: CountLine,
  lines: readonly CountLine[],
  history: readonly HistoryRow[],
  units: readonly Unit[],
): Cause[] {
  const off = difference(line);
  const expected = line.expected_qty;
  if (off === null || expected === null || off.quantity === 0) return [];
  const causes: Cause[] = [];
  if (expected < 0) causes.push({ kind: 'books-negative' });
  for (const { name, perUnit } of units.slice(1)) {
    const times = perUnit / QUANTITY_SCALE;
    const isPacks = line.counted_qty > 0 && line.counted_qty * times === expected;
    const isPieces = expected > 0 && expected * times === line.counted_qty;
    if (isPacks || isPieces) causes.push({ kind: 'unit', unit: name, pieces: perUnit });
  }
  for (const other of lines) {
    const isOtherLot = other.item_id === line.item_id && other.lot_id !== line.lot_id;
    if (isOtherLot && difference(other)?.quantity === -off.quantity) {
      causes.push({ kind: 'other-lot', lotNo: other.lot_no });
    }
  }
  const movement = history.find(
    (row) =>
      row.type !== 'count' &&
      row.lot_no === line.lot_no &&
      row.occurred_at <= line.counted_at &&
      line.counted_at - row.occurred_at <= LATELY_MS &&
      Math.abs(row.qty_base) === Math.abs(off.quantity),
  );
  if (movement) causes.push({ kind: 'movement', movement });
  return causes;
}
