import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bestOffer,
  inWholeUnits,
  LEAST_USAGE_DAYS,
  perUnitOf,
  priceIn,
  priceRise,
  suggestReorder,
  USAGE_DAYS,
  usageDays,
} from './reorder.ts';
import type { ReorderFacts } from './reorder.ts';

const U = 10_000;
const FACTS: ReorderFacts = {
  base_unit: 'each',
  packs: [
    { unit: 'box', qty_per_base: 20 * U },
    { unit: 'case', qty_per_base: 200 * U },
  ],
  on_hand: 10 * U,
  on_order: 0,
  par: 40 * U,
  min: null,
  max: null,
  reorder_qty: null,
  used: 90 * U,
  days: 90,
  lead_days: 5,
  min_qty: null,
};

const amount = fc.integer({ min: 0, max: 1_000 * U });
const facts: fc.Arbitrary<ReorderFacts> = fc.record({
  base_unit: fc.constant('each'),
  packs: fc.constant(FACTS.packs),
  on_hand: fc.integer({ min: -100 * U, max: 1_000 * U }),
  on_order: amount,
  par: fc.option(amount),
  min: fc.option(amount),
  max: fc.option(amount),
  reorder_qty: fc.option(amount),
  used: amount,
  days: fc.integer({ min: LEAST_USAGE_DAYS, max: USAGE_DAYS }),
  lead_days: fc.option(fc.integer({ min: 0, max: 365 })),
  min_qty: fc.option(amount),
});

describe('a suggestion', () => {
  test('is average daily use × lead days + safety, as one can reckon by hand', () => {
    const s = suggestReorder(FACTS);
    // One a day: five days of delivery and a week beside it.
    expect(s).toMatchObject({ dailyUse: U, safety: 7 * U, reorderPoint: 12 * U, why: 'point' });
    // Up to par 40 from 10: 30, in boxes of 20.
    expect(s).toMatchObject({ target: 40 * U, unit: 'box', count: 2, quantity: 40 * U });
  });

  test('takes the minimum of the site as safety, and what is on order as there', () => {
    const s = suggestReorder({ ...FACTS, min: 3 * U, on_order: 30 * U });
    expect(s).toMatchObject({ safety: 3 * U, safetyFrom: 'min', reorderPoint: 8 * U });
    expect(s).toMatchObject({ position: 40 * U, why: null, count: 0, quantity: 0 });
  });

  test('comes below par even where nothing was used', () => {
    const s = suggestReorder({ ...FACTS, used: 0, on_hand: 39 * U });
    expect(s).toMatchObject({ reorderPoint: 0, why: 'par', unit: 'each', count: 1 });
  });

  test('takes the reorder quantity of the site and the least that the vendor sells', () => {
    expect(suggestReorder({ ...FACTS, reorder_qty: 60 * U })).toMatchObject({
      targetFrom: 'reorder_qty',
      quantity: 60 * U,
    });
    expect(suggestReorder({ ...FACTS, min_qty: 200 * U })).toMatchObject({
      unit: 'case',
      count: 1,
    });
  });

  test('covers a month where the site has set nothing', () => {
    const s = suggestReorder({ ...FACTS, par: null, lead_days: null });
    expect(s).toMatchObject({ leadIsUsual: true, reorderPoint: 14 * U, target: 44 * U });
    expect(s.targetFrom).toBe('cover');
  });

  test('never orders for nothing, fills to the reorder point, and keeps to whole units', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const s = suggestReorder(given);
        expect(s.quantity).toBe(s.count * (perUnitOf(s.unit, given) ?? 0));
        expect(Number.isInteger(s.count)).toBe(true);
        if (s.why === null) {
          expect(s.quantity).toBe(0);
          expect(s.position > s.reorderPoint || s.reorderPoint === 0).toBe(true);
          return;
        }
        expect(s.quantity).toBeGreaterThan(0);
        expect(s.quantity).toBeGreaterThanOrEqual(given.min_qty ?? 0);
        expect(s.position + s.quantity).toBeGreaterThanOrEqual(s.reorderPoint);
      }),
    );
  });

  test('more use never lowers the reorder point, more stock never makes it due', () => {
    fc.assert(
      fc.property(facts, amount, (given, more) => {
        const s = suggestReorder(given);
        const used = suggestReorder({ ...given, used: given.used + more });
        expect(used.reorderPoint).toBeGreaterThanOrEqual(s.reorderPoint);
        const stocked = suggestReorder({ ...given, on_hand: given.on_hand + more });
        if (s.why === null) expect(stocked.why).toBeNull();
      }),
    );
  });
});

test('use is averaged since the first movement, over two weeks at least', () => {
  expect(usageDays(null, '2026-11-30')).toBe(LEAST_USAGE_DAYS);
  expect(usageDays('2026-11-30', '2026-11-30')).toBe(LEAST_USAGE_DAYS);
  expect(usageDays('2026-11-01', '2026-11-30')).toBe(30);
  expect(usageDays('2020-01-01', '2026-11-30')).toBe(USAGE_DAYS);
});

test('whole units: never less than wanted, never a pack more than it takes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 * U }), (wanted) => {
      const { unit, quantity } = inWholeUnits(wanted, FACTS);
      expect(quantity).toBeGreaterThanOrEqual(wanted);
      expect(quantity - wanted).toBeLessThan(perUnitOf(unit, FACTS) ?? 0);
    }),
  );
});

describe('prices', () => {
  test('in another unit', () => {
    expect(priceIn('box', { unit: 'each', price_cents: 12 }, FACTS)).toBe(240);
    expect(priceIn('each', { unit: 'box', price_cents: 250 }, FACTS)).toBe(13);
    expect(priceIn('pallet', { unit: 'box', price_cents: 250 }, FACTS)).toBeNull();
  });

  test('a rise is said in per cent, and a fall is none', () => {
    expect(priceRise(110, 100)).toBe(10);
    expect(priceRise(100, 100)).toBeNull();
    expect(priceRise(90, 100)).toBeNull();
    expect(priceRise(90, null)).toBeNull();
    expect(priceRise(90, 0)).toBeNull();
  });

  test('the vendor is the primary one, else the cheapest of a piece, else the quickest', () => {
    const offer = (
      vendor_id: string,
      changes: Partial<Parameters<typeof bestOffer>[0][number]> = {},
    ) => ({ vendor_id, is_primary: false, lead_days: null, price: null, ...changes });
    const box = offer('box', { price: { unit: 'box', price_cents: 200 } });
    const each = offer('each', { price: { unit: 'each', price_cents: 12 } });
    const quick = offer('quick', { lead_days: 1 });
    const primary = offer('primary', { is_primary: true });
    expect(bestOffer([quick, each, box], FACTS)?.vendor_id).toBe('box');
    expect(bestOffer([quick, each, box, primary], FACTS)?.vendor_id).toBe('primary');
    expect(bestOffer([offer('slow', { lead_days: 9 }), quick], FACTS)?.vendor_id).toBe('quick');
    expect(bestOffer([], FACTS)).toBeNull();
  });
});
