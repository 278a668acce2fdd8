import { addDays, clinicDate } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { distinctFacts } from '../facts.ts';

/** A movement of one lot at one site. */
export interface LotMovement {
  readonly id: string;
  readonly hlc: string;
  /** Signed, 1/10,000 base units. */
  readonly qty_base: number;
  readonly occurred_at: number;
}

/** A container (vial, tube) that was opened and is not used up. */
export interface OpenContainer {
  /** What is left in it, 1/10,000 base units: less than one. */
  readonly rest: number;
  readonly opened_at: number;
  /** Last day on which it may be used. */
  readonly last_day: IsoDate;
}

const WHOLE = 10_000;

/**
 * The container of a lot that stands open: what on-hand holds beyond whole base units. It was opened by
 * the movement that broke it, and is good for so many days, but never longer than its lot.
 * @param openDays how long one is good once opened
 * @param lotLastDay last usable day of the lot; null when it does not expire
 */
export function openContainer(of: {
  readonly movements: readonly LotMovement[];
  readonly openDays: number;
  readonly lotLastDay: IsoDate | null;
  readonly timeZone: string;
}): OpenContainer | null {
  let held = 0;
  let openedAt: number | null = null;
  const inOrder = distinctFacts(of.movements).toSorted((a, b) => (a.hlc < b.hlc ? -1 : 1));
  for (const { qty_base: quantity, occurred_at: at } of inOrder) {
    const before = held;
    held += quantity;
    if (restOf(held) === 0) openedAt = null;
    // An open one does not grow: more left than before is the rest of another. Where it could be either,
    // the earlier opening counts, which is the safe side.
    else if (quantity < 0 && (restOf(before) === 0 || restOf(held) > restOf(before))) openedAt = at;
    else openedAt ??= at;
  }
  if (openedAt === null || held <= 0) return null;
  const useBy = addDays(clinicDate(openedAt, of.timeZone), of.openDays);
  const { lotLastDay } = of;
  return {
    rest: restOf(held),
    opened_at: openedAt,
    last_day: lotLastDay !== null && lotLastDay < useBy ? lotLastDay : useBy,
  };
}

const restOf = (quantity: number): number => quantity - Math.floor(quantity / WHOLE) * WHOLE;
