import { daysBetween } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';

/** A lot at a site that expires, 1/10,000 base units. */
export interface ShelfLot {
  readonly item_id: string;
  readonly location_id: string;
  readonly lot_id: string;
  readonly last_day: IsoDate;
  readonly on_hand: number;
}

/** How much of an item a site uses on an average day, 1/10,000 base units. */
export interface DailyUse {
  readonly item_id: string;
  readonly location_id: string;
  readonly per_day: number;
}

/** A quantity that would expire where it is and would be used elsewhere. */
export interface ExpiryMove {
  readonly item_id: string;
  readonly lot_id: string;
  readonly from: string;
  readonly to: string;
  /** 1/10,000 base units; whole base units. */
  readonly quantity: number;
  readonly last_day: IsoDate;
}

interface Shelf {
  readonly site: string;
  readonly perDay: number;
  /** By last day, the earliest first. */
  readonly lots: { lot: ShelfLot; quantity: number; days: number }[];
}

const WHOLE = 10_000;

/**
 * What of each lot will not have been used on its last day, when a site uses the earliest first and as
 * much a day as it has lately: lot and site → 1/10,000 base units.
 */
export function leftOver(
  lots: readonly ShelfLot[],
  use: readonly DailyUse[],
  today: IsoDate,
): Map<string, number> {
  const left = new Map<string, number>();
  for (const shelf of shelvesOf(lots, use, today)) {
    for (const [lot, quantity] of leftOn(shelf)) {
      left.set(leftKey(lot.lot_id, lot.location_id), quantity);
    }
  }
  return left;
}

export const leftKey = (lotId: string, siteId: string): string => `${lotId} ${siteId}`;

/** Used until a lot's last day, that day included. */
const couldUse = (perDay: number, days: number): number => perDay * Math.max(0, days + 1);

function leftOn(shelf: Shelf): [ShelfLot, number][] {
  let used = 0;
  return shelf.lots.map(({ lot, quantity, days }) => {
    const room = Math.max(0, couldUse(shelf.perDay, days) - used);
    const taken = Math.min(quantity, room);
    used += taken;
    return [lot, Math.round(quantity - taken)];
  });
}

/**
 * Proposals to move stock that would expire to the site that will use it first. Nothing is moved that
 * would make something else expire there.
 */
export function proposeMoves(
  lots: readonly ShelfLot[],
  use: readonly DailyUse[],
  today: IsoDate,
): ExpiryMove[] {
  const moves: ExpiryMove[] = [];
  const byItem = Map.groupBy(lots, ({ item_id }) => item_id);
  for (const [item, own] of byItem) {
    const rates = use.filter(({ item_id }) => item_id === item);
    const shelves = shelvesOf(own, rates, today);
    for (const { location_id: site, per_day: perDay } of rates) {
      if (!shelves.some((shelf) => shelf.site === site)) shelves.push({ site, perDay, lots: [] });
    }
    const wanting = shelves.flatMap((shelf) =>
      leftOn(shelf).map(([lot, quantity]) => ({ lot, quantity })),
    );
    for (const { lot, quantity } of wanting.toSorted(earliest)) {
      const days = daysBetween(today, lot.last_day);
      if (days < 0) continue;
      let rest = quantity;
      const others = shelves
        .filter(({ site }) => site !== lot.location_id)
        .toSorted((a, b) => b.perDay - a.perDay || (a.site < b.site ? -1 : 1));
      for (const target of others) {
        const whole = Math.floor(Math.min(rest, roomFor(target, days)) / WHOLE) * WHOLE;
        if (whole <= 0) continue;
        rest -= whole;
        put(target, { ...lot, location_id: target.site }, whole, days);
        moves.push({
          item_id: item,
          lot_id: lot.lot_id,
          from: lot.location_id,
          to: target.site,
          quantity: whole,
          last_day: lot.last_day,
        });
      }
    }
  }
  return moves;
}

const earliest = (a: { lot: ShelfLot }, b: { lot: ShelfLot }): number => order(a.lot, b.lot);
const order = (a: ShelfLot, b: ShelfLot): number =>
  a.last_day !== b.last_day
    ? a.last_day < b.last_day
      ? -1
      : 1
    : leftKey(a.lot_id, a.location_id) < leftKey(b.lot_id, b.location_id)
      ? -1
      : 1;

/**
 * How much more with so many days left a site could use: the least that is free on that day and on the
 * last day of everything later, since what is moved in is used before it.
 */
function roomFor(shelf: Shelf, days: number): number {
  const before = shelf.lots.filter((line) => line.days <= days);
  let held = before.reduce((sum, { quantity }) => sum + quantity, 0);
  let room = couldUse(shelf.perDay, days) - held;
  for (const line of shelf.lots.slice(before.length)) {
    held += line.quantity;
    room = Math.min(room, couldUse(shelf.perDay, line.days) - held);
  }
  return Math.max(0, room);
}

function put(shelf: Shelf, lot: ShelfLot, quantity: number, days: number): void {
  const at = shelf.lots.findLastIndex((line) => line.days <= days);
  shelf.lots.splice(at + 1, 0, { lot, quantity, days });
}

function shelvesOf(lots: readonly ShelfLot[], use: readonly DailyUse[], today: IsoDate): Shelf[] {
  const rates = new Map(use.map((u) => [leftKey(u.item_id, u.location_id), u.per_day]));
  const groups = Map.groupBy(
    lots.filter(({ on_hand: quantity }) => quantity > 0),
    (lot) => leftKey(lot.item_id, lot.location_id),
  );
  return [...groups].map(([key, own]) => ({
    site: own[0]?.location_id ?? '',
    perDay: Math.max(0, rates.get(key) ?? 0),
    lots: own.toSorted(order).map((lot) => ({
      lot,
      quantity: lot.on_hand,
      days: daysBetween(today, lot.last_day),
    })),
  }));
}
