import type { VendorDetail, VendorItemRow, VendorListRow } from '#shared/ipc/vendor-views.ts';
import { orderTotalCents } from '#shared/merge/derive/purchase-order.ts';
import type { OrderLine } from '#shared/merge/derive/purchase-order.ts';
import { isOpen, live } from './definition.ts';
import type { Read, ViewDefinition } from './definition.ts';
import { WITH_MERGED } from './merged.ts';

/** States in which nothing more is expected of an order. */
const OVER = "('closed', 'cancelled')";

type ListSql = Omit<VendorListRow, 'active'> & { active: number };

const listSql = (orders: string): string => `
  ${WITH_MERGED}
  select v.id, v.name, v.active, v.account_no, v.phone, v.order_channel,
         (select count(distinct coalesce(g.root_id, s.item_id)) from ${live('vendor_items')} s
          left join merged_items g on g.id = s.item_id where s.vendor_id = v.id) as items,
         ${orders} as open_orders
  from ${live('vendors')} v order by v.name, v.id`;
const WITH_ORDERS = listSql(`(
  select count(*) from ${live('purchase_orders')} o
  where o.vendor_id = v.id and o.status not in ${OVER})`);
const WITHOUT_ORDERS = listSql('0');

/** All vendors by name, with how much is bought there. Some dozens. */
export const vendorList: ViewDefinition<object, VendorListRow[]> = {
  reads: ['vendors', 'vendor_items', 'purchase_orders', 'inventory_items', 'item_merges'],
  compute: (read) =>
    read<ListSql>(isOpen(read, 'purchase_orders') ? WITH_ORDERS : WITHOUT_ORDERS).map((row) => ({
      ...row,
      active: row.active === 1,
    })),
  list: { key: ({ id }) => id },
};

type ItemSql = Omit<VendorItemRow, 'is_primary' | keyof Priced> & { is_primary: number };
type Priced = Pick<VendorItemRow, 'unit' | 'price_cents' | 'before_cents' | 'seen_on'>;

/** Of two items that were merged the entry of the one that stays counts. */
const ITEMS = `
  ${WITH_MERGED}
  select s.id, i.id as item_id, i.name, i.sku, i.base_unit, i.status, s.vendor_sku, s.min_qty,
         s.lead_days, s.is_primary
  from ${live('vendor_items')} s
  left join merged_items g on g.id = s.item_id
  join ${live('inventory_items')} i on i.id = coalesce(g.root_id, s.item_id)
  where s.vendor_id = ? and (g.id is null or not exists (
    select 1 from kindred h join ${live('vendor_items')} o on o.item_id = h.id
    where h.root_id = g.root_id and o.vendor_id = s.vendor_id
      and (h.id = h.root_id or o.id < s.id)))
  order by i.name, i.id`;

const PRICES = `
  ${WITH_MERGED}
  select coalesce(g.root_id, p.item_id) as item_id, p.unit, p.price_cents, p.seen_on
  from ${live('vendor_prices')} p left join merged_items g on g.id = p.item_id
  where p.vendor_id = ? order by p.seen_on desc, p.created_at desc, p.id`;

/** The latest price of each item, and the one before it in the same unit. */
function pricesAt(read: Read, vendorId: string): (itemId: string) => Priced {
  type Seen = { item_id: string; unit: string; price_cents: number; seen_on: string };
  const seen = isOpen(read, 'vendor_prices') ? read<Seen>(PRICES, [vendorId]) : [];
  const byItem = Map.groupBy(seen, ({ item_id }) => item_id);
  return (itemId) => {
    const [latest, ...older] = byItem.get(itemId) ?? [];
    return {
      unit: latest?.unit ?? null,
      price_cents: latest?.price_cents ?? null,
      seen_on: latest?.seen_on ?? null,
      before_cents: older.find(({ unit }) => unit === latest?.unit)?.price_cents ?? null,
    };
  };
}

type OrderSql = Omit<VendorDetail['orders'][number], 'total_cents'>;
type LineSql = Pick<OrderLine, 'unit_price_cents' | 'qty_ordered'> & {
  order_id: string;
  removed: number;
};

function openOrders(read: Read, vendorId: string): VendorDetail['orders'] {
  if (!isOpen(read, 'purchase_orders')) return [];
  const orders = read<OrderSql>(
    `select o.id, o.po_no, l.code as location_code, o.status, o.need_by, o.created_at
     from ${live('purchase_orders')} o join ${live('locations')} l on l.id = o.location_id
     where o.vendor_id = ? and o.status not in ${OVER}
     order by o.created_at desc, o.id`,
    [vendorId],
  );
  const lines = Map.groupBy(
    read<LineSql>(
      `select n.order_id, n.unit_price_cents, n.qty_ordered, n.removed
       from ${live('purchase_order_lines')} n
       where n.order_id in (select value from json_each(?))`,
      [JSON.stringify(orders.map(({ id }) => id))],
    ),
    ({ order_id }) => order_id,
  );
  return orders.map((order) => ({
    ...order,
    total_cents: orderTotalCents(
      (lines.get(order.id) ?? []).map((line) => ({ ...line, removed: line.removed === 1 })),
    ),
  }));
}

/** What one vendor sells to us, and what is on its way from there. */
export const vendorDetail: ViewDefinition<{ vendorId: string }, VendorDetail> = {
  reads: [
    'vendor_items',
    'vendor_prices',
    'inventory_items',
    'item_merges',
    'purchase_orders',
    'purchase_order_lines',
    'locations',
  ],
  compute(read, { vendorId }) {
    const priceOf = pricesAt(read, vendorId);
    return {
      items: read<ItemSql>(ITEMS, [vendorId]).map((row) => ({
        ...row,
        is_primary: row.is_primary === 1,
        ...priceOf(row.item_id),
      })),
      orders: openOrders(read, vendorId),
    };
  },
};
