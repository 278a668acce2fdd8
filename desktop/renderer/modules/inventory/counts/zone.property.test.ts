import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NO_BIN, aisleOf, isInZone, namesOf, zoneOf } from './zone.ts';

const bin = fc.oneof(
  fc.stringMatching(/^[A-Ca-c]{1,2}[-. ]?\d{0,2}[a-c]?$/),
  fc.stringMatching(/^\d{1,3}-?[A-C]?$/),
  fc.constantFrom('#1', 'Fridge', 'fridge 2', 'Ä1', 'A,1'),
);

test('A stands for A1 and A-12, not for AB1; A1 for A1 and A1-b, not for A12', () => {
  const inA = ['A', 'a1', 'A-12', 'A 3'].map((one) => isInZone(one, 'A'));
  expect(inA).toEqual([true, true, true, true]);
  expect(['AB1', 'B1', '', null].map((one) => isInZone(one, 'A'))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(['A1', 'A1-b', 'A12', 'A'].map((one) => isInZone(one, 'A1'))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('without a name all bins are meant, and what has no bin has a name of its own', () => {
  expect([isInZone('B2', null), isInZone(null, null)]).toEqual([true, true]);
  expect([isInZone(null, NO_BIN), isInZone(' ', NO_BIN), isInZone('A1', NO_BIN)]).toEqual([
    true,
    true,
    false,
  ]);
});

test('every bin lies in its aisle, and of all aisles in that one only', () => {
  fc.assert(
    fc.property(fc.array(fc.option(bin)), (bins) => {
      const aisles = [...new Set(bins.map(aisleOf))];
      for (const one of bins) {
        expect(aisles.filter((aisle) => isInZone(one, aisle))).toEqual([aisleOf(one)]);
      }
    }),
  );
});

test('a zone is in two names what it is in each, and its text says the names', () => {
  fc.assert(
    fc.property(fc.array(bin), bin, bin, (bins, a, b) => {
      const [one, two] = [aisleOf(a), aisleOf(b)];
      const both = zoneOf([one, two]);
      expect(new Set(namesOf(both))).toEqual(new Set([one, two]));
      expect(zoneOf([two, one, two])).toBe(both);
      for (const it of bins) {
        expect(isInZone(it, both)).toBe(isInZone(it, one) || isInZone(it, two));
      }
    }),
  );
  expect(zoneOf([])).toBeNull();
});
