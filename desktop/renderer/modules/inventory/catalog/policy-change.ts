import type { LotStock, SiteStock } from '#shared/ipc/views.ts';
import type { TableRow } from '#shared/schema/tables.ts';

type Policies = Pick<TableRow<'inventory_items'>, 'lot_policy' | 'expiry_policy'>;

/** Stock of a site that was booked without what its item asks for from now on. */
export interface LackingStock {
  readonly location_id: string;
  /** Null: stock without a lot. */
  readonly lot_no: string | null;
  readonly on_hand: number;
}

/**
 * Open stock that lacks what an item begins to ask for: without a lot where a lot or a date must be
 * given, in a lot without a date where the date must be. Empty where nothing becomes required.
 * @param sites all that sites have of the item, in lots or not
 * @param lots what they have in lots
 */
export function lackingStock(
  before: Policies,
  after: Policies,
  sites: readonly Pick<SiteStock, 'location_id' | 'on_hand'>[],
  lots: readonly Pick<LotStock, 'location_id' | 'lot_no' | 'expiry_date' | 'on_hand'>[],
): LackingStock[] {
  const becomes = (field: keyof Policies): boolean =>
    after[field] === 'required' && before[field] !== 'required';
  const needsDate = becomes('expiry_policy');
  if (!needsDate && !becomes('lot_policy')) return [];
  return sites.flatMap(({ location_id, on_hand: all }) => {
    const here = lots.filter((lot) => lot.location_id === location_id);
    const loose = all - here.reduce((sum, lot) => sum + lot.on_hand, 0);
    return [
      ...(loose === 0 ? [] : [{ location_id, lot_no: null, on_hand: loose }]),
      ...here
        .filter((lot) => needsDate && lot.on_hand !== 0 && lot.expiry_date === null)
        .map(({ lot_no, on_hand }) => ({ location_id, lot_no, on_hand })),
    ];
  });
}
