import { parseHlc } from '#shared/kernel/hlc.ts';
import { conflictId, fieldReviewId } from '#shared/merge/ids.ts';
import type { Contest } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Expansion } from '#shared/merge/expand.ts';

/** Who stands behind the two values of a contest. */
export interface Sides {
  readonly userId: string;
  /** Field → who changed it last in the master, before this push. */
  readonly fieldBy: Readonly<Record<string, string>>;
}

/**
 * True when two writes of one field really came from people who had not seen each other's: one person
 * on one device writes one after the other, also when an old request comes a second time. A machine
 * and its copy are one device here; see `isOfAnother`.
 */
export function isBetweenTwo(contest: Contest, { userId, fieldBy }: Sides): boolean {
  const sameDevice = parseHlc(contest.kept.hlc).node === parseHlc(contest.lost.hlc).node;
  return !sameDevice || fieldBy[contest.field] !== userId;
}

/**
 * What the server writes down about a contested field: the losing value, readable for ever, and for
 * fields that a person must decide, an entry of the review queue. Ids follow from the contest, so
 * that finding it again writes nothing new.
 */
export function contestRows(
  table: TableName,
  row: Row,
  contest: Contest,
  sides: Sides,
  server: { readonly now: number; readonly hlc: string },
): Expansion[] {
  const { field, rule, kept, lost, keptMine } = contest;
  const other = sides.fieldBy[field] ?? null;
  const keptBy = keptMine ? sides.userId : other;
  const lostBy = keptMine ? other : sides.userId;
  const common = {
    created_at: server.now,
    created_by: null,
    device_id: null,
    location_id: locationOf(table, row),
    table_name: table,
    row_id: row.id,
    field,
  };
  const log: Expansion = {
    table: 'conflict_log',
    row: {
      ...common,
      id: conflictId(table, row.id, contest),
      rule,
      kept_value: kept.value,
      kept_hlc: kept.hlc,
      kept_by: keptBy,
      lost_value: lost.value,
      lost_hlc: lost.hlc,
      lost_by: lostBy,
    },
  };
  if (rule !== 'HR') return [log];
  const review: Expansion = {
    table: 'review_items',
    row: {
      ...common,
      id: fieldReviewId(table, row.id, contest),
      kind: 'field_conflict',
      facts: {
        kept: { value: kept.value, hlc: kept.hlc, by: keptBy },
        lost: { value: lost.value, hlc: lost.hlc, by: lostBy },
      },
      status: 'open',
      decision: null,
      decided_by: null,
      field_hlc: { status: server.hlc },
    },
  };
  return [log, review];
}

/** The site of a row, or null when its table knows none. */
export function locationOf(
  table: TableName,
  row: Readonly<Record<string, unknown>>,
): string | null {
  const { scope } = tableOf(table);
  const location = scope.location === undefined ? null : row[scope.location];
  return typeof location === 'string' ? location : null;
}
