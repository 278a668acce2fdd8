import { describe, expect, test } from 'vitest';
import { columnsThatFit } from './columns-that-fit.ts';
import { fold, matcher } from './fold.ts';

describe('matcher', () => {
  test('finds words in any order, without case and accents', () => {
    const text = fold('Lidocaína 1% SKU-0001');
    expect(matcher('sku lidocaina')(text)).toBe(true);
    expect(matcher('LIDOCAÍNA')(text)).toBe(true);
    expect(matcher('lidocaine x')(text)).toBe(false);
    expect(matcher('  ')(text)).toBe(true);
  });
});

describe('columnsThatFit', () => {
  const columns = [
    { id: 'name', minWidth: 100, drop: 0 },
    { id: 'category', minWidth: 100, drop: 2 },
    { id: 'total', minWidth: 50, drop: 1 },
  ];

  test('keeps all while there is room', () => {
    expect([...columnsThatFit(columns, 270, 10)]).toEqual(['name', 'category', 'total']);
  });

  test('drops the least needed first', () => {
    expect([...columnsThatFit(columns, 269, 10)]).toEqual(['name', 'total']);
    expect([...columnsThatFit(columns, 120, 10)]).toEqual(['name']);
  });

  test('never drops a column that has to stay', () => {
    expect([...columnsThatFit(columns, 10, 10)]).toEqual(['name']);
  });
});
