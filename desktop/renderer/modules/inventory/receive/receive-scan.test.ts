import { describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { EMPTY_ENTRY } from './receive-check.ts';
import type { ReceivableItem } from './receive-check.ts';
import { partIntoReceipt, scanIntoReceipt } from './receive-scan.ts';
import type { Label, ReceiptDraft, ReceivedScan } from './receive-scan.ts';

const each = { name: 'each', perUnit: 10_000 };
const box = { name: 'box', perUnit: 200_000 };
const vial: ReceivableItem = {
  lot_policy: 'required',
  expiry_policy: 'required',
  units: [each, box],
};
const gloves: ReceivableItem = { lot_policy: 'none', expiry_policy: 'none', units: [each, box] };
const plain: ReceivableItem = { lot_policy: 'none', expiry_policy: 'none', units: [each] };
const optional: ReceivableItem = { ...vial, lot_policy: 'optional', expiry_policy: 'optional' };
const [VIAL, GLOVES, PLAIN, OPTIONAL] = [newId(), newId(), newId(), newId()];
const itemOf = (id: string): ReceivableItem | null =>
  ({ [VIAL]: vial, [GLOVES]: gloves, [PLAIN]: plain, [OPTIONAL]: optional })[id] ?? null;

const label = (itemId: string, more: Partial<Label> = {}): Label => ({
  itemId,
  unit: 'box',
  lot: '',
  expiry: '',
  serial: '',
  pieces: null,
  isContent: false,
  ...more,
});
const EMPTY: ReceiptDraft = { lines: [], entry: EMPTY_ENTRY };
let keys = 0;
const scan = (draft: ReceiptDraft, of: Label) =>
  scanIntoReceipt(draft, of, itemOf, `k${(keys += 1)}`);
const draftOf = (received: ReceivedScan | null): ReceiptDraft => {
  if (!received || !('draft' in received)) throw new Error(`nothing changed: ${received?.did}`);
  return received.draft;
};
const AB1 = { lot: 'AB1', expiry: '03/31/2027' };

describe('a scan at receipt', () => {
  test('adds a line of one pack, and the same again raises it; another lot is another line', () => {
    const first = scan(EMPTY, label(VIAL, AB1));
    expect(first).toMatchObject({ did: 'added', line: { quantity: '1', unit: 'box', ...AB1 } });
    const second = scan(draftOf(first), label(VIAL, { lot: 'ab 1', expiry: '2027-03-31' }));
    expect(second).toMatchObject({ did: 'raised', line: { quantity: '2' } });
    expect(draftOf(second).lines).toHaveLength(1);
    expect(draftOf(scan(draftOf(second), label(VIAL, { ...AB1, lot: 'AB2' }))).lines).toHaveLength(
      2,
    );
    expect(
      draftOf(scan(draftOf(second), label(VIAL, { ...AB1, unit: 'each' }))).lines,
    ).toHaveLength(2);
  });

  test('with a lot missing stands in the fields, at the first of them that is empty', () => {
    expect(scan(EMPTY, label(VIAL))).toMatchObject({ did: 'filled', missing: 'lot' });
    expect(scan(EMPTY, label(VIAL, { lot: 'AB1' }))).toMatchObject({ missing: 'expiry' });
  });

  test('waits while a line is being typed, and finishes one that is whole', () => {
    const typing = { lines: [], entry: { ...EMPTY_ENTRY, itemId: VIAL, quantity: '2' } };
    expect(scan(typing, label(GLOVES))).toEqual({ did: 'busy', missing: 'lot' });
    const whole = { lines: [], entry: { ...EMPTY_ENTRY, itemId: GLOVES, quantity: '2' } };
    const next = draftOf(scan(whole, label(VIAL, AB1)));
    expect(next.lines.map(({ itemId, quantity }) => [itemId, quantity])).toEqual([
      [GLOVES, '2'],
      [VIAL, '1'],
    ]);
  });

  test('fills what is missing in the fields of the same item and keeps what was typed', () => {
    const typed = { ...EMPTY_ENTRY, itemId: VIAL, quantity: '5', unit: 'each' };
    const filled = scan({ lines: [], entry: typed }, label(VIAL, AB1));
    expect(filled).toMatchObject({ did: 'added', line: { quantity: '5', unit: 'each', ...AB1 } });
    const other = scan({ lines: [], entry: { ...typed, lot: 'ZZ9' } }, label(VIAL, AB1));
    expect(other).toEqual({ did: 'busy', missing: 'expiry' });
  });

  test('by a code that says no pack asks how many of what, where there are packs', () => {
    expect(scan(EMPTY, label(GLOVES, { unit: null }))).toMatchObject({
      did: 'filled',
      missing: 'quantity',
      draft: { entry: { quantity: '' } },
    });
    expect(scan(EMPTY, label(PLAIN, { unit: null }))).toMatchObject({ did: 'added' });
  });

  test('takes a number on the label when it is the pack’s or that of a case, else asks', () => {
    expect(scan(EMPTY, label(GLOVES, { pieces: 20 }))).toMatchObject({ did: 'added' });
    expect(scan(EMPTY, label(GLOVES, { pieces: 12 }))).toMatchObject({ missing: 'quantity' });
    const content = scan(EMPTY, label(GLOVES, { pieces: 12, isContent: true }));
    expect(content).toMatchObject({ did: 'added', line: { quantity: '12', unit: 'box' } });
  });

  test('of a piece with a serial number is one line, once', () => {
    const one = scan(EMPTY, label(VIAL, { ...AB1, serial: 'S1' }));
    expect(scan(draftOf(one), label(VIAL, { ...AB1, serial: 'S1' }))).toEqual({ did: 'twice' });
    expect(draftOf(scan(draftOf(one), label(VIAL, { ...AB1, serial: 'S2' }))).lines).toHaveLength(
      2,
    );
  });
});

describe('the second of two codes', () => {
  const part = (draft: ReceiptDraft, last: string | null = null) =>
    partIntoReceipt(draft, { ...AB1, serial: '' }, last, itemOf, 'k');

  test('completes what the first one left in the fields', () => {
    const first = draftOf(scan(EMPTY, label(VIAL)));
    expect(part(first)).toMatchObject({
      did: 'added',
      line: { ...AB1, quantity: '1', unit: 'box' },
    });
  });

  test('completes the line that the first one made, where a lot was not required', () => {
    const first = scan(EMPTY, label(OPTIONAL));
    const line = first.did === 'added' ? first.line : null;
    expect(part(draftOf(first), line?.key ?? '')).toMatchObject({ did: 'added', line: AB1 });
  });

  test('belongs to nothing when nothing was scanned, or several were', () => {
    expect(part(EMPTY)).toBeNull();
    const two = scan(draftOf(scan(EMPTY, label(OPTIONAL))), label(OPTIONAL));
    const line = two.did === 'raised' ? two.line : null;
    expect(part(draftOf(two), line?.key ?? '')).toBeNull();
  });
});
