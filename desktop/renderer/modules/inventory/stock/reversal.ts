import { clinicDate } from '#shared/kernel/dates.ts';
import { derivedId, newId } from '#shared/kernel/ids.ts';
import type { HistoryRow } from '#shared/ipc/views.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import type { NewRow } from '#desktop/collections/tables.ts';

type Act = Pick<TableRow<'stock_acts'>, 'id' | 'kind' | 'location_id' | 'lines' | 'witnessed_by'>;

/** Why a movement is taken back. */
export const REVERSAL_REASONS = [
  'entered_twice',
  'wrong_item',
  'wrong_quantity',
  'wrong_lot',
  'not_done',
] as const;
export type ReversalReason = (typeof REVERSAL_REASONS)[number];

/**
 * The act that takes lines of another one back: the same lines with the other sign, each naming the
 * movement that it reverses.
 * @param lineNos which lines; null for all of them
 */
export function reversalOf(
  act: Act,
  lineNos: readonly number[] | null,
  how: { now: number; timeZone: string; reason: ReversalReason; note: string | null },
): NewRow<'stock_acts'> {
  const { now, timeZone, reason, note } = how;
  return {
    id: newId(),
    kind: act.kind,
    location_id: act.location_id,
    occurred_at: now,
    local_date: clinicDate(now, timeZone),
    reason_code: reason,
    note,
    witnessed_by: null,
    lines: act.lines.flatMap((line, index) =>
      lineNos === null || lineNos.includes(index)
        ? [{ ...line, reverses_id: derivedId('movement', act.id, String(index)) }]
        : [],
    ),
  };
}

/**
 * Why a movement cannot be taken back, or null: it is a count or takes one back itself, was taken back
 * already, or a count has seen the shelf since and has set the books right.
 * @param rows the history of the item, with later movements and counts
 */
export function whyNotReverse(
  row: HistoryRow,
  rows: readonly HistoryRow[],
): 'count' | 'reversal' | 'reversed' | 'counted-since' | null {
  if (row.type === 'count') return 'count';
  if (row.reverses_id !== null) return 'reversal';
  if (rows.some(({ reverses_id: id }) => id === row.id)) return 'reversed';
  const counted = rows.some(
    (other) =>
      other.type === 'count' &&
      other.location_id === row.location_id &&
      other.lot_id === row.lot_id &&
      other.occurred_at >= row.occurred_at,
  );
  return counted ? 'counted-since' : null;
}
