import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, clinicDate, daysBetween } from '#shared/kernel/dates.ts';
import {
  allocateFefo,
  expiresAt,
  fefoOrder,
  followsFefo,
  lastUsableDay,
  standingOf,
} from './lot-choice.ts';
import type { LotOnHand } from './lot-choice.ts';

const TODAY = '2026-11-30';
const day = fc.integer({ min: -40, max: 400 }).map((days) => addDays(TODAY, days));
const lots = fc
  .uniqueArray(
    fc.record({
      lot_id: fc.nat({ max: 30 }).map((n) => `lot-${n}`),
      lot_no: fc.constantFrom('A', 'B', 'C'),
      expiry_date: fc.option(day),
      expiry_precision: fc.constantFrom('day' as const, 'month' as const, null),
      recall_status: fc.constantFrom('none', 'none', 'none', 'suspect', 'recalled', 'cleared'),
      on_hand: fc.integer({ min: -20_000, max: 90_000 }),
    }),
    { selector: ({ lot_id: id }) => id, maxLength: 8 },
  )
  .map((all): LotOnHand[] => all);
const wanted = fc.integer({ min: 1, max: 300_000 });
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

describe('first expiry, first out', () => {
  test('takes exactly what is wanted, or all that is usable, and never more of a lot than it has', () => {
    fc.assert(
      fc.property(lots, wanted, (all, quantity) => {
        const { takes, missing } = allocateFefo(all, quantity, TODAY);
        expect(sum(takes.map((take) => take.quantity)) + missing).toBe(quantity);
        for (const take of takes) {
          expect(take.quantity).toBeGreaterThan(0);
          expect(take.quantity).toBeLessThanOrEqual(take.lot.on_hand);
          expect(standingOf(take.lot, TODAY)).toBe('usable');
        }
        const usable = sum(fefoOrder(all, TODAY).map(({ on_hand: held }) => held));
        expect(missing).toBe(Math.max(0, quantity - usable));
      }),
    );
  });

  test('leaves nothing behind that expires earlier, so it needs no reason', () => {
    fc.assert(
      fc.property(lots, wanted, (all, quantity) => {
        const { takes } = allocateFefo(all, quantity, TODAY);
        expect(followsFefo(takes, all, TODAY)).toBe(true);
      }),
    );
  });

  test('does not depend on the order in which lots are listed', () => {
    fc.assert(
      fc.property(lots, wanted, fc.nat(), (all, quantity, seed) => {
        const shuffled = all.toSorted(
          (a, b) => ((a.lot_id.length * 31 + seed) % 7) - ((b.lot_id.length * 17 + seed) % 5),
        );
        expect(allocateFefo(shuffled, quantity, TODAY)).toEqual(allocateFefo(all, quantity, TODAY));
      }),
    );
  });

  test('taking a later lot while an earlier one has some is an override, taking the earlier one first is not', () => {
    fc.assert(
      fc.property(lots, (all) => {
        const order = fefoOrder(all, TODAY);
        const [first] = order;
        const later = order.find(
          (lot) =>
            first && (lastUsableDay(lot) ?? '9999-12-31') > (lastUsableDay(first) ?? '9999-12-31'),
        );
        fc.pre(first !== undefined && later !== undefined);
        if (!first || !later) return;
        const one = { lot: later, quantity: 1 };
        expect(followsFefo([one], all, TODAY)).toBe(false);
        const used = order
          .slice(0, order.indexOf(later))
          .map((lot) => ({ lot, quantity: lot.on_hand }));
        expect(followsFefo([...used, one], all, TODAY)).toBe(true);
      }),
    );
  });

  test('a suspect lot always asks for a reason', () => {
    const lot: LotOnHand = {
      lot_id: 'x',
      lot_no: 'X',
      expiry_date: null,
      expiry_precision: null,
      recall_status: 'suspect',
      on_hand: 10_000,
    };
    expect(followsFefo([{ lot, quantity: 1 }], [lot], TODAY)).toBe(false);
    expect(fefoOrder([lot], TODAY)).toEqual([]);
    expect(fefoOrder([lot], null)).toEqual([lot]);
  });
});

describe('expiry', () => {
  const ZONES = [
    'America/New_York',
    'America/Los_Angeles',
    'Asia/Kolkata',
    'Pacific/Auckland',
    'UTC',
  ];

  test('a lot expires at midnight of the zone after its last day, also where clocks change', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5_000 }).map((days) => addDays('2020-01-01', days)),
        fc.constantFrom(...ZONES),
        (expiry, zone) => {
          const lot = {
            expiry_date: expiry,
            expiry_precision: 'day',
            recall_status: 'none',
          } as const;
          const at = expiresAt(lot, zone);
          if (at === null) throw new Error('has a date');
          expect(standingOf(lot, clinicDate(at - 1, zone))).toBe('usable');
          expect(standingOf(lot, clinicDate(at, zone))).toBe('expired');
          expect(clinicDate(at, zone)).toBe(addDays(expiry, 1));
        },
      ),
    );
  });

  test('where only the month is known the last day of the month counts, of any day that stands there', () => {
    fc.assert(
      fc.property(day, (date) => {
        const last = lastUsableDay({ expiry_date: date, expiry_precision: 'month' }) ?? '';
        expect(last.slice(0, 7)).toBe(date.slice(0, 7));
        expect(addDays(last, 1).slice(8)).toBe('01');
        expect(daysBetween(date, last)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('what has no date never expires', () => {
    expect(expiresAt({ expiry_date: null, expiry_precision: null }, 'UTC')).toBeNull();
  });
});
