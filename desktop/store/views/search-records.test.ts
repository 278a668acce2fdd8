import { afterEach, beforeEach, expect, test } from 'vitest';
import { derivedId } from '#shared/kernel/ids.ts';
import { searchRecords } from './search-records.ts';
import { TestStore, rowOf } from './store.suite.ts';

const id = (name: string) => derivedId('search', name);
let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
});
afterEach(() => store.close());

const item = (name: string, more: Record<string, unknown> = {}) =>
  rowOf('inventory_items', {
    id: id(name),
    name,
    kind: 'supply',
    sku: `SKU-${name}`,
    base_unit: 'each',
    packs: [],
    lot_policy: 'none',
    expiry_policy: 'none',
    controlled_schedule: 'none',
    hazardous: false,
    status: 'active',
    field_hlc: {},
    ...more,
  });

test('items and vendors are found by name and number; a merged item as the one it went into', async () => {
  await store.put('inventory_items', [
    item('Gauze'),
    item('Gauze, twice', { merged_into_id: id('Gauze'), status: 'discontinued' }),
  ]);
  await store.put('vendors', [
    rowOf('vendors', {
      id: id('North'),
      name: 'North Supply',
      account_no: '4711',
      order_channel: 'email',
      active: true,
      field_hlc: {},
    }),
  ]);
  expect(searchRecords.compute((sql, params) => store.database.read(sql, params), {})).toEqual([
    {
      key: `item ${id('Gauze')}`,
      kind: 'item',
      id: id('Gauze'),
      title: 'Gauze',
      code: 'SKU-Gauze',
    },
    {
      key: `vendor ${id('North')}`,
      kind: 'vendor',
      id: id('North'),
      title: 'North Supply',
      code: '4711',
    },
  ]);
});
