import { vendorItems } from '#shared/schema/tables/vendor-items.ts';
import { vendors } from '#shared/schema/tables/vendors.ts';
import type { T } from '../../../ui/i18n.tsx';

/** Fields of a vendor that people fill in, in the order in which they stand. */
export const VENDOR_FIELDS = {
  name: vendors.fields.name,
  account_no: vendors.fields.account_no,
  phone: vendors.fields.phone,
  email: vendors.fields.email,
  website: vendors.fields.website,
  order_channel: vendors.fields.order_channel,
  free_shipping_cents: vendors.fields.free_shipping_cents,
  note: vendors.fields.note,
} as const;
export type VendorField = keyof typeof VENDOR_FIELDS;
export const VENDOR_FIELD_NAMES = Object.keys(VENDOR_FIELDS) as readonly VendorField[];

/** What a vendor says of one item. */
export const OFFER_FIELDS = {
  vendor_sku: vendorItems.fields.vendor_sku,
  lead_days: vendorItems.fields.lead_days,
  min_qty: vendorItems.fields.min_qty,
  is_primary: vendorItems.fields.is_primary,
} as const;
export type OfferField = keyof typeof OFFER_FIELDS;
export const OFFER_FIELD_NAMES = Object.keys(OFFER_FIELDS) as readonly OfferField[];

export const vendorWord = (t: T, field: VendorField | OfferField): string =>
  t(`vendors.field.${field}`);

/** The words of how orders reach a vendor; any other value as it is. */
export const channelWords =
  (t: T) =>
  (value: string): string =>
    t(`vendors.channel.${value as 'phone'}`);
