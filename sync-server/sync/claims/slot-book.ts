import { clinicDate } from '#shared/kernel/dates.ts';
import { settleClaims } from '#shared/merge/claims.ts';
import type { Claim } from '#shared/merge/claims.ts';
import { isClosed, slotsBetween } from '#shared/merge/slot-times.ts';
import type { DayOverride, SlotPattern } from '#shared/merge/slot-times.ts';
import { freeAlternatives, overlaps } from '#shared/merge/slots.ts';
import type { Slot } from '#shared/merge/slots.ts';

/** Something that can be booked, as far as deciding about its slots needs it. Times in milliseconds. */
export interface Bookable {
  readonly id: string;
  readonly pattern: SlotPattern;
  readonly overrides: readonly DayOverride[];
  readonly seats: number;
  readonly bufferMs: number;
  /** False while it is paused or retired. */
  readonly open: boolean;
  /** How long ahead it can be booked, and how shortly before. */
  readonly windowMs: number;
  readonly noticeMs: number;
}

/** A seat that a visit holds. */
export interface Holding {
  readonly appointmentId: string;
  readonly activityId: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly seat: number;
}

/** A visit that wants a slot. */
export type Wish = Omit<Holding, 'seat'>;

export type Verdict =
  | { readonly seat: number }
  /** taken: no seat left, or the room is in use · closed: nothing can be booked there then. */
  | { readonly seat: null; readonly reason: 'taken' | 'closed' };

export interface FreeSlot extends Slot {
  readonly seat: number;
}

const DAY_MS = 86_400_000;
/** How far around the wanted day other slots are offered. */
export const OFFER_DAYS = 28;

/**
 * Who holds which slots of a site at this moment. Whoever is asked first gets the seat; a visit's own
 * holding is never in its way.
 * @param bookables by id; what is not among them cannot be booked
 */
export function createSlotBook(bookables: ReadonlyMap<string, Bookable>, held: readonly Holding[]) {
  let holdings = [...held];

  const slotOf = ({ activityId, startsAt, endsAt }: Wish): Slot => ({
    room: bookables.get(activityId)?.pattern.room ?? activityId,
    startsAt,
    endsAt,
  });

  const ask = (wish: Wish): Verdict => {
    const bookable = bookables.get(wish.activityId);
    if (!bookable?.open) return { seat: null, reason: 'closed' };
    const { timeZone } = bookable.pattern;
    const date = clinicDate(wish.startsAt, timeZone);
    const special = bookable.overrides.find((one) => one.date === date);
    if (isClosed(special, wish, timeZone)) return { seat: null, reason: 'closed' };

    const others = holdings.filter((other) => other.appointmentId !== wish.appointmentId);
    const isRival = (other: Holding): boolean =>
      other.activityId === wish.activityId && other.startsAt === wish.startsAt;
    const isInTheWay = others.some((other) => {
      if (isRival(other)) return false;
      const buffer = Math.max(bookable.bufferMs, bookables.get(other.activityId)?.bufferMs ?? 0);
      return overlaps(slotOf(wish), slotOf(other), buffer);
    });
    if (isInTheWay) return { seat: null, reason: 'taken' };

    const key = `${wish.activityId}/${wish.startsAt}`;
    const rivals = others.filter(isRival).map(({ appointmentId, seat }, at): Claim => ({
      id: appointmentId,
      key,
      arrival: at,
      state: 'hold',
      seat,
    }));
    const mine: Claim = {
      id: wish.appointmentId,
      key,
      arrival: rivals.length,
      state: 'requested',
      seat: null,
    };
    const { granted, claims } = settleClaims([...rivals, mine], bookable.seats);
    if (!granted.includes(mine.id)) return { seat: null, reason: 'taken' };
    return { seat: claims.find(({ id }) => id === mine.id)?.seat ?? 1 };
  };

  return {
    ask,
    take(wish: Wish, seat: number): void {
      holdings = [
        ...holdings.filter((other) => other.appointmentId !== wish.appointmentId),
        { ...wish, seat },
      ];
    },
    free(appointmentId: string): void {
      holdings = holdings.filter((other) => other.appointmentId !== appointmentId);
    },
    holdings: (): readonly Holding[] => holdings,
    /** The nearest slots of the same activity that are free now, `n` at most. */
    alternatives(wish: Wish, now: number, n: number): FreeSlot[] {
      const bookable = bookables.get(wish.activityId);
      if (!bookable?.open) return [];
      const { timeZone } = bookable.pattern;
      const earliest = now + bookable.noticeMs;
      const first = Math.max(earliest, wish.startsAt - OFFER_DAYS * DAY_MS);
      const last = Math.min(
        now + bookable.windowMs,
        Math.max(first, wish.startsAt) + OFFER_DAYS * DAY_MS,
      );
      if (last < first) return [];
      const candidates = slotsBetween(
        bookable.pattern,
        bookable.overrides,
        clinicDate(first, timeZone),
        clinicDate(last, timeZone),
      ).flatMap((slot): FreeSlot[] => {
        const { startsAt, endsAt } = slot;
        if (startsAt < earliest || startsAt === wish.startsAt) return [];
        const verdict = ask({ ...wish, startsAt, endsAt });
        return verdict.seat === null ? [] : [{ ...slot, seat: verdict.seat }];
      });
      return freeAlternatives(slotOf(wish), [], candidates, n);
    },
  };
}

export type SlotBook = ReturnType<typeof createSlotBook>;
