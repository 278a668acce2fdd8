import { sameContent } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import { REVIEW_WAYS, isReviewKind } from '#shared/schema/review-kinds.ts';
import type { ReviewLine } from '#shared/schema/tables/review-decisions.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { mayDo } from './rights.ts';
import type { Grant } from './rights.ts';

type AnyRow = Readonly<Record<string, unknown>>;

/**
 * True when somebody may decide what stands in fields of a record: they may change the record, and of
 * a review they may decide its kind of record too.
 * @param review the entry of the review; null for one of the conflict log
 */
export function mayDecide(
  grants: readonly Grant[],
  userId: string,
  table: TableName,
  record: AnyRow,
  review: AnyRow | null,
): boolean {
  if (!mayDo(grants, userId, table, 'update', record)) return false;
  return review === null || mayDo(grants, userId, 'review_items', 'approve', review);
}

/**
 * Why somebody may not decide an entry this way, or null when they may. Of what has its own screen
 * (a count, for example) nothing is decided here, so that the duties of that screen hold.
 * @param about the row that the line is about
 */
export function whyNotDecide(options: {
  readonly grants: readonly Grant[];
  readonly userId: string;
  readonly table: TableName;
  readonly record: Row;
  readonly line: ReviewLine;
  readonly about: Row;
}): 'rights' | 'not-about-this' | null {
  const { grants, userId, table, record, line, about } = options;
  if (line.about === 'conflict_log') {
    if (!mayDo(grants, userId, 'conflict_log', 'read', about)) return 'rights';
    if (!mayDecide(grants, userId, table, record, null)) return 'rights';
    const isItsField =
      line.field !== null &&
      about['table_name'] === table &&
      about['row_id'] === record.id &&
      about['field'] === line.field;
    const values = { kept: about['kept_value'], lost: about['lost_value'] };
    return isItsField && saysTruly(line, values) ? null : 'not-about-this';
  }
  if (!mayDo(grants, userId, 'review_items', 'approve', about)) return 'rights';
  const { kind } = about;
  const way = isReviewKind(kind) ? REVIEW_WAYS[kind] : 'elsewhere';
  const isHere = way === 'fields' || way === 'handled';
  if (about['table_name'] !== table || !isHere) return 'not-about-this';
  if (line.field === null) {
    return way === 'handled' && about['row_id'] === record.id ? null : 'not-about-this';
  }
  if (way !== 'fields') return 'not-about-this';
  if (!mayDecide(grants, userId, table, record, about)) return 'rights';
  const facts = about['facts'] as {
    kept?: { value?: unknown };
    lost?: { value?: unknown };
    items?: readonly unknown[];
  };
  const isItsRecord =
    about['row_id'] === record.id || (kind === 'gtin_clash' && facts.items?.includes(record.id));
  if (!isItsRecord || about['field'] !== line.field) return 'not-about-this';
  const values = { kept: facts.kept?.value, lost: facts.lost?.value };
  return kind === 'gtin_clash' || saysTruly(line, values) ? null : 'not-about-this';
}

/** A line that says "the value that lost" brings that value. */
function saysTruly(
  { choice, value }: ReviewLine,
  { kept, lost }: { kept: unknown; lost: unknown },
): boolean {
  if (choice === 'kept') return sameContent(value, kept ?? null);
  if (choice === 'lost') return sameContent(value, lost ?? null);
  return choice === 'other' || choice === 'undo';
}
