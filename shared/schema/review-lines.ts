import type { Row } from './define.ts';
import type { ReviewLine } from './tables/review-decisions.ts';

/** How long after the server took it a decision can be undone, milliseconds. */
export const UNDO_MS = 24 * 3_600_000;

export const linesOf = (decision: Row): readonly ReviewLine[] =>
  decision['lines'] as readonly ReviewLine[];

/** The lines of the decision that takes another one back. */
export function undoLines(decision: Row): ReviewLine[] {
  const { hlc } = decision;
  return linesOf(decision).map((line) => ({
    ...line,
    choice: 'undo',
    value: line.before,
    before: line.value,
    seen: line.field === null ? null : (hlc ?? null),
  }));
}

/** What a person fills in to take a decision back; the rest comes from the store. */
export const undoOf = (decision: Row): Record<string, unknown> => ({
  location_id: decision['location_id'] ?? null,
  table_name: decision['table_name'],
  row_id: decision['row_id'],
  lines: undoLines(decision),
  reverses_id: decision.id,
  accepted_at: null,
});
