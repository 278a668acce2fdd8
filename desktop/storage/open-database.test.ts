import { closeSync, copyFileSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { createLogger, silentLogger } from '#shared/logging/logger.ts';
import { TEST_KEY, insertAll, note, temporaryFolder, testStore } from './fixtures.suite.ts';
import { openDatabase } from './open-database.ts';
import type { EncryptedDatabase } from './open-database.ts';
import { keyFitsAnyPage } from './page-check.ts';

const open = (file: string, key = TEST_KEY, readonly = false): EncryptedDatabase =>
  openDatabase({ file, key, readonly, log: silentLogger });

/** The code of the AppError that a function throws. */
function codeOf(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
  return 'nothing thrown';
}

/** A closed file with some hundred pages, written without a leftover log. */
async function closedFile(): Promise<string> {
  const { file, database, open: openCollection } = testStore();
  const instance = await openCollection('notes');
  const documents = Array.from({ length: 500 }, (_, n) =>
    note({ id: `id${n}`, n: n % 7, opt: `Quetzalcoatlus ${n} `.repeat(10) }),
  );
  await insertAll(instance, documents);
  database.secureCheckpoint();
  database.close();
  return file;
}

function flipByte(file: string, at: number): void {
  const handle = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, at);
  writeSync(handle, Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, at);
  closeSync(handle);
}

/** Reads every row of the table, its indexes and its documents. */
function readAll(file: string): void {
  const database = open(file);
  try {
    database.read('select id, doc from notes');
    database.read('select cat, n, id from notes where deleted = 0 order by cat, n, id');
    database.read("select count(*) from notes where origin = 'local'");
    database.read('pragma integrity_check');
  } finally {
    database.close();
  }
}

describe('encryption', () => {
  test('no text of a record stands in the file, its log or its shared memory', async () => {
    const { file, open: openCollection } = testStore();
    const instance = await openCollection('quetzal_notes');
    const rows = Array.from({ length: 200 }, (_, n) =>
      note({ id: `id${n}`, opt: 'Quetzalcoatlus' }),
    );
    await insertAll(instance, rows);
    for (const suffix of ['', '-wal', '-shm']) {
      expect(existsSync(file + suffix)).toBe(true);
      const bytes = readFileSync(file + suffix);
      for (const word of ['Quetzalcoatlus', 'quetzal_notes', 'SQLite format', 'create table']) {
        expect(bytes.includes(word)).toBe(false);
        expect(bytes.includes(Buffer.from(word, 'utf16le'))).toBe(false);
      }
    }
    // The log is in use, or the test above would have looked at nothing.
    expect(readFileSync(`${file}-wal`).length).toBeGreaterThan(4096);
  });

  test('pages are those of SQLCipher 4, checked without SQLite', async () => {
    const file = await closedFile();
    expect(keyFitsAnyPage(file, TEST_KEY)).toBe(true);
    expect(keyFitsAnyPage(file, '00'.repeat(32))).toBe(false);
  });

  test('a wrong key is told apart and leaves the file as it was', async () => {
    const file = await closedFile();
    const before = readFileSync(file);
    expect(codeOf(() => open(file, '00'.repeat(32)))).toBe('STORE_KEY_WRONG');
    expect(codeOf(() => open(file, 'not a key'))).toBe('STORE_KEY_WRONG');
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(() => readAll(file)).not.toThrow();
  });

  test('the key stands in no error and no log line', async () => {
    const file = await closedFile();
    const key = 'ab'.repeat(32);
    const lines: string[] = [];
    const log = createLogger({ level: 'debug', write: (line) => lines.push(line) });
    let thrown: unknown;
    try {
      openDatabase({ file, key, log });
    } catch (error) {
      thrown = error;
    }
    openDatabase({ file, key: TEST_KEY, log }).close();
    const told = [String(thrown), JSON.stringify(thrown), ...lines].join();
    expect(told).not.toContain(key);
    expect(told).not.toContain(TEST_KEY);
    expect(lines.length).toBeGreaterThan(0);
  });
});

describe('damage', () => {
  test('a damaged first page under the right key is damage, not a wrong key', async () => {
    const file = await closedFile();
    flipByte(file, 100);
    expect(codeOf(() => open(file))).toBe('STORE_DAMAGED');
  });

  test('a flipped byte in any page is found when the page is read', async () => {
    const file = await closedFile();
    const pages = readFileSync(file).length / 4096;
    for (let page = 1; page < pages; page += 9) {
      const copy = join(temporaryFolder(), 'copy.db');
      copyFileSync(file, copy);
      flipByte(copy, page * 4096 + 2000);
      expect(codeOf(() => readAll(copy))).toBe('STORE_DAMAGED');
    }
  });

  test('a truncated file is damage', async () => {
    const file = await closedFile();
    for (const size of [40 * 4096, 40 * 4096 + 100, 5000, 4096, 1000, 1]) {
      const copy = join(temporaryFolder(), 'copy.db');
      copyFileSync(file, copy);
      truncateSync(copy, size);
      expect(codeOf(() => readAll(copy))).toBe('STORE_DAMAGED');
    }
  });

  test('a last page that is cut short is never served as it lies there', async () => {
    const file = await closedFile();
    const { length } = readFileSync(file);
    truncateSync(file, length - 1);
    expect(codeOf(() => open(file))).toBe('STORE_DAMAGED');
    expect(codeOf(() => open(file, TEST_KEY, true))).toBe('STORE_DAMAGED');
    // A log that does not bring the page is no help.
    writeFileSync(`${file}-wal`, Buffer.alloc(3 * 4120, 1));
    expect(codeOf(() => open(file))).toBe('STORE_DAMAGED');
  });

  test('a last page that a cut checkpoint left short comes whole from the log', async () => {
    const { file, database, open: openCollection } = testStore();
    const notes = await openCollection('notes');
    await insertAll(notes, [note({ id: 'a' })]);
    database.secureCheckpoint();
    const before = readFileSync(file).length;
    const rows = Array.from({ length: 200 }, (_, n) => note({ id: `id${n}`, opt: 'x'.repeat(99) }));
    await insertAll(notes, rows);
    const copy = join(temporaryFolder(), 'ganger.db');
    copyFileSync(`${file}-wal`, `${copy}-wal`);
    database.secureCheckpoint();
    const whole = readFileSync(file);
    expect(whole.length).toBeGreaterThan(before + 4096);
    for (const size of [before + 1, before + 4000, whole.length - 1]) {
      writeFileSync(copy, whole.subarray(0, size));
      const wal = readFileSync(`${copy}-wal`);
      const database = open(copy);
      expect(database.read('select count(*) as n from notes')).toEqual([{ n: 201 }]);
      expect(database.read('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      database.close();
      writeFileSync(`${copy}-wal`, wal);
    }
  });

  test('an emptied or missing file of a used profile is damage, not a new store', async () => {
    const file = await closedFile();
    truncateSync(file, 0);
    const reopen = (path: string) => () =>
      openDatabase({ file: path, key: TEST_KEY, mustExist: true, log: silentLogger });
    expect(codeOf(reopen(file))).toBe('STORE_DAMAGED');
    expect(codeOf(reopen(join(temporaryFolder(), 'missing.db')))).toBe('STORE_DAMAGED');
    expect(readFileSync(file).length).toBe(0);
  });

  test('a file that is something else is not opened and not changed', () => {
    const file = join(temporaryFolder(), 'store.db');
    writeFileSync(file, 'x'.repeat(10_000));
    expect(codeOf(() => open(file))).toBe('STORE_KEY_WRONG');
    expect(readFileSync(file, 'utf8')).toBe('x'.repeat(10_000));
  });
});

describe('settings', () => {
  test('what has been committed is on the disk and deleted content is overwritten', () => {
    const { database } = testStore();
    const setting = (name: string): unknown =>
      Object.values(database.read<Record<string, unknown>>(`pragma ${name}`)[0] ?? {})[0];
    expect(setting('journal_mode')).toBe('wal');
    expect(setting('synchronous')).toBe(2);
    expect(setting('secure_delete')).toBe(1);
    expect(setting('temp_store')).toBe(2);
    expect(setting('cache_size')).toBe(-65_536);
    expect(setting('foreign_keys')).toBe(0);
  });

  test('a read-only connection sees commits and refuses to write', async () => {
    const { file, open: openCollection } = testStore();
    const instance = await openCollection('notes');
    const reader = open(file, TEST_KEY, true);
    await insertAll(instance, [note({ id: 'one' })]);
    expect(reader.read('select id from live_notes')).toEqual([{ id: 'one' }]);
    expect(() => reader.run("delete from notes where id = 'one'")).toThrow(AppError);
    reader.close();
  });
});

describe('transaction', () => {
  test('writes nothing when nothing was changed', () => {
    const { file, database } = testStore();
    database.kv.set('a', '1');
    const before = readFileSync(`${file}-wal`);
    const count = database.read('pragma user_version');
    expect(database.transaction(() => database.kv.get('a'))).toBe('1');
    expect(readFileSync(`${file}-wal`).equals(before)).toBe(true);
    expect(database.read('pragma user_version')).toEqual(count);
    database.kv.set('a', '2');
    expect(database.read('pragma user_version')).not.toEqual(count);
  });

  test('keeps nothing of a function that throws', () => {
    const { database } = testStore();
    const fail = () =>
      database.transaction(() => {
        database.kv.set('a', '1');
        throw new Error('no');
      });
    expect(fail).toThrow('no');
    expect(database.kv.get('a')).toBeUndefined();
    expect(database.inTransaction).toBe(false);
  });

  test('an inner one that throws takes back only its own part', () => {
    const { database } = testStore();
    database.transaction(() => {
      database.kv.set('outer', '1');
      const inner = () =>
        database.transaction(() => {
          database.kv.set('inner', '1');
          throw new Error('no');
        });
      expect(inner).toThrow('no');
    });
    expect(database.kv.get('outer')).toBe('1');
    expect(database.kv.get('inner')).toBeUndefined();
  });

  test('refuses an async function, whose writes would come after the commit', () => {
    const { database } = testStore();
    expect(() => database.transaction(async () => 1)).toThrow(TypeError);
    expect(database.inTransaction).toBe(false);
  });

  test('a full disk is told as such, loses nothing and works again with space', async () => {
    const { database, open: openCollection } = testStore();
    const instance = await openCollection('notes');
    await insertAll(instance, [note({ id: 'before' })]);
    const [pages] = database.read<{ page_count: number }>('pragma page_count');
    database.read(`pragma max_page_count=${(pages?.page_count ?? 0) + 2}`);
    const large = Array.from({ length: 50 }, (_, n) =>
      note({ id: `big${n}`, opt: 'x'.repeat(4_000) }),
    );
    await expect(insertAll(instance, large)).rejects.toMatchObject({ code: 'STORE_DISK_FULL' });
    expect(database.inTransaction).toBe(false);
    expect(await instance.findDocumentsById(['before', 'big0'], true)).toHaveLength(1);
    database.read('pragma max_page_count=1000000');
    await insertAll(instance, large);
    expect(database.read('select count(*) as n, max(seq) as seq from notes')).toEqual([
      { n: 51, seq: 51 },
    ]);
  });
});

describe('kv', () => {
  test('keeps values over a restart', () => {
    const { file, database } = testStore();
    database.kv.set('a', '1');
    database.kv.set('a', '2');
    database.kv.set('b', '3');
    database.kv.delete('b');
    database.close();
    const again = open(file);
    expect(again.kv.get('a')).toBe('2');
    expect(again.kv.get('b')).toBeUndefined();
    again.close();
  });
});

describe('close', () => {
  test('a second close does nothing; later calls are refused', () => {
    const { database } = testStore();
    database.close();
    database.close();
    expect(codeOf(() => database.read('select 1'))).toBe('STORE_NOT_OPEN');
    expect(codeOf(() => database.transaction(() => 1))).toBe('STORE_NOT_OPEN');
    expect(codeOf(() => database.kv.get('a'))).toBe('STORE_NOT_OPEN');
  });

  test('secureCheckpoint leaves an empty log', async () => {
    const { file, database, open: openCollection } = testStore();
    await insertAll(await openCollection('notes'), [note({ id: 'one' })]);
    expect(readFileSync(`${file}-wal`).length).toBeGreaterThan(0);
    expect(database.secureCheckpoint()).toBe(true);
    expect(readFileSync(`${file}-wal`).length).toBe(0);
  });

  test('secureCheckpoint says when a reader keeps the log from being emptied', async () => {
    const { file, database, open: openCollection } = testStore();
    const instance = await openCollection('notes');
    await insertAll(instance, [note({ id: 'one' })]);
    const reader = open(file, TEST_KEY, true);
    const rows = reader.prepare('select id from notes').iterate();
    rows.next();
    await insertAll(instance, [note({ id: 'two' })]);
    expect(database.secureCheckpoint()).toBe(false);
    rows.return?.();
    expect(database.secureCheckpoint()).toBe(true);
    reader.close();
  });
});
