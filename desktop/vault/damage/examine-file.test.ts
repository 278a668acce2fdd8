import {
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import {
  TEST_KEY,
  changed,
  insertAll,
  note,
  temporaryFolder,
  testStore,
} from '#desktop/storage/fixtures.suite.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { examineFile, saltOf } from './examine-file.ts';
import type { FileVerdict } from './examine-file.ts';
import { repairSalt } from './repair-salt.ts';

const PAGE = 4096;

interface Made {
  readonly file: string;
  readonly salt: string;
}

/** A store with some rows in its file and some transactions in its log, as a kill leaves it. */
async function killedStore(logged = 12): Promise<Made> {
  const { file, database, open } = testStore();
  const notes = await open('notes');
  await insertAll(
    notes,
    Array.from({ length: 300 }, (_, n) => note({ id: `id${n}`, opt: 'text '.repeat(40) })),
  );
  database.secureCheckpoint();
  for (let at = 0; at < logged; at += 1) await insertAll(notes, [note({ id: `late${at}`, n: at })]);
  const copy = path.join(temporaryFolder(), 'ganger.db');
  copyFileSync(file, copy);
  copyFileSync(`${file}-wal`, `${copy}-wal`);
  return { file: copy, salt: saltOf(copy) ?? '' };
}

const copyOf = ({ file, salt }: Made): Made => {
  const copy = path.join(temporaryFolder(), 'ganger.db');
  copyFileSync(file, copy);
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
  return { file: copy, salt };
};

function overwrite(file: string, at: number, bytes: Buffer): void {
  const all = readFileSync(file);
  bytes.copy(all, at);
  writeFileSync(file, all);
}

const look = ({ file, salt }: Made, key = TEST_KEY): FileVerdict =>
  examineFile({ file, key, salts: ['00ff'.repeat(8), salt], mustExist: true });

const said = (verdict: FileVerdict): string =>
  verdict.state === 'damaged' ? verdict.damage : verdict.state;

const rowsOf = (file: string): number => {
  const database = openDatabase({ file, key: TEST_KEY, mustExist: true, log: silentLogger });
  const [count] = database.read<{ n: number }>('select count(*) as n from notes');
  database.close();
  return count?.n ?? 0;
};

describe('a profile file is judged before it is opened', () => {
  test('fine, new, missing, wrong key, and not one of ours', async () => {
    const made = await killedStore();
    expect(look(made)).toMatchObject({ state: 'fine', salt: made.salt, wal: { state: 'whole' } });
    expect(said(look(made, 'aa'.repeat(32)))).toBe('key-wrong');
    const gone = path.join(temporaryFolder(), 'ganger.db');
    expect(said(look({ file: gone, salt: made.salt }))).toBe('missing');
    expect(said(examineFile({ file: gone, key: TEST_KEY }))).toBe('new');
    writeFileSync(gone, Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(8176, 7)]));
    expect(said(examineFile({ file: gone, key: TEST_KEY }))).toBe('not-a-database');
    expect(said(look({ file: gone, salt: made.salt }))).toBe('not-a-database');
  });

  test('a lost salt is told from a lost first page, and only the salt can be put back', async () => {
    const made = await killedStore();
    const inLog = copyOf(made);
    // The log holds the first page: all of it may be gone from the file.
    overwrite(inLog.file, 0, Buffer.alloc(PAGE));
    expect(said(look(inLog))).toBe('salt-lost');
    repairSalt({ file: inLog.file, key: TEST_KEY, salt: made.salt });
    expect(rowsOf(inLog.file)).toBe(312);

    rmSync(`${made.file}-wal`);
    const salt = copyOf(made);
    overwrite(salt.file, 0, Buffer.alloc(16));
    expect(said(look(salt))).toBe('salt-lost');
    repairSalt({ file: salt.file, key: TEST_KEY, salt: salt.salt });
    expect(said(look(salt))).toBe('fine');
    expect(rowsOf(salt.file)).toBe(300);

    const header = copyOf(made);
    overwrite(header.file, 0, Buffer.alloc(100));
    expect(said(look(header))).toBe('first-page');
    const before = readFileSync(header.file);
    expect(() => repairSalt({ file: header.file, key: TEST_KEY, salt: made.salt })).toThrow(
      'STORE_DAMAGED',
    );
    expect(readFileSync(header.file).equals(before)).toBe(true);
    expect(existsSync(`${header.file}.repair`)).toBe(false);
    // Without a written-down salt a hole is still told from a wrong key.
    expect(said(examineFile({ file: header.file, key: TEST_KEY }))).toBe('first-page');
  });

  test('a flipped bit anywhere in the first page is damage of the first page', async () => {
    const made = await killedStore(0);
    rmSync(`${made.file}-wal`, { force: true });
    for (let at = 24; at < PAGE; at += 239) {
      const copy = copyOf(made);
      overwrite(copy.file, at, Buffer.from([(readFileSync(copy.file)[at] ?? 0) ^ 1]));
      expect(said(look(copy))).toBe('first-page');
    }
    // Before it, where things stand in clear, nothing is lost.
    for (let at = 0; at < 24; at += 1) {
      const copy = copyOf(made);
      overwrite(copy.file, at, Buffer.from([(readFileSync(copy.file)[at] ?? 0) ^ 4]));
      expect(said(look(copy))).toBe('salt-lost');
      repairSalt({ file: copy.file, key: TEST_KEY, salt: made.salt });
      expect(said(look(copy))).toBe('fine');
    }
  });

  test('a file cut anywhere is never taken for whole', async () => {
    const made = await killedStore(0);
    rmSync(`${made.file}-wal`, { force: true });
    const { length } = readFileSync(made.file);
    for (let size = 0; size < length; size += 3 * PAGE + 1111) {
      const copy = copyOf(made);
      truncateSync(copy.file, size);
      expect(said(look(copy))).toBe(size === 0 ? 'missing' : 'truncated');
    }
    const whole = copyOf(made);
    truncateSync(whole.file, length - PAGE);
    expect(said(look(whole))).toBe('truncated');
  });

  test('a file whose pages are gone is neither fine nor a wrong key', async () => {
    const made = await killedStore(0);
    rmSync(`${made.file}-wal`, { force: true });
    overwrite(made.file, PAGE, Buffer.alloc(6 * PAGE, 1));
    expect(said(look(made))).toBe('pages');
  });
});

describe('the write-ahead log', () => {
  test('what a kill leaves is no damage: the log cut at any byte', async () => {
    const made = await killedStore(8);
    const { length } = readFileSync(`${made.file}-wal`);
    for (let size = 0; size < length; size += 1777) {
      const copy = copyOf(made);
      truncateSync(`${copy.file}-wal`, size);
      const verdict = look(copy);
      expect(verdict.state).toBe('fine');
      // What we say SQLite will read is what it reads.
      const commits = verdict.state === 'fine' ? verdict.wal.commits : -1;
      expect(rowsOf(copy.file)).toBe(300 + commits);
    }
  });

  test('a broken frame before complete transactions is damage that SQLite does not tell', async () => {
    const made = await killedStore(8);
    const { length } = readFileSync(`${made.file}-wal`);
    const verdicts = new Map<string, number>();
    for (let at = 5; at < length; at += 1999) {
      const copy = copyOf(made);
      const log = `${copy.file}-wal`;
      overwrite(log, at, Buffer.from([(readFileSync(log)[at] ?? 0) ^ 0x20]));
      const verdict = look(copy);
      verdicts.set(said(verdict), (verdicts.get(said(verdict)) ?? 0) + 1);
      const read = rowsOf(copy.file) - 300;
      const lost = 8 - read;
      // One that is lost may be the one that was being written; the side log knows better.
      if (lost > 1) expect(said(verdict)).toBe('wal');
      if (lost === 0) expect(verdict.state).toBe('fine');
    }
    expect(verdicts.get('wal')).toBeGreaterThan(5);
  });

  test('a first page that a cut checkpoint left torn comes whole from the log', async () => {
    const made = await killedStore(4);
    const verdict = look(made);
    expect(verdict.state === 'fine' && verdict.wal.pages.size > 0).toBe(true);
    const pages = verdict.state === 'fine' ? [...verdict.wal.pages] : [];
    const inLog = pages.find((page) => page > 1) ?? 0;
    overwrite(made.file, (inLog - 1) * PAGE + 50, Buffer.from('torn'));
    expect(said(look(made))).toBe('fine');
    expect(rowsOf(made.file)).toBe(304);
  });
});

describe('a log and a file that are not of one time', () => {
  /** The same rows written over and over: no page count tells two times apart. */
  async function twoTimes() {
    const { file, database, open } = testStore();
    const notes = await open('notes');
    let rows = Array.from({ length: 200 }, (_, n) => note({ id: `id${n}`, n }));
    await insertAll(notes, rows);
    const salt = saltOf(file) ?? '';
    const again = async (times: number): Promise<void> => {
      for (let at = 0; at < times; at += 1) {
        const written = rows.map((row, n) => (n % 40 === at ? changed(row, { n: at }) : row));
        const writes = rows.flatMap((previous, n) => {
          const document = written[n] ?? previous;
          return document === previous ? [] : [{ previous, document }];
        });
        const { error } = await notes.bulkWrite(writes, 'test');
        expect(error).toEqual([]);
        rows = written;
      }
    };
    const copy = (): Made => copyOf({ file, salt });
    return { database, again, copy };
  }

  test('an older log in place of its own, or beside a closed file, is told', async () => {
    const { database, again, copy } = await twoTimes();
    database.secureCheckpoint();
    await again(6);
    const before = copy();
    database.secureCheckpoint();
    const after = copy();
    await again(6);
    database.secureCheckpoint();
    await again(6);
    const now = copy();
    database.secureCheckpoint();
    const closed = copy();
    rmSync(`${closed.file}-wal`, { force: true });
    for (const made of [before, now, closed]) expect(said(look(made))).toBe('fine');
    for (const made of [now, closed]) {
      copyFileSync(`${before.file}-wal`, `${made.file}-wal`);
      expect(said(look(made))).toBe('wal');
    }
    // A file that has taken in this log and nothing since: whole, with it as without it.
    copyFileSync(`${before.file}-wal`, `${after.file}-wal`);
    expect(said(look(after))).toBe('fine');
  });

  test('an older file under a newer log is told', async () => {
    const { database, again, copy } = await twoTimes();
    database.secureCheckpoint();
    await again(6);
    const before = copy();
    database.secureCheckpoint();
    await again(6);
    const mixed = copy();
    copyFileSync(before.file, mixed.file);
    expect(said(look(mixed))).toBe('wal');
  });

  test('a log cut to before what the file has taken in already is told', async () => {
    const { database, again, copy } = await twoTimes();
    database.secureCheckpoint();
    await again(6);
    database.read('pragma wal_checkpoint(passive)');
    const made = copy();
    expect(said(look(made))).toBe('fine');
    const { length } = readFileSync(`${made.file}-wal`);
    truncateSync(`${made.file}-wal`, length / 2);
    expect(said(look(made))).toBe('wal');
  });

  test('whatever was taken into the file, and whenever a log began anew, what a kill leaves is fine', async () => {
    const { database, again, copy } = await twoTimes();
    for (let at = 0; at < 24; at += 1) {
      await again(at % 3);
      if (at % 4 === 0) database.kv.set('test.kept', String(at));
      if (at % 5 === 0) database.exec(`create table extra_${at}(a); drop table extra_${at}`);
      if (at % 2 === 0) {
        database.read(`pragma wal_checkpoint(${['passive', 'restart', 'truncate'][at % 3]})`);
      }
      expect(said(look(copy()))).toBe('fine');
      database.kv.set('test.kept', `${at} again`);
      expect(said(look(copy()))).toBe('fine');
    }
  });
});
