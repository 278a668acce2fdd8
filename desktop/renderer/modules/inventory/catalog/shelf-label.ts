import type { ItemPlace } from '#shared/ipc/catalogue-views.ts';
import type { LabelContent } from './label-sizes.ts';

/** What stands on the shelf of an item: where it is, and how much of it should lie there. */
export function shelfLabel(
  item: { readonly item_id: string; readonly name: string; readonly sku: string },
  place: ItemPlace,
  siteCode: string,
  parWords: (par: number) => string,
): LabelContent {
  return {
    item_id: item.item_id,
    name: item.name,
    sku: item.sku,
    shelf: {
      place: place.bin === null ? siteCode : `${siteCode} · ${place.bin}`,
      par: place.par === null ? null : parWords(place.par),
    },
  };
}
