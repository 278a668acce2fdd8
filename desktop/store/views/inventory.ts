import type {
  CountSessionRow,
  HistoryRow,
  InventoryListRow,
  LotStock,
  SiteStock,
} from '#shared/ipc/views.ts';
import { onHandSql } from '#shared/schema/on-hand.ts';
import { live } from './live-view.ts';
import type { ViewDefinition } from './live-view.ts';

const ON_HAND = onHandSql(live);

/**
 * On-hand as the books had it just before an observation `c`: the latest posted observation before
 * it, plus the movements between the two.
 */
const BEFORE = `(
  select p.hlc from ${live('count_lines')} p
  join ${live('count_sessions')} ps on ps.id = p.session_id
  where ps.status = 'posted' and p.item_id = c.item_id and p.location_id = c.location_id
    and coalesce(p.lot_id, '') = coalesce(c.lot_id, '') and p.hlc < c.hlc
  order by p.hlc desc limit 1)`;
const EXPECTED = `(
  coalesce((
    select p.counted_qty from ${live('count_lines')} p
    join ${live('count_sessions')} ps on ps.id = p.session_id
    where ps.status = 'posted' and p.item_id = c.item_id and p.location_id = c.location_id
      and coalesce(p.lot_id, '') = coalesce(c.lot_id, '') and p.hlc < c.hlc
    order by p.hlc desc limit 1), 0)
  + coalesce((
    select sum(m.qty_base) from ${live('stock_movements')} m
    where m.item_id = c.item_id and m.location_id = c.location_id
      and coalesce(m.lot_id, '') = coalesce(c.lot_id, '')
      and m.hlc < c.hlc and m.hlc > coalesce(${BEFORE}, '')), 0))`;

type SiteRow = SiteStock & { item_id: string };

/** The catalogue with what every visible site has of each item. */
export const inventoryList: ViewDefinition<object, InventoryListRow[]> = {
  reads: [
    'inventory_items',
    'item_locations',
    'inventory_lots',
    'stock_movements',
    'count_sessions',
    'count_lines',
  ],
  compute(read) {
    const sites = read<SiteRow>(
      `with on_hand as (${ON_HAND}),
       totals as (
         select o.item_id, o.location_id, sum(o.on_hand) as on_hand,
                min(case when o.on_hand > 0 then lot.expiry_date end) as next_expiry
         from on_hand o left join ${live('inventory_lots')} lot on lot.id = o.lot_id
         group by o.item_id, o.location_id),
       keys as (
         select item_id, location_id from totals
         union select item_id, location_id from ${live('item_locations')})
       select k.item_id, k.location_id, p.id as item_location_id,
              coalesce(t.on_hand, 0) as on_hand, p.par, p.bin, t.next_expiry
       from keys k
       left join totals t on t.item_id = k.item_id and t.location_id = k.location_id
       left join ${live('item_locations')} p
         on p.item_id = k.item_id and p.location_id = k.location_id`,
      [],
    );
    const byItem = groupBy(sites);
    return read<Omit<InventoryListRow, 'sites'>>(
      `select id as item_id, name, sku, category, base_unit, status, lot_policy, expiry_policy
       from ${live('inventory_items')} order by name, id`,
      [],
    ).map((item) => ({ ...item, sites: byItem.get(item.item_id) ?? [] }));
  },
};

function groupBy(rows: readonly SiteRow[]): Map<string, SiteStock[]> {
  const groups = new Map<string, SiteStock[]>();
  for (const { item_id, ...site } of rows) {
    const group = groups.get(item_id);
    if (group) group.push(site);
    else groups.set(item_id, [site]);
  }
  return groups;
}

/** What there is of every lot of an item, site by site. */
export const inventoryLots: ViewDefinition<{ itemId: string }, LotStock[]> = {
  reads: ['inventory_lots', 'stock_movements', 'count_sessions', 'count_lines'],
  compute: (read, { itemId }) =>
    read<LotStock>(
      `select o.lot_id, lot.lot_no, lot.expiry_date, o.location_id, o.on_hand
       from (${ON_HAND}) o join ${live('inventory_lots')} lot on lot.id = o.lot_id
       where o.item_id = ?
       order by lot.expiry_date is null, lot.expiry_date, lot.lot_no, o.location_id`,
      [itemId],
    ),
};

/** Movements and posted observations, newest first, with who and when. */
export const inventoryHistory: ViewDefinition<
  { itemId: string | null; limit: number },
  HistoryRow[]
> = {
  reads: [
    'stock_acts',
    'stock_movements',
    'inventory_items',
    'inventory_lots',
    'count_lines',
    'count_sessions',
    'users',
    'locations',
  ],
  compute: (read, { itemId, limit }) =>
    read<Omit<HistoryRow, 'waiting'> & { waiting: number }>(
      `select h.*, i.name as item_name, i.base_unit, lot.lot_no,
              l.code as location_code, u.display_name as who
       from (
         select m.id, m.type, m.occurred_at, m.item_id, m.lot_id, m.location_id, m.qty_base,
                m.entered_unit, m.entered_qty, m.performed_by as by_id,
                coalesce(a.origin = 'local', 0) as waiting
         from ${live('stock_movements')} m
         left join ${live('stock_acts')} a on a.id = m.act_id
         where ? is null or m.item_id = ?
         union all
         select c.id, 'count', c.counted_at, c.item_id, c.lot_id, c.location_id, c.counted_qty,
                null, null, c.counter_id, c.origin = 'local'
         from ${live('count_lines')} c
         join ${live('count_sessions')} s on s.id = c.session_id
         where s.status = 'posted' and (? is null or c.item_id = ?)) h
       join ${live('inventory_items')} i on i.id = h.item_id
       join ${live('locations')} l on l.id = h.location_id
       left join ${live('inventory_lots')} lot on lot.id = h.lot_id
       left join ${live('users')} u on u.id = h.by_id
       order by h.occurred_at desc, h.id desc
       limit ?`,
      [itemId, itemId, itemId, itemId, limit],
    ).map((row) => ({
      id: row.id,
      type: row.type,
      occurred_at: row.occurred_at,
      item_id: row.item_id,
      item_name: row.item_name,
      lot_no: row.lot_no,
      location_id: row.location_id,
      location_code: row.location_code,
      qty_base: row.qty_base,
      base_unit: row.base_unit,
      entered_unit: row.entered_unit,
      entered_qty: row.entered_qty,
      who: row.who,
      waiting: row.waiting === 1,
    })),
};

type SessionRow = Omit<CountSessionRow, 'lines' | 'waiting'> & { waiting: number };
type LineRow = CountSessionRow['lines'][number] & { session_id: string };

/** Counts with their observations and what the books expected at that moment. */
export const inventoryCounts: ViewDefinition<{ limit: number }, CountSessionRow[]> = {
  reads: [
    'count_sessions',
    'count_lines',
    'stock_movements',
    'inventory_items',
    'inventory_lots',
    'users',
    'locations',
  ],
  compute(read, { limit }) {
    const sessions = read<SessionRow>(
      `select s.id, s.location_id, l.code as location_code, s.kind, s.status, s.started_at,
              s.counted_by, u.display_name as who, s.origin = 'local' as waiting
       from ${live('count_sessions')} s
       join ${live('locations')} l on l.id = s.location_id
       left join ${live('users')} u on u.id = s.counted_by
       order by s.started_at desc, s.id desc limit ?`,
      [limit],
    );
    const lines = read<LineRow>(
      `select c.id, c.session_id, c.item_id, i.name as item_name, i.base_unit, c.lot_id, lot.lot_no,
              c.counted_qty, c.counted_at, ${EXPECTED} as expected_qty
       from ${live('count_lines')} c
       join ${live('inventory_items')} i on i.id = c.item_id
       left join ${live('inventory_lots')} lot on lot.id = c.lot_id
       where c.session_id in (select value from json_each(?))
       order by c.hlc`,
      [JSON.stringify(sessions.map((s) => s.id))],
    );
    return sessions.map(({ waiting, ...session }) => ({
      ...session,
      waiting: waiting === 1,
      lines: lines
        .filter((line) => line.session_id === session.id)
        .map(({ session_id: _session, ...line }) => line),
    }));
  },
};
