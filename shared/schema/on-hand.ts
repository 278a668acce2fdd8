/**
 * On-hand per item, site and lot, as one SQL text that runs on Postgres and on the device's SQLite
 * alike, so that both cannot disagree. `lot_id` is '' for stock without a lot.
 *
 * An observation of a posted count is a checkpoint: on-hand is the counted quantity plus all
 * movements stamped later, from whichever device. Without a checkpoint it is the sum of all.
 *
 * Not materialized: asked for one item, both sides of the sum look only at that item.
 * @param from how a table is named in FROM (a view of live rows on the device)
 */
export function onHandSql(from: (table: string) => string): string {
  return `
with checkpoints as not materialized (
  select item_id, location_id, lot_id, counted_qty, hlc from (
    select l.item_id, l.location_id, coalesce(cast(l.lot_id as text), '') as lot_id,
           l.counted_qty, l.hlc,
           row_number() over (
             partition by l.item_id, l.location_id, coalesce(cast(l.lot_id as text), '')
             order by l.hlc desc, l.id desc) as nth
    from ${from('count_lines')} l
    join ${from('count_sessions')} s on s.id = l.session_id
    where s.status = 'posted') ranked
  where nth = 1)
select item_id, location_id, lot_id, sum(qty) as on_hand from (
  select item_id, location_id, lot_id, counted_qty as qty from checkpoints
  union all
  select m.item_id, m.location_id, coalesce(cast(m.lot_id as text), '') as lot_id,
         case when c.hlc is null or m.hlc > c.hlc then m.qty_base else 0 end as qty
  from ${from('stock_movements')} m
  left join checkpoints c
    on c.item_id = m.item_id and c.location_id = m.location_id
   and c.lot_id = coalesce(cast(m.lot_id as text), '')) parts
group by item_id, location_id, lot_id`.trim();
}

/**
 * Largest difference that a count may show to be posted without a second person: one base unit or
 * two per cent of the expected quantity, whichever is larger (1/10,000 base units).
 */
export function countTolerance(expected: number): number {
  return Math.max(10_000, Math.floor(Math.abs(expected) / 50));
}
