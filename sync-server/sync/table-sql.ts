import { deviceFields } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { BIGINT, INSTANT, JSON_VALUE, TEXT, UUID, codecOf } from './row-codec.ts';
import type { Codec } from './row-codec.ts';

/**
 * SQL over any table, made from its definition. Every identifier comes from a definition, never from
 * a request; every value travels as a parameter.
 */

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const relation = (table: TableName): string => `public.${quoted(table)}`;

/** The columns that documents carry, with how each crosses. */
export function documentColumns(table: TableName): readonly (readonly [string, Codec])[] {
  const known = columns.get(table);
  if (known) return known;
  const definition = tableOf(table);
  const list: [string, Codec][] = [
    ['id', UUID],
    ['created_at', INSTANT],
    ['created_by', UUID],
    ['device_id', UUID],
    ...deviceFields(definition).map(([name, field]): [string, Codec] => [
      name,
      codecOf(field.kind),
    ]),
  ];
  if (definition.kind === 'record') list.push(['field_hlc', JSON_VALUE]);
  if (definition.kind === 'fact') list.push(['hlc', TEXT], ['origin_seq', BIGINT]);
  columns.set(table, list);
  return list;
}
const columns = new Map<TableName, readonly (readonly [string, Codec])[]>();

/** A row of alias `t` as the JSON document that devices know; server-only columns stay out. */
function documentSql(table: TableName): string {
  const list = documentColumns(table)
    .map(([name, codec]) => `${codec.toDocument(`t.${quoted(name)}`)} as ${quoted(name)}`)
    .join(', ');
  return `(select row_to_json(d) from (select ${list}) d)`;
}

/** True for tables whose rows can be taken back; all others stay for ever. */
export const hasTombstones = (table: TableName): boolean => tableOf(table).kind === 'record';

/** One part of a table and how far somebody has it. */
export interface PartRequest {
  readonly part: string;
  readonly xid: string;
  readonly id: string;
}

/** A cursor before every row. */
export const START = { xid: '0', id: '00000000-0000-0000-0000-000000000000' } as const;

/**
 * Reads what is new in some parts of a table, in the order of the cursor, behind the fence: a row
 * whose transaction may still be overtaken by an older one that commits later is not read yet.
 * Columns: part (index into `parts`), xid, id, deleted, doc (JSON text). `limit` rows at most.
 */
export function pullSql(
  table: TableName,
  parts: readonly PartRequest[],
  limit: number,
): { text: string; values: unknown[] } {
  const values: unknown[] = [limit];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  // Columns by name: people may not read what stays on the server, and "*" would ask for it.
  const names = [
    ...documentColumns(table).map(([name]) => name),
    'row_xid',
    ...(hasTombstones(table) ? ['deleted_at'] : []),
  ];
  const columnList = names.map((name) => `t.${quoted(name)}`).join(', ');
  const selects = parts.map(
    (part, index) => `(select ${index} as part, ${columnList} from ${relation(table)} t
      where ${newsSql(table, part, bind)}
      order by t.row_xid, t.id limit $1)`,
  );
  const deleted = hasTombstones(table) ? 't.deleted_at is not null' : 'false';
  const text = `select t.part, t.row_xid::text as xid, t.id, ${deleted} as deleted,
      case when ${deleted} then null else ${documentSql(table)}::text end as doc
    from (${selects.join(' union all ')}) t
    order by t.part, t.row_xid, t.id limit $1`;
  return { text, values };
}

/**
 * Tells in one statement which tables have anything new in their parts: most pulls find nothing, and
 * asking each table by itself costs a trip and a plan apiece. Column: news, one boolean a table.
 */
export function newsOfTablesSql(
  tables: readonly { readonly table: TableName; readonly parts: readonly PartRequest[] }[],
): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const answers = tables.map(({ table, parts }) => {
    const each = parts.map(
      (part) => `exists (select from ${relation(table)} t where ${newsSql(table, part, bind)})`,
    );
    return each.length === 0 ? 'false' : each.join(' or ');
  });
  return { text: `select array[${answers.join(', ')}] as news`, values };
}

/** The rows of a part behind a cursor that nobody can overtake any more. */
function newsSql(
  table: TableName,
  { part, xid, id }: PartRequest,
  bind: (value: unknown) => string,
): string {
  const within = partSql(table, part, bind);
  const after = `(t.row_xid, t.id) > (${bind(xid)}::xid8, ${bind(id)}::uuid)`;
  return [...within, after, 't.row_xid < pg_snapshot_xmin(pg_current_snapshot())'].join(' and ');
}

function partSql(table: TableName, part: string, bind: (value: unknown) => string): string[] {
  const { scope } = tableOf(table);
  if (part === 'all') return [];
  if (part === 'org') return scope.kind === 'org' ? [] : [`t.${quoted(scope.column)} is null`];
  const [kind, id] = [part.slice(0, 4), part.slice(4)];
  if (kind === 'loc:' && scope.kind !== 'org') {
    return [`t.${quoted(scope.column)} = ${bind(id)}::uuid`];
  }
  if (kind === 'own:' && scope.kind === 'location-or-own') {
    return [`t.${quoted(scope.own)} = ${bind(id)}::uuid`];
  }
  return ['false'];
}

/**
 * Locks those of the named rows that the caller may change, always in the same order, so that two
 * requests never wait for each other crosswise.
 */
export function lockSql(table: TableName): string {
  return `select t.id from ${relation(table)} t where t.id = any($1::uuid[])
    order by t.id for update`;
}

/** Reads named rows as documents. Columns: id, doc; for records also field_by. */
export function readSql(table: TableName): string {
  const record = tableOf(table).kind === 'record';
  return `select t.id, ${documentSql(table)} as doc${record ? ', t.field_by' : ''}
    from ${relation(table)} t where t.id = any($1::uuid[])${record ? ' and t.deleted_at is null' : ''}`;
}

function recordset(list: readonly (readonly [string, Codec])[]): string {
  return list.map(([name, codec]) => `${quoted(name)} ${codec.wireType}`).join(', ');
}

/**
 * Inserts documents given as one JSON array in $1. With `skipKnown` a row whose id stands there
 * already is left alone, and the ids of the new rows come back.
 */
export function insertSql(table: TableName, options: { skipKnown?: boolean } = {}): string {
  const list = documentColumns(table);
  const end = options.skipKnown ? ' on conflict (id) do nothing returning id' : '';
  return `insert into ${relation(table)} (${list.map(([name]) => quoted(name)).join(', ')})
    select ${list.map(([name, codec]) => codec.toColumn(`r.${quoted(name)}`)).join(', ')}
    from jsonb_to_recordset($1::jsonb) as r(${recordset(list)})
    order by r.id${end}`;
}

/**
 * Writes the named fields and the stamps of documents given as one JSON array in $1. With `unsigned`
 * nobody stands behind the new value of that field: it is the server's own.
 */
export function updateSql(
  table: TableName,
  fields: readonly string[],
  options: { unsigned?: string } = {},
): string {
  const wanted = new Set([...fields, 'field_hlc']);
  const list = documentColumns(table).filter(([name]) => wanted.has(name));
  const sets = list.map(
    ([name, codec]) => `${quoted(name)} = ${codec.toColumn(`r.${quoted(name)}`)}`,
  );
  if (options.unsigned !== undefined && fields.includes(options.unsigned)) {
    sets.push(`field_by = t.field_by - '${options.unsigned.replaceAll("'", "''")}'`);
  }
  return `update ${relation(table)} t set ${sets.join(', ')}
    from jsonb_to_recordset($1::jsonb) as r(${recordset([['id', UUID], ...list])})
    where t.id = r.id`;
}

/** Numbers ($2) of facts of a device ($1) that facts other than these ($3) have. */
export const takenNumbersSql = (table: TableName): string =>
  `select origin_seq as seq from ${relation(table)}
   where device_id = $1 and origin_seq = any ($2) and id <> all ($3)`;
