import Database from 'better-sqlite3';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from './fixtures.suite.ts';
import { sqliteCodeOf, toStoreError } from './sqlite-errors.ts';

function thrownBy(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test('a second writer is told that the file is in use', () => {
  const file = join(temporaryFolder(), 'a.db');
  const first = new Database(file, { timeout: 0 });
  const second = new Database(file, { timeout: 0 });
  first.exec('begin exclusive');
  const error = toStoreError(thrownBy(() => second.exec('begin immediate')));
  expect(error.code).toBe('STORE_IN_USE');
  expect(error.info.retry).toBe(true);
  second.close();
  first.close();
});

test('a write through a read-only connection and a path that cannot be opened are told apart from damage', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'a.db');
  new Database(file).exec('create table t(a)').close();
  const reader = new Database(file, { readonly: true });
  expect(toStoreError(thrownBy(() => reader.exec('insert into t values(1)'))).code).toBe(
    'STORE_READ_ONLY',
  );
  reader.close();
  mkdirSync(join(folder, 'folder.db'));
  const error = thrownBy(() => new Database(join(folder, 'folder.db')));
  expect(sqliteCodeOf(error)).toMatch(/^SQLITE_CANTOPEN/);
  expect(toStoreError(error).code).toBe('STORE_READ_ONLY');
});

test('a store that may grow no further is full', () => {
  const database = new Database(join(temporaryFolder(), 'a.db'));
  database.exec('create table t(a)');
  database.pragma('max_page_count=3');
  const fill = (): void => {
    for (let at = 0; at < 100; at += 1) {
      database.prepare('insert into t values(?)').run('x'.repeat(3000));
    }
  };
  expect(toStoreError(thrownBy(fill)).code).toBe('STORE_DISK_FULL');
  database.close();
});

test('errors of the file system have the same words, and their text is not passed on', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'full'), '');
  const full = thrownBy(() => writeFileSync('/dev/full', 'x'));
  const error = toStoreError(full);
  expect(error.code).toBe('STORE_DISK_FULL');
  expect(JSON.stringify(error.toBody())).not.toContain('/dev/full');
  expect(toStoreError(new Error('anything')).code).toBe('INTERNAL');
});
