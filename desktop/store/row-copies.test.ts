import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { openParkedStore } from '#desktop/replication/parked-store.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { PlainRow, UpgradeEvent } from '#desktop/storage/storage-types.ts';
import { forgetTable, upgradeCopies } from './row-copies.ts';

const ITEM = '00000000-0000-7000-8000-000000000101';
const OTHER = '00000000-0000-7000-8000-000000000102';

let database: EncryptedDatabase;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'ganger-copies-'));
  database = openDatabase({
    file: join(folder, 'store.db'),
    key: '2b'.repeat(32),
    log: silentLogger,
  });
  onTestFinished(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
});

const park = (id: string, row: PlainRow): void =>
  openParkedStore(database).park(
    { table: 'inventory_items', id, code: 'SYNC_ROW_REFUSED', fields: ['name'], parkedAt: 5 },
    row,
  );

/** An upgrade of the items: every name in capitals. */
const upgradeOf = (rows: readonly (PlainRow & { id: string })[]): UpgradeEvent => ({
  table: 'inventory_items',
  upgrade: (row) => ({ ...row, name: String(row['name']).toUpperCase() }),
  find: (id) => rows.find((row) => row.id === id),
});

test('a refused change stays refused when its row is upgraded', () => {
  const row = { id: ITEM, name: 'gauze' };
  park(ITEM, row);
  upgradeCopies(database, upgradeOf([row]));
  const parked = openParkedStore(database);
  expect(parked.entryFor('inventory_items', { id: ITEM, name: 'GAUZE' })).toEqual(
    expect.objectContaining({ code: 'SYNC_ROW_REFUSED', fields: ['name'], parkedAt: 5 }),
  );
  expect(parked.entryFor('inventory_items', row)).toBeUndefined();
});

test('a row that was edited after it was refused does not become refused again', () => {
  park(ITEM, { id: ITEM, name: 'gauze' });
  upgradeCopies(database, upgradeOf([{ id: ITEM, name: 'swabs' }]));
  const parked = openParkedStore(database);
  expect(parked.entryFor('inventory_items', { id: ITEM, name: 'SWABS' })).toBeUndefined();
});

test('the server’s states of rows with local changes are upgraded, those of other tables are not', () => {
  const parked = openParkedStore(database);
  parked.rememberMaster('inventory_items', ITEM, { id: ITEM, name: 'gauze' });
  parked.rememberMaster('locations', OTHER, { id: OTHER, name: 'north' });
  upgradeCopies(database, upgradeOf([]));
  expect(parked.masterOf('inventory_items', ITEM)).toEqual({ id: ITEM, name: 'GAUZE' });
  expect(parked.masterOf('locations', OTHER)).toEqual({ id: OTHER, name: 'north' });
});

test('nothing is kept of a table that is gone, and all of the others', () => {
  park(ITEM, { id: ITEM, name: 'gauze' });
  const parked = openParkedStore(database);
  for (const table of ['inventory_items', 'locations'] as const) {
    parked.rememberMaster(table, OTHER, { id: OTHER });
    database.kv.set(`sync.first.${table}`, '1');
    database.kv.set(`sync.ended.${table}`, '[]');
  }
  database.kv.set('sync.last', '7');
  forgetTable(database, 'inventory_items');
  expect(database.read('select tbl from sync_parked')).toEqual([]);
  expect(database.read('select tbl from sync_masters')).toEqual([{ tbl: 'locations' }]);
  expect(database.read('select k from kv order by k')).toEqual([
    { k: 'sync.ended.locations' },
    { k: 'sync.first.locations' },
    { k: 'sync.last' },
  ]);
});

test('a file without any of the lists is left alone', () => {
  forgetTable(database, 'inventory_items');
  expect(database.read("select name from sqlite_master where name like 'sync%'")).toEqual([]);
});
