import { isExpired } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import type { InventoryListRow, SiteStock } from '#shared/ipc/views.ts';

/** What is wrong with the stock of an item at a site, the worst first. */
export type StockLevel = 'negative' | 'below' | 'fine';

/** Judges on-hand against par: what has no par is never below it. */
export function stockLevel(stock: Pick<SiteStock, 'on_hand' | 'par'> | undefined): StockLevel {
  if (!stock) return 'fine';
  if (stock.on_hand < 0) return 'negative';
  return stock.par !== null && stock.on_hand < stock.par ? 'below' : 'fine';
}

export type ExpiryLevel = 'expired' | 'soon' | 'fine';

/** Days ahead for which stock counts as expiring soon. */
export const EXPIRING_DAYS = 60;

/** Stock is usable through the end of its expiry date in the clinic's zone. */
export function expiryLevel(expiry: IsoDate | null, today: IsoDate): ExpiryLevel {
  if (expiry === null) return 'fine';
  if (isExpired(expiry, today)) return 'expired';
  const limit = new Date(`${today}T00:00:00Z`);
  limit.setUTCDate(limit.getUTCDate() + EXPIRING_DAYS);
  return expiry <= limit.toISOString().slice(0, 10) ? 'soon' : 'fine';
}

export const stockAt = (row: InventoryListRow, siteId: string | null): SiteStock | undefined =>
  row.sites.find(({ location_id }) => location_id === siteId);

/** On-hand over all sites that this person sees. */
export const totalOf = (row: InventoryListRow): number =>
  row.sites.reduce((sum, { on_hand }) => sum + on_hand, 0);
