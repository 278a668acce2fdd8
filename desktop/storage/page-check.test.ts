import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { TEST_KEY, insertAll, note, temporaryFolder, testStore } from './fixtures.suite.ts';
import { openDatabase } from './open-database.ts';
import { PAGE_SIZE, decryptPage, encryptPage, pageFits, pageKeys } from './page-check.ts';

test('pages taken out of one file and encrypted for another are a file that SQLite opens', async () => {
  const { file, database, open } = testStore();
  const notes = await open('notes');
  await insertAll(
    notes,
    Array.from({ length: 300 }, (_, n) => note({ id: `id${n}`, opt: 'Quetzal '.repeat(50) })),
  );
  database.secureCheckpoint();
  const rows = database.read('select id, doc from notes order by id');
  database.close();
  const bytes = readFileSync(file);
  const from = pageKeys(TEST_KEY, bytes.subarray(0, 16));
  const otherKey = '4d'.repeat(32);
  const to = pageKeys(otherKey, Buffer.alloc(16, 9));
  const pages: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += PAGE_SIZE) {
    const number = at / PAGE_SIZE + 1;
    const page = bytes.subarray(at, at + PAGE_SIZE);
    expect(pageFits(page, number, from)).toBe(true);
    const text = decryptPage(page, number, from);
    const again = encryptPage(text, number, to);
    expect(pageFits(again, number, to)).toBe(true);
    expect(decryptPage(again, number, to).equals(text)).toBe(true);
    pages.push(again);
  }
  const copy = join(temporaryFolder(), 'copy.db');
  writeFileSync(copy, Buffer.concat(pages));
  const other = openDatabase({ file: copy, key: otherKey, mustExist: true, log: silentLogger });
  expect(other.read('select id, doc from notes order by id')).toEqual(rows);
  expect(other.read('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  other.close();
});

test('a page at another place, or with another bit, does not fit', async () => {
  const { file, database } = testStore();
  database.exec('create table t(a)');
  database.secureCheckpoint();
  const bytes = readFileSync(file);
  const keys = pageKeys(TEST_KEY, bytes.subarray(0, 16));
  const first = bytes.subarray(0, PAGE_SIZE);
  const second = bytes.subarray(PAGE_SIZE, 2 * PAGE_SIZE);
  expect([pageFits(first, 1, keys), pageFits(second, 2, keys)]).toEqual([true, true]);
  expect(pageFits(second, 3, keys)).toBe(false);
  for (let at = 24; at < PAGE_SIZE; at += 97) {
    const changed = Buffer.from(first);
    changed[at] = (changed[at] ?? 0) ^ 0x80;
    expect(pageFits(changed, 1, keys)).toBe(false);
  }
});
