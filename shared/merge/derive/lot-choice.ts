import { addDays, endOfMonth, instantOf } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';

/** What a lot has to say when somebody takes stock: how long it is good, and whether it may be used. */
export interface LotFacts {
  readonly lot_id: string;
  readonly lot_no: string;
  readonly expiry_date: IsoDate | null;
  readonly expiry_precision: 'day' | 'month' | null;
  readonly recall_status: string;
}

/** A lot with what there is of it at one site, 1/10,000 base units. */
export interface LotOnHand extends LotFacts {
  readonly on_hand: number;
}

/** Last day on which a lot may be used: of one whose label names only a month, that month's last day. */
export function lastUsableDay(
  lot: Pick<LotFacts, 'expiry_date' | 'expiry_precision'>,
): IsoDate | null {
  const { expiry_date: date, expiry_precision: precision } = lot;
  if (date === null || precision !== 'month') return date;
  return endOfMonth(Number(date.slice(0, 4)), Number(date.slice(5, 7)));
}

/**
 * The instant from which a lot counts as expired: midnight in the clinic's zone after its last day.
 * Null for a lot that does not expire.
 * @param timeZone IANA name. @throws RangeError when the zone is unknown
 */
export function expiresAt(
  lot: Pick<LotFacts, 'expiry_date' | 'expiry_precision'>,
  timeZone: string,
): number | null {
  const last = lastUsableDay(lot);
  return last === null ? null : instantOf(addDays(last, 1), 0, timeZone);
}

/**
 * usable · suspect: set aside until somebody has looked, used only for a reason · expired, recalled:
 * not used at all.
 */
export type LotStanding = 'usable' | 'suspect' | 'expired' | 'recalled';

/** @param today the clinic's date at the site */
export function standingOf(lot: Omit<LotFacts, 'lot_id' | 'lot_no'>, today: IsoDate): LotStanding {
  if (lot.recall_status === 'recalled') return 'recalled';
  const last = lastUsableDay(lot);
  if (last !== null && today > last) return 'expired';
  return lot.recall_status === 'suspect' ? 'suspect' : 'usable';
}

const NEVER = '9999-12-31';
const dayOf = (lot: LotFacts): string => lastUsableDay(lot) ?? NEVER;

/**
 * The usable lots that are on hand, in the order in which they should be used: earliest expiry first.
 * @param today null: whatever state they are in
 */
export function fefoOrder<L extends LotOnHand>(lots: readonly L[], today: IsoDate | null): L[] {
  return lots
    .filter((lot) => {
      return lot.on_hand > 0 && (today === null || standingOf(lot, today) === 'usable');
    })
    .toSorted((a, b) => compare(dayOf(a), dayOf(b)) || compare(a.lot_no, b.lot_no) || byId(a, b));
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
const byId = (a: LotFacts, b: LotFacts): number => compare(a.lot_id, b.lot_id);

/** So much of one lot. */
export interface Take<L extends LotFacts = LotFacts> {
  readonly lot: L;
  /** 1/10,000 base units. */
  readonly quantity: number;
}

/**
 * How a quantity is taken by first expiry, first out.
 * @param wanted 1/10,000 base units
 * @param today null: lots in any state
 * @returns what is taken of which lot, and what no lot on hand has
 */
export function allocateFefo<L extends LotOnHand>(
  lots: readonly L[],
  wanted: number,
  today: IsoDate | null,
): { readonly takes: readonly Take<L>[]; readonly missing: number } {
  const takes: Take<L>[] = [];
  let missing = wanted;
  for (const lot of fefoOrder(lots, today)) {
    if (missing <= 0) break;
    const quantity = Math.min(lot.on_hand, missing);
    takes.push({ lot, quantity });
    missing -= quantity;
  }
  return { takes, missing: Math.max(0, missing) };
}

/**
 * True when nothing that expires earlier is left behind: every usable lot with an earlier last day than
 * a lot that is taken is used up. Lots of the same day are alike.
 * @param lots all of the item at the site
 */
export function followsFefo(
  takes: readonly Take[],
  lots: readonly LotOnHand[],
  today: IsoDate,
): boolean {
  const taken = new Map<string, number>();
  let latest = '';
  for (const { lot, quantity } of takes) {
    if (standingOf(lot, today) !== 'usable') return false;
    taken.set(lot.lot_id, (taken.get(lot.lot_id) ?? 0) + quantity);
    if (dayOf(lot) > latest) latest = dayOf(lot);
  }
  return fefoOrder(lots, today).every(
    (lot) => dayOf(lot) >= latest || (taken.get(lot.lot_id) ?? 0) >= lot.on_hand,
  );
}
