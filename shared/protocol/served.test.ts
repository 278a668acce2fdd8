import { describe, expect, test } from 'vitest';
import { isIsoDate } from '#shared/kernel/dates.ts';
import { HISTORY } from '#shared/schema/history.ts';
import type { History } from '#shared/schema/history.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from './messages.ts';
import { oldestServed, servedUntil, servedVersions } from './served.ts';

const history: History = {
  1: { released: '2026-11-22' },
  2: { released: '2027-02-01' },
  3: { released: '2027-06-01' },
  4: { released: '2027-06-11' },
  5: {},
};
const at = (text: string): number => Date.parse(text);

describe('which versions are served', () => {
  test.each([
    ['2026-11-22T00:00:00Z', 1],
    // Version 2 takes nothing from anybody, however long it has been there.
    ['2027-05-31T23:59:59Z', 1],
    ['2027-06-01T00:00:00Z', 1],
    ['2027-08-30T23:59:59.999Z', 1],
    ['2027-08-31T00:00:00Z', 2],
    ['2027-09-09T23:59:59.999Z', 2],
    ['2027-09-10T00:00:00Z', 3],
    // Version 5 is not released, so that nothing counts from it.
    ['2040-01-01T00:00:00Z', 3],
  ])('at %s all from version %i on', (instant, oldest) => {
    expect(oldestServed(at(instant), history)).toBe(oldest);
  });

  test('an end is known only when the second version after it is released', () => {
    expect([1, 2, 3, 4, 5].map((version) => servedUntil(version, history))).toEqual([
      at('2027-08-31'),
      at('2027-09-10'),
      null,
      null,
      null,
    ]);
  });
});

describe('the history of this suite', () => {
  test('names the day of release of every version before the present one, in their order', () => {
    const days = Array.from({ length: PROTOCOL_VERSION - 1 }, (_, n) => HISTORY[n + 1]?.released);
    expect(days.filter((day) => !isIsoDate(day))).toEqual([]);
    const inOrder = days.every((day, n) => n === 0 || String(days[n - 1]) < String(day));
    expect(inOrder).toBe(true);
  });

  test('has nothing served that this build could not speak', () => {
    expect(OLDEST_PROTOCOL_VERSION).toBeLessThanOrEqual(Math.max(1, PROTOCOL_VERSION - 2));
  });

  test('says through which day', () => {
    expect(servedVersions()).toEqual([
      { version: 1, through: null },
      { version: 2, through: null },
    ]);
  });
});
