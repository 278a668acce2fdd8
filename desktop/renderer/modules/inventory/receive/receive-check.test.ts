import { describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { parseRow } from '#shared/schema/rows.ts';
import { ZERO_HLC } from '#shared/kernel/hlc.ts';
import {
  checkEntry,
  EMPTY_ENTRY,
  expiredLines,
  isEmptyEntry,
  receiveAct,
} from './receive-check.ts';
import type { ReceivableItem } from './receive-check.ts';

const each = { name: 'each', perUnit: 10_000 };
const box = { name: 'box', perUnit: 200_000 };
const strict: ReceivableItem = {
  lot_policy: 'required',
  expiry_policy: 'required',
  units: [each, box],
};
const free: ReceivableItem = { lot_policy: 'none', expiry_policy: 'none', units: [each] };
const itemId = newId();
const good = {
  itemId,
  quantity: '3',
  unit: 'box',
  lot: ' ab 12 ',
  expiry: '03/2027',
  serial: '',
};

describe('checkEntry', () => {
  test('makes a line in base units and keeps what was typed', () => {
    expect(checkEntry(good, strict)).toEqual({
      ok: true,
      line: {
        item_id: itemId,
        qty_base: 600_000,
        lot_no: 'ab 12',
        expiry_date: '2027-03-31',
        expiry_precision: 'month',
        serial: '',
        entered_unit: 'box',
        entered_qty: '3',
        unit_cost_cents: null,
      },
    });
  });

  test('names every field that is wrong at once', () => {
    expect(checkEntry({ ...EMPTY_ENTRY, itemId }, strict)).toEqual({
      ok: false,
      problems: {
        quantity: 'receive.problem.quantityMissing',
        lot: 'receive.problem.lotMissing',
        expiry: 'receive.problem.expiryMissing',
      },
    });
    expect(checkEntry(EMPTY_ENTRY, null)).toMatchObject({
      ok: false,
      problems: { item: 'receive.problem.itemMissing' },
    });
  });

  test('says that a date does not exist and that a quantity is not positive', () => {
    expect(checkEntry({ ...good, quantity: '0', expiry: '2027-02-30' }, strict)).toEqual({
      ok: false,
      problems: {
        quantity: 'receive.problem.quantityPositive',
        expiry: 'receive.problem.expiryNoSuchDate',
      },
    });
  });

  test('ignores lot and date of an item that has none', () => {
    const entry = { ...good, unit: 'each', expiry: 'nonsense' };
    expect(checkEntry(entry, free)).toMatchObject({
      ok: true,
      line: { lot_no: null, expiry_date: null, qty_base: 30_000 },
    });
  });

  test('never takes another unit than the one that was chosen', () => {
    expect(checkEntry(good, { ...strict, units: [each] })).toEqual({
      ok: false,
      problems: { quantity: 'receive.problem.unitUnknown' },
    });
  });

  test('wants a lot for a date where lots are optional', () => {
    const item = { ...strict, lot_policy: 'optional', expiry_policy: 'optional' };
    expect(checkEntry({ ...good, lot: '' }, item)).toEqual({
      ok: false,
      problems: { lot: 'receive.problem.lotForExpiry' },
    });
    expect(checkEntry({ ...good, lot: '', expiry: '' }, item)).toMatchObject({ ok: true });
  });
});

test('a date that must be given brings the lot with it; one that has no place is not asked', () => {
  const dated = { ...strict, lot_policy: 'none' };
  expect(checkEntry({ ...good, lot: '', expiry: '' }, dated)).toEqual({
    ok: false,
    problems: { lot: 'receive.problem.lotMissing', expiry: 'receive.problem.expiryMissing' },
  });
  expect(checkEntry(good, dated)).toMatchObject({ ok: true, line: { lot_no: 'ab 12' } });
  const nowhere = { ...dated, expiry_policy: 'optional' };
  expect(checkEntry(good, nowhere)).toMatchObject({
    ok: true,
    line: { lot_no: null, expiry_date: null },
  });
});

describe('isEmptyEntry', () => {
  test('is true only while nothing was entered', () => {
    expect(isEmptyEntry(EMPTY_ENTRY)).toBe(true);
    expect(isEmptyEntry({ ...EMPTY_ENTRY, lot: 'x' })).toBe(false);
  });
});

describe('what has expired', () => {
  test('needs a reason from the day after its date on, and the act keeps it', () => {
    const checked = checkEntry({ ...good, serial: 'S 9' }, strict);
    if (!checked.ok) throw new Error('not a line');
    expect(checked.line.serial).toBe('S 9');
    expect(expiredLines([checked.line], '2027-03-31')).toEqual([]);
    expect(expiredLines([checked.line], '2027-04-01')).toEqual([checked.line]);
    const site = { id: newId(), time_zone: 'America/New_York' };
    const act = receiveAct(site, [checked.line], Date.UTC(2027, 3, 2), 'expired_to_return');
    expect(act.reason_code).toBe('expired_to_return');
  });
});

describe('receiveAct', () => {
  test('is a row that the definition of the table accepts', () => {
    const checked = checkEntry(good, strict);
    const line = checked.ok ? checked.line : null;
    expect(line).not.toBeNull();
    const site = { id: newId(), time_zone: 'America/New_York' };
    const late = Date.UTC(2027, 0, 2, 3, 0, 0);
    const act = receiveAct(site, line ? [line] : [], late);
    expect(act.local_date).toBe('2027-01-01');
    const system = { created_at: late, created_by: null, device_id: null, hlc: ZERO_HLC };
    expect(parseRow('stock_acts', { ...system, origin_seq: null, ...act })).toMatchObject({
      ok: true,
    });
  });
});
