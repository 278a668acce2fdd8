import type { InventoryListRow, SiteStock } from '#shared/ipc/views.ts';

/** What is wrong with the stock of an item at a site, the worst first. */
export type StockLevel = 'negative' | 'below' | 'fine';

/** Judges on-hand against par: what has no par is never below it. */
export function stockLevel(stock: Pick<SiteStock, 'on_hand' | 'par'> | undefined): StockLevel {
  if (!stock) return 'fine';
  if (stock.on_hand < 0) return 'negative';
  return stock.par !== null && stock.on_hand < stock.par ? 'below' : 'fine';
}

export const stockAt = (row: InventoryListRow, siteId: string | null): SiteStock | undefined =>
  row.sites.find(({ location_id }) => location_id === siteId);
