import { describe, expect, test } from 'vitest';
import { toBase, unitsOf, unitWords } from './packs.ts';

const each = { name: 'each', perUnit: 10_000 };
const box = { name: 'box', perUnit: 200_000 };
const third = { name: 'strip', perUnit: 3_333 };

describe('unitsOf', () => {
  test('begins with the base unit and does not name it twice', () => {
    const packs = [
      { unit: 'box', qty_per_base: 200_000, gtin: null },
      { unit: 'each', qty_per_base: 10_000, gtin: null },
    ];
    expect(unitsOf({ base_unit: 'each', packs })).toEqual([each, box]);
  });
});

describe('toBase', () => {
  test('turns packs into base units', () => {
    expect(toBase('3', box)).toEqual({ ok: true, quantity: 600_000 });
    expect(toBase('0.5', box)).toEqual({ ok: true, quantity: 100_000 });
    expect(toBase('1,5', each)).toEqual({ ok: true, quantity: 15_000 });
  });

  test('refuses what is not a number, not positive, not exact or too large', () => {
    expect(toBase('three', each)).toEqual({ ok: false, problem: 'not-a-number' });
    expect(toBase('0', each)).toEqual({ ok: false, problem: 'not-positive' });
    expect(toBase('-2', each)).toEqual({ ok: false, problem: 'not-positive' });
    expect(toBase('0.5', third)).toEqual({ ok: false, problem: 'not-exact' });
    expect(toBase('9999999', box)).toEqual({ ok: false, problem: 'too-large' });
  });

  test('takes zero where an empty shelf is an answer', () => {
    expect(toBase('0', each, 'zero')).toEqual({ ok: true, quantity: 0 });
    expect(toBase('-1', each, 'zero')).toEqual({ ok: false, problem: 'not-positive' });
  });

  test('stays exact where a double would not', () => {
    expect(toBase('99999.9999', { name: 'case', perUnit: 1_000_000 })).toEqual({
      ok: true,
      quantity: 99_999_999_900,
    });
  });
});

describe('unitWords', () => {
  test('says what a pack holds', () => {
    const words = unitWords({ unit: 'box', qty_per_base: 200_000 }, 'each', (q) => `${q / 10_000}`);
    expect(words).toBe('box = 20 each');
  });
});
