import type { ReviewDecided, ReviewEntry, ReviewGroup, ReviewSide } from '#shared/ipc/views.ts';
import { isHlc, parseHlc } from '#shared/kernel/hlc.ts';
import { linesOf } from '#shared/schema/review-lines.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { TABLE_NAMES, isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { byText, isOpen, live } from './definition.ts';
import { shownRows } from './shown.ts';
import type { Changes, Keys, Read, ViewDefinition } from './definition.ts';

/** Tables whose fields two people can contest. */
const CONTESTED = TABLE_NAMES.filter((table) => tableOf(table).kind === 'record');
/** What names of people, places and machines come from. */
const NAMES = ['users', 'locations', 'devices'];

interface Arg {
  readonly limit: number;
  readonly itemId: string | null;
}

const KEYS = `
  select table_name || '/' || row_id as key from (
    select table_name, row_id, json_extract(doc, '$.created_at') as at
      from ${live('conflict_log')} where rule = 'LWW'
    union all
    select table_name, row_id, json_extract(doc, '$.created_at') from ${live('review_items')})
  group by table_name, row_id order by max(at) desc, key limit ?`;

/** What there is to review, by record, newest first. */
export const reviewInbox: ViewDefinition<Arg, ReviewGroup[]> = {
  reads: ['conflict_log', 'review_decisions', ...NAMES, ...CONTESTED],
  compute(read, { limit, itemId }) {
    const keys = read<{ key: string }>(KEYS, [itemId === null ? limit : -1]);
    const groups = groupsOf(
      read,
      keys.map(({ key }) => key),
      itemId,
    );
    return groups.toSorted(newestFirst).slice(0, limit);
  },
  // Values of whatever two people contested.
  shows: (groups) =>
    groups.flatMap(
      (group) => shownRows(group.table_name, [{ ...group.scope, id: group.row_id }], false) ?? [],
    ),
  list: {
    key: ({ key }) => key,
    keysOf: (read, changes, _arg, last) => changedKeys(read, changes, last),
    computeKeys: (read, { itemId }, keys) => groupsOf(read, keys, itemId),
    compare: newestFirst,
    limit: ({ limit }) => limit,
  },
};

function newestFirst(a: ReviewGroup, b: ReviewGroup): number {
  return b.newest_at - a.newest_at || byText(a.key, b.key);
}

function changedKeys(read: Read, changes: Changes, last: ReadonlyMap<string, ReviewGroup>): Keys {
  if (NAMES.some((table) => changes.has(table))) return null;
  const keys: string[] = [];
  for (const table of ['conflict_log', 'review_items', 'review_decisions'] as const) {
    const ids = changes.get(table);
    if (!ids) continue;
    const found = read<{ key: string }>(
      `select t.table_name || '/' || t.row_id as key from json_each(?) w
       cross join ${live(table)} t on t.id = w.value`,
      [JSON.stringify([...ids])],
    );
    if (found.length < ids.size) return null;
    keys.push(...found.map(({ key }) => key));
  }
  // A decision may change another record than the one whose review it answers.
  for (const id of changes.get('review_decisions') ?? []) {
    const decision = find(read, 'review_decisions', id);
    for (const { about: of, about_id: entry } of decision ? linesOf(decision) : []) {
      const row = find(read, of, entry);
      if (row) keys.push(`${String(row['table_name'])}/${String(row['row_id'])}`);
    }
  }
  const rows = new Set([...changes.values()].flatMap((ids) => [...ids]));
  for (const { key, row_id: rowId, item_id: itemId, entries, decisions } of last.values()) {
    const named = entries.flatMap(({ id, clash }) => [
      id,
      ...(clash?.items ?? []).map((i) => i.id),
    ]);
    if (
      [rowId, itemId, ...named, ...decisions.map(({ id }) => id)].some(
        (id) => id !== null && rows.has(id),
      )
    )
      keys.push(key);
  }
  return new Set(keys);
}

function groupsOf(read: Read, keys: readonly string[], itemId: string | null): ReviewGroup[] {
  return keys.flatMap((key) => {
    const group = groupOf(read, key);
    return group && (itemId === null || group.item_id === itemId) ? [group] : [];
  });
}

const find = (read: Read, table: string, id: unknown): Row | null => {
  if (typeof id !== 'string') return null;
  const [found] = read<{ doc: string }>(`select doc from ${live(table)} where id = ?`, [id]);
  return found ? (JSON.parse(found.doc) as Row) : null;
};
const about = (read: Read, table: string, rowId: string): Row[] =>
  read<{ doc: string }>(`select doc from ${live(table)} where row_id = ? order by id`, [rowId]).map(
    ({ doc }) => JSON.parse(doc) as Row,
  );

/** Decisions about a record, and those about its reviews that changed another one. */
function decisionsAbout(
  read: Read,
  table: TableName,
  rowId: string,
  reviews: readonly Row[],
): Row[] {
  const ids = new Set(reviews.map(({ id }) => id));
  const others = reviews.flatMap((review) => {
    const { items = [] } = (review['facts'] ?? {}) as { items?: readonly unknown[] };
    return review['kind'] === 'gtin_clash' ? items.filter((id) => id !== rowId) : [];
  });
  const elsewhere = others.flatMap((id) => about(read, 'review_decisions', String(id)));
  return [
    ...about(read, 'review_decisions', rowId),
    ...elsewhere.filter((row) => linesOf(row).some((line) => ids.has(line.about_id))),
  ].filter((row) => row['table_name'] === table);
}

function groupOf(read: Read, key: string): ReviewGroup | null {
  const [table = '', rowId = ''] = key.split('/');
  if (!isTableName(table)) return null;
  const record = isOpen(read, table) ? find(read, table, rowId) : null;
  const ofTable = (row: Row): boolean => row['table_name'] === table;
  const conflicts = about(read, 'conflict_log', rowId).filter(
    (row) => ofTable(row) && row['rule'] === 'LWW',
  );
  const reviews = about(read, 'review_items', rowId).filter(ofTable);
  const decisions = decisionsAbout(read, table, rowId, reviews);
  if (conflicts.length === 0 && reviews.length === 0) return null;
  const undone = new Set(decisions.map((row) => row['reverses_id']));
  const stands = decisions.filter((row) => row['reverses_id'] === null && !undone.has(row.id));
  const decided = new Set(stands.flatMap((row) => linesOf(row).map((line) => line.about_id)));
  const open = openConflicts(conflicts, record, decided, decisions);
  const entries = [
    ...conflicts.map((row): ReviewEntry => {
      const state = decided.has(row.id) ? 'decided' : open.has(row.id) ? 'open' : 'settled';
      return { ...conflictEntry(read, table, row), state };
    }),
    ...reviews.map((row) => reviewEntry(read, table, row)),
  ].toSorted((a, b) => a.opened_at - b.opened_at || byText(a.id, b.id));
  const item = itemOf(read, table, record);
  const site = find(read, 'locations', locationIdOf(table, record) ?? reviews[0]?.['location_id']);
  return {
    key,
    table_name: table,
    row_id: rowId,
    name: item ? String(item['name']) : nameOf(record),
    item_id: item?.id ?? null,
    location_id: site?.id ?? null,
    location_code: site ? String(site['code']) : null,
    newest_at: Math.max(...[...conflicts, ...reviews].map(({ created_at: at }) => at)),
    scope: scopeOf(table, record),
    current: currentOf(read, table, record, entries),
    entries,
    decisions: decisions
      .filter((row) => row['reverses_id'] === null)
      .map((row) => decidedEntry(read, table, row, undone)),
  };
}

/**
 * Conflicts that nobody has looked at yet: the value that was kept still stands, or lost itself to
 * one that does. A later edit of somebody who had seen it settles them.
 */
function openConflicts(
  conflicts: readonly Row[],
  record: Row | null,
  decided: ReadonlySet<string>,
  decisions: readonly Row[],
): ReadonlySet<string> {
  const open = new Set<string>();
  const standing = new Set(
    Object.entries(stampsOf(record)).map(([field, hlc]) => `${field} ${hlc}`),
  );
  const byId = new Map(decisions.map((row) => [row.id, row]));
  // The latest first: what was undone stands again as it was seen then, and so on.
  for (const undo of decisions.toSorted((a, b) => ((a.hlc ?? '') < (b.hlc ?? '') ? 1 : -1))) {
    const original = byId.get(String(undo['reverses_id']));
    for (const { field, seen } of original ? linesOf(original) : []) {
      if (standing.has(`${field} ${undo.hlc}`)) standing.add(`${field} ${seen}`);
    }
  }
  for (let grown = true; grown;) {
    grown = false;
    for (const row of conflicts) {
      const field = String(row['field']);
      if (open.has(row.id) || decided.has(row.id)) continue;
      if (!standing.has(`${field} ${String(row['kept_hlc'])}`)) continue;
      open.add(row.id);
      standing.add(`${field} ${String(row['lost_hlc'])}`);
      grown = true;
    }
  }
  return open;
}

function conflictEntry(read: Read, table: TableName, row: Row): Omit<ReviewEntry, 'state'> {
  const field = String(row['field']);
  const side = (which: 'kept' | 'lost'): ReviewSide =>
    sideOf(read, table, field, {
      value: row[`${which}_value`],
      hlc: row[`${which}_hlc`],
      by: row[`${which}_by`],
    });
  return {
    about: 'conflict_log',
    id: row.id,
    kind: 'field_conflict',
    field,
    rule: 'LWW',
    opened_at: row.created_at,
    kept: side('kept'),
    lost: side('lost'),
    late: null,
    clash: null,
  };
}

type Fact = { value?: unknown; hlc?: unknown; by?: unknown };

function reviewEntry(read: Read, table: TableName, row: Row): ReviewEntry {
  const field = typeof row['field'] === 'string' ? row['field'] : null;
  const facts = (row['facts'] ?? {}) as {
    kept?: Fact;
    lost?: Fact;
    gtin?: unknown;
    items?: readonly unknown[];
  };
  const isField = row['kind'] === 'field_conflict' && field !== null;
  const side = (fact: Fact | undefined): ReviewSide | null =>
    isField && fact ? sideOf(read, table, field, fact) : null;
  const status = row['status'];
  return {
    about: 'review_items',
    id: row.id,
    kind: String(row['kind']),
    field,
    rule: isField ? 'HR' : null,
    state: status === 'open' ? 'open' : status === 'decided' ? 'decided' : 'settled',
    opened_at: row.created_at,
    kept: side(facts.kept),
    lost: side(facts.lost),
    late: row['kind'] === 'quarantined' ? lateOf(read, row['facts']) : null,
    clash: row['kind'] === 'gtin_clash' ? clashOf(read, facts) : null,
  };
}

function lateOf(read: Read, facts: unknown): ReviewEntry['late'] {
  const {
    by,
    received_at: at,
    problem,
    row,
    private: hidden,
  } = (facts ?? {}) as Record<string, unknown>;
  return {
    by: nameOf(find(read, 'users', by)),
    received_at: Number(at),
    problem: typeof problem === 'string' ? problem : null,
    row: (row ?? {}) as Record<string, unknown>,
    private: hidden === true,
  };
}

function clashOf(
  read: Read,
  facts: { gtin?: unknown; items?: readonly unknown[] },
): ReviewEntry['clash'] {
  const items = (facts.items ?? []).flatMap((id) => {
    const item = find(read, 'inventory_items', id);
    if (!item) return [];
    const seen = stampsOf(item)['packs'] ?? null;
    return [{ id: item.id, name: String(item['name']), packs: item['packs'], seen }];
  });
  return { gtin: String(facts.gtin), items };
}

function sideOf(read: Read, table: TableName, field: string, fact: Fact): ReviewSide {
  const stamp = isHlc(fact.hlc) ? parseHlc(fact.hlc) : null;
  const [device] = read<{ doc: string }>(
    `select doc from ${live('devices')} where id like ? limit 1`,
    [`%${stamp?.node ?? '-'}`],
  );
  const machine = device ? (JSON.parse(device.doc) as Row) : null;
  return {
    value: fact.value ?? null,
    label: labelOf(read, table, field, fact.value),
    by: nameOf(find(read, 'users', fact.by)),
    at: stamp?.ms ?? 0,
    device: machine ? String(machine['name']) : null,
    site_id: typeof machine?.['location_id'] === 'string' ? machine['location_id'] : null,
  };
}

function decidedEntry(
  read: Read,
  table: TableName,
  row: Row,
  undone: ReadonlySet<unknown>,
): ReviewDecided {
  return {
    id: row.id,
    by: nameOf(find(read, 'users', row.created_by)),
    by_id: row.created_by,
    at: row.created_at,
    accepted_at: typeof row['accepted_at'] === 'number' ? row['accepted_at'] : null,
    undone: undone.has(row.id),
    lines: linesOf(row).map(({ field, choice, value }) => ({
      field,
      choice,
      value,
      label: field === null ? null : labelOf(read, table, field, value),
    })),
    row: Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('_'))),
  };
}

function currentOf(
  read: Read,
  table: TableName,
  record: Row | null,
  entries: readonly ReviewEntry[],
): ReviewGroup['current'] {
  const fields = new Set(entries.flatMap(({ field }) => (field === null ? [] : [field])));
  return Object.fromEntries(
    [...fields].map((field) => {
      const value = record?.[field] ?? null;
      const label = labelOf(read, table, field, value);
      return [field, { value, label, seen: stampsOf(record)[field] ?? null }];
    }),
  );
}

/** The columns that rights are judged by: whose the row is, and in which state. */
function scopeOf(table: TableName, record: Row | null): Record<string, unknown> {
  const { scope, machine } = tableOf(table);
  const names = [scope.location, scope.sites, scope.team, scope.own, machine?.field, 'kind'];
  return Object.fromEntries(
    names.flatMap((name) => (name === undefined ? [] : [[name, record?.[name] ?? null]])),
  );
}

function locationIdOf(table: TableName, record: Row | null): unknown {
  const { location } = tableOf(table).scope;
  return location === undefined ? null : record?.[location];
}

function itemOf(read: Read, table: TableName, record: Row | null): Row | null {
  if (table === 'inventory_items') return record;
  return find(read, 'inventory_items', record?.['item_id']);
}

/** Columns that people know a row by. */
const NAME_COLUMNS = ['display_name', 'name', 'title', 'code', 'drug', 'payer'];

function nameOf(row: Row | null): string | null {
  const column = NAME_COLUMNS.find((name) => typeof row?.[name] === 'string');
  return column === undefined ? null : String(row?.[column]);
}

function labelOf(read: Read, table: TableName, field: string, value: unknown): string | null {
  const target = tableOf(table).fields[field]?.references;
  if (!target || !isTableName(target) || !isOpen(read, target)) return null;
  return nameOf(find(read, target, value));
}
