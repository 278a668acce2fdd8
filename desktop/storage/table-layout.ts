import { getPrimaryFieldOfPrimaryKey } from 'rxdb/plugins/core';
import { AppError } from '#shared/errors/app-error.ts';
import { isDeviceOnly } from './origin.ts';

/** What we read of a JSON schema; RxDB fills the rest in. */
export interface TableSchema {
  readonly version: number;
  readonly primaryKey: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly indexes?: readonly unknown[];
}

export type ColumnKind = 'text' | 'integer' | 'real' | 'boolean';

/** A column of its own for one scalar field, so that SQL never has to look into the JSON. */
export interface Column {
  /** Path of the field in the document. */
  readonly field: string;
  /** Name of the column, quoted. */
  readonly sql: string;
  readonly kind: ColumnKind;
  /** The steps of a nested path (`address.city`), when the field is not the document's own. */
  readonly path?: readonly string[];
}

export interface TableLayout {
  readonly name: string;
  /** Name of the table, quoted. */
  readonly sql: string;
  readonly primaryPath: string;
  /** Columns of scalar properties, in the order in which they are written; nested ones come last. */
  readonly columns: readonly Column[];
  /** Every field that SQL can compare, the id and RxDB's own fields among them. */
  readonly byField: ReadonlyMap<string, Column>;
  readonly createStatements: readonly string[];
  readonly dropStatements: readonly string[];
}

/** Columns that every table has before those of its schema. */
export const SYSTEM_COLUMNS = ['id', 'rev', 'deleted', 'lwt', 'seq', 'origin'] as const;
const RESERVED = new Set<string>([...SYSTEM_COLUMNS, 'doc', 'rowid', '_rowid_', 'oid']);
const RESERVED_TABLES = new Set(['kv', 'ganger_tables']);
const SQL_TYPE: Record<ColumnKind, string> = {
  text: 'text',
  integer: 'integer',
  real: 'real',
  boolean: 'integer',
};

/** A name as an SQL identifier. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Name of the table of a collection. Versions of a schema lie side by side in one file, as RxDB's
 * migration needs them; the first has the name of the collection.
 */
export const tableNameOf = (collection: string, version: number): string =>
  version === 0 ? collection : `${collection}~v${version}`;

/**
 * Name of the table of a collection of any name: SQLite's and our own reserved names cannot be met,
 * and names that differ by case alone stay apart.
 */
export const anyTableNameOf = (collection: string, version: number): string =>
  `t:${collection.replaceAll(/[A-Z^]/gu, (letter) => `^${letter.toLowerCase()}`)}~v${version}`;

/** True when a schema has an index over a nested field, which older builds gave no column. */
export const hasNestedIndex = (schema: TableSchema): boolean =>
  (schema.indexes ?? []).flat().some((field) => isNested(String(field)));

const isNested = (field: string): boolean => field.includes('.') && !field.startsWith('_');

/** Name of the view of a collection's rows that are not deleted. */
export const liveView = (collection: string): string => `live_${collection}`;

/**
 * The table of a collection: one row a document, a column for each top-level scalar property and for
 * each indexed nested one, the whole document as JSON in the last column.
 *
 * The columns are real ones, written together with the document, not generated from it: measured at
 * 10,000 rows, scans are 1.7 (grouping) to 6 times (filtering) faster than with virtual columns at
 * the same speed of inserting, and SQL never parses the JSON, so that numbers and texts compare as
 * in JavaScript and no document can break a view (SQLite refuses JSON deeper than 1,000 levels).
 * @throws AppError REQUEST_INVALID for a collection whose name cannot be a table here
 */
export function layoutOf(name: string, schema: TableSchema): TableLayout {
  assertUsableName(name);
  const primaryPath = getPrimaryFieldOfPrimaryKey(schema.primaryKey as never) as string;
  const columns = columnsOf(schema, primaryPath);
  const byField = new Map<string, Column>(
    [
      { field: primaryPath, sql: 'id', kind: 'text' as const },
      { field: '_deleted', sql: 'deleted', kind: 'boolean' as const },
      { field: '_meta.lwt', sql: 'lwt', kind: 'real' as const },
      { field: '_rev', sql: 'rev', kind: 'text' as const },
      ...columns,
    ].map((column) => [column.field, column]),
  );
  const table = { name, sql: quoted(name), primaryPath, columns, byField };
  return {
    ...table,
    createStatements: [
      createTable(table.sql, columns),
      ...createIndexes(name, schema, byField),
      ...(isDeviceOnly(name) ? [] : [createView(name, primaryPath, columns)]),
    ],
    dropStatements: dropStatementsOf(name),
  };
}

/** Statements that remove a table and its view. */
export const dropStatementsOf = (name: string): string[] => [
  `drop view if exists ${quoted(liveView(name))}`,
  `drop table if exists ${quoted(name)}`,
];

function assertUsableName(name: string): void {
  const lower = name.toLowerCase();
  const isReserved =
    RESERVED_TABLES.has(lower) || lower.startsWith('sqlite_') || lower.startsWith('live_');
  if (name === '' || name.includes('\u0000') || isReserved) {
    throw new AppError('REQUEST_INVALID', { reason: 'collection name', collection: name });
  }
}

function columnsOf(schema: TableSchema, primaryPath: string): Column[] {
  const taken = new Set(RESERVED);
  const columns: Column[] = [];
  const add = (field: string, property: unknown): void => {
    const kind = kindOf(property);
    if (kind === null || field === primaryPath || field.startsWith('_')) return;
    let name = field;
    // SQLite does not tell names apart by case, and some are the table's own.
    while (taken.has(name.toLowerCase())) name += '$';
    taken.add(name.toLowerCase());
    const path = isNested(field) ? { path: field.split('.') } : {};
    columns.push({ field, sql: quoted(name), kind, ...path });
  };
  for (const [field, property] of Object.entries(schema.properties)) {
    // In a query a point is always a step into an object.
    if (!field.includes('.')) add(field, property);
  }
  const nested = new Set((schema.indexes ?? []).flat().map(String).filter(isNested));
  for (const field of nested) add(field, propertyAt(schema, field));
  return columns;
}

function propertyAt(schema: TableSchema, field: string): unknown {
  let at: unknown = schema;
  for (const step of field.split('.')) {
    const properties: unknown = isObject(at) ? at['properties'] : undefined;
    at = isObject(properties) && Object.hasOwn(properties, step) ? properties[step] : undefined;
  }
  return at;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The kind of a scalar property, or null for objects, lists and what may be several things. */
function kindOf(property: unknown): ColumnKind | null {
  if (typeof property !== 'object' || property === null || !('type' in property)) return null;
  const { type } = property;
  const types = (Array.isArray(type) ? type : [type]).filter((one) => one !== 'null');
  if (types.length !== 1) return null;
  switch (types[0]) {
    case 'string':
      return 'text';
    case 'integer':
      return 'integer';
    case 'number':
      return 'real';
    case 'boolean':
      return 'boolean';
    default:
      return null;
  }
}

function createTable(table: string, columns: readonly Column[]): string {
  const own = columns.map((column) => `${column.sql} ${SQL_TYPE[column.kind]}`);
  return `create table ${table}(
    id text primary key not null,
    rev text not null,
    deleted integer not null,
    lwt real not null,
    seq integer not null,
    origin text not null check (origin in ('local', 'server', 'derived')),
    ${[...own, 'doc text not null'].join(', ')})`;
}

function createIndexes(
  name: string,
  schema: TableSchema,
  byField: ReadonlyMap<string, Column>,
): string[] {
  const on = (suffix: string, columns: readonly string[], where = ''): string =>
    `index ${quoted(`${name}:${suffix}`)} on ${quoted(name)}(${columns.join(', ')}) ${where}`;
  const own = (schema.indexes ?? []).flatMap((index) => {
    const fields = (Array.isArray(index) ? index : [index]) as string[];
    // RxDB's feed by last write time is not used: the feed follows `seq`.
    if (fields[0] === '_meta.lwt') return [];
    const columns = fields.map((field) => byField.get(field)?.sql);
    if (columns.some((column) => column === undefined)) return [];
    return [`create ${on(fields.join(','), columns as string[])}`];
  });
  return [
    `create unique ${on('seq', ['seq'])}`,
    `create ${on('waiting', ['seq'], "where origin = 'local'")}`,
    `create ${on('tombstones', ['lwt'], 'where deleted = 1')}`,
    ...own,
  ];
}

function createView(name: string, primaryPath: string, columns: readonly Column[]): string {
  const primary = primaryPath === 'id' ? [] : [`id as ${quoted(primaryPath)}`];
  const shown = ['id', 'seq', 'origin', ...primary, ...columns.map((column) => column.sql), 'doc'];
  const view = quoted(liveView(name));
  return `create view ${view} as select ${shown.join(', ')} from ${quoted(name)} where deleted = 0`;
}
