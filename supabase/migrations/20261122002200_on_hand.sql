-- On hand of one item looks at that item only: what is counted and what moved are summed side by side,
-- so that a condition reaches both. The same text runs on devices (shared/schema/on-hand.ts).

create or replace view public.on_hand with (security_invoker = true) as
with checkpoints as not materialized (
  select item_id, location_id, lot_id, counted_qty, hlc from (
    select l.item_id, l.location_id, coalesce(cast(l.lot_id as text), '') as lot_id,
           l.counted_qty, l.hlc,
           row_number() over (
             partition by l.item_id, l.location_id, coalesce(cast(l.lot_id as text), '')
             order by l.hlc desc, l.id desc) as nth
    from public.count_lines l
    join public.count_sessions s on s.id = l.session_id
    where s.status = 'posted') ranked
  where nth = 1)
select item_id, location_id, lot_id, sum(qty) as on_hand from (
  select item_id, location_id, lot_id, counted_qty as qty from checkpoints
  union all
  select m.item_id, m.location_id, coalesce(cast(m.lot_id as text), '') as lot_id,
         case when c.hlc is null or m.hlc > c.hlc then m.qty_base else 0 end as qty
  from public.stock_movements m
  left join checkpoints c
    on c.item_id = m.item_id and c.location_id = m.location_id
   and c.lot_id = coalesce(cast(m.lot_id as text), '')) parts
group by item_id, location_id, lot_id;
