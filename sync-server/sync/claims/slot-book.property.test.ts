import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantOf } from '#shared/kernel/dates.ts';
import { overlaps } from '#shared/merge/slots.ts';
import { createSlotBook } from './slot-book.ts';
import type { Bookable, Holding, SlotBook, Wish } from './slot-book.ts';

/** Any order of claims, releases, expiries and repeats by several desks leaves one truth. */

const DAY_MS = 86_400_000;
const ZONE = 'America/New_York';
const NOW = Date.parse('2026-10-30T12:00:00Z');
const BUFFER = 15 * 60_000;

const bookable = (id: string, seats: number, startMinute: number): Bookable => ({
  id,
  pattern: {
    room: 'one room',
    timeZone: ZONE,
    weekdays: [1, 2, 3, 4, 5],
    startMinute,
    durationMin: 45,
  },
  overrides: [{ date: '2026-11-05', kind: 'closed', startMinute: null, endMinute: null }],
  seats,
  bufferMs: BUFFER,
  open: true,
  windowMs: 84 * DAY_MS,
  noticeMs: 0,
});

/** Two things in one room that overlap, over the day on which the clocks go back. */
const bookables = (seats: number): ReadonlyMap<string, Bookable> =>
  new Map([
    ['lunch', bookable('lunch', seats, 720)],
    ['talk', bookable('talk', 1, 750)],
  ]);
const DATES = ['2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05'];

type Act =
  | {
      readonly do: 'claim';
      readonly visit: number;
      readonly activity: string;
      readonly day: number;
    }
  | { readonly do: 'release' | 'expire' | 'repeat'; readonly visit: number };

const act = (visits: number): fc.Arbitrary<Act> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('claim' as const),
        visit: fc.nat(visits - 1),
        activity: fc.constantFrom('lunch', 'talk'),
        day: fc.nat(DATES.length - 1),
      }),
    },
    fc.record({
      do: fc.constantFrom('release' as const, 'expire' as const, 'repeat' as const),
      visit: fc.nat(visits - 1),
    }),
  );

interface Answer {
  readonly wish: Wish;
  readonly seat: number | null;
}

/** What the server does with acts in the order of their arrival; each claim is opened on what stands. */
function play(acts: readonly Act[], seats: number, look: (book: SlotBook, answer: Answer) => void) {
  let held: readonly Holding[] = [];
  const answers = new Map<number, Answer>();
  const log: Answer[] = [];
  for (const one of acts) {
    // A new book each time, as each push reads it.
    const book = createSlotBook(bookables(seats), held);
    const known = answers.get(one.visit);
    if (one.do === 'claim' && !known) {
      const all = bookables(seats).get(one.activity);
      const startsAt = instantOf(DATES[one.day] ?? '', all?.pattern.startMinute ?? 0, ZONE);
      const wish: Wish = {
        appointmentId: `visit ${one.visit}`,
        activityId: one.activity,
        startsAt,
        endsAt: startsAt + 45 * 60_000,
      };
      const { seat } = book.ask(wish);
      if (seat !== null) book.take(wish, seat);
      const answer = { wish, seat };
      answers.set(one.visit, answer);
      log.push(answer);
      look(book, answer);
    } else if (one.do === 'repeat' && known && known.seat !== null) {
      // Who holds a seat and asks for it again gets the same.
      expect(book.ask(known.wish)).toEqual({ seat: known.seat });
    } else if (one.do !== 'claim' && one.do !== 'repeat' && known) {
      book.free(known.wish.appointmentId);
      answers.set(one.visit, { ...known, seat: null });
    }
    held = book.holdings();
  }
  return { held, log };
}

const plays = fc.record({
  seats: fc.integer({ min: 1, max: 3 }),
  acts: fc.array(act(9), { maxLength: 40 }),
});

describe('claims to the slots of a room', () => {
  test('never have more holders than seats, nor two uses of the room at once', () => {
    fc.assert(
      fc.property(plays, ({ acts, seats }) => {
        play(acts, seats, (book) => {
          for (const [, some] of Map.groupBy(
            book.holdings(),
            ({ activityId, startsAt }) => `${activityId} ${startsAt}`,
          )) {
            const own = some.map(({ seat }) => seat);
            expect(new Set(own).size).toBe(own.length);
            const limit = some[0]?.activityId === 'lunch' ? seats : 1;
            expect(own.every((seat) => seat >= 1 && seat <= limit)).toBe(true);
          }
          for (const a of book.holdings())
            for (const b of book.holdings()) {
              if (a.activityId === b.activityId && a.startsAt === b.startsAt) continue;
              const slot = ({ startsAt, endsAt }: Wish) => ({ room: 'one room', startsAt, endsAt });
              expect(overlaps(slot(a), slot(b), BUFFER)).toBe(false);
            }
        });
      }),
    );
  });

  test('are all answered, and who loses is offered slots that are free at that moment', () => {
    fc.assert(
      fc.property(plays, ({ acts, seats }) => {
        const { log } = play(acts, seats, (book, { wish, seat }) => {
          if (seat !== null) return;
          const offers = book.alternatives(wish, NOW, 3);
          expect(offers).toHaveLength(3);
          for (const offer of offers) {
            expect(offer.startsAt).not.toBe(wish.startsAt);
            const { startsAt, endsAt } = offer;
            expect(book.ask({ ...wish, startsAt, endsAt })).toEqual({ seat: offer.seat });
          }
        });
        const asking = new Set(acts.filter((one) => one.do === 'claim').map(({ visit }) => visit));
        expect(log).toHaveLength(asking.size);
      }),
    );
  });

  test('end alike whenever they arrive in the same order', () => {
    fc.assert(
      fc.property(plays, ({ acts, seats }) => {
        const look = (): void => undefined;
        expect(play(acts, seats, look)).toEqual(play(acts, seats, look));
      }),
    );
  });
});
