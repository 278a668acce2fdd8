import { canonicalJson } from '#shared/kernel/json.ts';
import type { Row } from '#shared/schema/define.ts';
import { deviceFields, parseRow, systemColumns } from '#shared/schema/rows.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';

/** A row as RxDB's replication passes it: own columns and `_deleted`, without `_rev` and `_meta`. */
export type DocState = Record<string, unknown> & { id: string; _deleted: boolean };

const known = new Map<TableName, ReadonlySet<string>>(
  TABLE_NAMES.map((name) => {
    const table = tableOf(name);
    const own = deviceFields(table).map(([field]) => field);
    return [name, new Set([...systemColumns(table), ...own])];
  }),
);

/**
 * Reads a row that the server sent. Columns that this build does not know (a newer server) are left
 * out; what else does not fit its table's definition is told by field name.
 */
export function readServerRow(
  table: TableName,
  raw: Readonly<Record<string, unknown>>,
): { ok: true; row: Row } | { ok: false; fields: string[] } {
  const names = known.get(table);
  const knownOf = (values: object): Record<string, unknown> =>
    Object.fromEntries(Object.entries(values).filter(([key]) => names?.has(key)));
  const own = knownOf(raw);
  const stamps = own['field_hlc'];
  if (typeof stamps === 'object' && stamps !== null) {
    // A server that was rolled back still has the stamps of the fields that it does not give.
    own['field_hlc'] = Object.fromEntries(
      Object.entries(stamps).filter(([name]) => Object.hasOwn(tableOf(table).fields, name)),
    );
  }
  return parseRow(table, own) as { ok: true; row: Row } | { ok: false; fields: string[] };
}

/** The row of a document: without what RxDB and the storage add. */
export function rowOf(doc: Readonly<Record<string, unknown>>): Row {
  const row: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(doc)) if (!key.startsWith('_')) row[key] = value;
  return row as Row;
}

export const docStateOf = (row: Row): DocState => ({ ...row, _deleted: false });

/** Equality of everything that the server knows of a row; absent and null are the same. */
export function sameRow(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  if (a === b) return true;
  if ((a['_deleted'] === true) !== (b['_deleted'] === true)) return false;
  return canonicalJson(rowOf(a)) === canonicalJson(rowOf(b));
}
