import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { openParkedStore } from './parked-store.ts';
import type { ParkedChange } from './parked-store.ts';

function openFile() {
  const folder = mkdtempSync(join(tmpdir(), 'ganger-parked-'));
  const open = () =>
    openDatabase({ file: join(folder, 'p.db'), key: '3c'.repeat(32), log: silentLogger });
  let database = open();
  onTestFinished(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    store: openParkedStore(database),
    reopen() {
      database.close();
      database = open();
      return openParkedStore(database);
    },
  };
}

const CHANGE: ParkedChange = {
  table: 'inventory_items',
  id: 'a',
  code: 'SYNC_ROW_REFUSED',
  fields: ['name'],
  parkedAt: 5,
};

test('a refused change outlives a restart', () => {
  const { store, reopen } = openFile();
  store.park(CHANGE, { id: 'a', name: 'x' });
  const again = reopen();
  expect(again.list()).toEqual([CHANGE]);
  expect(again.count()).toBe(1);
});

test('only the content that was refused is parked; an edit of the row is not', () => {
  const { store, reopen } = openFile();
  store.park(CHANGE, { id: 'a', name: 'x', note: null, _rev: '1-a' });
  const again = reopen();
  expect(again.entryFor('inventory_items', { id: 'a', name: 'x', _rev: '2-b' })).toBeDefined();
  expect(again.entryFor('inventory_items', { id: 'a', name: 'y' })).toBeUndefined();
  expect(again.entryFor('item_locations', { id: 'a', name: 'x' })).toBeUndefined();
});

test('changes are listed oldest first and released one by one', () => {
  const { store, reopen } = openFile();
  store.park({ ...CHANGE, id: 'b', parkedAt: 9 }, { id: 'b' });
  store.park(CHANGE, { id: 'a' });
  expect(store.list().map(({ id }) => id)).toEqual(['a', 'b']);
  expect(store.release('inventory_items', 'a')).toBe(true);
  expect(store.release('inventory_items', 'a')).toBe(false);
  expect(
    reopen()
      .list()
      .map(({ id }) => id),
  ).toEqual(['b']);
});

test('the server’s state of a row is kept until it is forgotten', () => {
  const { store, reopen } = openFile();
  store.rememberMaster('inventory_items', 'a', { id: 'a', name: 'first' });
  store.rememberMaster('inventory_items', 'a', { id: 'a', name: 'second' });
  const again = reopen();
  expect(again.masterOf('inventory_items', 'a')).toEqual({ id: 'a', name: 'second' });
  again.forgetMaster('inventory_items', 'a');
  expect(again.masterOf('inventory_items', 'a')).toBeUndefined();
});
