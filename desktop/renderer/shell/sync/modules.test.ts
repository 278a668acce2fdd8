import { expect, test } from 'vitest';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { loadByModule } from './modules.ts';

test('every table stands with its module, and the parts add up to the whole', () => {
  const tables = TABLE_NAMES.map((table, n) => ({ table, isLoaded: n % 2 === 0 }));
  const modules = loadByModule(tables);
  expect(modules.flatMap((module) => module.tables).length).toBe(TABLE_NAMES.length);
  const loaded = modules.reduce((sum, module) => sum + module.loaded, 0);
  expect(loaded).toBe(tables.filter(({ isLoaded }) => isLoaded).length);
});

test('the order is the one in which a first sync goes', () => {
  const modules = loadByModule([
    { table: 'patients', isLoaded: true },
    { table: 'inventory_items', isLoaded: false },
    { table: 'item_locations', isLoaded: true },
  ]);
  expect(modules.map(({ loaded, tables }) => [loaded, tables.length])).toEqual([
    [1, 1],
    [1, 2],
  ]);
});
