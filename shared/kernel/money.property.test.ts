import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitCents } from './money.ts';

describe('shares of a sum', () => {
  test('add up to it exactly and differ by a cent at most', () => {
    const total = fc.oneof(fc.nat({ max: 100_000 }), fc.maxSafeNat());
    fc.assert(
      fc.property(total, fc.integer({ min: 1, max: 60 }), (cents, n) => {
        const shares = splitCents(cents, n);
        expect(shares).toHaveLength(n);
        expect(shares.reduce((sum, share) => sum + BigInt(share), 0n)).toBe(BigInt(cents));
        expect((shares[0] ?? 0) - (shares.at(-1) ?? 0)).toBeLessThanOrEqual(1);
        expect(shares).toEqual(shares.toSorted((a, b) => b - a));
      }),
      { numRuns: 300 },
    );
  });

  test('$97.31 among seven', () => {
    expect(splitCents(9731, 7)).toEqual([1391, 1390, 1390, 1390, 1390, 1390, 1390]);
  });

  test('among nobody, or of half a cent, are refused', () => {
    expect(() => splitCents(100, 0)).toThrow(RangeError);
    expect(() => splitCents(0.5, 2)).toThrow(RangeError);
    expect(() => splitCents(-1, 2)).toThrow(RangeError);
  });
});
