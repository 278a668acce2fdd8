import { describe, expect, test } from 'vitest';
import { likelyPairs } from './find-duplicates.ts';

const items = (...names: string[]) => names.map((name, at) => ({ item_id: `i${at}`, name }));
const pairs = (...args: Parameters<typeof likelyPairs>) =>
  likelyPairs(...args).map(({ a, b, reasons }) => [a, b, ...reasons.map(({ kind }) => kind)]);

describe('items that are likely to be one', () => {
  test('have the same trade number, or the same number at a vendor', () => {
    const two = items('Gloves M', 'Nitrile gloves, medium', 'Tape');
    const codes = [
      { item_id: 'i0', kind: 'gtin', code: '00400000000015' },
      { item_id: 'i1', kind: 'gtin', code: '00400000000015' },
      { item_id: 'i2', kind: 'vendor', code: 'HS-77' },
      { item_id: 'i1', kind: 'vendor', code: 'hs-77' },
      { item_id: 'i2', kind: 'sku', code: 'A' },
      { item_id: 'i0', kind: 'sku', code: 'A' },
    ] as const;
    expect(pairs(two, codes)).toEqual([
      ['i0', 'i1', 'gtin'],
      ['i1', 'i2', 'vendorNumber'],
    ]);
  });

  test('are called alike, in whatever order and case', () => {
    expect(
      pairs(items('Gauze sponge 4 × 4 in, sterile', 'STERILE gauze sponge 4x4 in'), []),
    ).toEqual([]);
    expect(pairs(items('Gauze sponge 4 × 4 in', 'Sponge, gauze (4 × 4 in)'), [])).toEqual([
      ['i0', 'i1', 'sameName'],
    ]);
    expect(pairs(items('Apósito estéril grande', 'aposito esteril grande'), [])).toEqual([
      ['i0', 'i1', 'sameName'],
    ]);
    expect(
      pairs(
        items('Lidocaine with epinephrine vial 1 %', 'Lidocaine with epinephrine vial, 1 % B'),
        [],
      ),
    ).toEqual([['i0', 'i1', 'sameName']]);
    expect(
      pairs(
        items('Suture nylon black non-absorbable 4-0', 'Suture nylon black absorbable 4-0'),
        [],
      ),
    ).toEqual([['i0', 'i1', 'likeName']]);
  });

  test('are not those of other sizes, strengths or kinds', () => {
    expect(pairs(items('Gauze sponge 4 × 4 in', 'Gauze sponge 2 × 2 in'), [])).toEqual([]);
    expect(pairs(items('Lidocaine 1 %', 'Lidocaine 2 %'), [])).toEqual([]);
    expect(pairs(items('Gloves nitrile', 'Gloves latex'), [])).toEqual([]);
    expect(pairs(items('5', '5'), [])).toEqual([]);
  });

  test('are found once, with all that speaks for it, the strongest first', () => {
    const code = { kind: 'gtin', code: '1' } as const;
    const found = likelyPairs(items('Cotton swab', 'Swab, cotton'), [
      { ...code, item_id: 'i1' },
      { ...code, item_id: 'i0' },
      { ...code, item_id: 'gone' },
    ]);
    expect(found).toEqual([
      {
        key: 'i0 i1',
        a: 'i0',
        b: 'i1',
        reasons: [{ kind: 'gtin', code: '1' }, { kind: 'sameName' }],
      },
    ]);
  });

  test('are found among some thousand items', () => {
    const many = Array.from({ length: 3000 }, (_, n) => `Dressing foam adhesive ${n % 1500} cm`);
    expect(pairs(items(...many), [])).toHaveLength(1500);
  });
});
