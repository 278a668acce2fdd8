import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { temporaryFolder } from '#desktop/storage/fixtures.suite.ts';
import type { SideLogEntry } from './entries.ts';
import { FILE_HEAD_BYTES } from './record-format.ts';
import { SIDE_LOG_FILE, openSideLog } from './side-log.ts';
import type { SideLog } from './side-log.ts';

const KEY = '5c'.repeat(32);

const open = (folder: string, key = KEY, formerKey?: string): SideLog =>
  openSideLog({ folder, key, formerKey, log: silentLogger });

const entry = (id: string, seq: number, more: Partial<SideLogEntry> = {}): SideLogEntry => ({
  table: 'notes',
  id,
  seq,
  version: 1,
  row: { id, text: `Quetzal ${id} ${seq}` },
  base: null,
  at: 1,
  ...more,
});

const told = (sideLog: SideLog): string[] => sideLog.waiting().map(({ id, seq }) => `${id}:${seq}`);
const fileIn = (folder: string): string => path.join(folder, SIDE_LOG_FILE);

/** Opens what is left of a log and says what waits in it. */
function survivors(bytes: Buffer): { ids: string[]; missing: number } {
  const folder = temporaryFolder();
  writeFileSync(fileIn(folder), bytes);
  const sideLog = open(folder);
  const found = { ids: told(sideLog), missing: sideLog.missingAtOpen };
  sideLog.close();
  return found;
}

test('the latest state of each row that the server has not confirmed waits, in order', () => {
  const folder = temporaryFolder();
  const sideLog = open(folder);
  sideLog.append([entry('a', 1), entry('b', 2)]);
  sideLog.append([entry('c', 3)]);
  sideLog.append([entry('a', 4, { base: { id: 'a', text: 'before' } })]);
  sideLog.confirmed('notes', ['b', 'never seen']);
  const reopened = open(folder);
  for (const log of [sideLog, reopened]) {
    expect(told(log)).toEqual(['c:3', 'a:4']);
    expect(log.count()).toBe(2);
    expect(log.waiting()[1]).toEqual(entry('a', 4, { base: { id: 'a', text: 'before' } }));
    expect(log.lastMarks().lastSeq.get('notes')).toBe(4);
  }
});

test('nothing of a row stands in the file', () => {
  const folder = temporaryFolder();
  const sideLog = open(folder);
  sideLog.append([entry('a', 1)]);
  sideLog.compact({ storeId: 'store-1', lastSeq: new Map([['notes', 7]]), rows: [entry('b', 2)] });
  const bytes = readFileSync(fileIn(folder));
  for (const word of ['Quetzal', 'notes', 'store-1']) expect(bytes.includes(word)).toBe(false);
  sideLog.close();
});

test('cut at any byte, the log holds every row whose record was whole', () => {
  const folder = temporaryFolder();
  const sideLog = open(folder);
  const ends: number[] = [];
  for (let at = 0; at < 12; at += 1) {
    sideLog.append([entry(`r${at}`, at + 1)]);
    ends.push(sideLog.bytes);
  }
  sideLog.close();
  const bytes = readFileSync(fileIn(folder));
  for (let size = 0; size <= bytes.length; size += 7) {
    const whole = ends.filter((end) => end <= size).length;
    const { ids, missing } = survivors(bytes.subarray(0, size));
    expect(ids).toHaveLength(whole);
    expect(missing).toBe(0);
  }
});

test('after a torn end it goes on, and what comes then is not lost behind it', () => {
  const folder = temporaryFolder();
  const first = open(folder);
  first.append([entry('a', 1)]);
  first.append([entry('b', 2)]);
  first.close();
  truncateSync(fileIn(folder), readFileSync(fileIn(folder)).length - 5);
  const second = open(folder);
  expect(told(second)).toEqual(['a:1']);
  second.append([entry('c', 3)]);
  second.close();
  const third = open(folder);
  expect(told(third)).toEqual(['a:1', 'c:3']);
  expect(third.missingAtOpen).toBe(0);
  third.close();
});

test('a flipped bit costs the record that it is in and no other, and is noticed', () => {
  const folder = temporaryFolder();
  const sideLog = open(folder);
  const starts = [sideLog.bytes];
  for (let at = 0; at < 10; at += 1) {
    sideLog.append([entry(`r${at}`, at + 1)]);
    starts.push(sideLog.bytes);
  }
  sideLog.close();
  const bytes = readFileSync(fileIn(folder));
  for (let at = FILE_HEAD_BYTES; at < bytes.length; at += 13) {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 0x10;
    const hit = starts.findLastIndex((start) => start <= at);
    const { ids, missing } = survivors(copy);
    const expected = starts.slice(0, 10).map((_, n) => `r${n}:${n + 1}`);
    expected.splice(hit, 1);
    expect(ids).toEqual(expected);
    // The first one and the last one are at the edges, where a count of the others says nothing.
    if (hit > 0 && hit < 9) expect(missing).toBe(1);
  }
});

test('a flipped bit in the head of the file loses nothing', () => {
  const folder = temporaryFolder();
  const sideLog = open(folder);
  sideLog.append([entry('a', 1)]);
  sideLog.close();
  const bytes = readFileSync(fileIn(folder));
  for (let at = 0; at < FILE_HEAD_BYTES; at += 1) {
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 0x01;
    expect(survivors(copy).ids).toEqual(['a:1']);
  }
});

test('records that were moved, repeated or cut out are noticed, not believed', () => {
  const folder = temporaryFolder();
  const sideLog = open(folder);
  const cuts = [sideLog.bytes];
  for (let at = 0; at < 4; at += 1) {
    sideLog.append([entry(`r${at}`, at + 1)]);
    cuts.push(sideLog.bytes);
  }
  sideLog.close();
  const bytes = readFileSync(fileIn(folder));
  const record = (at: number): Buffer => bytes.subarray(cuts[at], cuts[at + 1]);
  const head = bytes.subarray(0, FILE_HEAD_BYTES);
  const without = survivors(Buffer.concat([head, record(0), record(2), record(3)]));
  expect(without).toEqual({ ids: ['r0:1', 'r2:3', 'r3:4'], missing: 1 });
  const swapped = survivors(Buffer.concat([head, record(0), record(2), record(1), record(3)]));
  expect(swapped).toEqual({ ids: ['r0:1', 'r2:3', 'r3:4'], missing: 1 });
  const repeated = survivors(Buffer.concat([head, record(0), record(1), record(0), record(2)]));
  expect(repeated).toEqual({ ids: ['r0:1', 'r1:2', 'r2:3'], missing: 0 });
});

test('another key is told, and nothing is written over', () => {
  const folder = temporaryFolder();
  const sideLog = open(folder);
  sideLog.append([entry('a', 1)]);
  sideLog.close();
  const before = readFileSync(fileIn(folder));
  let code = 'none';
  try {
    open(folder, 'ff'.repeat(32));
  } catch (error) {
    code = error instanceof AppError ? error.code : String(error);
  }
  expect(code).toBe('STORE_KEY_WRONG');
  expect(readFileSync(fileIn(folder)).equals(before)).toBe(true);
});

test('a key rotation that was cut short before the log was written anew is carried on', () => {
  const folder = temporaryFolder();
  const next = '6d'.repeat(32);
  const sideLog = open(folder);
  sideLog.append([entry('a', 1)]);
  sideLog.close();
  const after = open(folder, next, KEY);
  expect(told(after)).toEqual(['a:1']);
  after.rekey('7e'.repeat(32));
  after.append([entry('b', 2)]);
  after.close();
  expect(() => open(folder, next)).toThrow('STORE_KEY_WRONG');
  const last = open(folder, '7e'.repeat(32), next);
  expect(told(last)).toEqual(['a:1', 'b:2']);
  last.close();
});

test('the file shrinks when most of it is dead, and keeps all that waits', () => {
  const folder = temporaryFolder();
  const sideLog = open(folder);
  const text = 'x'.repeat(2000);
  let largest = 0;
  for (let at = 0; at < 3000; at += 1) {
    sideLog.append([entry(`r${at % 50}`, at + 1, { row: { id: `r${at % 50}`, text } })]);
    largest = Math.max(largest, sideLog.bytes);
  }
  expect(largest).toBeLessThan(1.1 * 1024 * 1024);
  expect(sideLog.count()).toBe(50);
  sideLog.close();
  const again = open(folder);
  expect(again.waiting().map(({ seq }) => seq)).toEqual(
    Array.from({ length: 50 }, (_, at) => 2951 + at),
  );
  again.close();
});

test('a compacted log says what the store says, and knows its numbers', () => {
  const folder = temporaryFolder();
  const sideLog = open(folder);
  sideLog.append([entry('a', 1), entry('b', 9)]);
  const lastSeq = new Map([['notes', 7]]);
  sideLog.compact({ storeId: 'store-1', lastSeq, rows: [entry('c', 5)] });
  sideLog.append([entry('d', 8)]);
  sideLog.close();
  const again = open(folder);
  expect(told(again)).toEqual(['c:5', 'd:8']);
  expect(again.lastMarks()).toEqual({ storeId: 'store-1', lastSeq: new Map([['notes', 8]]) });
  again.close();
});

test('a leftover of a compaction that was killed does no harm', () => {
  const folder = temporaryFolder();
  const sideLog = open(folder);
  sideLog.append([entry('a', 1)]);
  sideLog.close();
  copyFileSync(fileIn(folder), `${fileIn(folder)}.tmp`);
  truncateSync(`${fileIn(folder)}.tmp`, 60);
  const again = open(folder);
  expect(told(again)).toEqual(['a:1']);
  again.compact();
  again.close();
  expect(told(open(folder))).toEqual(['a:1']);
});
