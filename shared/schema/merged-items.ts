/**
 * Which items and lots stand for others, as SQL that runs on Postgres and on the device's SQLite alike.
 * Facts keep the item that they were written of; whoever reads what there is of an item reads it of all
 * items that it stands for.
 */

/**
 * CTEs (after WITH RECURSIVE):
 * `merged_items(id, root_id)`: each merged item with the one that it leads to in the end. What leads back
 * to itself is left out: it stands for itself.
 * `kindred(id, root_id)`: the same, and those that stand for others as well.
 * `merged_lots(id, root_id)`: lots of kindred items with the one of their like that stands for them: one
 * that is recalled before one that is not, so that a merge hides no recall.
 * The table of merges is small and says where to look; the catalogue is not.
 * @param from how a table is named in FROM
 */
export const mergedCtes = (from: (table: string) => string): string =>
  `
  merge_steps(id, into_id) as (
    select i.id, i.merged_into_id
    from (select distinct merged_id from ${from('item_merges')}) g
    join ${from('inventory_items')} i on i.id = g.merged_id and i.merged_into_id is not null
    union
    select s.id, i.merged_into_id
    from merge_steps s
    join ${from('inventory_items')} i on i.id = s.into_id and i.merged_into_id is not null),
  merged_items(id, root_id) as (
    select s.id, s.into_id
    from merge_steps s
    join ${from('inventory_items')} i on i.id = s.into_id and i.merged_into_id is null),
  kindred(id, root_id) as (
    select id, root_id from merged_items union select root_id, root_id from merged_items),
  merged_lots(id, root_id) as (
    select l.id, (
      select o.id from kindred h join ${from('inventory_lots')} o on o.item_id = h.id
      where h.root_id = g.root_id and o.lot_no = l.lot_no and o.serial = l.serial
        and o.expiry_date is not distinct from l.expiry_date
      order by case o.recall_status when 'recalled' then 0 when 'suspect' then 1 else 2 end,
        case when o.item_id = h.root_id then 0 else 1 end, o.id limit 1)
    from kindred g join ${from('inventory_lots')} l on l.item_id = g.id)`.trim();

/** Condition: two columns name the same item, or items that stand for each other. */
export const sameItem = (a: string, b: string): string => `${a} in (
  select ${b} union all
  select o.id from kindred k join kindred o on o.root_id = k.root_id where k.id = ${b})`;

/** Condition: two columns name the same lot (null: what has none), or lots that stand for each other. */
export const sameLot = (a: string, b: string): string =>
  `(${a} is not distinct from ${b} or exists (
  select 1 from merged_lots k join merged_lots o on o.root_id = k.root_id
  where k.id = ${b} and o.id = ${a}))`;
