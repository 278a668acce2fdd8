import {
  bestOffer,
  inWholeUnits,
  priceIn,
  suggestReorder,
  usageDays,
} from '#shared/merge/derive/reorder.ts';
import type { Suggestion } from '#shared/merge/derive/reorder.ts';
import type { ReorderRow, VendorOffer } from '#shared/ipc/order-views.ts';
import type { PurchaseLine } from '#shared/schema/tables/purchase-order-acts.ts';
import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';

/** An item of a site with what is suggested, and what of it would be ordered where. */
export interface Suggested {
  readonly row: ReorderRow;
  readonly suggestion: Suggestion;
  readonly offer: VendorOffer | null;
  /** Days that the average use was made over. */
  readonly days: number;
  /** Granted requests, 1/10,000 base unit. */
  readonly asked: number;
  /** False where nothing has to be ordered: what stands beside it is the least that can be had. */
  readonly isWanted: boolean;
  readonly unit: string;
  readonly count: number;
  /** What the line would cost each; null where no price is known. */
  readonly priceCents: number | null;
}

/** Whether it is time to order an item, how much of it and from whom, on the clinic's day. */
export function suggestedOf(row: ReorderRow, today: string): Suggested {
  const offer = bestOffer(row.offers, row);
  const days = usageDays(row.first_on, today);
  const facts = {
    ...row,
    days,
    lead_days: offer?.lead_days ?? null,
    min_qty: offer?.min_qty ?? null,
  };
  const suggestion = suggestReorder(facts);
  const asked = row.requests
    .filter(({ status }) => status === 'approved')
    .reduce((sum, request) => sum + request.qty_base, 0);
  // Who chooses what is not due wants the least that can be had.
  const wanted = Math.max(suggestion.quantity, asked, offer?.min_qty ?? 0, QUANTITY_SCALE);
  const { unit, count } = inWholeUnits(wanted, row);
  const priceCents = offer?.price ? priceIn(unit, offer.price, row) : null;
  const isWanted = suggestion.why !== null || asked > 0;
  return { row, suggestion, offer, days, asked, isWanted, unit, count, priceCents };
}

/** A quantity that was reckoned, to a tenth: further digits say nothing. In 1/10,000, as it came. */
export const roughly = (quantity: number): number => Math.round(quantity / 1000) * 1000;

export interface VendorLines {
  readonly vendorId: string;
  readonly lines: readonly PurchaseLine[];
}

/** The lines of one draft a vendor, from what was chosen; what no vendor sells is left out. */
export function linesByVendor(chosen: readonly Suggested[]): VendorLines[] {
  const byVendor = new Map<string, PurchaseLine[]>();
  for (const { row, offer, unit, count, priceCents } of chosen) {
    if (!offer) continue;
    const lines = byVendor.get(offer.vendor_id) ?? [];
    lines.push({
      item_id: row.item_id,
      unit,
      qty_ordered: count * QUANTITY_SCALE,
      unit_price_cents: priceCents,
    });
    byVendor.set(offer.vendor_id, lines);
  }
  return [...byVendor].map(([vendorId, lines]) => ({ vendorId, lines }));
}
