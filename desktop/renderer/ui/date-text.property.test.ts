import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, isIsoDate } from '#shared/kernel/dates.ts';
import { plainDate, readDate } from './date-text.ts';

const TODAY = '2026-11-30';
const date = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2045-12-31'), noInvalidDate: true })
  .map((at) => at.toISOString().slice(0, 10));

describe('dates as they are typed', () => {
  test('short ways', () => {
    const read = (text: string) => readDate(text, TODAY, 'near', ['t', 'today', 'hoy']);
    expect(read('3/4')).toBe('2027-03-04');
    expect(read('11/28')).toBe('2026-11-28');
    expect(read('3/4/27')).toBe('2027-03-04');
    expect(read('03-04-2027')).toBe('2027-03-04');
    expect(read('2027-3-4')).toBe('2027-03-04');
    expect(read('15')).toBe('2026-11-15');
    expect(read('+7')).toBe('2026-12-07');
    expect(read('-30')).toBe('2026-10-31');
    expect(read(' Hoy ')).toBe(TODAY);
  });

  test('what no calendar has is no date', () => {
    for (const text of ['', '2/30', '13/1', '31', '0', '2027-02-29', '3/4/5', 'soon', '3//4']) {
      expect([text, readDate(text, TODAY)]).toEqual([text, null]);
    }
  });

  test('a year that is left out is the nearest, the next or the last, as asked', () => {
    expect(readDate('12/1', TODAY, 'past')).toBe('2025-12-01');
    expect(readDate('11/29', TODAY, 'coming')).toBe('2027-11-29');
    expect(readDate('11/30', TODAY, 'coming')).toBe(TODAY);
    expect(readDate('2/29', TODAY, 'coming')).toBe('2028-02-29');
    expect(readDate('2/29', TODAY, 'past')).toBe('2024-02-29');
  });

  test('two figures of a year: a birth lies in the past', () => {
    expect(readDate('3/4/62', TODAY, 'past')).toBe('1962-03-04');
    expect(readDate('3/4/26', TODAY, 'past')).toBe('2026-03-04');
    expect(readDate('3/4/46', TODAY)).toBe('2046-03-04');
    expect(readDate('3/4/47', TODAY)).toBe('1947-03-04');
  });

  test('every date is read from each way in which it can be written', () => {
    fc.assert(
      fc.property(date, date, (wanted, today) => {
        expect(readDate(wanted, today)).toBe(wanted);
        expect(readDate(plainDate(wanted), today)).toBe(wanted);
        const days = (Date.parse(wanted) - Date.parse(today)) / 86_400_000;
        if (Math.abs(days) < 9_999) {
          expect(readDate(`${days < 0 ? '-' : '+'}${Math.abs(days)}`, today)).toBe(wanted);
        }
        expect(addDays(addDays(wanted, 40), -40)).toBe(wanted);
      }),
    );
  });

  test('whatever is typed is a date of the calendar or none', () => {
    const typed = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(...'0123456789/-+. t'.split('')), maxLength: 10 }),
    );
    fc.assert(
      fc.property(typed, date, fc.constantFrom('near', 'coming', 'past'), (text, today, prefer) => {
        const read = readDate(text, today, prefer, ['t']);
        expect(read === null || isIsoDate(read)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
