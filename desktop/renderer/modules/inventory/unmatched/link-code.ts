import type { Pack } from '#shared/schema/tables/inventory-items.ts';
import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';

/**
 * The packs of an item with a trade number on one of its units.
 * @returns null when that unit has another number already, or there are as many packs as there can be
 */
export function packsWith(
  item: { readonly base_unit: string; readonly packs: readonly Pack[] },
  unit: string,
  gtin: string,
): Pack[] | null {
  const same = item.packs.find((pack) => pack.unit === unit);
  if (same) {
    if (same.gtin !== null) return null;
    return item.packs.map((pack) => (pack === same ? { ...pack, gtin } : pack));
  }
  if (unit !== item.base_unit || item.packs.length >= MOST_PACKS) return null;
  return [...item.packs, { unit, qty_per_base: QUANTITY_SCALE, gtin }];
}

const MOST_PACKS = 20;
