import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';

/** What the catalogue says of an item whose containers are opened and used up bit by bit. */
export interface VialItem {
  readonly base_unit: string;
  readonly vial_units: number | null;
  readonly vial_unit: string | null;
  readonly open_days: number | null;
  readonly open_hours: number | null;
}

/** True for an item whose containers are opened by an act of their own. */
export const isOpened = (item: Omit<VialItem, 'base_unit' | 'vial_unit'>): boolean =>
  (item.vial_units ?? item.open_days ?? item.open_hours) !== null;

/**
 * What one container takes off the shelf, 1/10,000 base units: one of it; of an item that is stocked in
 * the unit of its content (base unit U, 100 U in a vial), that content.
 */
export const containerQty = (item: Pick<VialItem, 'base_unit' | 'vial_units' | 'vial_unit'>) =>
  item.vial_units !== null && item.vial_unit === item.base_unit ? item.vial_units : QUANTITY_SCALE;

/** What is in a full one, and in which unit: where nothing is said, it is one whole container. */
export const contentOf = (
  item: Pick<VialItem, 'base_unit' | 'vial_units' | 'vial_unit'>,
): { readonly units: number; readonly unit: string } =>
  item.vial_units === null
    ? { units: QUANTITY_SCALE, unit: item.base_unit }
    : { units: item.vial_units, unit: item.vial_unit ?? item.base_unit };
