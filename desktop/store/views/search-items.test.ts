import { afterEach, beforeEach, expect, test } from 'vitest';
import { derivedId } from '#shared/kernel/ids.ts';
import { searchItems } from './search-items.ts';
import { TestStore, itemRow } from './store.suite.ts';

const id = (name: string) => derivedId('search', name);
let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
});
afterEach(() => store.close());

const item = (name: string, more: Record<string, unknown> = {}) => itemRow(id(name), name, more);

test('items are found by name and number, a merged one as the one that it went into', async () => {
  await store.put('inventory_items', [
    item('Gauze'),
    item('Gauze, twice', { merged_into_id: id('Gauze'), status: 'discontinued' }),
  ]);
  expect(searchItems.compute((sql, params) => store.database.read(sql, params), {})).toEqual([
    { id: id('Gauze'), title: 'Gauze', code: 'SKU-Gauze' },
  ]);
});
