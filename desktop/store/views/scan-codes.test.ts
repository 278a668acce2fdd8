import { afterEach, beforeEach, expect, test } from 'vitest';
import { derivedId } from '#shared/kernel/ids.ts';
import { scanCodes } from './scan-codes.ts';
import { TestStore, at, itemRow, rowOf } from './store.suite.ts';

const id = (name: string) => derivedId('codes', name);
let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
});
afterEach(() => store.close());

const item = (name: string, more: Record<string, unknown> = {}) => itemRow(id(name), name, more);
const scan = (name: string, more: Record<string, unknown>) =>
  rowOf('unmatched_scans', {
    id: id(name),
    location_id: id('site'),
    raw: 'Q09ERQ==',
    symbology: null,
    scanned_at: at(1).ms,
    dismissed: false,
    field_hlc: {},
    ...more,
  });

test('all codes of an item: of its packs, its own, its vendors’, and what people linked', async () => {
  await store.put('inventory_items', [
    item('gauze', {
      packs: [
        { unit: 'each', qty_per_base: 10_000, gtin: '09506000134352' },
        { unit: 'box', qty_per_base: 200_000, gtin: '19506000134359' },
        { unit: 'case', qty_per_base: 4_000_000, gtin: null },
      ],
    }),
    item('gauze old', { status: 'merged', merged_into_id: id('gauze') }),
  ]);
  await store.put('item_merges', [
    rowOf('item_merges', {
      id: id('merge'),
      hlc: at(1).hlc,
      survivor_id: id('gauze'),
      merged_id: id('gauze old'),
      status_before: 'active',
      lines: [],
    }),
  ]);
  await store.put('vendor_items', [
    rowOf('vendor_items', {
      id: derivedId('vendor_items', id('vendor'), id('gauze')),
      vendor_id: id('vendor'),
      item_id: id('gauze'),
      vendor_sku: '112-4433',
      min_qty: null,
      lead_days: null,
      is_primary: true,
      field_hlc: {},
    }),
  ]);
  await store.put('unmatched_scans', [
    scan('linked', { resolved_item_id: id('gauze') }),
    scan('open', {}),
    scan('dismissed', { dismissed: true }),
  ]);
  const found = scanCodes.compute((sql, args) => store.database.read(sql, args), {});
  const said = found.map(({ item_id, kind, code, unit }) => [
    item_id === id('gauze'),
    kind,
    code,
    unit,
  ]);
  expect(said).toHaveLength(6);
  expect(said).toEqual(
    expect.arrayContaining([
      [true, 'gtin', '09506000134352', 'each'],
      [true, 'gtin', '19506000134359', 'box'],
      [true, 'sku', 'SKU-gauze', null],
      [true, 'sku', 'SKU-gauze old', null],
      [true, 'vendor', '112-4433', null],
      [true, 'linked', 'Q09ERQ==', null],
    ]),
  );
});
