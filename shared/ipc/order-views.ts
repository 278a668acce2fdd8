import { SEND_EVENTS } from '#shared/schema/tables/order-send-events.ts';
import { SEND_CHANNELS } from '#shared/schema/tables/order-sends.ts';
import { z } from 'zod';

/**
 * Derived reads of purchasing. Money is cents; what is ordered is 1/10,000 of the line's unit, all other
 * quantities 1/10,000 base unit, instants milliseconds since the Unix epoch.
 */

const Pack = z.object({ unit: z.string(), qty_per_base: z.number() });
const Stamps = z.record(z.string(), z.string());

export const OrderListRow = z.object({
  id: z.string(),
  location_id: z.string(),
  location_code: z.string(),
  vendor_id: z.string(),
  vendor_name: z.string(),
  /** Null until the server has given one, with the approval. */
  po_no: z.string().nullable(),
  urgency: z.string(),
  need_by: z.string().nullable(),
  status: z.string(),
  created_at: z.number(),
  created_by: z.string().nullable(),
  who: z.string().nullable(),
  lines: z.number(),
  total_cents: z.number(),
  /** A decision that counts for the order as it is now. */
  decision: z.enum(['approved', 'returned']).nullable(),
  /** True while the server has not confirmed what was done with it. */
  waiting: z.boolean(),
});
export type OrderListRow = z.infer<typeof OrderListRow>;

export const OrderLineRow = z.object({
  id: z.string(),
  item_id: z.string(),
  item_name: z.string(),
  sku: z.string(),
  base_unit: z.string(),
  packs: z.array(Pack),
  unit: z.string(),
  qty_ordered: z.number(),
  unit_price_cents: z.number().nullable(),
  removed: z.boolean(),
  field_hlc: Stamps,
  received_base: z.number(),
  /** What the order's vendor says of the item, where they sell it. */
  vendor_sku: z.string().nullable(),
  min_qty: z.number().nullable(),
  lead_days: z.number().nullable(),
});
export type OrderLineRow = z.infer<typeof OrderLineRow>;

export const OrderDecisionRow = z.object({
  id: z.string(),
  approver_id: z.string(),
  who: z.string().nullable(),
  decision: z.string(),
  amount_cents: z.number(),
  basis_version: z.string(),
  reason: z.string().nullable(),
  at: z.number(),
  hlc: z.string(),
  waiting: z.boolean(),
});
export type OrderDecisionRow = z.infer<typeof OrderDecisionRow>;

/** A wish to send the summary, and what became of it. */
export const OrderSendRow = z.object({
  id: z.string(),
  channel: z.enum(SEND_CHANNELS),
  who: z.string().nullable(),
  at: z.number(),
  /** The server has not got it yet. */
  waiting: z.boolean(),
  /** queued: nothing has become of it yet. */
  state: z.enum(['queued', ...SEND_EVENTS]),
  endedAt: z.number().nullable(),
  destination: z.string().nullable(),
  /** Name of an error code. */
  problem: z.string().nullable(),
});
export type OrderSendRow = z.infer<typeof OrderSendRow>;

export const OrderDetail = z.object({
  id: z.string(),
  location_id: z.string(),
  location_code: z.string(),
  location_name: z.string(),
  vendor_id: z.string(),
  vendor_name: z.string(),
  account_no: z.string().nullable(),
  vendor_email: z.string().nullable(),
  vendor_phone: z.string().nullable(),
  order_channel: z.string(),
  free_shipping_cents: z.number().nullable(),
  po_no: z.string().nullable(),
  urgency: z.string(),
  need_by: z.string().nullable(),
  note: z.string().nullable(),
  status: z.string(),
  created_at: z.number(),
  created_by: z.string().nullable(),
  who: z.string().nullable(),
  field_hlc: Stamps,
  waiting: z.boolean(),
  lines: z.array(OrderLineRow),
  decisions: z.array(OrderDecisionRow),
  /** The first one first. */
  sends: z.array(OrderSendRow),
  /** Steps that the server has accepted; those who do not see them have what else is known. */
  steps: z.array(
    z.object({
      id: z.string(),
      from: z.string().nullable(),
      to: z.string(),
      who: z.string().nullable(),
      at: z.number(),
    }),
  ),
  receipts: z.array(
    z.object({
      id: z.string(),
      who: z.string().nullable(),
      at: z.number(),
      lines: z.number(),
      note: z.string().nullable(),
      waiting: z.boolean(),
    }),
  ),
  /** What the site has set in place of the usual limits of approval. */
  limits: z.partialRecord(z.enum(['LM', 'MG']), z.number()),
});
export type OrderDetail = z.infer<typeof OrderDetail>;

/** A price that somebody saw, or that was ordered at. */
export const PriceRow = z.object({
  id: z.string(),
  vendor_id: z.string(),
  vendor_name: z.string(),
  unit: z.string(),
  price_cents: z.number(),
  seen_on: z.string(),
  source: z.string(),
  who: z.string().nullable(),
});
export type PriceRow = z.infer<typeof PriceRow>;

export const VendorOffer = z.object({
  vendor_id: z.string(),
  vendor_name: z.string(),
  vendor_sku: z.string().nullable(),
  min_qty: z.number().nullable(),
  lead_days: z.number().nullable(),
  is_primary: z.boolean(),
  /** The latest price and the one before it, in one unit. */
  price: z
    .object({
      unit: z.string(),
      price_cents: z.number(),
      seen_on: z.string(),
      before_cents: z.number().nullable(),
    })
    .nullable(),
});
export type VendorOffer = z.infer<typeof VendorOffer>;

export const ItemPrices = z.object({
  base_unit: z.string(),
  packs: z.array(Pack),
  offers: z.array(VendorOffer),
  prices: z.array(PriceRow),
});
export type ItemPrices = z.infer<typeof ItemPrices>;

export const ReorderRow = z.object({
  item_id: z.string(),
  name: z.string(),
  sku: z.string(),
  base_unit: z.string(),
  packs: z.array(Pack),
  on_hand: z.number(),
  par: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  reorder_qty: z.number().nullable(),
  /** Used since the day that was asked for: issued, wasted, handed out. */
  used: z.number(),
  /** The day of the item's first movement at the site. */
  first_on: z.string().nullable(),
  /** On orders that are not closed, less what has come of them. */
  on_order: z.number(),
  requests: z.array(
    z.object({
      id: z.string(),
      qty_base: z.number(),
      reason: z.string().nullable(),
      who: z.string().nullable(),
      created_by: z.string().nullable(),
      created_at: z.number(),
      status: z.string(),
      waiting: z.boolean(),
    }),
  ),
  offers: z.array(VendorOffer),
});
export type ReorderRow = z.infer<typeof ReorderRow>;

export const VendorRow = z.object({
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  order_channel: z.string(),
});
export type VendorRow = z.infer<typeof VendorRow>;

export const ORDER_VIEWS = {
  /** The latest first. */
  'orders.list': { arg: z.object({ limit: z.int().min(1).max(5000) }), out: z.array(OrderListRow) },
  'orders.one': { arg: z.object({ orderId: z.string().max(36) }), out: OrderDetail.nullable() },
  /** Who sells to us, by name. */
  'orders.vendors': { arg: z.object({}), out: z.array(VendorRow) },
  'orders.prices': { arg: z.object({ itemId: z.string().max(36) }), out: ItemPrices.nullable() },
  /** What a site stocks, with all that a suggestion is reckoned from; use from `since` on. */
  'orders.reorder': {
    arg: z.object({ siteId: z.string().max(36), since: z.iso.date() }),
    out: z.array(ReorderRow),
  },
} as const;
