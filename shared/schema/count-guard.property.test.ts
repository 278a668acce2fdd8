import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  COUNT_VALUE_LIMIT_CENTS,
  isWithinTolerance,
  judgeCounted,
  varianceCents,
} from './count-guard.ts';

const UNIT = 10_000;
const quantity = fc.integer({ min: 0, max: 5_000 * UNIT });
const line = fc.record({
  counted: quantity,
  expected: fc.integer({ min: -50 * UNIT, max: 5_000 * UNIT }),
  unitCostCents: fc.option(fc.nat({ max: 50_000 })),
});

test('one unit, or two per cent where that is more, is what counting may miss', () => {
  const off = (expected: number, by: number) =>
    isWithinTolerance({ expected: expected * UNIT, counted: (expected + by) * UNIT });
  expect([off(10, 1), off(10, -1), off(10, 1.0001), off(0, 1), off(0, 2)]).toEqual([
    true,
    true,
    false,
    true,
    false,
  ]);
  expect([off(1_000, 20), off(1_000, -20), off(1_000, 21)]).toEqual([true, true, false]);
});

test('a few units that are dear need a second person too', () => {
  const one = { counted: 9 * UNIT, expected: 10 * UNIT };
  expect(judgeCounted([{ ...one, unitCostCents: 2_500 }])).toMatchObject({ fits: true });
  expect(judgeCounted([{ ...one, unitCostCents: 2_501 }])).toEqual({
    fits: false,
    far: 0,
    valueCents: 2_501,
    isAboveValue: true,
    unpriced: 0,
  });
  expect(judgeCounted([{ ...one, unitCostCents: null }])).toMatchObject({
    fits: true,
    unpriced: 1,
  });
});

test('what is too much does not make up for what is missing', () => {
  const lines = [
    { counted: 11 * UNIT, expected: 10 * UNIT, unitCostCents: 1_300 },
    { counted: 9 * UNIT, expected: 10 * UNIT, unitCostCents: 1_300 },
  ];
  expect(judgeCounted(lines)).toMatchObject({ fits: false, valueCents: 2_600 });
});

test('a count that agrees with the books always fits, at whatever price', () => {
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const same = lines.map((one) => ({ ...one, counted: one.expected }));
      expect(judgeCounted(same)).toMatchObject({ fits: true, far: 0, valueCents: 0, unpriced: 0 });
    }),
  );
});

test('the verdict does not depend on the order, and one more difference never makes a count fit', () => {
  fc.assert(
    fc.property(fc.array(line), line, (lines, more) => {
      const verdict = judgeCounted(lines);
      expect(judgeCounted(lines.toReversed())).toEqual(verdict);
      const longer = judgeCounted([...lines, more]);
      expect(longer.fits && !verdict.fits).toBe(false);
      expect(longer.valueCents).toBeGreaterThanOrEqual(verdict.valueCents);
      expect(verdict.fits).toBe(
        lines.every(isWithinTolerance) && verdict.valueCents <= COUNT_VALUE_LIMIT_CENTS,
      );
    }),
  );
});

test('the value of a difference has its sign and grows with the difference', () => {
  fc.assert(
    fc.property(line, ({ counted, expected, unitCostCents }) => {
      const cents = varianceCents({ counted, expected, unitCostCents });
      if (unitCostCents === null) expect(cents).toBeNull();
      else if (cents !== 0) expect(Math.sign(cents ?? 0)).toBe(Math.sign(counted - expected));
      expect(varianceCents({ counted: expected, expected: counted, unitCostCents })).toSatisfy(
        (other: number | null) => Math.abs((other ?? 0) + (cents ?? 0)) <= 1,
      );
    }),
  );
});
