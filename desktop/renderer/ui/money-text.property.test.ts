import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFormats } from '#shared/i18n/formats.ts';
import { MAX_CENTS, plainMoney, readMoney } from './money-text.ts';

describe('amounts as they are typed', () => {
  test('points, commas and signs', () => {
    expect(readMoney('12')).toBe(1_200);
    expect(readMoney('12.5')).toBe(1_250);
    expect(readMoney('12,50')).toBe(1_250);
    expect(readMoney('1,250')).toBe(125_000);
    expect(readMoney('$ 1,234,567.89')).toBe(123_456_789);
    expect(readMoney('0.07')).toBe(7);
    expect(readMoney('-3')).toBe(-300);
    expect(readMoney('-0')).toBe(0);
    expect(readMoney('7.')).toBe(700);
  });

  test('what is no amount in whole cents is refused', () => {
    for (const text of [
      '',
      'ten',
      '1.234',
      '1,23,456',
      '1e3',
      '--3',
      '12.5.1',
      '.',
      '$',
      '1,2345',
    ]) {
      expect([text, readMoney(text)]).toEqual([text, null]);
    }
    expect(readMoney('1000000000.01')).toBeNull();
  });

  test('every amount is read from the way in which each language shows it', () => {
    const amount = fc.integer({ min: -MAX_CENTS, max: MAX_CENTS });
    fc.assert(
      fc.property(amount, fc.constantFrom('en' as const, 'es' as const), (cents, language) => {
        expect(readMoney(createFormats(language, 'UTC').money(cents))).toBe(cents);
        expect(readMoney(plainMoney(cents))).toBe(cents);
      }),
    );
  });

  test('whatever is typed gives whole cents or nothing', () => {
    const typed = fc.string({
      unit: fc.constantFrom(...'0123456789.,-$ '.split('')),
      maxLength: 14,
    });
    fc.assert(
      fc.property(typed, (text) => {
        const cents = readMoney(text);
        expect(cents === null || Number.isSafeInteger(cents)).toBe(true);
        expect(Object.is(cents, -0)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});
