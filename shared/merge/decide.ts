import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import type { Hlc } from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import { UNDO_MS, linesOf, undoLines } from '#shared/schema/review-lines.ts';
import type { ReviewLine } from '#shared/schema/tables/review-decisions.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { joinRecords, stampsOf } from './join.ts';

/** Values that some fields of one record get, all with one stamp. */
export interface RecordEdit {
  readonly table: TableName;
  readonly id: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly hlc: Hlc;
}

/**
 * The edits that a decision stands for: the decided fields of the record, stamped at the decision,
 * and the step of each review. Pure: device and server get the same. The conflict log is never edited.
 * @returns an empty list when the record is of a table that this build does not know
 */
export function editsOf(decision: Row): RecordEdit[] {
  const table = decision['table_name'];
  const { hlc = ZERO_HLC } = decision;
  if (!isTableName(table)) return [];
  const lines = linesOf(decision);
  const decided = lines.flatMap(({ field, value }) => (field === null ? [] : [[field, value]]));
  const edits: RecordEdit[] = [];
  if (decided.length > 0) {
    const fields = Object.fromEntries(decided) as Record<string, unknown>;
    edits.push({ table, id: String(decision['row_id']), fields, hlc });
  }
  const reviews = new Map(
    lines.filter(({ about }) => about === 'review_items').map((line) => [line.about_id, line]),
  );
  for (const [id, { choice }] of reviews) {
    const fields = decision['reverses_id']
      ? { status: 'open', decision: null, decided_by: null }
      : { status: 'decided', decision: choice, decided_by: decision.created_by };
    edits.push({ table: 'review_items', id, fields, hlc });
  }
  return edits;
}

/** A record with an edit made on it: of each field the later stamp counts, as in every join. */
export function applyEdit(row: Row, { table, fields, hlc }: RecordEdit): Row {
  const stamps = Object.fromEntries(Object.keys(fields).map((field) => [field, hlc]));
  const edited: Row = { ...row, ...fields, field_hlc: { ...stampsOf(row), ...stamps } };
  return joinRecords(table, edited, row);
}

/**
 * Names of decided fields that are not any more what the person saw: changed later than that by
 * somebody, or decided otherwise. A field that the decision has changed already is not among them.
 * @param row the record as it stands
 */
export function movedFields(row: Row, decision: Row): string[] {
  const { hlc = ZERO_HLC } = decision;
  const moved = linesOf(decision).filter(({ field, seen }) => {
    if (field === null) return false;
    const current = stampsOf(row)[field] ?? ZERO_HLC;
    return current !== hlc && (current > (seen ?? ZERO_HLC) || current > hlc);
  });
  return [...new Set(moved.map(({ field }) => String(field)))];
}

/**
 * True when the lines of a decision are about fields that people may decide, say of each field one
 * value, and tell truly what stood there as far as the record can show it.
 * @param row the record as it stands
 */
export function linesAreSound(table: TableName, row: Row, decision: Row): boolean {
  const { fields, actors } = tableOf(table);
  const values = new Map<string, ReviewLine>();
  return linesOf(decision).every((line) => {
    const { field, choice, value, before, seen } = line;
    if (field === null) return choice === 'done' || choice === 'undo';
    if (choice === 'done') return false;
    const rule = Object.hasOwn(fields, field) ? fields[field]?.merge : undefined;
    if (rule !== 'LWW' && rule !== 'HR') return false;
    if (actors.includes(field) && value !== null && value !== decision.created_by) return false;
    const other = values.get(field);
    values.set(field, line);
    if (other && !(sameContent(other.value, value) && sameContent(other.before, before))) {
      return false;
    }
    // Nobody has seen what is yet to come: such a stamp is no way around telling what stands there.
    const current = stampsOf(row)[field] ?? ZERO_HLC;
    const asSeen = current <= (seen ?? ZERO_HLC);
    return !asSeen || sameContent(row[field] ?? null, before);
  });
}

/** Why a decision cannot be made; each is a code of the catalogue of errors. */
export type DecisionFault =
  | 'SYNC_ROW_INVALID'
  | 'REVIEW_MOVED_ON'
  | 'REVIEW_DECIDED'
  | 'REVIEW_UNDO_MOVED'
  | 'REVIEW_UNDO_LATE';

/**
 * Judges a decision against what stands now, rights left aside. Pure: the device says at once what the
 * server would say.
 * @param options.record the record that it decides about
 * @param options.reviews the reviews that it names, as far as they are there, by id
 * @param options.original the decision that it takes back
 * @param options.now server time, milliseconds
 */
export function judgeDecision(options: {
  readonly decision: Row;
  readonly table: TableName;
  readonly record: Row;
  readonly reviews: ReadonlyMap<string, Row>;
  readonly original: Row | null;
  readonly now: number;
}): DecisionFault | null {
  const { decision, table, record, reviews, original, now } = options;
  const { location } = tableOf(table).scope;
  const site = location === undefined ? null : (record[location] ?? null);
  if (site !== (decision['location_id'] ?? null)) return 'SYNC_ROW_INVALID';
  const isUndo = original !== null;
  if (original && !isUndoOf(decision, original)) return 'SYNC_ROW_INVALID';
  if (linesOf(decision).some(({ choice }) => (choice === 'undo') !== isUndo)) {
    return 'SYNC_ROW_INVALID';
  }
  const accepted = original?.['accepted_at'];
  if (typeof accepted === 'number' && now - accepted > UNDO_MS) return 'REVIEW_UNDO_LATE';
  for (const { about, about_id: id } of linesOf(decision)) {
    if (about !== 'review_items') continue;
    const review = reviews.get(id);
    const isLast = (stampsOf(review ?? null)['status'] ?? ZERO_HLC) === original?.hlc;
    if (isUndo && !(review?.['status'] === 'decided' && isLast)) return 'REVIEW_UNDO_MOVED';
    if (!isUndo && review?.['status'] !== 'open') return 'REVIEW_DECIDED';
  }
  if (movedFields(record, decision).length > 0) {
    return isUndo ? 'REVIEW_UNDO_MOVED' : 'REVIEW_MOVED_ON';
  }
  return linesAreSound(table, record, decision) ? null : 'SYNC_ROW_INVALID';
}

/** An undo takes back a decision as it was made, whole, and never an undo. */
function isUndoOf(decision: Row, original: Row): boolean {
  return (
    original['reverses_id'] === null &&
    original['table_name'] === decision['table_name'] &&
    original['row_id'] === decision['row_id'] &&
    sameContent(undoLines(original), decision['lines'])
  );
}
