import { spawnSync } from 'node:child_process';
import {
  existsSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { changed, insertAll, note, temporaryFolder } from '#desktop/storage/fixtures.suite.ts';
import { examineFile } from '../damage/examine-file.ts';
import { prepareFile } from '../damage/prepare-file.ts';
import { listSetAside } from '../damage/quarantine.ts';
import {
  KEY,
  OTHER_KEY,
  PASSPHRASE,
  USER,
  definitions,
  idsIn,
  openProfile,
} from './fixtures.suite.ts';
import { restoreBackup, verifyBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

const KILLED = fileURLToPath(new URL('restore-killed.suite.ts', import.meta.url));

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
  return 'nothing thrown';
}

/** A backup of a profile with 200 rows. */
async function backedUp(): Promise<{ folder: string; out: string }> {
  const folder = path.join(temporaryFolder(), 'profile');
  const { database } = await openProfile(folder, 200);
  const out = path.join(temporaryFolder(), 'ana.gangerbackup');
  const base = { database, key: KEY, userId: USER, app: '1.2.3', passphrase: PASSPHRASE };
  await writeBackup({ ...base, out, now: () => 1_000 });
  database.close();
  return { folder, out };
}

const reading = (file: string) => ({ file, passphrase: PASSPHRASE, expectedUserId: USER });

describe('a backup', () => {
  test('holds the moment at which it began, while the store goes on', async () => {
    const folder = path.join(temporaryFolder(), 'profile');
    const { database, notes } = await openProfile(folder, 2000);
    const out = path.join(temporaryFolder(), 'ana.gangerbackup');
    const told: number[] = [];
    let late = 0;
    let writes = Promise.resolve();
    const manifest = await writeBackup({
      database,
      key: KEY,
      userId: USER,
      app: '1.2.3',
      passphrase: PASSPHRASE,
      out,
      onProgress({ done, total }) {
        told.push(done / total);
        const rows = Array.from({ length: 300 }, () => note({ id: `late${(late += 1)}` }));
        writes = writes.then(() => insertAll(notes, rows));
      },
    });
    await writes;
    expect(told.at(-1)).toBe(1);
    expect(late).toBeGreaterThan(0);
    expect(manifest.tables).toMatchObject([{ name: 'notes', rows: 2000, unsent: 2000 }]);
    expect(await verifyBackup(reading(out))).toEqual(manifest);
    database.close();
    const other = path.join(temporaryFolder(), 'profile');
    const second = await openProfile(other, 1, 0, OTHER_KEY);
    second.database.close();
    await restoreBackup({ ...reading(out), folder: other, key: OTHER_KEY, definitions });
    expect(idsIn(other, OTHER_KEY)).toHaveLength(2000);
    // Nothing of it is left in the way of the store that goes on.
    expect(idsIn(folder)).toHaveLength(2000 + late);
  });

  test('says nothing of a person in clear, and of the key nothing', async () => {
    const { out } = await backedUp();
    const bytes = readFileSync(out);
    for (const word of ['Quetzal', 'notes', USER, 'SQLite format', KEY, PASSPHRASE]) {
      expect(bytes.includes(word)).toBe(false);
    }
    expect(bytes.includes(Buffer.from(KEY, 'hex'))).toBe(false);
  });

  test('takes the same passphrase however it is typed, and no other', async () => {
    const { folder, out } = await backedUp();
    const { database } = await openProfile(folder, 0);
    const base = { database, key: KEY, userId: USER, app: '1', out };
    expect(await codeOf(writeBackup({ ...base, passphrase: 'short' }))).toBe('REQUEST_INVALID');
    await writeBackup({ ...base, passphrase: 'caf\u00e9 au lait \u212b' });
    database.close();
    const typed = { ...reading(out), passphrase: 'cafe\u0301 au lait \u00c5' };
    expect(await codeOf(verifyBackup(typed))).toBe('nothing thrown');
    expect(await codeOf(verifyBackup(reading(out)))).toBe('BACKUP_PASSPHRASE_WRONG');
    expect(await codeOf(verifyBackup({ ...typed, expectedUserId: 'somebody' }))).toBe(
      'BACKUP_OTHER_PERSON',
    );
  });

  test('with a changed bit or cut anywhere it is not taken', { timeout: 120_000 }, async () => {
    const { out } = await backedUp();
    const bytes = readFileSync(out);
    const copy = path.join(temporaryFolder(), 'copy');
    const head = 20 + bytes.readUInt32LE(12);
    const places = [0, 3, 9, 13, 17, 25, head - 2, head, head + 3, head + 4];
    for (let at = head + 30; at < bytes.length; at += Math.floor(bytes.length / 25))
      places.push(at);
    places.push(bytes.length - 1, bytes.length - 17, bytes.length - 20);
    for (const at of places) {
      const changedBytes = Buffer.from(bytes);
      changedBytes[at] = (changedBytes[at] ?? 0) ^ 0x04;
      writeFileSync(copy, changedBytes);
      expect([at, await codeOf(verifyBackup(reading(copy)))]).toEqual([
        at,
        at === 9 ? 'STORE_NEWER' : 'BACKUP_INVALID',
      ]);
    }
    for (const size of [
      0,
      7,
      19,
      head - 1,
      head,
      head + 2,
      5000,
      bytes.length - 21,
      bytes.length - 1,
    ]) {
      writeFileSync(copy, bytes);
      truncateSync(copy, size);
      expect([size, await codeOf(verifyBackup(reading(copy)))]).toEqual([size, 'BACKUP_INVALID']);
    }
    writeFileSync(copy, Buffer.concat([bytes, Buffer.from('x')]));
    expect(await codeOf(verifyBackup(reading(copy)))).toBe('BACKUP_INVALID');
  });

  test('of a damaged store is none', async () => {
    const folder = path.join(temporaryFolder(), 'profile');
    const { database } = await openProfile(folder, 400);
    database.secureCheckpoint();
    const file = path.join(folder, 'ganger.db');
    const bytes = readFileSync(file);
    bytes[9 * 4096 + 77] = (bytes[9 * 4096 + 77] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const out = path.join(temporaryFolder(), 'out');
    const base = { database, key: KEY, userId: USER, app: '1', passphrase: PASSPHRASE, out };
    expect(await codeOf(writeBackup(base))).toBe('STORE_DAMAGED');
    expect(readdirSync(path.dirname(out))).toEqual([]);
    database.close();
  });

  test('that is stopped leaves the former one, and nothing half', async () => {
    const { folder, out } = await backedUp();
    const before = readFileSync(out);
    const { database } = await openProfile(folder, 3000, 1000);
    const stop = new AbortController();
    const work = writeBackup({
      database,
      key: KEY,
      userId: USER,
      app: '1',
      passphrase: PASSPHRASE,
      out,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(await codeOf(work)).toContain('AbortError');
    expect(readdirSync(path.dirname(out))).toEqual(['ana.gangerbackup']);
    expect(readFileSync(out).equals(before)).toBe(true);
    database.close();
  });
});

describe('a restore', () => {
  test('puts the backup in place, sets the rest aside, and can be taken back', async () => {
    const { folder, out } = await backedUp();
    const { database, notes } = await openProfile(folder, 5, 1000);
    const [first] = await notes.findDocumentsById(['id0'], false);
    await notes.bulkWrite(
      [{ previous: first as never, document: changed(first as never, { n: 3 }) }],
      't',
    );
    database.close();
    expect(idsIn(folder)).toHaveLength(205);
    const { salt, manifest } = await restoreBackup({
      ...reading(out),
      folder,
      key: KEY,
      definitions,
    });
    expect(manifest.userId).toBe(USER);
    const file = path.join(folder, 'ganger.db');
    expect(examineFile({ file, key: KEY, salts: [salt] })).toMatchObject({ state: 'fine', salt });
    expect(idsIn(folder)).toHaveLength(200);
    expect(listSetAside(folder)).toMatchObject([{ reason: 'restore' }]);
    expect(readdirSync(folder).toSorted()).toEqual(['ganger.db', 'set-aside']);
  });

  test('of a newer build is refused before anything changes', async () => {
    const { folder, out } = await backedUp();
    const before = readFileSync(path.join(folder, 'ganger.db'));
    // The suite does not know the table, and rows of it wait.
    expect(await codeOf(restoreBackup({ ...reading(out), folder, key: KEY }))).toBe('STORE_NEWER');
    expect(readFileSync(path.join(folder, 'ganger.db')).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['ganger.db']);
  });

  test('that fails leaves everything as it was', async () => {
    const { folder, out } = await backedUp();
    const file = path.join(folder, 'ganger.db');
    const before = readFileSync(file);
    truncateSync(out, statSync(out).size - 3);
    expect(await codeOf(restoreBackup({ ...reading(out), folder, key: KEY, definitions }))).toBe(
      'BACKUP_INVALID',
    );
    const wrong = { ...reading(out), passphrase: 'something else entirely' };
    expect(await codeOf(restoreBackup({ ...wrong, folder, key: KEY }))).toBe(
      'BACKUP_PASSPHRASE_WRONG',
    );
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['ganger.db']);
  });

  test('killed at every step, the profile is the old or the restored one, whole', async () => {
    const { folder: source, out } = await backedUp();
    expect(existsSync(source)).toBe(true);
    const seen = new Set<number>();
    let step = 0;
    for (; ; step += 1) {
      const folder = path.join(temporaryFolder(), 'profile');
      const { database } = await openProfile(folder, 50, 5000);
      database.close();
      const args = [KILLED, out, folder, KEY, PASSPHRASE, USER, String(step)];
      const { signal, status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      const prepared = prepareFile({ folder, key: KEY, mustExist: true, log: silentLogger });
      expect([step, prepared]).toEqual([step, 'fine']);
      const rows = idsIn(folder).length;
      expect([50, 200]).toContain(rows);
      seen.add(rows);
      const left = readdirSync(folder).filter(
        (name) => !/^(ganger\.db|set-aside|profile\.lock)/.test(name),
      );
      expect([step, left]).toEqual([step, []]);
      if (signal === 'SIGKILL') continue;
      expect([status, stderr]).toEqual([7, '']);
      break;
    }
    expect(step).toBeGreaterThan(10);
    expect([...seen].toSorted((a, b) => a - b)).toEqual([50, 200]);
  }, 120_000);
});
