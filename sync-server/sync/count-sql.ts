import { mergedCtes } from '#shared/schema/merged-items.ts';
import { onHandSql } from '#shared/schema/on-hand.ts';
import type { CountedLine } from './ports.ts';

const table = (name: string): string => `public.${name}`;
/**
 * The items and lots that stand for each other, those alone among them. Joined, since Postgres looks up by
 * index what it joins, and reads through what a condition only compares.
 */
const KIN = `
  ${mergedCtes(table)},
  kin_items(id, other) as (
    select k.id, o.id from kindred k join kindred o on o.root_id = k.root_id),
  kin_lots(id, other) as (
    select k.id, o.id from merged_lots k join merged_lots o on o.root_id = k.root_id)`.trim();
/** FROM: an item and all that stand for each other with it, as `w`. */
const kinOf = (item: string): string => `(
  select ${item} as id union select k.other from kin_items k where k.id = ${item}) w`;
const sameLot = (lot: string): string => `(
  v.lot_id is not distinct from ${lot} or exists (
    select from kin_lots k where k.id = ${lot} and k.other = v.lot_id))`;

/**
 * The lines of count sessions beside what the ledger makes expect at the moment each was counted: the
 * last posted count before it, and the movements between the two. A line that was counted again
 * gives way to the later one, as it does in on-hand. Beside them the last known price at the site.
 * Of items that were merged all that was booked of any of them counts.
 */
export const EXPECTED_SQL = `
  with recursive ${KIN},
  lines as (
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
    select v.counted_qty, v.hlc
    from ${kinOf('l.item_id')}
    join public.count_lines v on v.item_id = w.id
    join public.count_sessions s on s.id = v.session_id and s.status = 'posted'
    where v.location_id = l.location_id and ${sameLot('l.lot_id')} and v.hlc < l.hlc
    order by v.hlc desc, v.id desc limit 1) c on true
  left join lateral (
    select sum(v.qty_base) as qty
    from ${kinOf('l.item_id')}
    join public.stock_movements v on v.item_id = w.id
    where v.location_id = l.location_id and ${sameLot('l.lot_id')}
      and v.hlc <= l.hlc and (c.hlc is null or v.hlc > c.hlc)) m on true
  left join lateral (
    select v.unit_cost_cents
    from ${kinOf('l.item_id')}
    join public.stock_movements v on v.item_id = w.id
    where v.location_id = l.location_id
      and v.unit_cost_cents is not null and v.hlc <= l.hlc
    order by v.hlc desc, v.id desc limit 1) p on true
  order by l.session_id, l.item_id, l.lot_id`;

/** Columns of facts that on-hand is made of, beside item and lot. */
const FACTS: Readonly<Record<string, string>> = {
  count_lines: 'v.id, v.location_id, v.session_id, v.counted_qty, v.hlc',
  stock_movements: 'v.location_id, v.qty_base, v.hlc',
};

/**
 * On-hand of some items ($1) at some sites ($2), each with all that stands for it or that it stands for:
 * one text with the devices' (`onHandSql`), of these items alone.
 */
export const ON_HAND_SQL = `
  with recursive ${KIN},
  asked(id, other) as (
    select a.id, a.id from unnest($1::uuid[]) a(id)
    union select k.id, k.other from kin_items k where k.id = any($1::uuid[]))
  select item_id, location_id, lot_id, on_hand::text as on_hand from (${onHandSql((name) =>
    FACTS[name]
      ? `(select ${FACTS[name]}, a.id as item_id, coalesce(k.root_id, v.lot_id) as lot_id
          from asked a join public.${name} v
            on v.item_id = a.other and v.location_id = any($2::uuid[])
          left join merged_lots k on k.id = v.lot_id)`
      : table(name),
  )}) o`;

/** The items that some stand for, or that stand for them, themselves among them. */
export const SAME_ITEMS_SQL = `
  with recursive ${KIN}
  select k.id, k.other from kin_items k where k.id = any($1::uuid[])`;

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
