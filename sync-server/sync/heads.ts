import { isWindowPart } from '#shared/schema/window-parts.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { PartRequest } from './ports.ts';

/**
 * The newest row of every table, of each asked site where a table has sites, the newest coming and
 * leaving of each asked window, and the newest leaving of each asked part (rows that moved or were
 * removed), in one statement whose text never changes: it is planned once a connection. Nothing can be new for
 * somebody whose places are not behind these; whether something is, where they are, only the policies
 * and the fence can tell.
 * Parameters: sites; windows and their subjects, side by side; tables and their parts, side by side.
 * Columns: tables (of each table in the order of TABLE_NAMES its head and the heads of the sites),
 * windows (of each its coming and leaving), moved (of each its leaving).
 */
export const HEADS_SQL = ((): string => {
  const head = (table: TableName, where = ''): string =>
    `(select t.row_xid::text || '/' || t.id from public."${table}" t ${where}
       order by t.row_xid desc, t.id desc limit 1)`;
  const ofTables = TABLE_NAMES.map((table) => {
    const { location } = tableOf(table).scope;
    if (location === undefined) return `json_build_array(${head(table)}, null)`;
    const ofSite = head(table, `where t."${location}" = s.id`);
    return `json_build_array(${head(table)},
      (select json_agg(${ofSite} order by s.n) from unnest($1::uuid[]) with ordinality s (id, n)))`;
  });
  const last = (column: string): string =>
    `(select m.${column}::text from private.scope_members m
       where m.scope = w.scope and m.subject = w.subject and m.${column} is not null
       order by m.${column} desc limit 1)`;
  return `select array[${ofTables.join(', ')}]::json[] as tables,
    (select json_agg(json_build_array(${last('entered_xid')}, ${last('left_xid')}) order by w.n)
       from unnest($2::text[], $3::text[]) with ordinality w (scope, subject, n)) as windows,
    (select json_agg((select d.left_xid::text || '/' || d.row_id from private.part_departures d
        where d.table_name = p.tbl and d.part = p.part
        order by d.left_xid desc, d.row_id desc limit 1) order by p.n)
       from unnest($4::text[], $5::text[]) with ordinality p (tbl, part, n)) as moved`;
})();

export interface HeadsRow {
  readonly tables: readonly (readonly [string | null, readonly (string | null)[] | null])[];
  readonly windows: readonly (readonly [string | null, string | null])[] | null;
  readonly moved: readonly (string | null)[] | null;
}

export interface Asked {
  readonly table: TableName;
  readonly parts: readonly PartRequest[];
}

const SITE = 'loc:';

/** What the statement has to be asked for these tables. */
export function headsOf(asked: readonly Asked[]): {
  readonly values: unknown[];
  /** Those of the tables that may have something new. */
  readonly among: (row: HeadsRow) => Asked[];
} {
  const sites = new Set<string>();
  const windows = new Map<string, readonly [string, string]>();
  const left = new Map<string, readonly [TableName, string]>();
  for (const { table, parts } of asked) {
    const { scope, window } = tableOf(table);
    for (const { part } of parts) {
      left.set(keyOf(part, table), [table, part]);
      if (window && isWindowPart(part))
        windows.set(keyOf(part, window.subject), [part, window.subject]);
      else if (scope.location !== undefined && part.startsWith(SITE)) {
        sites.add(part.slice(SITE.length));
      }
    }
  }
  const siteList = [...sites];
  const windowList = [...windows.values()];
  const places = new Map(TABLE_NAMES.map((table, place) => [table, place]));
  const among = (row: HeadsRow): Asked[] => {
    const ofWindow = new Map(
      [...windows.keys()].map((key, place) => [key, row.windows?.[place]] as const),
    );
    const ofPart = new Map([...left.keys()].map((key, place) => [key, row.moved?.[place]]));
    const isBehind = (table: TableName, asks: PartRequest): boolean => {
      const [head = null, ofSites = null] = row.tables[places.get(table) ?? -1] ?? [];
      const { window } = tableOf(table);
      if (isAfter(ofPart.get(keyOf(asks.part, table)) ?? null, asks)) return true;
      if (window && isWindowPart(asks.part)) {
        const [came, left] = ofWindow.get(keyOf(asks.part, window.subject)) ?? [];
        const moved = [came, left].some((xid) => xid && BigInt(xid) >= BigInt(asks.xid));
        return moved || isAfter(head, asks);
      }
      const site = asks.part.startsWith(SITE) ? siteList.indexOf(asks.part.slice(SITE.length)) : -1;
      return isAfter(ofSites !== null && site >= 0 ? (ofSites[site] ?? null) : head, asks);
    };
    return asked.filter(({ table, parts }) => parts.some((part) => isBehind(table, part)));
  };
  const leftList = [...left.values()];
  const values = [
    siteList,
    windowList.map(([part]) => part),
    windowList.map(([, of]) => of),
    leftList.map(([table]) => table),
    leftList.map(([, part]) => part),
  ];
  return { values, among };
}

const keyOf = (part: string, subject: string): string => `${subject}/${part}`;

/** True for a place behind that of the cursor; both sort by transaction, then by id. */
function isAfter(head: string | null, { xid, id }: PartRequest): boolean {
  if (head === null) return false;
  const [headXid = '0', headId = ''] = head.split('/');
  const difference = BigInt(headXid) - BigInt(xid);
  return difference > 0n || (difference === 0n && headId > id);
}
