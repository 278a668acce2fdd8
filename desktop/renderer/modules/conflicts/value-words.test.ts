import { describe, expect, test } from 'vitest';
import { valueWords } from './value-words.ts';

const words = {
  quantity: (value: number) => `${value / 10_000}`,
  money: (cents: number) => `$${cents / 100}`,
  date: (value: string) => `date ${value}`,
  exact: (value: number) => `at ${value}`,
  yes: 'Yes',
  no: 'No',
  empty: '(empty)',
};

describe('valueWords', () => {
  test.each([
    ['item_locations', 'par', 120_000, '12'],
    ['item_locations', 'par', null, '(empty)'],
    ['item_locations', 'bin', 'A-1', 'A-1'],
    ['item_locations', 'bin', '', '(empty)'],
    ['item_locations', 'is_stocked', false, 'No'],
    ['count_sessions', 'started_at', 5, 'at 5'],
    ['inventory_items', 'packs', [{ unit: 'box', qty_per_base: 200_000 }], 'box = 20'],
    ['inventory_items', 'packs', [], '(empty)'],
    ['a_newer_table', 'x', { a: 1 }, '{"a":1}'],
  ])('%s.%s', (table, field, value, expected) => {
    expect(valueWords(table, field, value, words)).toBe(expected);
  });
});
