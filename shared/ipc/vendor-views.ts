import { z } from 'zod';

/** Derived reads of vendors. Money is integer cents, quantities 1/10,000 base unit. */

/** What a vendor sells to us, with its latest price there. */
export const VendorItemRow = z.object({
  id: z.string(),
  item_id: z.string(),
  name: z.string(),
  sku: z.string(),
  base_unit: z.string(),
  status: z.string(),
  vendor_sku: z.string().nullable(),
  min_qty: z.number().nullable(),
  lead_days: z.number().nullable(),
  is_primary: z.boolean(),
  unit: z.string().nullable(),
  price_cents: z.number().nullable(),
  /** In the same unit, before that. */
  before_cents: z.number().nullable(),
  seen_on: z.string().nullable(),
});
export type VendorItemRow = z.infer<typeof VendorItemRow>;

/** An order that is not over. */
export const VendorOrderRow = z.object({
  id: z.string(),
  po_no: z.string().nullable(),
  location_code: z.string(),
  status: z.string(),
  need_by: z.string().nullable(),
  created_at: z.number(),
  total_cents: z.number(),
});
export type VendorOrderRow = z.infer<typeof VendorOrderRow>;

export const VendorDetail = z.object({
  items: z.array(VendorItemRow),
  orders: z.array(VendorOrderRow),
});
export type VendorDetail = z.infer<typeof VendorDetail>;

export const VendorListRow = z.object({
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  account_no: z.string().nullable(),
  phone: z.string().nullable(),
  order_channel: z.string(),
  items: z.number(),
  open_orders: z.number(),
});
export type VendorListRow = z.infer<typeof VendorListRow>;

export const VENDOR_VIEWS = {
  /** All vendors by name, with how much is bought there. */
  'vendors.list': { arg: z.object({}), out: z.array(VendorListRow) },
  /** What one vendor sells to us, and what is on its way from there. */
  'vendors.one': { arg: z.object({ vendorId: z.string().max(36) }), out: VendorDetail },
} as const satisfies Record<string, { arg: z.ZodType; out: z.ZodType }>;
