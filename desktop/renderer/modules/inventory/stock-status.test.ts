import { describe, expect, test } from 'vitest';
import { expiryLevel, stockLevel } from './stock-status.ts';

describe('stockLevel', () => {
  test.each([
    [{ on_hand: 50_000, par: 50_000 }, 'fine'],
    [{ on_hand: 49_999, par: 50_000 }, 'below'],
    [{ on_hand: 0, par: null }, 'fine'],
    [{ on_hand: 0, par: 0 }, 'fine'],
    [{ on_hand: -1, par: null }, 'negative'],
    [undefined, 'fine'],
  ] as const)('%j is %s', (stock, level) => {
    expect(stockLevel(stock)).toBe(level);
  });
});

describe('expiryLevel', () => {
  test('stock is usable through the end of its expiry date', () => {
    expect(expiryLevel('2027-03-31', '2027-03-31')).toBe('soon');
    expect(expiryLevel('2027-03-31', '2027-04-01')).toBe('expired');
  });

  test('soon begins 60 days before', () => {
    expect(expiryLevel('2027-03-02', '2027-01-01')).toBe('soon');
    expect(expiryLevel('2027-03-03', '2027-01-01')).toBe('fine');
    expect(expiryLevel(null, '2027-01-01')).toBe('fine');
  });
});
