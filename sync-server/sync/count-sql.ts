import type { CountedLine } from './ports.ts';

/**
 * The lines of count sessions beside what the ledger makes expect at the moment each was counted: the
 * last posted count before it, and the movements between the two. A line that was counted again
 * gives way to the later one, as it does in on-hand. Beside them the last known price at the site.
 */
export const EXPECTED_SQL = `
  with lines as (
    select distinct on (l.session_id, l.item_id, l.location_id, l.lot_id)
      l.session_id, l.id, l.item_id, l.location_id, l.lot_id, l.counted_qty, l.hlc
    from public.count_lines l
    where l.session_id = any($1::uuid[])
    order by l.session_id, l.item_id, l.location_id, l.lot_id, l.hlc desc, l.id desc)
  select l.session_id, l.id as line_id, l.item_id, l.lot_id, l.counted_qty::text as counted,
    (coalesce(c.counted_qty, 0) + coalesce(m.qty, 0))::text as expected,
    p.unit_cost_cents::text as unit_cost_cents
  from lines l
  left join lateral (
    select p.counted_qty, p.hlc
    from public.count_lines p
    join public.count_sessions s on s.id = p.session_id and s.status = 'posted'
    where p.item_id = l.item_id and p.location_id = l.location_id
      and p.lot_id is not distinct from l.lot_id and p.hlc < l.hlc
    order by p.hlc desc, p.id desc limit 1) c on true
  left join lateral (
    select sum(v.qty_base) as qty
    from public.stock_movements v
    where v.item_id = l.item_id and v.location_id = l.location_id
      and v.lot_id is not distinct from l.lot_id
      and v.hlc <= l.hlc and (c.hlc is null or v.hlc > c.hlc)) m on true
  left join lateral (
    select v.unit_cost_cents
    from public.stock_movements v
    where v.item_id = l.item_id and v.location_id = l.location_id
      and v.unit_cost_cents is not null and v.hlc <= l.hlc
    order by v.hlc desc, v.id desc limit 1) p on true
  order by l.session_id, l.item_id, l.lot_id`;

export interface ExpectedRow {
  session_id: string;
  line_id: string;
  item_id: string;
  lot_id: string | null;
  counted: string;
  expected: string;
  unit_cost_cents: string | null;
}

export const expectedLine = (row: ExpectedRow): CountedLine => ({
  sessionId: row.session_id,
  lineId: row.line_id,
  itemId: row.item_id,
  lotId: row.lot_id,
  counted: Number(row.counted),
  expected: Number(row.expected),
  unitCostCents: row.unit_cost_cents === null ? null : Number(row.unit_cost_cents),
});
