import { addDays } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { useView } from '#desktop/collections/hooks.tsx';

/** How many days back use is looked at, for an average day. */
export const USE_DAYS = 90;

/** Every item with its levels and lots at each site. @param today the clinic's date */
export const useLevels = (today: IsoDate) =>
  useView('stock.levels', { usedSince: addDays(today, -USE_DAYS) });

/** Lots that a site has less than nothing of, with their likely causes. */
export const useNegative = (itemId: string, siteId: string) =>
  useView('stock.negative', { itemId, siteId });

/** Where a lot is and was. Null asks for nothing. */
export const useLotTrace = (lotId: string | null) =>
  useView('stock.trace', lotId === null ? null : { lotId });
