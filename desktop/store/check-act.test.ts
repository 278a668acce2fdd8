import { afterEach, beforeEach, expect, test } from 'vitest';
import { derivedId } from '#shared/kernel/ids.ts';
import { checkAct } from './check-act.ts';
import { TestStore, at, rowOf } from './views/store.suite.ts';

const id = (name: string): string => derivedId('check-act', name);
let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
});
afterEach(() => store.close());

const item = (name: string, lot_policy: string, expiry_policy: string) =>
  rowOf('inventory_items', {
    id: id(name),
    name,
    kind: 'treatment',
    sku: name,
    base_unit: 'vial',
    packs: [],
    lot_policy,
    expiry_policy,
    controlled_schedule: 'none',
    hazardous: false,
    status: 'active',
    field_hlc: {},
  });
const receipt = (name: string, lot_no: string | null, expiry_date: string | null) =>
  rowOf('stock_acts', {
    id: id('act'),
    created_by: id('me'),
    hlc: at(1).hlc,
    kind: 'receive',
    location_id: id('site'),
    occurred_at: at(1).ms,
    local_date: '2026-11-22',
    lines: [
      {
        item_id: id(name),
        qty_base: 10_000,
        lot_no,
        expiry_date,
        serial: '',
        entered_unit: 'vial',
        entered_qty: '1',
        unit_cost_cents: null,
      },
    ],
  });

test('a receipt without the lot or the date that its item asks for is not even saved here', async () => {
  await store.put('inventory_items', [
    item('strict', 'required', 'required'),
    item('lots', 'required', 'optional'),
    item('dates', 'optional', 'required'),
    item('free', 'none', 'none'),
  ]);
  const tried = (name: string, lot: string | null, date: string | null): string => {
    try {
      checkAct('stock_acts', receipt(name, lot, date), store.database);
      return 'fine';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const DATE = '2027-03-31';
  expect(
    [
      tried('strict', 'A1', DATE),
      tried('strict', 'A1', null),
      tried('strict', null, DATE),
      tried('strict', null, null),
      tried('lots', 'A1', null),
      tried('lots', null, null),
      tried('dates', 'A1', DATE),
      tried('dates', 'A1', null),
      tried('dates', null, null),
      tried('free', null, null),
      tried('not here', null, null),
    ].map((said) => said === 'fine'),
  ).toEqual([true, false, false, false, true, false, true, false, false, true, true]);
  expect(tried('strict', null, null)).toBe('ROW_INVALID');
});
