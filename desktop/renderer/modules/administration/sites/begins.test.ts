import { expect, test } from 'vitest';
import { instantOf } from '#shared/kernel/dates.ts';
import { beginsWith } from './begins.ts';

const ZONE = 'America/Detroit';

test('what begins with a day is said by that day, also when clocks change', () => {
  for (const day of ['2026-11-30', '2026-03-08', '2026-11-01']) {
    expect(beginsWith(instantOf(day, 0, ZONE), ZONE)).toBe(day);
  }
});

test('what begins in the middle of a day, or at a midnight elsewhere, has its time', () => {
  expect(beginsWith(instantOf('2026-11-30', 540, ZONE), ZONE)).toBeNull();
  expect(beginsWith(instantOf('2026-11-30', 0, 'Asia/Tokyo'), ZONE)).toBeNull();
});
