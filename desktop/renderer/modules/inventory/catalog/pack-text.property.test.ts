import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gs1CheckDigit } from '#shared/barcode/check-digits.ts';
import { MAX_QUANTITY, QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { Pack } from '#shared/schema/tables/inventory-items.ts';
import { readGtin } from './gtin-text.ts';
import { packTexts, readPacks } from './pack-text.ts';
import type { PackText } from './pack-text.ts';

const nobody = () => null;
const digits = fc.array(fc.nat({ max: 9 }), { minLength: 13, maxLength: 13 });
const gtin = digits.map((all) => `${all.join('')}${gs1CheckDigit(all.join(''))}`);
const units = fc.uniqueArray(
  fc.constantFrom('box', 'case', 'sleeve', 'pallet', 'caja de 10', 'pack ½'),
  { maxLength: 5 },
);
const row = (over: Partial<PackText>): PackText => ({
  key: over.unit ?? 'x',
  unit: 'box',
  count: '20',
  of: null,
  gtin: '',
  ...over,
});

test('packs written as text and read again are the same', () => {
  fc.assert(
    fc.property(
      units,
      fc.array(fc.integer({ min: 1, max: MAX_QUANTITY }), { minLength: 5, maxLength: 5 }),
      fc.uniqueArray(gtin, { minLength: 6, maxLength: 6 }),
      fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      (names, sizes, numbers, has) => {
        const packs: Pack[] = names.map((unit, n) => ({
          unit,
          qty_per_base: sizes[n] ?? 1,
          gtin: has[n] ? (numbers[n] ?? null) : null,
        }));
        if (has[5]) {
          packs.unshift({ unit: 'each', qty_per_base: QUANTITY_SCALE, gtin: numbers[5] ?? null });
        }
        expect(readPacks(packTexts(packs, 'each'), 'each', nobody)).toEqual({ ok: true, packs });
      },
    ),
  );
});

test('a pack of packs holds the product, and what is read fits the table', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (a, b) => {
      const read = readPacks(
        {
          baseGtin: '',
          rows: [
            row({ unit: 'box', count: String(a) }),
            row({ unit: 'case', count: String(b), of: 'box' }),
          ],
        },
        'each',
        nobody,
      );
      if (!read.ok) throw new Error('not read');
      expect(read.packs.map(({ qty_per_base }) => qty_per_base)).toEqual([
        a * QUANTITY_SCALE,
        a * b * QUANTITY_SCALE,
      ]);
      for (const pack of read.packs) expect(Pack.safeParse(pack).success).toBe(true);
    }),
  );
});

test('every field that is wrong is named; an empty row is none', () => {
  const read = readPacks(
    {
      baseGtin: '123',
      rows: [
        row({ key: 'a', unit: 'each' }),
        row({ key: 'b', unit: 'box', count: '0' }),
        row({ key: 'c', unit: 'box', gtin: '09506000134352' }),
        row({ key: 'd', unit: '', count: '', of: 'box' }),
        row({ key: 'e', unit: 'case', of: 'pallet' }),
        row({ key: 'f', unit: 'tray', gtin: '9506000134352' }),
        row({ key: 'g', unit: 'bag', gtin: '4006381333931' }),
      ],
    },
    'each',
    (number) => (number === '04006381333931' ? 'Pen' : null),
  );
  expect(read.ok).toBe(false);
  if (read.ok) return;
  expect(Object.fromEntries(read.problems)).toEqual({
    gtin: { key: 'gtinLength' },
    'a unit': { key: 'unitIsBase' },
    'b count': { key: 'countWrong' },
    'c unit': { key: 'unitTwice' },
    'e count': { key: 'ofUnknown' },
    'f gtin': { key: 'gtinTwice' },
    'g gtin': { key: 'gtinTaken', item: 'Pen' },
  });
});

test('a trade number is read in all its lengths; one wrong digit is found, and the right one is told', () => {
  expect(readGtin(' 4006381-333931 ')).toEqual({ ok: true, gtin: '04006381333931' });
  expect(readGtin('')).toEqual({ ok: true, gtin: null });
  expect(readGtin('4.00638E+12')).toEqual({ ok: false, problem: { key: 'gtinDigits' } });
  fc.assert(
    fc.property(gtin, fc.nat({ max: 13 }), fc.integer({ min: 1, max: 9 }), (number, at, by) => {
      expect(readGtin(number)).toEqual({ ok: true, gtin: number });
      const wrong = number
        .split('')
        .map((digit, n) => (n === at ? String((Number(digit) + by) % 10) : digit))
        .join('');
      expect(readGtin(wrong)).toMatchObject({ ok: false, problem: { key: 'gtinCheck' } });
    }),
  );
});
