import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ageOn, isOddAge } from './age.ts';

test.each([
  ['2026-11-30', '2026-11-30', { unit: 'days', n: 0 }],
  ['2026-11-01', '2026-11-30', { unit: 'days', n: 29 }],
  ['2026-10-31', '2026-11-30', { unit: 'days', n: 30 }],
  ['2026-10-30', '2026-11-30', { unit: 'months', n: 1 }],
  ['2024-12-01', '2026-11-30', { unit: 'months', n: 23 }],
  ['2024-11-30', '2026-11-30', { unit: 'years', n: 2 }],
  ['1961-12-01', '2026-11-30', { unit: 'years', n: 64 }],
  ['1961-11-30', '2026-11-30', { unit: 'years', n: 65 }],
  ['2000-02-29', '2026-02-28', { unit: 'years', n: 25 }],
  ['2000-02-29', '2026-03-01', { unit: 'years', n: 26 }],
  ['2026-12-01', '2026-11-30', null],
])('born %s, on %s', (birth, day, age) => {
  expect(ageOn(birth, day)).toEqual(age);
});

test('a date that makes nobody sense is doubtful', () => {
  expect(isOddAge('2062-03-04', '2026-11-30')).toBe(true);
  expect(isOddAge('1861-03-04', '2026-11-30')).toBe(true);
  expect(isOddAge('1921-03-04', '2026-11-30')).toBe(false);
});

test('nobody grows younger: in years, every birthday makes one older and no other day does', () => {
  const date = fc
    .date({ min: new Date('1920-01-01'), max: new Date('2023-12-31'), noInvalidDate: true })
    .map((at) => at.toISOString().slice(0, 10));
  fc.assert(
    fc.property(date, fc.nat({ max: 300 }), (birth, days) => {
      const day = new Date(Date.parse('2026-01-01T00:00:00Z') + days * 86_400_000)
        .toISOString()
        .slice(0, 10);
      const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
      const [today, tomorrow] = [ageOn(birth, day)?.n ?? -1, ageOn(birth, next)?.n ?? -1];
      const isBirthday =
        next.slice(5) === birth.slice(5) || (birth.endsWith('02-29') && next.endsWith('03-01'));
      expect(tomorrow - today).toBe(isBirthday ? 1 : 0);
    }),
  );
});
