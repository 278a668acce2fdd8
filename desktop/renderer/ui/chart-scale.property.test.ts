import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labelsShown, scaleOf, ticksOf } from './chart-scale.ts';

/** Figures with four decimals, as quantities have them. */
const figure = fc.integer({ min: -1e13, max: 1e13 }).map((n) => n / 10_000);
const values = fc.array(fc.oneof(figure, fc.integer({ min: -50, max: 50 })), { minLength: 1 });

describe('scale of a chart', () => {
  test('round numbers', () => {
    expect(ticksOf([3, 17, 42])).toEqual([0, 20, 40, 60]);
    expect(ticksOf([0.1, 0.35])).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
    expect(ticksOf([-20, 55])).toEqual([-20, 0, 20, 40, 60]);
    expect(ticksOf([0])).toEqual([0, 1]);
    expect(ticksOf([])).toEqual([0, 1]);
  });

  test('hold every value and zero, few of them, in order', () => {
    fc.assert(
      fc.property(values, (all) => {
        const ticks = ticksOf(all);
        const [low, high] = [ticks[0] ?? 1, ticks.at(-1) ?? -1];
        for (const value of [...all, 0]) {
          expect(value).toBeGreaterThanOrEqual(low - Math.abs(low) * 1e-9);
          expect(value).toBeLessThanOrEqual(high + Math.abs(high) * 1e-9);
        }
        expect(ticks).toContain(0);
        expect(ticks.length).toBeLessThanOrEqual(8);
        expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
      }),
    );
  });

  test('a scale keeps order and ends', () => {
    const scale = scaleOf([0, 10, 20], 100, 0);
    expect([scale(0), scale(10), scale(20)]).toEqual([100, 50, 0]);
  });

  test('labels thin out, the last stays', () => {
    expect([...labelsShown(4, 40, 400)]).toEqual([0, 1, 2, 3]);
    expect([...labelsShown(12, 40, 200)]).toEqual([2, 5, 8, 11]);
  });
});
