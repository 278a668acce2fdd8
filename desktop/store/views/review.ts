import type { ConflictRow } from '#shared/ipc/views.ts';
import { parseHlc } from '#shared/kernel/hlc.ts';
import { sameContent } from '#shared/kernel/json.ts';
import { TABLE_NAMES, isTableName, tableOf } from '#shared/schema/tables.ts';
import { byText, live } from './definition.ts';
import type { Read, ViewDefinition } from './definition.ts';

interface Logged {
  id: string;
  table_name: string;
  row_id: string;
  field: string;
  doc: string;
  kept_hlc: string;
  lost_hlc: string;
  kept_name: string | null;
  lost_name: string | null;
}

const loggedSql = (from: string): string => `
  select c.id, c.table_name, c.row_id, c.field, c.doc, c.kept_hlc, c.lost_hlc,
         k.display_name as kept_name, l.display_name as lost_name
  from ${from}
  left join ${live('users')} k on k.id = c.kept_by
  left join ${live('users')} l on l.id = c.lost_by
  order by substr(c.lost_hlc, 1, 12) desc, c.id limit ?`;
const ALL = loggedSql(`${live('conflict_log')} c`);
const SOME = loggedSql(
  `json_each(?) wanted cross join ${live('conflict_log')} c on c.id = wanted.value`,
);

/** Tables whose fields two people can contest. */
const CONTESTED = TABLE_NAMES.filter((table) => tableOf(table).kind === 'record');

/** Contested fields, newest first: what was kept, what lost, and what stands there now. */
export const reviewConflicts: ViewDefinition<{ limit: number }, ConflictRow[]> = {
  reads: ['conflict_log', ...CONTESTED],
  compute: (read, { limit }) => conflictRows(read, read<Logged>(ALL, [limit])),
  list: {
    key: ({ id }) => id,
    keysOf(_read, changes, _arg, last) {
      if (changes.has('users') || changes.has('locations')) return null;
      const rows = new Set([...changes.values()].flatMap((ids) => [...ids]));
      const told = [...last.values()]
        .filter(({ row_id, item_id }) => rows.has(row_id) || (item_id && rows.has(item_id)))
        .map(({ id }) => id);
      return [...(changes.get('conflict_log') ?? []), ...told];
    },
    computeKeys: (read, _arg, keys) =>
      conflictRows(read, read<Logged>(SOME, [JSON.stringify(keys), keys.length])),
    // Two of one millisecond differ in a part of the stamp that the row does not carry.
    compare: (a, b) => b.lost_at - a.lost_at || byText(a.id, b.id),
    limit: ({ limit }) => limit,
  },
};

function conflictRows(read: Read, logged: readonly Logged[]): ConflictRow[] {
  return logged.map((row) => {
    const { kept_value, lost_value } = JSON.parse(row.doc) as Record<string, unknown>;
    const current = currentOf(read, row);
    return {
      id: row.id,
      table_name: row.table_name,
      row_id: row.row_id,
      field: row.field,
      ...subjectOf(read, row),
      kept_value: kept_value ?? null,
      kept_by: row.kept_name,
      kept_at: parseHlc(row.kept_hlc).ms,
      lost_value: lost_value ?? null,
      lost_by: row.lost_name,
      lost_at: parseHlc(row.lost_hlc).ms,
      current_value: current,
      restored: sameContent(current, lost_value),
    };
  });
}

function currentOf(read: Read, row: Logged): unknown {
  if (!isTableName(row.table_name)) return null;
  const [found] = read<{ doc: string }>(`select doc from ${live(row.table_name)} where id = ?`, [
    row.row_id,
  ]);
  if (!found) return null;
  return (JSON.parse(found.doc) as Record<string, unknown>)[row.field] ?? null;
}

function subjectOf(
  read: Read,
  row: Logged,
): Pick<ConflictRow, 'item_id' | 'item_name' | 'location_code'> {
  const sql =
    row.table_name === 'item_locations'
      ? `select i.id as item_id, i.name as item_name, l.code as location_code
         from ${live('item_locations')} p
         join ${live('inventory_items')} i on i.id = p.item_id
         join ${live('locations')} l on l.id = p.location_id where p.id = ?`
      : row.table_name === 'inventory_items'
        ? `select id as item_id, name as item_name, null as location_code
           from ${live('inventory_items')} where id = ?`
        : `select null as item_id, null as item_name, l.code as location_code
           from ${live('count_sessions')} s
           join ${live('locations')} l on l.id = s.location_id where s.id = ?`;
  const [found] = read<ReturnType<typeof subjectOf>>(sql, [row.row_id]);
  return found ?? { item_id: null, item_name: null, location_code: null };
}
