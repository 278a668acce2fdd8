import { createHash } from 'node:crypto';
import pg from 'pg';
import { columnValues } from './column-values.ts';
import type { KeptCheck, KeptColumn, KeptTable } from './kept-catalogue.ts';

/** The instant at which all made-up rows came into being, as Postgres writes it. */
export const KEPT_AT = '2026-11-20 12:00:00+00';

const MOST_ATTEMPTS = 400;
const CHECK_VIOLATION = '23514';
const NULL_VIOLATION = '23502';

/** A table for which no row could be made up. */
export class NoRowError extends Error {
  override readonly name = 'NoRowError';
}

/**
 * Puts one made-up row into a table, the same for the same table. Values come from the type of the
 * column and from its checks; where a check refuses, the next value is tried. References get
 * rows of their table. Triggers have to be off for the session (`session_replication_role`).
 * Throws `NoRowError` when the checks take nothing that this function thinks of.
 */
export async function fillTable(client: pg.ClientBase, table: KeptTable): Promise<void> {
  const referred = await referenceValues(client, table);
  const candidates = new Map(
    table.columns.map((column) => [
      column.name,
      referred.get(column.name) ?? candidatesFor(table, column),
    ]),
  );
  // What nothing is thought of for is left to its default.
  const columns = table.columns.filter(
    ({ name, generated }) => !generated && (candidates.get(name)?.length ?? 0) > 0,
  );
  const chosen = new Map(columns.map(({ name }) => [name, 0]));
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
    const values = columns.map(({ name }) => candidates.get(name)?.[chosen.get(name) ?? 0] ?? null);
    const refused = await tryInsert(client, table, columns, values);
    if (refused === undefined) return;
    if (!advance(refused, candidates, chosen)) throw noRow(table, `${refused.name} refuses`);
  }
  throw noRow(table, 'too many combinations');
}

/** Inserts a row, or tells which check refused it. */
async function tryInsert(
  client: pg.ClientBase,
  table: KeptTable,
  columns: readonly KeptColumn[],
  values: readonly (string | null)[],
): Promise<KeptCheck | undefined> {
  const names = columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ');
  const texts = values.map((value) => (value === null ? 'null' : pg.escapeLiteral(value)));
  await client.query('savepoint row');
  try {
    await client.query(
      `insert into ${table.name} (${names}) overriding system value values (${texts.join(', ')})`,
    );
    await client.query('release row');
    return undefined;
  } catch (error) {
    await client.query('rollback to row');
    if (!(error instanceof pg.DatabaseError)) throw error;
    if (error.code === NULL_VIOLATION) throw noRow(table, `${error.column} wants a value`);
    if (error.code !== CHECK_VIOLATION) throw error;
    const check = table.checks.find(({ name }) => name === error.constraint);
    if (!check) throw error;
    return check;
  }
}

/** Takes the next combination of values for the columns of a check; false when all were tried. */
function advance(
  check: KeptCheck,
  candidates: ReadonlyMap<string, readonly (string | null)[]>,
  chosen: Map<string, number>,
): boolean {
  for (const column of check.columns) {
    const next = (chosen.get(column) ?? 0) + 1;
    if (next < (candidates.get(column)?.length ?? 0)) {
      chosen.set(column, next);
      return true;
    }
    chosen.set(column, 0);
  }
  return false;
}

/** How many rows of another table are tried before a reference is given up. */
const ROWS_TRIED = 3;

/** Values for the columns that refer to other tables; several columns of one reference stay together. */
async function referenceValues(
  client: pg.ClientBase,
  table: KeptTable,
): Promise<Map<string, (string | null)[]>> {
  const values = new Map<string, (string | null)[]>();
  for (const { columns, target, targetColumns } of table.references) {
    const names = targetColumns.map((name) => `${pg.escapeIdentifier(name)}::text`);
    const { rows } = await client.query<Record<string, string>>(
      `select ${names.join(', ')} from ${target} order by 1
        limit ${columns.length === 1 ? ROWS_TRIED : 1}`,
    );
    const nullable = columns.every((name) => table.columns.find((c) => c.name === name)?.nullable);
    // The first row of a table may refer to itself.
    if (rows.length === 0 && !nullable && target !== table.name) {
      throw new NoRowError(`${table.name} refers to ${target}, which has no row yet.`);
    }
    for (const [nth, column] of columns.entries()) {
      const found = rows.map((row) => row[targetColumns[nth] ?? ''] ?? null);
      const all =
        nullable && (columns.length === 1 || rows.length === 0) ? [...found, null] : found;
      if (all.length > 0) values.set(column, all);
    }
  }
  return values;
}

/** Texts that checks of patterns and shapes may want. */
const TEXTS = [
  '0199aaaaaaaa-0000-0000000000aa',
  'kept@example.com',
  '734-555-0100',
  '2026-11-20',
  '1',
  'a',
  'AA',
  'aa',
  'kept-name',
  'kept_name',
  '12:00',
  'America/New_York',
  '#102030',
  'https://kept.example/a',
];

/** Values for a column, the likeliest first; null at the end where it may be. */
function candidatesFor(table: KeptTable, column: KeptColumn): (string | null)[] {
  // A row that somebody has deleted stands for few others.
  if (column.name === 'deleted_at' && column.nullable) return [null];
  const checks = table.checks.filter(({ columns }) => columns.includes(column.name));
  const all = valuesFor(table, column, checks);
  return column.nullable ? [...all, null] : all;
}

function valuesFor(table: KeptTable, column: KeptColumn, checks: readonly KeptCheck[]): string[] {
  const numbers = checks.flatMap(({ expression }) => expression.match(/-?\b\d{1,12}\b/g) ?? []);
  switch (column.type) {
    case 'uuid':
      return [uuidOf(table.name, column.name)];
    case 'text':
    case 'character varying':
    case 'character': {
      const named = checks.flatMap(({ expression }) => columnValues(expression)?.values ?? []);
      const sized = numbers
        .map(Number)
        .filter((size) => size > 0 && size <= 500)
        .flatMap((size) => ['k'.repeat(size), '0'.repeat(size)]);
      return named.length > 0 ? named : [`Kept ${column.name}`, 'kept', ...TEXTS, ...sized];
    }
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'real':
    case 'double precision':
      return [...new Set(['1', ...numbers, '0', '-1', '10000'])];
    case 'boolean':
      return ['true', 'false'];
    case 'date':
      return ['2026-11-20', '2027-11-20'];
    case 'timestamp with time zone':
    case 'timestamp without time zone':
      return [KEPT_AT, '2027-11-20 12:00:00+00'];
    case 'time without time zone':
      return ['12:00', '13:00'];
    case 'jsonb':
    case 'json':
      return ['{}', '[]', '[{}]', '"kept"', '1'];
    case 'bytea':
      return ['\\x00', `\\x${'00'.repeat(32)}`];
    case 'inet':
      return ['192.0.2.1'];
    case 'xid8':
      return ['1000'];
    case 'interval':
      return ['1 day'];
    default:
      return column.type.endsWith('[]') ? ['{}'] : [];
  }
}

/** An id that follows from two names. */
function uuidOf(...names: readonly string[]): string {
  const hex = createHash('sha256').update(names.join('.')).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

function noRow(table: KeptTable, why: string): NoRowError {
  return new NoRowError(
    `No row could be made up for ${table.name}: ${why}. ` +
      'Write one into scripts/schema/kept-rows.sql.',
  );
}
