import { changeableFields } from '#shared/merge/join.ts';
import { isWindowPart } from '#shared/schema/window-parts.ts';
import type { Window } from '#shared/schema/define.ts';
import { mayMove } from '#shared/schema/moving.ts';
import { deviceFields } from '#shared/schema/rows.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { PartRequest, Question } from './ports.ts';
import { BIGINT, INSTANT, JSON_VALUE, TEXT, UUID, codecOf } from './row-codec.ts';
import type { Codec } from './row-codec.ts';

/**
 * SQL over any table, made from its definition. Every identifier comes from a definition, never from
 * a request; every value travels as a parameter.
 */

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const relation = (table: TableName): string => `public.${quoted(table)}`;

/** A text that depends on the table alone is made once: each request asks for several. */
function perTable<V>(make: (table: TableName) => V): (table: TableName) => V {
  const made = new Map<TableName, V>();
  return (table) => {
    const known = made.get(table) ?? make(table);
    made.set(table, known);
    return known;
  };
}

/** The columns that documents carry, with how each crosses. */
export const documentColumns = perTable((table): readonly (readonly [string, Codec])[] => {
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
  return list;
});

/** A row of alias `t` as the JSON document that devices know; server-only columns stay out. */
function documentSql(table: TableName): string {
  const list = documentColumns(table)
    .map(([name, codec]) => `${codec.toDocument(`t.${quoted(name)}`)} as ${quoted(name)}`)
    .join(', ');
  return `(select row_to_json(d) from (select ${list}) d)`;
}

/** True for tables whose rows can be taken back; all others stay for ever. */
export const hasTombstones = (table: TableName): boolean => tableOf(table).kind === 'record';

/** A cursor before every row. */
export const START = { xid: '0', id: '00000000-0000-0000-0000-000000000000' } as const;

/** What nobody can overtake any more: a transaction that is older than every running one. */
const fenced = (xid: string): string => `${xid} < pg_snapshot_xmin(pg_current_snapshot())`;

type Bind = (value: unknown) => string;

/**
 * Reads what is new in some parts of a table, in the order of the cursor, behind the fence: a row
 * whose transaction may still be overtaken by an older one that commits later is not read yet.
 * Columns: part (index into `parts`), xid, id, state (row, deleted, or left: gone from the part
 * without a change of its own), doc (JSON text). `limit` rows at most.
 */
export function pullSql(
  table: TableName,
  parts: readonly PartRequest[],
  limit: number,
): { text: string; values: unknown[] } {
  const values: unknown[] = [limit];
  const bind: Bind = (value) => `$${values.push(value)}`;
  // Columns by name: people may not read what stays on the server, and "*" would ask for it.
  const names = [
    ...documentColumns(table).map(([name]) => name),
    ...(hasTombstones(table) ? ['deleted_at'] : []),
  ];
  const selects = parts.flatMap((part, index) =>
    newsOf(table, part, parts, bind).map(
      ({ place, id, from, gone }) => `(select ${index} as part, ${place} as place,
        ${names.map((name) => columnSql(table, name, id, gone !== null)).join(', ')},
        ${gone ?? 'null::text'} as gone
      from ${from} order by place, ${id} limit $1)`,
    ),
  );
  const deleted = hasTombstones(table) ? 't.deleted_at is not null' : 'false';
  const text = `select t.part, t.place::text as xid, t.id,
      case when t.gone is not null then t.gone when ${deleted} then 'deleted' else 'row' end as state,
      case when t.gone is not null or ${deleted} then null else ${documentSql(table)}::text end as doc
    from (${selects.join(' union all ')}) t
    order by t.part, t.place, t.id limit $1`;
  return { text, values };
}

/** A column of a row, or of a row that is not shown any more. */
function columnSql(table: TableName, name: string, id: string, gone: boolean): string {
  if (name === 'id') return `${id} as id`;
  return gone ? `(null::${relation(table)}).${quoted(name)}` : `t.${quoted(name)}`;
}

/**
 * Tells in one statement which tables have anything new in their parts: most pulls find nothing, and
 * asking each table by itself costs a trip and a plan apiece. Column: news, one boolean a table.
 */
export function newsOfTablesSql(
  tables: readonly { readonly table: TableName; readonly parts: readonly PartRequest[] }[],
): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  // Of a table whose rows cannot move only those that were removed have left: asked of all tables at
  // once, since each question by itself costs a plan.
  const still = tables.flatMap(({ table, parts }, place) =>
    mayMove(table) ? [] : parts.map((part) => ({ place, table, ...part })),
  );
  const list = (of: (asked: (typeof still)[number]) => unknown, type: string): string =>
    `${bind(still.map(of))}::${type}[]`;
  const removed = `select array_agg(a.place) as places
    from unnest(${list((a) => a.place, 'integer')}, ${list((a) => a.table, 'text')},
      ${list((a) => a.part, 'text')}, ${list((a) => a.xid, 'xid8')}, ${list((a) => a.id, 'uuid')})
      a (place, tbl, part, xid, id)
    where exists (
      select from private.part_departures d where d.table_name = a.tbl and d.part = a.part
        and (d.left_xid, d.row_id) > (a.xid, a.id) and ${fenced('d.left_xid')})`;
  const answers = tables.map(({ table, parts }, place) => {
    const each = parts.flatMap((part) =>
      newsOf(table, part, parts, bind, mayMove(table)).map(
        ({ from }) => `exists (select from ${from})`,
      ),
    );
    return [...each, `coalesce(${place} = any (r.places), false)`].join(' or ');
  });
  return { text: `select array[${answers.join(', ')}] as news from (${removed}) r`, values };
}

/** One way in which something can be new in a part: where to look and what gives its place. */
interface News {
  readonly place: string;
  readonly id: string;
  /** Relations and conditions. */
  readonly from: string;
  /** What is to be said of a row that is not shown any more, as SQL; null for rows. */
  readonly gone: string | null;
}

/** @param withLeft whether rows that moved away or were removed are news, too */
function newsOf(
  table: TableName,
  part: PartRequest,
  parts: readonly PartRequest[],
  bind: Bind,
  withLeft = true,
): News[] {
  const { window } = tableOf(table);
  const left = withLeft ? [departures(table, part, parts, bind)] : [];
  if (window && isWindowPart(part.part)) {
    return [...newsOfWindow(table, window, part, parts, bind), ...left];
  }
  const within = partSql(table, part.part, bind);
  const after = `(t.row_xid, t.id) > (${bind(part.xid)}::xid8, ${bind(part.id)}::uuid)`;
  const where = [...within, after, fenced('t.row_xid')].join(' and ');
  return [
    { place: 't.row_xid', id: 't.id', from: `${relation(table)} t where ${where}`, gone: null },
    ...left,
  ];
}

/**
 * Rows that were removed, and rows that moved away from a part and lie in none of those that are held:
 * from one of these a row that moved comes as a row, and must not go by the part that it left,
 * whichever is read first. Told from the start on: a device that was killed may hold rows whose place in the feed it did not note.
 */
function departures(
  table: TableName,
  { part, xid, id }: PartRequest,
  parts: readonly PartRequest[],
  bind: Bind,
): News {
  // Rows with a window do not move: one that is there again was made again.
  const held = tableOf(table).window
    ? ['true']
    : parts.map((one) => `(${partSql(table, one.part, bind).join(' and ') || 'true'})`);
  const from = `private.part_departures d where d.table_name = ${bind(table)}
    and d.part = ${bind(part)} and (d.left_xid, d.row_id) > (${bind(xid)}::xid8, ${bind(id)}::uuid)
    and ${fenced('d.left_xid')}
    and not exists (
      select from ${relation(table)} t where t.id = d.row_id and (${held.join(' or ')}))`;
  return {
    place: 'd.left_xid',
    id: 'd.row_id',
    from,
    gone: `case when d.removed then 'deleted' else 'left' end`,
  };
}

/**
 * Of a window: rows that changed while their subject is a member, rows whose subject came in after
 * their last change, and subjects that left and are in none of the other parts that are held.
 */
function newsOfWindow(
  table: TableName,
  window: Window,
  { part, xid, id }: PartRequest,
  parts: readonly PartRequest[],
  bind: Bind,
): News[] {
  const reached = `${bind(xid)}::xid8`;
  const cursor = `(${reached}, ${bind(id)}::uuid)`;
  const member = `m.scope = ${bind(part)} and m.subject = ${bind(window.subject)}`;
  const both = `${relation(table)} t join private.scope_members m
    on m.row_id = t.${quoted(window.column)} and ${member} and m.left_xid is null`;
  const changed = `${both} where t.row_xid >= m.entered_xid
    and (t.row_xid, t.id) > ${cursor} and ${fenced('t.row_xid')}`;
  // The pair spans two tables; said by itself, the first half finds its members by their index.
  const entered = `${both} where t.row_xid < m.entered_xid
    and m.entered_xid >= ${reached} and (m.entered_xid, t.id) > ${cursor}
    and ${fenced('m.entered_xid')}`;
  const news: News[] = [
    { place: 't.row_xid', id: 't.id', from: changed, gone: null },
    { place: 'm.entered_xid', id: 't.id', from: entered, gone: null },
  ];
  // Who holds nothing has nothing to lose; what hangs on a subject goes with it, on the device.
  if (window.subject !== table || xid === START.xid) return news;
  const others = bind(parts.map((other) => other.part).filter((other) => other !== part));
  const left = `private.scope_members m where ${member}
    and (m.left_xid, m.row_id) > ${cursor} and ${fenced('m.left_xid')}
    and not exists (
      select from private.scope_members o
       where o.row_id = m.row_id and o.subject = m.subject and o.left_xid is null
         and o.scope = any (${others}::text[]))`;
  return [...news, { place: 'm.left_xid', id: 'm.row_id', from: left, gone: `'left'` }];
}

function partSql(table: TableName, part: string, bind: (value: unknown) => string): string[] {
  const { scope, window } = tableOf(table);
  // Of a table with a window these parts hold only what is about nobody.
  const subjectless =
    window && window.column !== 'id' ? [`t.${quoted(window.column)} is null`] : [];
  const [kind = '', id = ''] = part.split(':');
  const column = { loc: scope.location, team: scope.team, own: scope.own }[kind];
  if (column !== undefined) return [`t.${quoted(column)} = ${bind(id)}::uuid`, ...subjectless];
  if (kind === 'loc' && scope.sites !== undefined) {
    return [`t.${quoted(scope.sites)} @> array[${bind(id)}::uuid]`, ...subjectless];
  }
  if (part === 'all') return subjectless;
  if (part === 'org') {
    const whole = scope.location === undefined ? [] : [`t.${quoted(scope.location)} is null`];
    return [...whole, ...subjectless];
  }
  return ['false'];
}

/**
 * Locks those of the named rows that the caller may change, always in the same order, so that two
 * requests never wait for each other crosswise.
 */
export const lockSql = perTable(
  (table) => `select t.id from ${relation(table)} t where t.id = any($1::uuid[])
    order by t.id for update`,
);

/** Reads named rows as documents. Columns: id, doc; for records also field_by. */
export const readSql = perTable((table) => {
  const record = tableOf(table).kind === 'record';
  return `select t.id, ${documentSql(table)} as doc${record ? ', t.field_by' : ''}
    from ${relation(table)} t where t.id = any($1::uuid[])${record ? ' and t.deleted_at is null' : ''}`;
});

/** Ids of the rows among some ($2) of a table ($1) that were taken back or removed. */
export const goneSql = (table: TableName): string =>
  `select row_id as id from private.removed_rows where table_name = $1 and row_id = any($2::uuid[])${
    hasTombstones(table)
      ? ` union select t.id from ${relation(table)} t
          where t.id = any($2::uuid[]) and t.deleted_at is not null`
      : ''
  }`;

/** Reads the rows that answer a question as documents. Columns: id, doc. */
export function findSql(
  table: TableName,
  { fields, between }: Question,
): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const codecs = new Map(documentColumns(table));
  const where = Object.entries(fields).map(
    ([name, wanted]) =>
      `t.${quoted(name)} = any(${bind(wanted)}::${codecs.get(name)?.wireType ?? 'text'}[])`,
  );
  if (between) {
    const column = `t.${quoted(between.field)}`;
    where.push(`${column} >= ${INSTANT.toColumn(`${bind(between.from)}::bigint`)}`);
    where.push(`${column} < ${INSTANT.toColumn(`${bind(between.to)}::bigint`)}`);
  }
  if (hasTombstones(table)) where.push('t.deleted_at is null');
  return {
    text: `select t.id, ${documentSql(table)} as doc from ${relation(table)} t
      where ${where.join(' and ')} order by t.id`,
    values,
  };
}

function recordset(list: readonly (readonly [string, Codec])[]): string {
  return list.map(([name, codec]) => `${quoted(name)} ${codec.wireType}`).join(', ');
}

/**
 * Inserts documents given as one JSON array in $1. With `skipKnown` a row whose id stands there
 * already is left alone, and the ids of the new rows come back.
 */
export const insertSql = (table: TableName, options: { skipKnown?: boolean } = {}): string =>
  options.skipKnown ? insertNewSql(table) : insertAllSql(table);

const insertNewSql = perTable(
  (table) => `${insertAllSql(table)} on conflict (id) do nothing returning id`,
);
const insertAllSql = perTable((table) => {
  const list = documentColumns(table);
  return `insert into ${relation(table)} (${list.map(([name]) => quoted(name)).join(', ')})
    select ${list.map(([name, codec]) => codec.toColumn(`r.${quoted(name)}`)).join(', ')}
    from jsonb_to_recordset($1::jsonb) as r(${recordset(list)})
    order by r.id`;
});

/**
 * Writes the named fields and the stamps of documents given as one JSON array in $1, whose ids are $2:
 * by the ids the rows are found by their key, whatever is thought of the length of the array. With `unsigned`
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
    where t.id = r.id and t.id = any ($2::uuid[])`;
}

/** Writes all fields of documents that people may change; parameters as for `updateSql`. */
export const changeSql = perTable((table) => updateSql(table, changeableFields(table)));

/** Numbers ($2) of facts of a device ($1) that facts other than these ($3) have. */
export const takenNumbersSql = perTable(
  (table) => `select origin_seq as seq from ${relation(table)}
   where device_id = $1 and origin_seq = any ($2) and id <> all ($3)`,
);
