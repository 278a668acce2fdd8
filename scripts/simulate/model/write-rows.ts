import { mayDo } from '#shared/access/rights.ts';
import { canonicalJson, sameContent } from '#shared/kernel/json.ts';
import { closedChanges } from '#shared/merge/closed.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { UNDO_MS } from '#shared/schema/review-lines.ts';
import { MACHINES, findTransition } from '#shared/schema/machines.ts';
import type { MachineName } from '#shared/schema/machines.ts';
import type { Machine } from '#shared/schema/machines/steps.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Stored } from './database.ts';
import { databaseError } from './model-errors.ts';
import { Policies, grantsOf } from './rights.ts';
import type { Transaction } from './transaction.ts';

/** Who a statement runs as: the person of the transaction, or the engine. */
export type Role = 'person' | 'engine';

/** The policies for the person of a transaction, by the grants that are committed now. */
export const policiesOf = (tx: Transaction): Policies =>
  new Policies(grantsOf(tx, tx.userId ?? '', tx.now), tx.userId ?? '');

/**
 * Inserts one row: triggers before it, the policy, the keys (waiting for whoever is inserting the
 * same), as Postgres does in this order. References are checked by the caller, when its statement
 * has written all rows.
 * @returns false when a row of this id stands there already and `skipKnown` lets it
 * @throws DatabaseError 42501, 23503, 23505, 23514, GN002, GN003, GN004, GN007
 */
export async function insertRow(
  tx: Transaction,
  table: TableName,
  row: Row,
  role: Role,
  skipKnown: boolean,
): Promise<boolean> {
  guardState(tx, table, null, row, role);
  await guardCount(tx, table, row);
  if (role === 'person') guardUndo(tx, table, row);
  if (role === 'person' && !tx.db.broken.noPolicies && !policiesOf(tx).mayInsert(table, row)) {
    throw databaseError('42501');
  }
  await tx.lock(`id:${table}/${row.id}`, 'update');
  if (tx.read(table, row.id)) {
    if (skipKnown) return false;
    throw databaseError('23505', `${table}_pkey`);
  }
  await takeKeys(tx, table, row);
  const fieldBy = role === 'person' ? signed(null, row, tx.userId ?? '') : {};
  tx.write(table, { row: Object.freeze({ ...row }), fieldBy, isDeleted: false });
  return true;
}

/**
 * Writes some fields of one row, after having waited for it.
 * @returns false when the row is not there, or the policies hide it
 * @throws DatabaseError 42501, 23505, GN002, GN003, GN005
 */
export async function updateRow(
  tx: Transaction,
  table: TableName,
  sent: Row,
  fields: readonly string[],
  options: { readonly role: Role; readonly unsigned?: string },
): Promise<boolean> {
  const { role, unsigned } = options;
  const isHidden = (stored: Stored | null): boolean =>
    !stored ||
    (role === 'person' && !tx.db.broken.noPolicies && !policiesOf(tx).mayChange(table, stored.row));
  if (isHidden(tx.read(table, sent.id))) return false;
  await tx.lock(`row:${table}/${sent.id}`, 'nokey');
  // Whoever was waited for may have changed it: the newest version counts.
  const before = tx.read(table, sent.id);
  if (!before || isHidden(before)) return false;
  const row: Row = { ...before.row };
  for (const field of [...fields, 'field_hlc']) if (field in sent) row[field] = sent[field];
  if (role === 'person') {
    guardActors(table, before.row, row, tx.userId ?? '');
    if (closedChanges(table, before.row, row).length > 0) throw databaseError('GN005');
  }
  guardState(tx, table, before.row, row, role);
  const fieldBy =
    role === 'person' ? signed(before, row, tx.userId ?? '') : without(before.fieldBy, unsigned);
  if (
    role === 'person' &&
    !tx.db.broken.noPolicies &&
    !policiesOf(tx).mayBecome(table, before.row, row)
  ) {
    throw databaseError('42501');
  }
  await takeKeys(tx, table, row, before.row);
  // A write that changes nothing keeps its place in the feed.
  if (sameContent([row, fieldBy], [before.row, before.fieldBy])) return true;
  tx.write(table, { row: Object.freeze(row), fieldBy, isDeleted: before.isDeleted });
  return true;
}

/**
 * Every row that is referred to must be there, and stay until the end of this transaction.
 * @throws DatabaseError 23503
 */
export async function checkReferences(
  tx: Transaction,
  table: TableName,
  rows: readonly Row[],
): Promise<void> {
  if (tx.db.broken.noForeignKeys) return;
  for (const row of rows) {
    for (const [field, { references }] of Object.entries(tableOf(table).fields)) {
      const id = row[field];
      if (references === null || typeof id !== 'string' || !isTableName(references)) continue;
      if (!tx.read(references, id)) throw databaseError('23503', `${table}_${field}_fkey`);
      await tx.lock(`row:${references}/${id}`, 'keyshare');
    }
  }
}

/** The keys beside the id. Only keys that are new are taken: a second taker waits for the first. */
async function takeKeys(tx: Transaction, table: TableName, row: Row, before?: Row): Promise<void> {
  for (const { constraint, columns, applies } of keysOf(table)) {
    if (!applies(row)) continue;
    const key = keyOf(row, columns);
    if (before && applies(before) && keyOf(before, columns) === key) continue;
    await tx.lock(`key:${constraint}/${key}`, 'update');
    const isTaken = tx
      .all(table)
      .some(
        (other) =>
          other.row.id !== row.id && applies(other.row) && keyOf(other.row, columns) === key,
      );
    if (isTaken) throw databaseError('23505', constraint);
  }
}

interface Key {
  readonly constraint: string;
  readonly columns: readonly string[];
  readonly applies: (row: Row) => boolean;
}

function keysOf(table: TableName): Key[] {
  const { unique, uniqueWhere, kind } = tableOf(table);
  const numbers: Key[] =
    kind === 'fact' && tableOf(table).inserted
      ? [
          {
            constraint: `${table}_origin_key`,
            columns: ['device_id', 'origin_seq'],
            applies: (row) => typeof row.origin_seq === 'number',
          },
        ]
      : [];
  return [
    ...unique.map((columns) => ({
      constraint: `${table}_${columns.join('_')}_key`,
      columns,
      applies: () => true,
    })),
    ...uniqueWhere.map(({ columns, field, values }) => ({
      constraint: `${table}_${columns.join('_')}_live_key`,
      columns,
      applies: (row: Row) =>
        values === null
          ? row[field] !== null && row[field] !== undefined
          : values.includes(String(row[field])),
    })),
    ...numbers,
  ];
}

const keyOf = (row: Row, columns: readonly string[]): string =>
  canonicalJson(columns.map((column) => row[column] ?? null));

/** Trigger `guard_state`: the state moves by allowed steps only. */
function guardState(
  tx: Transaction,
  table: TableName,
  before: Row | null,
  row: Row,
  role: Role,
): void {
  const name = tableOf(table).machine?.name as MachineName | undefined;
  if (name === undefined) return;
  const { field, initial, author } = MACHINES[name] as Machine;
  const was = before ? String(before[field]) : initial;
  const becomes = String(row[field]);
  if (was === becomes) return;
  const step = findTransition(name, was, becomes);
  if (!step) throw databaseError('GN002');
  if (step.needs === 'server') {
    if (role !== 'engine') throw databaseError('GN002');
    return;
  }
  const grants = grantsOf(tx, tx.userId ?? '', tx.now);
  const asItWas = { ...row, [field]: was };
  if (!tx.db.broken.noPolicies && !mayDo(grants, tx.userId ?? '', table, step.needs, asItWas)) {
    throw databaseError('GN002');
  }
  if (step.guard === 'not-author' && author !== null && row[author] === tx.userId) {
    throw databaseError('GN003');
  }
  if (step.guard !== 'none' && step.guard !== 'not-author') {
    throw new Error(`the model does not know the guard ${step.guard}`);
  }
}

/** Trigger `guard_count`: no line joins a posted count; the count stays as it is meanwhile. */
async function guardCount(tx: Transaction, table: TableName, row: Row): Promise<void> {
  if (table !== 'count_lines') return;
  const id = String(row['session_id']);
  if (!tx.read('count_sessions', id)) return;
  await tx.lock(`row:count_sessions/${id}`, 'share');
  const session = tx.read('count_sessions', id)?.row;
  if (session?.['location_id'] !== row['location_id']) throw databaseError('GN003');
  if (session?.['status'] === 'posted') throw databaseError('GN004');
}

/** Trigger `guard_undo`: a decision about the same record is taken back, no undo, and within a day. */
function guardUndo(tx: Transaction, table: TableName, row: Row): void {
  const reverses = row['reverses_id'];
  if (table !== 'review_decisions' || typeof reverses !== 'string') return;
  const first = tx.read(table, reverses)?.row;
  if (!first) throw databaseError('23503');
  const isOfSame = (['table_name', 'row_id'] as const).every((name) => first[name] === row[name]);
  if (first['reverses_id'] !== null || !isOfSame) {
    throw databaseError('23514', 'review_decisions_reverses_id_check');
  }
  if (Number(first['accepted_at']) < tx.now - UNDO_MS) throw databaseError('GN007');
}

/** Trigger `guard_actor`: nobody is named by another. */
function guardActors(table: TableName, before: Row, row: Row, userId: string): void {
  for (const field of tableOf(table).actors) {
    const named = row[field] ?? null;
    if (named !== null && named !== (before[field] ?? null) && named !== userId) {
      throw databaseError('GN003');
    }
  }
}

/** Trigger `sign_fields`: who wrote a field last follows from the stamps that this write moved. */
function signed(before: Stored | null, row: Row, userId: string): Readonly<Record<string, string>> {
  const known = before ? stampsOf(before.row) : {};
  const moved = Object.entries(stampsOf(row)).filter(([field, hlc]) => known[field] !== hlc);
  return {
    ...before?.fieldBy,
    ...Object.fromEntries(moved.map(([field]) => [field, userId] as const)),
  };
}

function without(
  fieldBy: Readonly<Record<string, string>>,
  field: string | undefined,
): Readonly<Record<string, string>> {
  const { [field ?? '']: _unsigned, ...rest } = fieldBy;
  return rest;
}
