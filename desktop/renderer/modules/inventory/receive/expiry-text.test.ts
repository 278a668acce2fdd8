import { describe, expect, test } from 'vitest';
import { expiryText, readExpiry } from './expiry-text.ts';

describe('readExpiry', () => {
  test.each([
    ['2027-03-31', '2027-03-31'],
    ['03/31/2027', '2027-03-31'],
    ['3/1/2027', '2027-03-01'],
    [' 12-05-2028 ', '2028-12-05'],
    ['02/2028', '2028-02-29'],
    ['2027-02', '2027-02-28'],
    ['270331', '2027-03-31'],
    ['270200', '2027-02-28'],
  ])('reads %s as %s', (text, date) => {
    expect(readExpiry(text)).toMatchObject({ ok: true, date });
  });

  test('tells a day from a month, and reads back what a label says', () => {
    for (const label of [
      { date: '2027-03-31', precision: 'day' },
      { date: '2028-02-29', precision: 'month' },
    ] as const) {
      expect(readExpiry(expiryText(label))).toEqual({ ok: true, ...label });
    }
  });

  test.each(['02/30/2027', '2027-02-29', '13/01/2027', '04/31/2027', '13/2027', '2027-00-10'])(
    'says that %s does not exist',
    (text) => {
      expect(readExpiry(text)).toEqual({ ok: false, why: 'no-such-date' });
    },
  );

  test.each(['soon', '31 March 2027', '3/1/27', '2027', ''])('cannot read %j', (text) => {
    expect(readExpiry(text)).toEqual({ ok: false, why: 'unreadable' });
  });
});
