import type { CountPlanRow, CountSessionRow } from '#shared/ipc/views.ts';
import { isWithinTolerance } from '#shared/schema/count-guard.ts';
import { sameItem, sameLot } from '#shared/schema/merged-items.ts';
import { byText, live, valuesOf } from './definition.ts';
import type { Changes, Read, ViewDefinition } from './definition.ts';
import { ON_HAND, ON_HAND_OF_ITEM, STOCK, anyOf, byIds, movedItems } from './inventory.ts';
import { WITH_ITEM, WITH_MERGED, relatives, standing, standingOfItem } from './merged.ts';

/** Rows about the shelf of an observation `c`: the same item at the same site, of the same lot. */
const sameShelf = (as: string): string =>
  `${sameItem(`${as}.item_id`, 'c.item_id')} and ${as}.location_id = c.location_id
    and ${sameLot(`${as}.lot_id`, 'c.lot_id')}`;
/** The latest posted observation of the shelf before `c`. */
const checkpoint = (column: string): string => `(
  select p.${column} from ${live('count_lines')} p
  join ${live('count_sessions')} ps on ps.id = p.session_id
  where ps.status = 'posted' and ${sameShelf('p')} and p.hlc < c.hlc
  order by p.hlc desc, p.id desc limit 1)`;
/**
 * On-hand as the books had it just before an observation `c`: the latest posted observation before
 * it, plus the movements between the two.
 */
const EXPECTED = `(
  coalesce(${checkpoint('counted_qty')}, 0)
  + coalesce((
    select sum(m.qty_base) from ${live('stock_movements')} m
    where ${sameShelf('m')} and m.hlc <= c.hlc
      and m.hlc > coalesce(${checkpoint('hlc')}, '')), 0))`;
/** What was booked after it. */
const SINCE = `coalesce((
  select sum(m.qty_base) from ${live('stock_movements')} m
  where ${sameShelf('m')} and m.hlc > c.hlc), 0)`;
/** What the item cost when it was last booked at the site, as the server reckons it. */
const UNIT_COST = `(
  select m.unit_cost_cents from ${live('stock_movements')} m
  where ${sameItem('m.item_id', 'c.item_id')} and m.location_id = c.location_id
    and m.unit_cost_cents is not null and m.hlc <= c.hlc
  order by m.hlc desc, m.id desc limit 1)`;
/** Nothing of the books is read for a blind count that is open. */
const unlessBlind = (sql: string): string =>
  `case when s.status = 'open' and s.blind then null else ${sql} end`;

type SessionRow = Omit<CountSessionRow, 'lines' | 'waiting' | 'blind' | 'sent_back'> & {
  waiting: number;
  blind: number;
  sent_back: number;
  sent_back_who: string | null;
};
type LineRow = CountSessionRow['lines'][number] & { session_id: string };

/** The review of a count that somebody decided with "count it again". */
const SENT_BACK = `(
  select r.id from ${live('review_items')} r
  where r.row_id = s.id and r.kind = 'count_variance' and r.decision = 'recount'
  order by r.id limit 1)`;

const sessionsSql = (from: string): string => `
  select s.id, s.location_id, l.code as location_code, s.kind, s.zone, s.blind, s.status,
         s.started_at, s.counted_by, u.display_name as who, s.origin = 'local' as waiting,
         back.id is not null as sent_back, sender.display_name as sent_back_who
  from ${from}
  join ${live('locations')} l on l.id = s.location_id
  left join ${live('users')} u on u.id = s.counted_by
  left join ${live('review_items')} back on back.id = ${SENT_BACK}
  left join ${live('users')} sender on sender.id = back.decided_by
  order by s.started_at desc, s.id desc limit ?`;
const ALL_SESSIONS = sessionsSql(`${live('count_sessions')} s`);
const SESSIONS = sessionsSql(byIds('count_sessions', 's'));

/** Counts with their observations and what the books expected at that moment. */
export const inventoryCounts: ViewDefinition<{ limit: number }, CountSessionRow[]> = {
  reads: ['item_locations', ...STOCK, 'review_items', 'users', 'locations'],
  compute: (read, { limit }) => withLines(read, read<SessionRow>(ALL_SESSIONS, [limit])),
  list: {
    key: ({ id }) => id,
    keysOf(read, changes, _arg, last) {
      if (anyOf(changes, 'inventory_items', 'item_merges', 'users', 'locations')) return null;
      const items = changedItems(read, changes);
      const sessions = valuesOf(read, 'count_lines', 'session_id', changes.get('count_lines'));
      const reviewed = valuesOf(read, 'review_items', 'row_id', changes.get('review_items'));
      if (items === null || sessions === null || reviewed === null) return null;
      const expecting = [...last.values()]
        .filter(({ lines }) =>
          lines.some(
            ({ id, item_id }) => items.has(item_id) || changes.get('count_lines')?.has(id),
          ),
        )
        .map(({ id }) => id);
      return [...(changes.get('count_sessions') ?? []), ...sessions, ...reviewed, ...expecting];
    },
    computeKeys: (read, _arg, keys) =>
      withLines(read, read<SessionRow>(SESSIONS, [JSON.stringify(keys), keys.length])),
    compare: (a, b) => b.started_at - a.started_at || byText(b.id, a.id),
    limit: ({ limit }) => limit,
  },
};

/** Items of which stock, or the place where it lies, has changed; null when that cannot be told. */
function changedItems(read: Read, changes: Changes): Set<string> | null {
  const moved = movedItems(read, changes);
  const placed = valuesOf(read, 'item_locations', 'item_id', changes.get('item_locations'));
  return moved === null || placed === null ? null : new Set([...moved, ...relatives(read, placed)]);
}

function withLines(read: Read, sessions: readonly SessionRow[]): CountSessionRow[] {
  const lines = read<LineRow>(
    `${WITH_MERGED}
     select c.id, c.session_id, i.id as item_id, i.name as item_name, i.base_unit,
            lot.id as lot_id, lot.lot_no,
            lot.expiry_date, c.counter_id, u.display_name as who, c.pass,
            c.counted_qty, c.counted_at,
            (select p.bin from ${live('item_locations')} p
             where ${sameItem('p.item_id', 'c.item_id')} and p.location_id = c.location_id
             order by p.item_id <> i.id, p.id limit 1) as bin,
            ${unlessBlind(EXPECTED)} as expected_qty,
            case when s.status in ('submitted', 'in_review') then ${SINCE} end as since_qty,
            ${unlessBlind(UNIT_COST)} as unit_cost_cents
     from ${byIds('count_lines', 'c', 'session_id')}
     join ${live('count_sessions')} s on s.id = c.session_id
     left join merged_items g on g.id = c.item_id
     left join merged_lots k on k.id = c.lot_id
     join ${live('inventory_items')} i on i.id = coalesce(g.root_id, c.item_id)
     left join ${live('inventory_lots')} lot on lot.id = coalesce(k.root_id, c.lot_id)
     left join ${live('users')} u on u.id = c.counter_id
     order by c.hlc, c.id`,
    [JSON.stringify(sessions.map((s) => s.id))],
  );
  const bySession = Map.groupBy(lines, ({ session_id }) => session_id);
  return sessions.map(({ waiting, blind, sent_back, sent_back_who, ...session }) => ({
    ...session,
    waiting: waiting === 1,
    blind: blind === 1,
    sent_back: sent_back === 1 ? { who: sent_back_who } : null,
    lines: (bySession.get(session.id) ?? []).map(({ session_id: _session, ...line }) => line),
  }));
}

/**
 * Lines of a count that are further from the books than counting may miss, and not counted again yet.
 * Tells that they are, and neither by how much nor which way: a blind count stays blind.
 */
export const countFar: ViewDefinition<{ sessionId: string }, { id: string }[]> = {
  reads: STOCK,
  compute(read, { sessionId }) {
    const lines = read<{
      id: string;
      shelf: string;
      pass: number;
      counted: number;
      expected: number;
    }>(
      `${WITH_MERGED}
       select c.id, coalesce(g.root_id, c.item_id) || coalesce(k.root_id, c.lot_id, '') as shelf,
              c.pass, c.counted_qty as counted, ${EXPECTED} as expected
       from ${live('count_lines')} c
       left join merged_items g on g.id = c.item_id
       left join merged_lots k on k.id = c.lot_id
       where c.session_id = ? order by c.hlc, c.id`,
      [sessionId],
    );
    return [...new Map(lines.map((line) => [line.shelf, line])).values()]
      .filter((line) => line.pass === 1 && !isWithinTolerance(line))
      .map(({ id }) => ({ id }));
  },
};

type PlanItem = Omit<CountPlanRow, 'lots'>;
type PlanLot = CountPlanRow['lots'][number];
type PlanLotRow = Omit<PlanLot, 'is_here'> & { item_id: string; is_here: number };

/** Items that a site keeps or has, by name. @param from items `i` */
const planItemsSql = (from: string): string => `
  ${WITH_MERGED}
  select i.id as item_id, i.name as item_name, i.sku, i.base_unit,
         (select p.bin from ${live('item_locations')} p
          where ${sameItem('p.item_id', 'i.id')} and p.location_id = ?
          order by p.item_id <> i.id, p.id limit 1) as bin
  from ${from}
  where i.id not in (select id from merged_items) and (
    exists (select 1 from ${live('item_locations')} p
            where ${sameItem('p.item_id', 'i.id')} and p.location_id = ? and p.is_stocked
              and i.status = 'active')
    or exists (select 1 from ${live('stock_movements')} m
               where ${sameItem('m.item_id', 'i.id')} and m.location_id = ?)
    or exists (select 1 from ${live('count_lines')} c
               where ${sameItem('c.item_id', 'i.id')} and c.location_id = ?))
  order by i.name, i.id`;
const MOVED = 'location_id occurred_at';
const planLotsSql = (names: string, onHand: string, movements: string): string => `
  ${names}, moved as (
    select item_id, coalesce(lot_id, '') as lot_id,
           min(occurred_at) as first_at, max(occurred_at) as last_at
    from ${movements} where location_id = ?
    group by item_id, coalesce(lot_id, ''))
  select o.item_id, lot.id as lot_id, lot.lot_no, lot.expiry_date, o.on_hand <> 0 as is_here,
         m.first_at, m.last_at
  from (${onHand}) o
  left join moved m on m.item_id = o.item_id and m.lot_id = o.lot_id
  left join ${live('inventory_lots')} lot on lot.id = o.lot_id
  where o.location_id = ?
  order by o.item_id, lot.expiry_date is null, lot.expiry_date, lot.lot_no, lot.id`;
const PLAN_ITEMS = planItemsSql(`${live('inventory_items')} i`);
const PLAN_OF_ITEMS = planItemsSql(
  `json_each(?) wanted cross join ${live('inventory_items')} i on i.id = wanted.value`,
);
const PLAN_LOTS = planLotsSql(WITH_MERGED, ON_HAND, standing('stock_movements', MOVED, true));
const PLAN_LOTS_OF_ITEM = planLotsSql(
  WITH_ITEM,
  ON_HAND_OF_ITEM,
  standingOfItem('stock_movements', MOVED, true),
);

const planLot = ({ item_id: _item, is_here, ...lot }: PlanLotRow): PlanLot => ({
  ...lot,
  is_here: is_here === 1,
});

/** What a site should have on its shelves, by item, with its lots; nothing of how much. */
export const countPlan: ViewDefinition<{ locationId: string }, CountPlanRow[]> = {
  reads: ['item_locations', ...STOCK],
  compute(read, { locationId }) {
    const lots = Map.groupBy(
      read<PlanLotRow>(PLAN_LOTS, [locationId, locationId]),
      (lot) => lot.item_id,
    );
    return read<PlanItem>(PLAN_ITEMS, Array(4).fill(locationId)).map((item) => ({
      ...item,
      lots: (lots.get(item.item_id) ?? []).map(planLot),
    }));
  },
  list: {
    key: ({ item_id }) => item_id,
    keysOf: changedItems,
    computeKeys: (read, { locationId }, keys) =>
      read<PlanItem>(PLAN_OF_ITEMS, [
        locationId,
        JSON.stringify(keys),
        ...Array<string>(3).fill(locationId),
      ]).map((item) => ({
        ...item,
        lots: read<PlanLotRow>(PLAN_LOTS_OF_ITEM, [item.item_id, locationId, locationId]).map(
          planLot,
        ),
      })),
    compare: (a, b) => byText(a.item_name, b.item_name) || byText(a.item_id, b.item_id),
  },
};
