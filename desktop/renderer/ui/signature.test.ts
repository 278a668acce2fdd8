import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawn, inkOf, pathOf, typed, withPoint } from './signature.ts';
import type { Point } from './signature.ts';

const SIZE = { width: 400, height: 120 };
const line: Point[] = [
  { x: 10, y: 10 },
  { x: 100, y: 10 },
];

describe('a signature', () => {
  test('drawn: path data of all strokes and the size of the pad', () => {
    expect(drawn([line, [{ x: 5.04, y: 7.96 }]], SIZE)).toEqual({
      kind: 'drawn',
      path: 'M10 10L100 10M5 8L5 8',
      ...SIZE,
    });
  });

  test('a slip of the hand is none', () => {
    expect(drawn([], SIZE)).toBeNull();
    expect(drawn([[{ x: 1, y: 1 }]], SIZE)).toBeNull();
    expect(drawn([[line[0] ?? { x: 0, y: 0 }, { x: 30, y: 10 }]], SIZE)).toBeNull();
  });

  test('typed: a name', () => {
    expect(typed('  Ana   Ruiz ')).toEqual({ kind: 'typed', name: 'Ana Ruiz' });
    expect(typed(' A ')).toBeNull();
  });

  test('points on each other are one, and the path never says more than was drawn', () => {
    const point = fc.record({
      x: fc.integer({ min: 0, max: 400 }),
      y: fc.integer({ max: 120, min: 0 }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1 }), (points) => {
        const stroke = points.reduce<readonly Point[]>(withPoint, []);
        const path = pathOf([stroke]);
        expect(path).toMatch(/^M[\d.]+ [\d.]+(L[\d.]+ [\d.]+)+$/);
        expect(path.split('L').length).toBeLessThanOrEqual(Math.max(2, points.length));
        expect(inkOf([stroke])).toBeLessThanOrEqual(inkOf([points]) + 0.001);
      }),
    );
  });
});
