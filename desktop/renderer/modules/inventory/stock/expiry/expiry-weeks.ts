import type { StockLevelRow } from '#shared/ipc/views.stock.ts';
import { addDays, daysBetween } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { leftKey, leftOver, proposeMoves } from '#shared/merge/derive/expiry-moves.ts';
import type { DailyUse, ExpiryMove, ShelfLot } from '#shared/merge/derive/expiry-moves.ts';
import { lastUsableDay, standingOf } from '#shared/merge/derive/lot-choice.ts';
import { USE_DAYS } from '../use-levels.ts';

/** How many weeks ahead the map looks. */
export const WEEKS = 13;

/** A lot at a site whose last day lies within the map. */
export interface ExpiringLot extends ShelfLot {
  readonly item: StockLevelRow;
  readonly lotNo: string;
  /** From 0, the week that begins today. */
  readonly week: number;
  /** What will not have been used by then, at the pace of the last 90 days. */
  readonly left: number;
}

export interface ExpiryMap {
  /** First day of each week. */
  readonly weeks: readonly IsoDate[];
  readonly lots: readonly ExpiringLot[];
  readonly moves: readonly (ExpiryMove & { readonly lot: ExpiringLot })[];
}

/** What expires where in the coming weeks, and what had better be used elsewhere. */
export function expiryMap(levels: readonly StockLevelRow[], today: IsoDate): ExpiryMap {
  const shelf: (ShelfLot & { item: StockLevelRow; lotNo: string })[] = [];
  const use: DailyUse[] = [];
  for (const item of levels) {
    for (const site of item.sites) {
      const perDay = Math.max(0, site.used) / USE_DAYS;
      use.push({ item_id: item.item_id, location_id: site.location_id, per_day: perDay });
      for (const lot of site.lots) {
        const last = lastUsableDay(lot);
        if (last === null || lot.on_hand <= 0 || standingOf(lot, today) !== 'usable') continue;
        shelf.push({
          item_id: item.item_id,
          location_id: site.location_id,
          lot_id: lot.lot_id,
          last_day: last,
          on_hand: lot.on_hand,
          item,
          lotNo: lot.lot_no,
        });
      }
    }
  }
  const left = leftOver(shelf, use, today);
  const lots = shelf
    .map((lot) => ({
      ...lot,
      week: Math.floor(daysBetween(today, lot.last_day) / 7),
      left: left.get(leftKey(lot.lot_id, lot.location_id)) ?? 0,
    }))
    .filter(({ week }) => week < WEEKS)
    .toSorted((a, b) => (a.last_day < b.last_day ? -1 : Number(a.last_day > b.last_day)));
  const moves = proposeMoves(shelf, use, today).flatMap((move) => {
    const lot = lots.find(
      ({ lot_id: id, location_id: site }) => id === move.lot_id && site === move.from,
    );
    return lot ? [{ ...move, lot }] : [];
  });
  return {
    weeks: Array.from({ length: WEEKS }, (_, week) => addDays(today, week * 7)),
    lots,
    moves,
  };
}
