import { QUANTITY_SCALE } from '#shared/kernel/quantity.ts';

/**
 * What to order, and why: a suggestion that a person can follow with a pencil, never an order by itself
 * (domain §2.5: reorder point = average daily use × lead days + safety). Quantities are 1/10,000 base
 * unit, prices cents.
 */

/** Days of use that are looked at, and the fewest that an average is made over. */
export const USAGE_DAYS = 90;
export const LEAST_USAGE_DAYS = 14;
/** Taken where a vendor has not said how long they need. */
export const USUAL_LEAD_DAYS = 7;
/** Days of use kept beside, where the site has not set a minimum. */
export const SAFETY_DAYS = 7;
/** Days of use that are ordered above the reorder point, where a site has set neither maximum nor par. */
export const COVER_DAYS = 30;

export interface Unit {
  readonly unit: string;
  readonly qty_per_base: number;
}

export interface ReorderFacts {
  readonly base_unit: string;
  readonly packs: readonly Unit[];
  readonly on_hand: number;
  /** On orders that are not there yet. */
  readonly on_order: number;
  readonly par: number | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly reorder_qty: number | null;
  /** Used in `days` days. */
  readonly used: number;
  readonly days: number;
  readonly lead_days: number | null;
  /** Least that the vendor sells. */
  readonly min_qty: number | null;
}

export interface Suggestion {
  /** Rounded, to be shown; the reorder point is reckoned without this rounding. */
  readonly dailyUse: number;
  readonly leadDays: number;
  /** True where nobody has said how long the vendor needs. */
  readonly leadIsUsual: boolean;
  readonly safety: number;
  readonly safetyFrom: 'min' | 'days';
  readonly reorderPoint: number;
  /** On hand and on order. */
  readonly position: number;
  /** Up to which the order fills. */
  readonly target: number;
  readonly targetFrom: 'reorder_qty' | 'max' | 'par' | 'cover';
  /** Why it is time: at or below the reorder point, below par, or not at all. */
  readonly why: 'point' | 'par' | null;
  /** What to order, in whole units; 0 where it is not time. */
  readonly unit: string;
  readonly count: number;
  readonly quantity: number;
}

/** Whole days of use to divide by: since the first movement, at least two weeks. */
export function usageDays(firstOn: string | null, today: string): number {
  if (firstOn === null) return LEAST_USAGE_DAYS;
  const days = Math.round((Date.parse(today) - Date.parse(firstOn)) / 86_400_000) + 1;
  return Math.min(USAGE_DAYS, Math.max(LEAST_USAGE_DAYS, days));
}

const ceilDiv = (a: number, b: number): number => Math.ceil(a / b);

export function suggestReorder(facts: ReorderFacts): Suggestion {
  const { used, days, par, min, max, reorder_qty: fixed } = facts;
  const leadDays = facts.lead_days ?? USUAL_LEAD_DAYS;
  const usedIn = (span: number): number => ceilDiv(used * span, days);
  const safety = min ?? usedIn(SAFETY_DAYS);
  const reorderPoint = usedIn(leadDays) + safety;
  const position = facts.on_hand + facts.on_order;
  const isAtPoint = reorderPoint > 0 && position <= reorderPoint;
  const why = isAtPoint ? 'point' : par !== null && position < par ? 'par' : null;
  const hasFixed = fixed !== null && fixed > 0;
  const wish = max ?? par ?? reorderPoint + usedIn(COVER_DAYS);
  const target = Math.max(hasFixed ? position + fixed : wish, reorderPoint);
  const targetFrom = hasFixed
    ? 'reorder_qty'
    : max !== null
      ? 'max'
      : par !== null
        ? 'par'
        : 'cover';
  const wanted = why === null ? 0 : Math.max(target - position, facts.min_qty ?? 0, 1);
  return {
    dailyUse: Math.round(used / days),
    leadDays,
    leadIsUsual: facts.lead_days === null,
    safety,
    safetyFrom: min === null ? 'days' : 'min',
    reorderPoint,
    position,
    target,
    targetFrom,
    why,
    ...inWholeUnits(wanted, facts),
  };
}

/** A quantity in whole units of the largest pack that it fills, rounded up. */
export function inWholeUnits(
  wanted: number,
  item: { readonly base_unit: string; readonly packs: readonly Unit[] },
): { unit: string; count: number; quantity: number } {
  const base = { unit: item.base_unit, qty_per_base: QUANTITY_SCALE };
  let best = base;
  for (const pack of item.packs) {
    if (pack.qty_per_base <= wanted && pack.qty_per_base > best.qty_per_base) best = pack;
  }
  const count = wanted <= 0 ? 0 : ceilDiv(wanted, best.qty_per_base);
  return { unit: best.unit, count, quantity: count * best.qty_per_base };
}

/** Base units in one of a unit; null for one that the item does not have. */
export const perUnitOf = (
  unit: string,
  item: { readonly base_unit: string; readonly packs: readonly Unit[] },
): number | null =>
  unit === item.base_unit
    ? QUANTITY_SCALE
    : (item.packs.find((pack) => pack.unit === unit)?.qty_per_base ?? null);

/**
 * A price of one unit as the price of another one, rounded to the cent; null where a unit is not known.
 * A box may cost less than its pieces: a price that was reckoned is for comparing, and is said to be one.
 */
export function priceIn(
  unit: string,
  price: { readonly unit: string; readonly price_cents: number },
  item: { readonly base_unit: string; readonly packs: readonly Unit[] },
): number | null {
  if (price.unit === unit) return price.price_cents;
  const from = perUnitOf(price.unit, item);
  const to = perUnitOf(unit, item);
  if (from === null || to === null) return null;
  return Number((BigInt(price.price_cents) * BigInt(to) * 2n + BigInt(from)) / (BigInt(from) * 2n));
}

/** How much dearer something has become, in per cent to one decimal; null where it has not. */
export function priceRise(nowCents: number, beforeCents: number | null): number | null {
  if (beforeCents === null || beforeCents <= 0 || nowCents <= beforeCents) return null;
  return Math.round(((nowCents - beforeCents) * 1000) / beforeCents) / 10;
}

/** Of several vendors the one to order from: the primary one, else the cheapest, else the quickest. */
export function bestOffer<
  O extends {
    readonly vendor_id: string;
    readonly is_primary: boolean;
    readonly lead_days: number | null;
    readonly price: { readonly unit: string; readonly price_cents: number } | null;
  },
>(
  offers: readonly O[],
  item: { readonly base_unit: string; readonly packs: readonly Unit[] },
): O | null {
  // Compared as 10,000 of the base unit, so that fractions of a cent count.
  const cost = ({ price }: O): number => {
    const per = price && perUnitOf(price.unit, item);
    return price && per ? price.price_cents / per : Number.POSITIVE_INFINITY;
  };
  const lead = ({ lead_days: days }: O): number => days ?? Number.POSITIVE_INFINITY;
  const order = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);
  return (
    offers.toSorted(
      (a, b) =>
        Number(b.is_primary) - Number(a.is_primary) ||
        order(cost(a), cost(b)) ||
        order(lead(a), lead(b)) ||
        (a.vendor_id < b.vendor_id ? -1 : 1),
    )[0] ?? null
  );
}
