import { linkSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { copyUnderNewKey } from './copy-under-new-key.ts';
import { shredFile } from './files.ts';
import { newWorld, temporaryFolder } from './fixtures.suite.ts';
import { filesOf, switchFiles, whichFile } from './rotation.ts';
import { finishWipes, isBeingWiped, wipeProfile } from './wipe.ts';
import { PROFILE, contentWith, fill, filesIn, keysOf, refusal } from './worlds.suite.ts';

const OLD = 'ab'.repeat(32);
const NEW = 'cd'.repeat(32);
const KEYS = { present: OLD, next: NEW };

/** A profile's files with a finished copy under the new key beside the old file. */
function withCopy() {
  const world = newWorld();
  const content = fill(world, OLD);
  const files = filesOf(world.folder);
  const { database: file, next } = files;
  copyUnderNewKey({ file, next, key: OLD, nextKey: NEW, nativeBinding: null });
  return { world, files, content };
}

test('the old file stays whole and keeps its key until the files are switched', () => {
  const { world, files, content } = withCopy();
  expect(whichFile(files, KEYS)).toBe('present');
  expect(contentWith(world, OLD)).toBe(content);
});

test('a switch cut short where there are no hard links is completed', () => {
  const { world, files, content } = withCopy();
  renameSync(files.database, files.old);
  expect(whichFile(files, KEYS)).toBe('next');
  expect(contentWith(world, NEW)).toBe(content);
});

test('without a good copy the old file comes back under its name', () => {
  const { world, files, content } = withCopy();
  renameSync(files.database, files.old);
  writeFileSync(
    files.next,
    readFileSync(files.next)
      .subarray(0, 3 * 4096)
      .fill(0),
  );
  expect(whichFile(files, KEYS)).toBe('present');
  expect(contentWith(world, OLD)).toBe(content);
});

test('a database under neither key is left alone, with all that lies beside it', async () => {
  const { world, files } = withCopy();
  writeFileSync(files.database, readFileSync(files.database).fill(0));
  const before = filesIn(world);
  expect(whichFile(files, KEYS)).toBe('unclear');
  expect(filesIn(world)).toEqual(before);
});

test('a log of the old file never meets the new one', () => {
  const { files } = withCopy();
  writeFileSync(`${files.database}-wal`, 'frames of the old file');
  expect(() => switchFiles(files, () => undefined)).toThrow('STORE_IN_USE');
  // And one that lies beside the new file before anybody has opened it is not its own.
  const other = withCopy();
  switchFiles(other.files, () => undefined);
  writeFileSync(`${other.files.database}-wal`, 'frames of the old file');
  expect(whichFile(other.files, KEYS)).toBe('next');
  expect(filesIn(other.world)).not.toContain('ganger.db-wal');
  expect(contentWith(other.world, NEW)).not.toBe('');
});

test('shredding one of two names of a file leaves its content to the other', () => {
  const folder = temporaryFolder();
  const [one, two] = [path.join(folder, 'one'), path.join(folder, 'two')];
  writeFileSync(one, 'content');
  linkSync(one, two);
  shredFile(two);
  shredFile(two);
  expect(readFileSync(one, 'utf8')).toBe('content');
});

test('a wipe takes the folder, what lies elsewhere, and nothing that a link leads to', async () => {
  const world = newWorld();
  const keys = keysOf(world);
  const key = await keys.create();
  fill(world, key);
  const elsewhere = path.join(temporaryFolder(), 'quarantine');
  mkdirSync(elsewhere);
  writeFileSync(path.join(elsewhere, 'ganger.db'), 'sealed');
  const others = path.join(temporaryFolder(), 'others.txt');
  writeFileSync(others, 'not of this profile');
  symlinkSync(others, path.join(world.folder, 'link'));
  const { folder, secrets, kv } = world;
  const wipe = { folder, profileId: PROFILE, secrets, kv, log: silentLogger, also: [elsewhere] };
  await wipeProfile(wipe);
  await wipeProfile(wipe);
  expect(filesIn(world)).toEqual([]);
  expect(readFileSync(others, 'utf8')).toBe('not of this profile');
  expect(() => readFileSync(path.join(elsewhere, 'ganger.db'))).toThrow('ENOENT');
  expect((await refusal(secrets.get(`vault-${PROFILE}`, false))).code).toBe('STORE_KEY_MISSING');
  // The place is free again.
  mkdirSync(world.folder, { recursive: true });
  expect(keysOf(world).presence()).toBe('absent');
});

test('a wipe whose marker is torn is ended all the same, and other profiles stay', async () => {
  const world = newWorld();
  const key = await keysOf(world).create();
  const profiles = path.dirname(world.folder);
  const { secrets, kv } = world;
  const rest = { profiles, secrets, kv, log: silentLogger };
  expect(await finishWipes(rest)).toEqual([]);
  expect(await keysOf(world).unlock(null)).toBe(key);
  writeFileSync(path.join(world.folder, 'ganger.wipe'), '{"profil');
  expect(isBeingWiped(world.folder)).toBe(true);
  expect(await finishWipes(rest)).toEqual([PROFILE]);
  expect(filesIn(world)).toEqual([]);
});
