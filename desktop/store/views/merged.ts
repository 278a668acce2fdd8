import { mergedCtes } from '#shared/schema/merged-items.ts';
import { live } from './definition.ts';
import type { Changes, Read } from './definition.ts';

/**
 * What stands for what: a merged item is read as the one that it was merged into, and what was booked of
 * it is found there. Nothing is rewritten; these texts are what queries look through.
 */

/** Names `merged_items`, `kindred` and `merged_lots`; see `mergedCtes`. */
export const WITH_MERGED = `with recursive ${mergedCtes(live)}`;

/** The same for one item (first parameter): `asked(id)`, and `kin(id)`, it and all that it stands for. */
export const WITH_ITEM = `with recursive asked(id) as (select ?), ${mergedCtes(live)},
  kin(id) as (
    select id from asked
    union all select g.id from merged_items g join asked a on g.root_id = a.id)`;

const listed = (columns: string, as: string): string =>
  columns
    .split(' ')
    .map((column) => `${as}.${column}`)
    .join(', ');

/** Rows about items, under the item (and `lot_id`) that they stand for. To be used after `WITH_MERGED`. */
export const standing = (table: string, columns: string, lot = false): string => `(
  select ${listed(columns, 'v')}, coalesce(g.root_id, v.item_id) as item_id
         ${lot ? ', coalesce(k.root_id, v.lot_id) as lot_id' : ''}
  from ${live(table)} v left join merged_items g on g.id = v.item_id
  ${lot ? 'left join merged_lots k on k.id = v.lot_id' : ''})`;

/** As `standing`, of the asked item alone; looks only at what was written of its kin. */
export const standingOfItem = (table: string, columns: string, lot = false): string => `(
  select ${listed(columns, 'v')}, (select id from asked) as item_id
         ${lot ? ', coalesce(k.root_id, v.lot_id) as lot_id' : ''}
  from ${live(table)} v ${lot ? 'left join merged_lots k on k.id = v.lot_id' : ''}
  where v.item_id in (select id from kin))`;

/**
 * What sites want to hold. Of items that stand for each other the site's row of the one that stays
 * counts, else the first. To be used after `WITH_MERGED` or `WITH_ITEM`.
 */
export const PLACES = `(
  select p.id, coalesce(g.root_id, p.item_id) as item_id, p.location_id, p.par, p."min", p."max",
         p.reorder_qty, p.bin, p.is_stocked
  from ${live('item_locations')} p left join merged_items g on g.id = p.item_id
  where g.id is null or not exists (
    select 1 from kindred h join ${live('item_locations')} o on o.item_id = h.id
    where h.root_id = g.root_id and o.location_id = p.location_id
      and (h.id = h.root_id or o.id < p.id)))`;

/** As `PLACES`, of the asked item alone. */
export const PLACES_OF_ITEM = `(
  select p.id, (select id from asked) as item_id, p.location_id, p.par, p."min", p."max",
         p.reorder_qty, p.bin, p.is_stocked
  from ${live('item_locations')} p
  where p.item_id in (select id from kin) and not exists (
    select 1 from kin h join ${live('item_locations')} o on o.item_id = h.id
    where o.location_id = p.location_id and o.id <> p.id
      and (h.id = (select id from asked) or (o.id < p.id and p.item_id <> (select id from asked)))))`;

/**
 * Some items with all that stand, or stood, for each other with them: what changes of one may change what
 * is shown of any.
 */
export function relatives(read: Read, itemIds: Iterable<string>): string[] {
  return read<{ id: string }>(
    `with recursive linked(id) as (
       select value from json_each(?)
       union
       select case when g.merged_id = l.id then g.survivor_id else g.merged_id end
       from linked l join ${live('item_merges')} g on l.id in (g.merged_id, g.survivor_id))
     select id from linked`,
    [JSON.stringify([...new Set(itemIds)])],
  ).map(({ id }) => id);
}

/** Items that changed, or of which a merge changed, with their relatives. */
export function changedItemRows(read: Read, changes: Changes): string[] {
  const merges = read<{ merged_id: string; survivor_id: string }>(
    `select g.merged_id, g.survivor_id from json_each(?) w
     cross join ${live('item_merges')} g on g.id = w.value`,
    [JSON.stringify([...(changes.get('item_merges') ?? [])])],
  );
  return relatives(read, [
    ...(changes.get('inventory_items') ?? []),
    ...merges.flatMap(({ merged_id: merged, survivor_id: survivor }) => [merged, survivor]),
  ]);
}

/** What stands for what at this moment, read once for many questions. */
export function readMerges(read: Read): {
  /** The item that one stands for; itself where it was not merged. */
  readonly rootOf: (itemId: string) => string;
  /** An item and all that it stands for. */
  readonly kinOf: (itemId: string) => readonly string[];
} {
  const rows = read<{ id: string; root_id: string }>(
    `${WITH_MERGED} select id, root_id from merged_items order by id`,
  );
  const roots = new Map(rows.map(({ id, root_id: root }) => [id, root]));
  const byRoot = Map.groupBy(rows, ({ root_id: root }) => root);
  return {
    rootOf: (itemId) => roots.get(itemId) ?? itemId,
    kinOf: (itemId) => [itemId, ...(byRoot.get(itemId) ?? []).map(({ id }) => id)],
  };
}
