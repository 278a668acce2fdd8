import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { EMPTY_COUNT } from './count-draft.ts';
import {
  chooseLot,
  isSameCount,
  quantityOf,
  quantityText,
  scanIntoCount,
  settled,
} from './count-scan.ts';
import type { CountScan } from './count-scan.ts';

const each = { name: 'each', perUnit: 10_000 };
const box = { name: 'box', perUnit: 200_000 };
const units = [each, box];
const [ITEM, OTHER, LOT, LOT2] = [newId(), newId(), newId(), newId()];
const of = (unit: string | null, lotId: string | null = null, itemId = ITEM): CountScan => ({
  itemId,
  unit,
  lotId,
});

describe('counting by scanning', () => {
  test('the first scan is one, the same again is one more', () => {
    const one = scanIntoCount(EMPTY_COUNT, of('box'), units, 0);
    expect(quantityText(one, units)).toBe('1');
    const two = scanIntoCount(one, of('box'), units, 0);
    expect(quantityText(two, units)).toBe('2');
    expect(quantityOf(two, units)).toBe(400_000);
  });

  test('boxes and singles of one item are added up in the base unit', () => {
    const boxes = scanIntoCount(EMPTY_COUNT, of('box'), units, 0);
    const mixed = scanIntoCount(boxes, of('each'), units, 0);
    expect([quantityText(mixed, units), mixed.unit]).toEqual(['21', 'each']);
  });

  test('what was counted of it before in this count goes on', () => {
    const again = scanIntoCount(EMPTY_COUNT, of('each'), units, 50_000);
    expect(quantityText(again, units)).toBe('6');
  });

  test('another item or another lot begins anew; a label without a lot is the lot before it', () => {
    const first = scanIntoCount(EMPTY_COUNT, of('each', LOT), units, 0);
    expect(scanIntoCount(first, of('each', null, OTHER), units, 0)).toMatchObject({
      itemId: OTHER,
      lot: null,
      scanned: 10_000,
    });
    expect(scanIntoCount(first, of('each', LOT2), units, 0)).toMatchObject({
      lot: LOT2,
      scanned: 10_000,
    });
    expect(scanIntoCount(first, of('each'), units, 0)).toMatchObject({ lot: LOT, scanned: 20_000 });
  });

  test('a label with a lot says nothing about a piece that came before it without one', () => {
    const open = scanIntoCount(EMPTY_COUNT, of('each'), units, 0);
    expect(isSameCount(open, of('each', LOT))).toBe(false);
    const chosen = { ...EMPTY_COUNT, itemId: ITEM };
    expect(scanIntoCount(chosen, of('each', LOT), units, 20_000)).toMatchObject({
      lot: LOT,
      scanned: 30_000,
    });
  });

  test('what somebody typed is added to as well', () => {
    const typed = { ...scanIntoCount(EMPTY_COUNT, of('box'), units, 0), typed: '7' };
    const whole = settled(typed, units) ?? EMPTY_COUNT;
    expect(quantityText(scanIntoCount(whole, of('box'), units, 0), units)).toBe('8');
    expect(settled({ ...typed, typed: '7 or so' }, units)).toBeNull();
  });

  test('a lot that is chosen afterwards brings what was counted of it', () => {
    const scanned = scanIntoCount(EMPTY_COUNT, of('each'), units, 0);
    const before = (lot: string | null): number => (lot === LOT ? 30_000 : 0);
    const chosen = chooseLot(scanned, LOT, before);
    expect(chosen).toMatchObject({ lot: LOT, scanned: 40_000 });
    expect(chooseLot(chosen, LOT2, before)).toMatchObject({ lot: LOT2, scanned: 10_000 });
  });

  test('the sum is that of all scans, in whatever order and unit', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('each', 'box', null), { minLength: 1 }), (scans) => {
        let entry = EMPTY_COUNT;
        for (const unit of scans) entry = scanIntoCount(entry, of(unit), units, 0);
        const sum = scans.reduce((total, unit) => total + (unit === 'box' ? 200_000 : 10_000), 0);
        expect(entry.scanned).toBe(sum);
        expect(quantityOf({ ...entry, typed: quantityText(entry, units) }, units)).toBe(sum);
      }),
    );
  });
});
