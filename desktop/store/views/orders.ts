import type {
  ItemPrices,
  OrderDecisionRow,
  OrderDetail,
  OrderLineRow,
  OrderListRow,
  OrderSendRow,
  PriceRow,
  ReorderRow,
  VendorOffer,
  VendorRow,
} from '#shared/ipc/order-views.ts';
import {
  backOrderBase,
  decisionOf,
  orderTotalCents,
  standingLines,
  toBaseUnits,
} from '#shared/merge/derive/purchase-order.ts';
import type { OrderLine } from '#shared/merge/derive/purchase-order.ts';
import { sameItem } from '#shared/schema/merged-items.ts';
import { byText, live, valuesOf } from './definition.ts';
import type { Read, ViewDefinition } from './definition.ts';
import { ON_HAND, STOCK } from './inventory.ts';
import { PLACES, WITH_MERGED, readMerges, standing } from './merged.ts';

/** What comes out of SQLite for a row whose lists and truth values are still text and numbers. */
type Raw<R, K extends keyof R> = Omit<R, K> & Record<K, string | number>;

const parsed = <T>(text: string | number): T => JSON.parse(String(text)) as T;
const ids = (keys: Iterable<string>): string => JSON.stringify([...new Set(keys)]);

// orders -------------------------------------------------------------------------------------------

type HeadRow = Omit<OrderListRow, 'lines' | 'total_cents' | 'decision' | 'waiting'> & {
  waiting: number;
  field_hlc: string;
};

const headsSql = (from: string): string => `
  select o.id, o.location_id, l.code as location_code, o.vendor_id,
         coalesce(v.name, '') as vendor_name, o.po_no, o.urgency, o.need_by, o.status,
         o.created_at, o.created_by, u.display_name as who, o.origin = 'local' as waiting,
         json_extract(o.doc, '$.field_hlc') as field_hlc
  from ${from}
  join ${live('locations')} l on l.id = o.location_id
  left join ${live('vendors')} v on v.id = o.vendor_id
  left join ${live('users')} u on u.id = o.created_by
  order by o.created_at desc, o.id desc limit ?`;
const ALL_HEADS = headsSql(`${live('purchase_orders')} o`);
const HEADS = headsSql(`json_each(?) w cross join ${live('purchase_orders')} o on o.id = w.value`);

/** Columns of a line that its order is judged by. */
const LINE = `n.id, n.order_id, n.item_id, n.unit, n.qty_ordered, n.unit_price_cents, n.removed,
  json_extract(n.doc, '$.field_hlc') as field_hlc, n.origin = 'local' as waiting`;
type LineSql = Raw<OrderLine, 'removed' | 'field_hlc'> & { order_id: string; waiting: number };

const lineOf = <R extends LineSql>({ removed, field_hlc: stamps, ...row }: R) => ({
  ...row,
  removed: removed === 1,
  field_hlc: parsed<Record<string, string>>(stamps),
});

const DECISIONS = `
  select a.id, a.order_id, a.approver_id, u.display_name as who, a.decision, a.amount_cents,
         a.basis_version, a.reason, a.created_at as at, a.hlc, a.origin = 'local' as waiting
  from ${live('po_approvals')} a left join ${live('users')} u on u.id = a.approver_id
  where a.order_id in (select value from json_each(?)) order by a.hlc, a.id`;
type DecisionSql = Omit<OrderDecisionRow, 'waiting'> & { order_id: string; waiting: number };

function listed(read: Read, heads: readonly HeadRow[]): OrderListRow[] {
  const wanted = ids(heads.map(({ id }) => id));
  const lines = Map.groupBy(
    read<LineSql>(
      `select ${LINE} from ${live('purchase_order_lines')} n
       where n.order_id in (select value from json_each(?)) order by n.id`,
      [wanted],
    ).map(lineOf),
    ({ order_id }) => order_id,
  );
  const decisions = Map.groupBy(read<DecisionSql>(DECISIONS, [wanted]), (row) => row.order_id);
  return heads.map(({ waiting, field_hlc: stamps, ...head }) => {
    const own = lines.get(head.id) ?? [];
    const about = decisions.get(head.id) ?? [];
    const order = { ...head, field_hlc: parsed<Record<string, string>>(stamps) };
    const decision = decisionOf(order, own, about)?.decision;
    return {
      ...head,
      lines: standingLines(own).length,
      total_cents: orderTotalCents(own),
      decision: decision === 'approved' || decision === 'returned' ? decision : null,
      waiting: [{ waiting }, ...own, ...about].some((row) => row.waiting === 1),
    };
  });
}

const NAMES = ['users', 'locations', 'vendors'] as const;

/** All orders with what they come to, the latest first. */
export const orderList: ViewDefinition<{ limit: number }, OrderListRow[]> = {
  reads: ['purchase_orders', 'purchase_order_lines', 'po_approvals', ...NAMES],
  compute: (read, { limit }) => listed(read, read<HeadRow>(ALL_HEADS, [limit])),
  list: {
    key: ({ id }) => id,
    keysOf(read, changes) {
      if (NAMES.some((table) => changes.has(table))) return null;
      const keys = [...(changes.get('purchase_orders') ?? [])];
      for (const table of ['purchase_order_lines', 'po_approvals'] as const) {
        const found = valuesOf(read, table, 'order_id', changes.get(table));
        if (found === null) return null;
        keys.push(...found);
      }
      return keys;
    },
    computeKeys: (read, _arg, keys) => listed(read, read<HeadRow>(HEADS, [ids(keys), keys.length])),
    compare: (a, b) => b.created_at - a.created_at || byText(b.id, a.id),
    limit: ({ limit }) => limit,
  },
};

/**
 * What came of order lines: movements that name the line, less those that were taken back. What was ordered
 * as one item may come as the one that it was merged into.
 */
const RECEIVED = `
  ${WITH_MERGED}
  select m.ref_id as line_id,
         sum(m.qty_base + coalesce((
           select sum(r.qty_base) from ${live('stock_movements')} r
           where r.item_id = m.item_id and r.reverses_id = m.id
             and r.ref_type is not 'po_line'), 0)) as received
  from ${live('purchase_order_lines')} n
  join ${live('stock_movements')} m
    on ${sameItem('m.item_id', 'n.item_id')} and m.ref_id = n.id and m.ref_type = 'po_line'`;

type DetailSql = Raw<
  Omit<OrderDetail, 'lines' | 'decisions' | 'sends' | 'steps' | 'receipts' | 'limits'>,
  'field_hlc' | 'waiting'
>;
type DetailLineSql = LineSql &
  Pick<OrderLineRow, 'item_name' | 'sku' | 'base_unit' | 'vendor_sku' | 'min_qty' | 'lead_days'> & {
    packs: string;
  };

/** One order with its lines, decisions, receipts and steps. */
export const orderDetail: ViewDefinition<{ orderId: string }, OrderDetail | null> = {
  reads: [
    'purchase_orders',
    'purchase_order_lines',
    'po_approvals',
    'order_sends',
    'order_send_events',
    'inventory_items',
    'item_merges',
    'vendor_items',
    'stock_movements',
    'stock_acts',
    'transitions',
    'location_configs',
    ...NAMES,
  ],
  compute(read, { orderId }) {
    const [head] = read<DetailSql>(
      `select o.id, o.location_id, l.code as location_code, l.name as location_name, o.vendor_id,
              coalesce(v.name, '') as vendor_name, v.account_no, v.email as vendor_email,
              v.phone as vendor_phone, coalesce(v.order_channel, 'print') as order_channel,
              v.free_shipping_cents, o.po_no, o.urgency, o.need_by, o.note, o.status, o.created_at,
              o.created_by, u.display_name as who, o.origin = 'local' as waiting,
              json_extract(o.doc, '$.field_hlc') as field_hlc
       from ${live('purchase_orders')} o
       join ${live('locations')} l on l.id = o.location_id
       left join ${live('vendors')} v on v.id = o.vendor_id
       left join ${live('users')} u on u.id = o.created_by
       where o.id = ?`,
      [orderId],
    );
    if (!head) return null;
    const lines = read<DetailLineSql>(
      `select ${LINE}, i.name as item_name, i.sku, i.base_unit,
              json_extract(i.doc, '$.packs') as packs, s.vendor_sku, s.min_qty, s.lead_days
       from ${live('purchase_order_lines')} n
       join ${live('inventory_items')} i on i.id = n.item_id
       left join ${live('vendor_items')} s on s.item_id = n.item_id and s.vendor_id = ?
       where n.order_id = ? order by n.created_at, n.id`,
      [head.vendor_id, orderId],
    );
    const received = new Map(
      read<{ line_id: string; received: number }>(
        `${RECEIVED} where n.order_id = ? group by m.ref_id`,
        [orderId],
      ).map((row) => [row.line_id, row.received]),
    );
    const decisions = read<DecisionSql>(DECISIONS, [ids([orderId])]);
    return {
      ...head,
      field_hlc: parsed(head.field_hlc),
      waiting:
        head.waiting === 1 ||
        lines.some(({ waiting }) => waiting === 1) ||
        decisions.some(({ waiting }) => waiting === 1),
      lines: lines.map((row) => {
        const { order_id: _order, waiting: _waiting, ...line } = lineOf(row);
        return {
          ...line,
          packs: parsed<OrderLineRow['packs']>(line.packs),
          received_base: received.get(line.id) ?? 0,
        };
      }),
      decisions: decisions.map(({ order_id: _order, waiting, ...row }) => ({
        ...row,
        waiting: waiting === 1,
      })),
      sends: sendsOf(read, orderId),
      steps: read(
        `select t.id, t.from_state as "from", t.to_state as "to", u.display_name as who,
                t.created_at as at
         from ${live('transitions')} t left join ${live('users')} u on u.id = t.actor_id
         where t.row_id = ? and t.table_name = 'purchase_orders' order by t.created_at, t.id`,
        [orderId],
      ),
      receipts: read<Raw<OrderDetail['receipts'][number], 'waiting'>>(
        `${WITH_MERGED}
         select a.id, u.display_name as who, a.occurred_at as at, count(*) as lines, a.note,
                a.origin = 'local' as waiting
         from ${live('purchase_order_lines')} n
         join ${live('stock_movements')} m
           on ${sameItem('m.item_id', 'n.item_id')} and m.ref_id = n.id and m.ref_type = 'po_line'
         join ${live('stock_acts')} a on a.id = m.act_id
         left join ${live('users')} u on u.id = a.created_by
         where n.order_id = ? group by a.id order by a.occurred_at, a.id`,
        [orderId],
      ).map((row) => ({ ...row, waiting: row.waiting === 1 })),
      limits: limitsAt(read, head.location_id),
    };
  },
};

type SendSql = Raw<Omit<OrderSendRow, 'state' | 'endedAt' | 'destination' | 'problem'>, 'waiting'>;
type EventSql = Pick<OrderSendRow, 'destination' | 'problem'> & {
  send_id: string;
  event: Exclude<OrderSendRow['state'], 'queued'>;
  occurred_at: number;
};

/** Wishes to send an order's summary, each with the newest of what became of it. */
function sendsOf(read: Read, orderId: string): OrderSendRow[] {
  const ends = new Map(
    read<EventSql>(
      `select e.send_id, e.event, e.destination, e.problem, e.occurred_at
       from ${live('order_send_events')} e where e.order_id = ? order by e.occurred_at, e.id`,
      [orderId],
    ).map((row) => [row.send_id, row]),
  );
  return read<SendSql>(
    `select s.id, s.channel, u.display_name as who, s.created_at as at,
            s.origin = 'local' as waiting
     from ${live('order_sends')} s left join ${live('users')} u on u.id = s.created_by
     where s.order_id = ? order by s.created_at, s.id`,
    [orderId],
  ).map((row) => {
    const end = ends.get(row.id);
    return {
      ...row,
      waiting: row.waiting === 1,
      state: end?.event ?? 'queued',
      endedAt: end?.occurred_at ?? null,
      destination: end?.destination ?? null,
      problem: end?.problem ?? null,
    };
  });
}

/** Limits of approval that a site, or all sites, have set; the newest counts, the site's own first. */
function limitsAt(read: Read, siteId: string): OrderDetail['limits'] {
  const rows = read<{ key: string; value: string }>(
    `select c.key, json_extract(c.doc, '$.value') as value from ${live('location_configs')} c
     where c.key in ('po.limit.LM', 'po.limit.MG')
       and (c.location_id = ? or c.location_id is null)
       and c.effective_from <= ?
     order by c.location_id is null desc, c.effective_from`,
    [siteId, Date.now()],
  );
  const limits: { LM?: number; MG?: number } = {};
  for (const { key, value } of rows) limits[key.endsWith('LM') ? 'LM' : 'MG'] = Number(value);
  return limits;
}

/** Who sells to us, by name. */
export const orderVendors: ViewDefinition<object, VendorRow[]> = {
  reads: ['vendors'],
  compute: (read) =>
    read<Raw<VendorRow, 'active'>>(
      `select id, name, active, order_channel from ${live('vendors')} order by name, id`,
    ).map((row) => ({ ...row, active: row.active === 1 })),
  list: { key: ({ id }) => id },
};

// prices -------------------------------------------------------------------------------------------

/** Prices of items (twice), as people noted them and as was ordered; the latest first. */
const PRICES = `
  ${WITH_MERGED}
  select p.id, coalesce(g.root_id, p.item_id) as item_id, p.vendor_id, p.unit, p.price_cents,
         p.seen_on, p.source, p.created_by, p.created_at, v.name as vendor_name, u.display_name as who from (
    select p.id, p.item_id, p.vendor_id, p.unit, p.price_cents, p.seen_on, p.source, p.created_by,
           p.created_at
    from ${live('vendor_prices')} p
    where p.item_id in (select value from json_each(?))
    union all
    select n.id, n.item_id, o.vendor_id, n.unit, n.unit_price_cents,
           date(o.created_at / 1000, 'unixepoch'), 'order', o.created_by, o.created_at
    from ${live('purchase_order_lines')} n
    join ${live('purchase_orders')} o on o.id = n.order_id
    where n.item_id in (select value from json_each(?)) and not n.removed
      and n.unit_price_cents is not null
      and o.status in ('ordered', 'partially_received', 'received', 'closed')) p
  join ${live('vendors')} v on v.id = p.vendor_id
  left join merged_items g on g.id = p.item_id
  left join ${live('users')} u on u.id = p.created_by
  order by p.seen_on desc, p.created_at desc, p.id`;
type PriceSql = PriceRow & { item_id: string };

/** What vendors offer of some items, each with its latest price. */
function offersOf(read: Read, itemIds: readonly string[]) {
  const { kinOf } = readMerges(read);
  const wanted = ids(itemIds.flatMap(kinOf));
  const prices = Map.groupBy(read<PriceSql>(PRICES, [wanted, wanted]), ({ item_id }) => item_id);
  const offers = read<Raw<Omit<VendorOffer, 'price'>, 'is_primary'> & { item_id: string }>(
    `${WITH_MERGED}
     select coalesce(g.root_id, s.item_id) as item_id, s.vendor_id, v.name as vendor_name,
            s.vendor_sku, s.min_qty, s.lead_days, s.is_primary
     from ${live('vendor_items')} s join ${live('vendors')} v on v.id = s.vendor_id and v.active
     left join merged_items g on g.id = s.item_id
     where s.item_id in (select value from json_each(?))
       -- Of two entries of one vendor that of the item which stays counts.
       and (g.id is null or not exists (
         select 1 from kindred h join ${live('vendor_items')} o on o.item_id = h.id
         where h.root_id = g.root_id and o.vendor_id = s.vendor_id
           and (h.id = h.root_id or o.id < s.id)))
     order by s.is_primary desc, v.name, s.vendor_id`,
    [wanted],
  );
  const byItem = Map.groupBy(offers, ({ item_id }) => item_id);
  return {
    pricesOf: (itemId: string): PriceSql[] => prices.get(itemId) ?? [],
    of: (itemId: string): VendorOffer[] =>
      (byItem.get(itemId) ?? []).map(({ item_id: _item, is_primary, ...offer }) => {
        const own = (prices.get(itemId) ?? []).filter((p) => p.vendor_id === offer.vendor_id);
        const [latest] = own;
        const before = own.find((p) => p !== latest && p.unit === latest?.unit);
        return {
          ...offer,
          is_primary: is_primary === 1,
          price: latest
            ? {
                unit: latest.unit,
                price_cents: latest.price_cents,
                seen_on: latest.seen_on,
                before_cents: before?.price_cents ?? null,
              }
            : null,
        };
      }),
  };
}

const PRICE_TABLES = [
  'vendor_prices',
  'vendor_items',
  'vendors',
  'purchase_orders',
  'purchase_order_lines',
  'users',
] as const;

/** What an item costs where, and what it has cost. */
export const itemPrices: ViewDefinition<{ itemId: string }, ItemPrices | null> = {
  reads: ['inventory_items', 'item_merges', ...PRICE_TABLES],
  compute(read, { itemId }) {
    const [item] = read<{ base_unit: string; packs: string }>(
      `select i.base_unit, json_extract(i.doc, '$.packs') as packs
       from ${live('inventory_items')} i where i.id = ?`,
      [itemId],
    );
    if (!item) return null;
    const found = offersOf(read, [itemId]);
    return {
      base_unit: item.base_unit,
      packs: parsed(item.packs),
      offers: found.of(itemId),
      prices: found.pricesOf(itemId).map(({ item_id: _item, ...price }) => ({
        id: price.id,
        vendor_id: price.vendor_id,
        vendor_name: price.vendor_name,
        unit: price.unit,
        price_cents: price.price_cents,
        seen_on: price.seen_on,
        source: price.source,
        who: price.who,
      })),
    };
  },
};

// suggestions --------------------------------------------------------------------------------------

type ReorderSql = Omit<ReorderRow, 'packs' | 'on_order' | 'requests' | 'offers'> & {
  packs: string;
};
type RequestSql = Raw<ReorderRow['requests'][number], 'waiting'> & { item_id: string };

/** Takes the site, the day from which use counts, and the site three times more. */
const STOCKED = `
  ${WITH_MERGED}, stock as (
    select o.item_id, sum(o.on_hand) as on_hand from (${ON_HAND}) o
    where o.location_id = ? group by o.item_id),
  moved as (
    select m.item_id, min(m.local_date) as first_on,
           sum(case when m.local_date >= ? and m.type in ('issue', 'waste', 'sample_out')
                    then -m.qty_base else 0 end) as used
    from ${standing('stock_movements', 'location_id local_date type qty_base')} m
    where m.location_id = ? group by m.item_id)
  select i.id as item_id, i.name, i.sku, i.base_unit, json_extract(i.doc, '$.packs') as packs,
         coalesce(s.on_hand, 0) as on_hand, p.par, p.min, p.max, p.reorder_qty,
         max(0, coalesce(m.used, 0)) as used, m.first_on
  from ${live('inventory_items')} i
  left join ${PLACES} p on p.item_id = i.id and p.location_id = ?
  left join stock s on s.item_id = i.id
  left join moved m on m.item_id = i.id
  where i.status = 'active' and (coalesce(p.is_stocked, 0) or i.id in (
    select coalesce(g.root_id, r.item_id) from ${live('reorder_requests')} r
    left join merged_items g on g.id = r.item_id
    where r.location_id = ? and r.status in ('pending', 'approved')))
  order by i.name, i.id`;

/** Lines of orders that are on their way, or will be: what is not there yet counts as ordered. */
const OPEN_LINES = `
  ${WITH_MERGED}
  select n.id, coalesce(g.root_id, n.item_id) as item_id, n.unit, n.qty_ordered,
         json_extract(i.doc, '$.packs') as packs
  from ${live('purchase_order_lines')} n
  join ${live('inventory_items')} i on i.id = n.item_id
  left join merged_items g on g.id = n.item_id
  join ${live('purchase_orders')} o on o.id = n.order_id
  where o.location_id = ? and not n.removed and o.status not in ('closed', 'cancelled', 'received')
  order by n.id`;

/** Packs are those of the item that was ordered. */
type OpenLine = Pick<OrderLine, 'id' | 'item_id' | 'unit' | 'qty_ordered'> & { packs: string };

/** What a site stocks, with all that a suggestion to order is reckoned from. */
export const reorderList: ViewDefinition<{ siteId: string; since: string }, ReorderRow[]> = {
  reads: ['item_locations', ...STOCK, 'reorder_requests', ...PRICE_TABLES],
  compute(read, { siteId, since }) {
    const rows = read<ReorderSql>(STOCKED, [siteId, since, siteId, siteId, siteId]);
    const open = Map.groupBy(read<OpenLine>(OPEN_LINES, [siteId]), ({ item_id }) => item_id);
    const lines = ids([...open.values()].flat().map(({ id }) => id));
    const received = new Map(
      read<{ line_id: string; received: number }>(
        `${RECEIVED} where n.id in (select value from json_each(?)) group by m.ref_id`,
        [lines],
      ).map((row) => [row.line_id, row.received]),
    );
    const requests = Map.groupBy(
      read<RequestSql>(
        `${WITH_MERGED}
         select r.id, coalesce(g.root_id, r.item_id) as item_id, r.qty_base, r.reason, u.display_name as who, r.created_by,
                r.created_at, r.status, r.origin = 'local' as waiting
         from ${live('reorder_requests')} r left join ${live('users')} u on u.id = r.created_by
         left join merged_items g on g.id = r.item_id
         where r.location_id = ? and r.status in ('pending', 'approved')
         order by r.created_at, r.id`,
        [siteId],
      ),
      ({ item_id }) => item_id,
    );
    const offers = offersOf(
      read,
      rows.map(({ item_id }) => item_id),
    );
    return rows.map((row) => {
      const item = { ...row, packs: parsed<ReorderRow['packs']>(row.packs) };
      const coming = (open.get(row.item_id) ?? []).map((line) =>
        backOrderBase({
          orderedBase: toBaseUnits(line, { ...item, packs: parsed(line.packs) }),
          receivedBase: received.get(line.id) ?? 0,
        }),
      );
      return {
        ...item,
        on_order: coming.reduce((sum, quantity) => sum + quantity, 0),
        requests: (requests.get(row.item_id) ?? []).map(({ item_id: _item, waiting, ...one }) => ({
          ...one,
          waiting: waiting === 1,
        })),
        offers: offers.of(row.item_id),
      };
    });
  },
  list: { key: ({ item_id }) => item_id },
};
