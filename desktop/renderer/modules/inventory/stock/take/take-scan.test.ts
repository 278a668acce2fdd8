import { describe, expect, test } from 'vitest';
import { lotId } from '#shared/schema/lots.ts';
import type { Label } from '../../receive/receive-scan.ts';
import { EMPTY_TAKE } from './take-check.ts';
import type { LotRef, TakeEntry, TakeProblems } from './take-check.ts';
import { lotOfLabel, scanIntoTake } from './take-scan.ts';
import type { TakeLines, TakenScan } from './take-scan.ts';

const ITEM = '5c000000-0000-4000-8000-000000000001';
const item = {
  lot_policy: 'required',
  expiry_policy: 'required',
  units: [
    { name: 'vial', perUnit: 10_000 },
    { name: 'box', perUnit: 250_000 },
  ],
};
const label = (fields: Partial<Label> = {}): Label => ({
  itemId: ITEM,
  unit: 'vial',
  lot: 'ab 12',
  expiry: '06/30/2027',
  serial: '',
  pieces: null,
  isContent: false,
  ...fields,
});
const known: LotRef = {
  lot_id: 'known',
  lot_no: 'AB12',
  expiry_date: '2027-06-30',
  expiry_precision: 'day',
  serial: '',
  recall_status: 'none',
};

describe('the lot of a label', () => {
  test('is the known one by number and date', () => {
    expect(lotOfLabel(label(), [known])).toEqual(known);
    expect(lotOfLabel(label({ expiry: '' }), [known])).toEqual(known);
  });

  test('never takes over another date than the one that is known: a person chooses', () => {
    expect(lotOfLabel(label({ expiry: '07/31/2027' }), [known])).toBe('unclear');
    const twin = { ...known, lot_id: 'twin', expiry_date: '2028-01-31' };
    expect(lotOfLabel(label({ expiry: '' }), [known, twin])).toBe('unclear');
  });

  test('that nobody knows is a new one, with the id that every device gives it', () => {
    expect(lotOfLabel(label(), [])).toMatchObject({
      lot_id: lotId({ itemId: ITEM, lotNo: 'AB12', expiryDate: '2027-06-30', serial: '' }),
      lot_no: 'AB12',
      expiry_date: '2027-06-30',
    });
    expect(lotOfLabel(label({ lot: '' }), [known])).toBeNull();
  });
});

describe('a scan into the form', () => {
  const fine = (entry: TakeEntry): TakeProblems | null =>
    entry.quantity === '' ? { quantity: 'receive.problem.quantityMissing' } : null;
  const scan = (
    draft: TakeLines,
    of: Label = label(),
    lot: LotRef | null | 'unclear' = known,
    check = fine,
  ): TakenScan => scanIntoTake(draft, of, lot, item, check, 'new');
  const empty: TakeLines = { lines: [], entry: EMPTY_TAKE };

  test('adds a line of one, and the same again is one more', () => {
    const first = scan(empty);
    expect(first).toMatchObject({ did: 'added', line: { quantity: '1', lot: known } });
    if (first.did !== 'added') return;
    expect(scan(first.draft)).toMatchObject({ did: 'raised', line: { quantity: '2' } });
  });

  test('keeps what was typed as a line of its own, or asks for what it lacks', () => {
    const typed = { ...EMPTY_TAKE, itemId: ITEM, quantity: '4' };
    const both = scan({ lines: [], entry: typed });
    expect(both.did === 'added' && both.draft.lines.map(({ quantity }) => quantity)).toEqual([
      '4',
      '1',
    ]);
    expect(scan({ lines: [], entry: { ...typed, quantity: '' } })).toEqual({
      did: 'busy',
      missing: 'quantity',
    });
  });

  test('never adds a lot that must not be used', () => {
    const blocked = scan(empty, label(), known, (entry) =>
      entry.lot ? { lot: 'take.problem.expired' } : null,
    );
    expect(blocked).toEqual({ did: 'blocked', why: 'take.problem.expired' });
  });

  test('asks for the lot where the label is unclear, and for how much where it names no pack', () => {
    expect(scan(empty, label(), 'unclear')).toMatchObject({ did: 'filled', missing: 'lot' });
    expect(scan(empty, label({ unit: null }))).toMatchObject({
      did: 'filled',
      missing: 'quantity',
    });
  });

  test('a piece with a serial number is taken once', () => {
    const of = label({ serial: 'S1' });
    const first = scan(empty, of, { ...known, serial: 'S1' });
    if (first.did !== 'added') throw new Error(first.did);
    expect(scan(first.draft, of, { ...known, serial: 'S1' })).toEqual({ did: 'twice' });
  });
});
