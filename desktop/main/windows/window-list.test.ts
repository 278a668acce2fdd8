import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freeSlot, MOST_WINDOWS, windowsToOpen } from './window-list.ts';

const SCREEN = { x: 0, y: 0, width: 1920, height: 1080 };
const ONE = [{ slot: 1, bounds: null, isMaximized: false }];
const at = (x: number, y: number, slot = 1) => ({
  slot,
  bounds: { x, y, width: 1280, height: 800 },
  isMaximized: false,
});

describe('the windows of the last time', () => {
  test('open where they were', () => {
    const left = [at(100, 50), { ...at(300, 80, 2), isMaximized: true }];
    expect(windowsToOpen(JSON.stringify(left), [SCREEN])).toEqual(left);
  });

  test('one of a screen that is not there any more opens at its usual place', () => {
    const left = [at(2500, 100)];
    expect(windowsToOpen(JSON.stringify(left), [SCREEN])).toEqual(ONE);
    const second = { x: 1920, y: 0, width: 1920, height: 1080 };
    expect(windowsToOpen(JSON.stringify(left), [SCREEN, second])).toEqual(left);
  });

  test('two never have the same slot, or they would write over each other’s forms', () => {
    const left = [at(0, 0, 2), at(10, 10, 2)];
    expect(windowsToOpen(JSON.stringify(left), [SCREEN])).toEqual([at(0, 0, 2)]);
  });

  test('whatever was written down, there is a window', () => {
    expect(windowsToOpen(null, [SCREEN])).toEqual(ONE);
    expect(windowsToOpen('[]', [SCREEN])).toEqual(ONE);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const windows = windowsToOpen(text, [SCREEN]);
        expect(windows.length).toBeGreaterThan(0);
        expect(windows.length).toBeLessThanOrEqual(MOST_WINDOWS);
      }),
    );
  });
});

test('one more window takes the lowest free slot, and there is an end to them', () => {
  expect(freeSlot([])).toBe(1);
  expect(freeSlot([1, 3])).toBe(2);
  expect(freeSlot(Array.from({ length: MOST_WINDOWS }, (_, n) => n + 1))).toBeNull();
});
