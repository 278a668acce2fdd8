import { derivedId } from '#shared/kernel/ids.ts';
import type { HistoryRow, InventoryListRow, LotStock, SiteStock } from '#shared/ipc/views.ts';
import { onHandSql } from '#shared/schema/on-hand.ts';
import { byText, live, valuesOf } from './definition.ts';
import type { Changes, Read, ViewDefinition } from './definition.ts';
import {
  PLACES,
  PLACES_OF_ITEM,
  WITH_ITEM,
  WITH_MERGED,
  changedItemRows,
  readMerges,
  relatives,
  standing,
  standingOfItem,
} from './merged.ts';

/** Columns of facts that on-hand is made of, beside item and lot. */
const FACTS: Readonly<Record<string, string>> = {
  count_lines: 'id location_id session_id counted_qty hlc',
  stock_movements: 'location_id qty_base hlc',
};
const onHandOf = (facts: (table: string, columns: string, lot: boolean) => string): string =>
  onHandSql((table) => (FACTS[table] ? facts(table, FACTS[table], true) : live(table)));

/** On-hand of everything, by the items and lots that stand for it now; after `WITH_MERGED`. */
export const ON_HAND = onHandOf(standing);
/** As `ON_HAND` for one item, which SQLite would not look up by itself; after `WITH_ITEM`. */
export const ON_HAND_OF_ITEM = onHandOf(standingOfItem);
/** What on-hand is made of, and what stands for what. */
export const STOCK = [
  'inventory_items',
  'item_merges',
  'inventory_lots',
  'stock_movements',
  'count_sessions',
  'count_lines',
] as const;

/** Rows of a table by a list of ids, which SQLite would rather find by scanning what is not deleted. */
export const byIds = (table: string, as: string, column = 'id'): string =>
  `json_each(?) wanted cross join ${live(table)} ${as} on ${as}.${column} = wanted.value`;

type SiteRow = SiteStock & { item_id: string };

/** What there is of items at sites. */
const sitesSql = (names: string, onHand: string, places: string): string => `
  ${names}, totals as (
    select o.item_id, o.location_id, sum(o.on_hand) as on_hand,
           min(case when o.on_hand > 0 then lot.expiry_date end) as next_expiry
    from (${onHand}) o left join ${live('inventory_lots')} lot on lot.id = o.lot_id
    group by o.item_id, o.location_id),
  keys as (
    select item_id, location_id from totals
    union select o.item_id, o.location_id from ${places} o)
  select k.item_id, k.location_id, p.id as item_location_id,
         coalesce(t.on_hand, 0) as on_hand, p.par, p.bin, t.next_expiry
  from keys k
  left join totals t on t.item_id = k.item_id and t.location_id = k.location_id
  left join ${places} p
    on p.item_id = k.item_id and p.location_id = k.location_id
  order by k.item_id, k.location_id, p.id`;
const ALL_SITES = sitesSql(WITH_MERGED, ON_HAND, PLACES);
const SITES_OF_ITEM = sitesSql(WITH_ITEM, ON_HAND_OF_ITEM, PLACES_OF_ITEM);

const itemsSql = (from: string): string =>
  `${WITH_MERGED}
   select i.id as item_id, i.name, i.sku, i.category, i.base_unit, i.status, i.lot_policy,
          i.expiry_policy
   from ${from} where i.id not in (select id from merged_items) order by i.name, i.id`;
const ALL_ITEMS = itemsSql(`${live('inventory_items')} i`);
const ITEMS = itemsSql(byIds('inventory_items', 'i'));

type ItemRow = Omit<InventoryListRow, 'sites'>;

/** The catalogue with what every visible site has of each item; merged ones are found at another. */
export const inventoryList: ViewDefinition<object, InventoryListRow[]> = {
  reads: ['item_locations', ...STOCK],
  compute(read) {
    const byItem = Map.groupBy(read<SiteRow>(ALL_SITES), ({ item_id }) => item_id);
    return read<ItemRow>(ALL_ITEMS).map((item) => ({
      ...item,
      sites: (byItem.get(item.item_id) ?? []).map(siteOf),
    }));
  },
  list: {
    key: ({ item_id }) => item_id,
    keysOf: (read, changes, _arg, last) => itemsConcerned(read, changes, last.values()),
    computeKeys: (read, _arg, keys) => itemsByIds(read, keys),
    compare: (a, b) => byText(a.name, b.name) || byText(a.item_id, b.item_id),
  },
};

const itemsByIds = (read: Read, ids: readonly string[]): InventoryListRow[] =>
  read<ItemRow>(ITEMS, [JSON.stringify(ids)]).map((item) => ({
    ...item,
    sites: read<SiteRow>(SITES_OF_ITEM, [item.item_id]).map(siteOf),
  }));

/** More than a large window shows. */
const FIRST_ITEMS = 80;
const FIRST_IDS = `
  ${WITH_MERGED}
  select i.id from ${live('inventory_items')} i
  where i.id not in (select id from merged_items) order by i.name, i.id limit ${FIRST_ITEMS}`;

/** The first of all items by name: they stand on the screen before a large catalogue is read. */
export const inventoryFirst: ViewDefinition<object, InventoryListRow[]> = {
  reads: inventoryList.reads,
  compute: (read) =>
    itemsByIds(
      read,
      read<{ id: string }>(FIRST_IDS).map(({ id }) => id),
    ),
};

/**
 * Items whose row in a list of items with their sites may differ: they or their stock changed, or what a
 * site wants to hold of them. Null when that cannot be told.
 * @param last the rows as they were
 */
export function itemsConcerned(
  read: Read,
  changes: Changes,
  last: Iterable<{
    readonly item_id: string;
    readonly sites: readonly { readonly item_location_id: string | null }[];
  }>,
): string[] | null {
  const moved = movedItems(read, changes);
  if (moved === null) return null;
  const places = new Set(changes.get('item_locations'));
  const held = [...last]
    .filter(({ sites }) => sites.some((site) => places.has(site.item_location_id ?? '')))
    .map(({ item_id }) => item_id);
  const holds = read<{ item_id: string }>(
    `select p.item_id from json_each(?) w
     cross join ${live('item_locations')} p on p.id = w.value`,
    [JSON.stringify([...places])],
  ).map(({ item_id }) => item_id);
  return relatives(read, [...moved, ...held, ...holds]);
}

function siteOf({ item_id: _item, ...site }: SiteRow): SiteStock {
  return site;
}

/**
 * Items whose on-hand, or what is expected of it, may differ after a change of movements, counts, lots,
 * or of the items themselves, with those that stand for each other. Null when that cannot be told.
 */
export function movedItems(read: Read, changes: Changes): string[] | null {
  const items: string[] = [];
  for (const table of ['stock_movements', 'count_lines', 'inventory_lots']) {
    const found = valuesOf(read, table, 'item_id', changes.get(table));
    if (found === null) return null;
    items.push(...found);
  }
  const counted = read<{ item_id: string }>(
    `select distinct c.item_id from json_each(?) w
     cross join ${live('count_lines')} c on c.session_id = w.value`,
    [idsOf(changes, 'count_sessions')],
  );
  return [
    ...relatives(read, [...items, ...counted.map(({ item_id }) => item_id)]),
    ...changedItemRows(read, changes),
  ];
}

const idsOf = (changes: Changes, table: string): string =>
  JSON.stringify([...(changes.get(table) ?? [])]);

/** True when one of these tables is among the changed ones. */
export const anyOf = (changes: Changes, ...tables: string[]): boolean =>
  tables.some((table) => changes.has(table));

/** What there is of every lot of an item, site by site. */
export const inventoryLots: ViewDefinition<{ itemId: string }, LotStock[]> = {
  reads: STOCK,
  compute: (read, { itemId }) =>
    read<LotStock>(
      `${WITH_ITEM}
       select o.lot_id, lot.lot_no, lot.expiry_date, o.location_id, o.on_hand
       from (${ON_HAND_OF_ITEM}) o join ${live('inventory_lots')} lot on lot.id = o.lot_id
       order by lot.expiry_date is null, lot.expiry_date, lot.lot_no, o.location_id, o.lot_id`,
      [itemId],
    ),
  list: {
    key: ({ lot_id, location_id }) => `${lot_id} ${location_id}`,
    // The lots of one item are few: either nothing of it has changed, or all are computed.
    keysOf: (read, changes, { itemId }) =>
      movedItems(read, changes)?.includes(itemId) === false ? [] : null,
  },
};

type HistorySql = Omit<HistoryRow, 'waiting'> & { waiting: number };

const historySql = (
  movements: string,
  counts: string,
  fromMovements = `${live('stock_movements')} m`,
  fromCounts = `${live('count_lines')} c`,
): string => `
  select h.*, i.name as item_name, i.base_unit, lot.lot_no,
         l.code as location_code, u.display_name as who
  from (
    select m.id, m.type, m.occurred_at, m.item_id, m.lot_id, m.location_id, m.qty_base,
           m.entered_unit, m.entered_qty, m.performed_by as by_id, m.reverses_id, m.reason_code,
           coalesce(a.origin <> 'server', 0) as waiting
    from ${fromMovements}
    left join ${live('stock_acts')} a on a.id = m.act_id
    where ${movements}
    union all
    select c.id, 'count', c.counted_at, c.item_id, c.lot_id, c.location_id, c.counted_qty,
           null, null, c.counter_id, null, null, c.origin = 'local'
    from ${fromCounts}
    join ${live('count_sessions')} s on s.id = c.session_id
    where s.status = 'posted' and ${counts}) h
  join ${live('inventory_items')} i on i.id = h.item_id
  join ${live('locations')} l on l.id = h.location_id
  left join ${live('inventory_lots')} lot on lot.id = h.lot_id
  left join ${live('users')} u on u.id = h.by_id
  order by h.occurred_at desc, h.id desc
  limit ?`;
const ALL_HISTORY = historySql('true', 'true');
/** Of an item and of all that it stands for. */
const HISTORY_OF_ITEM = `${WITH_ITEM} ${historySql(
  'm.item_id in (select id from kin)',
  'c.item_id in (select id from kin)',
)}`;
const HISTORY_OF_KEYS = historySql(
  'true',
  'true',
  byIds('stock_movements', 'm'),
  byIds('count_lines', 'c'),
);

const COUNTED = historySql('false', 'true');
/** Answered by an index alone, where a scan would read every movement. */
const LATEST_MOVEMENTS = `select id from ${live('stock_movements')}
  order by occurred_at desc, id desc limit ?`;

/** The latest movements and observations of all items. */
function allHistory(read: Read, limit: number): HistorySql[] {
  const ids = read<{ id: string }>(LATEST_MOVEMENTS, [limit]).map(({ id }) => id);
  const moved = read<HistorySql>(HISTORY_OF_KEYS, [JSON.stringify(ids), '[]', limit]);
  // One whose item is not here is not shown, and another comes up in its place.
  if (moved.length < ids.length) return read<HistorySql>(ALL_HISTORY, [limit]);
  return [...moved, ...read<HistorySql>(COUNTED, [limit])].toSorted(later).slice(0, limit);
}

const later = (a: Pick<HistorySql, 'id' | 'occurred_at'>, b: typeof a): number =>
  b.occurred_at - a.occurred_at || byText(b.id, a.id);

const historyRow = (row: HistorySql): HistoryRow => ({
  id: row.id,
  type: row.type,
  occurred_at: row.occurred_at,
  item_id: row.item_id,
  item_name: row.item_name,
  lot_id: row.lot_id,
  lot_no: row.lot_no,
  location_id: row.location_id,
  location_code: row.location_code,
  qty_base: row.qty_base,
  base_unit: row.base_unit,
  entered_unit: row.entered_unit,
  entered_qty: row.entered_qty,
  who: row.who,
  reason_code: row.reason_code,
  reverses_id: row.reverses_id,
  waiting: row.waiting === 1,
});

/** Movements and posted observations, newest first, with who and when. */
export const inventoryHistory: ViewDefinition<
  { itemId: string | null; limit: number },
  HistoryRow[]
> = {
  reads: ['stock_acts', ...STOCK, 'users', 'locations'],
  compute: (read, { itemId, limit }) =>
    (itemId === null
      ? allHistory(read, limit)
      : read<HistorySql>(HISTORY_OF_ITEM, [itemId, limit])
    ).map(historyRow),
  list: {
    key: ({ id }) => id,
    keysOf(read, changes, _arg, last) {
      if (anyOf(changes, 'inventory_items', 'item_merges', 'users', 'locations')) return null;
      const lines = read<{ id: string }>(
        `select c.id from json_each(?) w
         cross join ${live('count_lines')} c on c.session_id = w.value`,
        [idsOf(changes, 'count_sessions')],
      ).map(({ id }) => id);
      const acts = read<{ id: string; lines: number }>(
        `select a.id, json_array_length(a.doc, '$.lines') as lines from json_each(?) w
         cross join ${live('stock_acts')} a on a.id = w.value`,
        [idsOf(changes, 'stock_acts')],
      );
      if (acts.length < (changes.get('stock_acts')?.size ?? 0)) return null;
      // A lot shows its number in rows of its item that are here already.
      const lots = valuesOf(read, 'inventory_lots', 'item_id', changes.get('inventory_lots'));
      if (lots === null) return null;
      return [
        ...[...last.values()].filter((row) => lots.includes(row.item_id)).map(({ id }) => id),
        ...(changes.get('stock_movements') ?? []),
        ...(changes.get('count_lines') ?? []),
        ...lines,
        ...acts.flatMap((act) =>
          Array.from({ length: act.lines }, (_, line) =>
            derivedId('movement', act.id, String(line)),
          ),
        ),
      ];
    },
    computeKeys(read, { itemId }, keys) {
      const ids = JSON.stringify(keys);
      const kin = itemId === null ? null : new Set(readMerges(read).kinOf(itemId));
      return read<HistorySql>(HISTORY_OF_KEYS, [ids, ids, keys.length])
        .map(historyRow)
        .filter((row) => kin === null || kin.has(row.item_id));
    },
    compare: later,
    limit: ({ limit }) => limit,
  },
};
