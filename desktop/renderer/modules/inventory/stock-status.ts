import { isExpired } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import type { InventoryListRow } from '#shared/ipc/views.ts';

export { stockAt, stockLevel } from '../../shell/stock-level.ts';
export type { StockLevel } from '../../shell/stock-level.ts';

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

/** On-hand over all sites that this person sees. */
export const totalOf = (row: InventoryListRow): number =>
  row.sites.reduce((sum, { on_hand }) => sum + on_hand, 0);
