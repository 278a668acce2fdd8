import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { attemptsKey } from '#desktop/vault/keys/attempts.ts';
import { openSideLog } from '#desktop/vault/side-log/side-log.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { startDevStack } from '../../scripts/dev/dev-stack.ts';
import type { DevStack } from '../../scripts/dev/dev-stack.ts';
import { PEOPLE } from '../../supabase/demo/people.ts';
import { deviceIn, openWindow, signIn } from './store.suite.ts';
import type { TestDevice, TestWindow } from './store.suite.ts';

/** What goes wrong while people come and go: at once, out of order, or with a disk that refuses. */
let root = '';
let stack: DevStack;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'ganger-attacked-'));
  stack = await startDevStack({
    dataDir: path.join(root, 'stack'),
    port: 0,
    log: () => undefined,
  });
});
afterAll(async () => {
  await stack?.stop();
  await rm(root, { recursive: true, force: true });
});

let device: TestDevice;
let devices = 0;
beforeEach(() => {
  devices += 1;
  device = deviceIn(path.join(root, `device-${devices}`), stack);
});

const { manager, frontDesk } = PEOPLE;
const PIN = '482915';
const PASSPHRASE = 'seven wet otters sing';

/** A store in which somebody is in, with a PIN when it is given. */
async function withManagerIn(pin: string | null = null) {
  const store = await device.start();
  const window = openWindow(store);
  expect(await signIn(window, manager.email)).toBe('ok');
  if (pin !== null) expect(await window.call('keys.setPin', { current: null, pin })).toBe('ok');
  return { store, window };
}
const stateOf = (window: TestWindow) => expect.poll(() => window.auth());
/** Makes the next rewriting of the side log fail: its temporary file cannot be made. */
const blockSideLog = (): string => {
  const inTheWay = path.join(device.folderOf(manager.id), 'unsent.log.tmp');
  mkdirSync(inTheWay);
  return inTheWay;
};
/** As after ten wrong PINs. */
const blockPin = (): Promise<void> =>
  device.withOwnFile(({ kv }) =>
    kv.set(attemptsKey(manager.id), JSON.stringify({ failed: 10, wait: 0, uptime: 0, boot: '' })),
  );

test('nothing zeroes the key while a PIN is set: zeros would be wrapped in its place', async () => {
  const { store, window } = await withManagerIn();
  const order: string[] = [];
  const set = store.profiles.changeKeys(async (keys) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    await keys.setPin(null, PIN);
    order.push('set');
  });
  const locked = window.call('keys.lock', {}).then(() => order.push('locked'));
  await Promise.all([set, locked]);
  expect(order).toEqual(['set', 'locked']);
  expect(await window.call('keys.unlock', { pin: PIN })).toBe('ok');
  await store.stop();
});

test('a profile that turned out to be damaged can be locked, and asks for its PIN again', async () => {
  const { store } = await withManagerIn(PIN);
  await store.stop();
  const file = path.join(device.folderOf(manager.id), 'ganger.db');
  const bytes = await readFile(file);
  bytes.fill(0x5a, 4_096, bytes.length);
  await writeFile(file, bytes);
  const again = await device.start();
  const later = openWindow(again);
  expect(await later.call('keys.unlock', { pin: PIN })).toBe('STORE_DAMAGED');
  expect(await later.call('profile.retry', {})).toBe('STORE_DAMAGED');
  expect(await later.call('keys.lock', {})).toBe('ok');
  await stateOf(later).toMatchObject({ state: 'locked' });
  expect(await later.call('profile.retry', {})).toBe('CALL_NOT_ALLOWED');
  expect(await later.call('keys.unlock', { pin: PIN })).toBe('STORE_DAMAGED');
  await again.stop();
});

test('a backup that cannot be restored leaves a profile without its key where it was', async () => {
  const { store, window } = await withManagerIn();
  const { database } = store.profiles.signedIn().profile.file;
  const setDefinition = "update ganger_tables set definition = ? where name = 'locations'";
  const sql = "select definition as n from ganger_tables where name = 'locations'";
  const [was] = database.read<{ n: number }>(sql);
  database.run(setDefinition, [1_000]);
  expect(await window.call('profile.backup', { passphrase: PASSPHRASE })).toBe('ok');
  database.run(setDefinition, [was?.n ?? 0]);
  await store.stop();
  const secret = path.join(device.dataDir, 'keys', `vault-${manager.id}.key`);
  const kept = await readFile(secret);
  await rm(secret);

  const again = await device.start();
  const later = openWindow(again);
  expect(await later.call('profile.restore', { passphrase: PASSPHRASE })).toBe('STORE_NEWER');
  await stateOf(later).toMatchObject({ state: 'stuck', problem: 'STORE_KEY_MISSING' });
  expect(again.profiles.work$.value).toBeNull();
  expect(await readdir(path.join(device.dataDir, 'set-aside'))).toEqual([]);
  await writeFile(secret, kept);
  expect(await later.call('profile.retry', {})).toBe('ok');
  await stateOf(later).toMatchObject({ state: 'signed-in' });
  await again.stop();
});

test('a side log that cannot be rewritten keeps nobody from locking or leaving', async () => {
  const { store, window } = await withManagerIn(PIN);
  const inTheWay = blockSideLog();
  expect(await window.call('keys.lock', {})).toBe('ok');
  await stateOf(window).toMatchObject({ state: 'locked' });
  rmSync(inTheWay, { recursive: true });
  expect(await window.call('keys.unlock', { pin: PIN })).toBe('ok');
  blockSideLog();
  expect(await window.call('auth.signOut', {})).toBe('ok');
  await stateOf(window).toMatchObject({ state: 'signed-out' });
  rmSync(inTheWay, { recursive: true });
  expect(await signIn(window, frontDesk.email)).toBe('ok');
  await store.stop();
});

test('the trouble of one person’s disk is not told to the next', async () => {
  const { store, window } = await withManagerIn();
  blockSideLog();
  const { sideLog } = store.profiles.signedIn().profile.file;
  expect(() => sideLog.compact()).toThrow();
  expect(store.profiles.trouble$.value).not.toBeNull();
  expect(await window.call('auth.signOut', {})).toBe('ok');
  expect(await signIn(window, frontDesk.email)).toBe('ok');
  expect(store.profiles.trouble$.value).toBeNull();
  await store.stop();
});

test('after too many wrong PINs and a new beginning, a new PIN opens the profile', async () => {
  const { store } = await withManagerIn(PIN);
  await store.stop();
  await blockPin();

  const again = await device.start();
  const window = openWindow(again);
  expect(await window.call('keys.unlock', { pin: PIN })).toBe('PIN_BLOCKED');
  expect(await window.call('profile.reload', {})).toBe('AUTH_SESSION_ENDED');
  expect(await signIn(window, manager.email)).toBe('ok');
  expect(await window.call('keys.unlock', { pin: PIN })).toBe('PIN_BLOCKED');
  expect(await window.call('profile.reload', {})).toBe('ok');
  await stateOf(window).toMatchObject({ state: 'signed-in' });
  expect(await window.call('keys.setPin', { current: null, pin: '739105' })).toBe('ok');
  expect(await window.call('keys.lock', {})).toBe('ok');
  expect(await window.call('keys.unlock', { pin: '739105' })).toBe('ok');
  await again.stop();
});

test('a backup is no way around a PIN: who restores one has to sign in first', async () => {
  const { store, window } = await withManagerIn(PIN);
  expect(await window.call('profile.backup', { passphrase: PASSPHRASE })).toBe('ok');
  await store.stop();
  await blockPin();

  const again = await device.start();
  const later = openWindow(again);
  expect(await later.call('keys.unlock', { pin: PIN })).toBe('PIN_BLOCKED');
  expect(await later.call('profile.restore', { passphrase: PASSPHRASE })).not.toBe('ok');
  await stateOf(later).toMatchObject({ state: 'stuck', problem: 'PIN_BLOCKED' });
  expect(existsSync(path.join(device.dataDir, 'set-aside'))).toBe(false);
  await again.stop();

  await device.keys.forget(`vault-${manager.id}`);
  await device.withOwnFile(({ kv }) => kv.delete(attemptsKey(manager.id)));
  const third = await device.start();
  const last = openWindow(third);
  expect(await last.call('keys.unlock', { pin: PIN })).toBe('STORE_KEY_MISSING');
  expect(await last.call('profile.restore', { passphrase: PASSPHRASE })).toBe('AUTH_SESSION_ENDED');
  expect(await signIn(last, manager.email)).toBe('ok');
  expect(await last.call('keys.unlock', { pin: PIN })).toBe('STORE_KEY_MISSING');
  expect(await last.call('profile.restore', { passphrase: PASSPHRASE })).toBe('ok');
  await stateOf(last).toMatchObject({ state: 'signed-in' });
  await third.stop();
});

test('a locked profile is not set aside, whatever was wrong with it before', async () => {
  const { store, window } = await withManagerIn(PIN);
  expect(await window.call('auth.signOut', {})).toBe('ok');
  const secret = path.join(device.dataDir, 'keys', `vault-${manager.id}.key`);
  const kept = await readFile(secret);
  await rm(secret);
  expect(await signIn(window, manager.email)).toBe('ok');
  expect(await window.call('keys.unlock', { pin: PIN })).toBe('STORE_KEY_MISSING');
  await writeFile(secret, kept);
  expect(await window.call('profile.retry', {})).toBe('PIN_NEEDED');
  await stateOf(window).toMatchObject({ state: 'locked' });
  expect(await window.call('profile.reload', {})).toBe('CALL_NOT_ALLOWED');
  expect(await window.call('keys.unlock', { pin: PIN })).toBe('ok');
  await store.stop();
});

test('a file that is not lost is not set aside: only the ways that are offered can be gone', async () => {
  const { store } = await withManagerIn();
  await store.stop();
  const key = await device.dataKeyOf(manager.id);
  const file = path.join(device.folderOf(manager.id), 'ganger.db');
  const newer = openDatabase({ file, key, mustExist: true, log: silentLogger });
  newer.run("update ganger_tables set definition = 1000 where name = 'locations'");
  newer.close();

  const again = await device.start();
  const window = openWindow(again);
  await stateOf(window).toMatchObject({ state: 'stuck', problem: 'STORE_NEWER', ways: ['retry'] });
  for (const call of ['profile.reload', 'profile.rollBack']) {
    expect(await window.call(call, {})).toBe('CALL_NOT_ALLOWED');
  }
  expect(await readdir(device.folderOf(manager.id))).not.toContain('set-aside');
  await again.stop();
});

test('a wipe and a sign-in at once end with one of both, and the screen says which', async () => {
  const { store, window } = await withManagerIn();
  const [wiped, signedIn] = await Promise.all([
    window.call('profile.wipe', {}),
    signIn(window, frontDesk.email),
  ]);
  expect([wiped, signedIn]).toEqual(['ok', 'ok']);
  await stateOf(window).toMatchObject({ state: 'signed-in', who: { userId: frontDesk.id } });
  const { profile } = store.profiles.signedIn();
  await expect.poll(() => profile.replication.status.state, { timeout: 30_000 }).toBe('synced');
  await store.stop();
});

test('a wipe that the keychain holds up leaves nobody in, and is over before anybody comes', async () => {
  let isAvailable = true;
  const store = await device.start({
    forgetSecret: (name) =>
      isAvailable ? device.keys.forget(name) : Promise.reject(new AppError('KEYCHAIN_UNAVAILABLE')),
  });
  const window = openWindow(store);
  expect(await signIn(window, manager.email)).toBe('ok');
  isAvailable = false;
  expect(await window.call('profile.wipe', {})).toBe('KEYCHAIN_UNAVAILABLE');
  await stateOf(window).toMatchObject({ state: 'signed-out', because: 'KEYCHAIN_UNAVAILABLE' });
  // What is written into a profile that is being wiped would go with it at the next start.
  expect(await signIn(window, manager.email)).toBe('KEYCHAIN_UNAVAILABLE');
  isAvailable = true;
  expect(await signIn(window, manager.email)).toBe('ok');
  expect(existsSync(path.join(device.folderOf(manager.id), 'ganger.wipe'))).toBe(false);
  await store.stop();
  const again = await device.start();
  const later = openWindow(again);
  await stateOf(later).toMatchObject({ state: 'signed-in', who: { userId: manager.id } });
  await again.stop();
});

test('rows of a later build stay in the side log, however often this build opens it', async () => {
  const { store } = await withManagerIn();
  await store.stop();
  const key = await device.dataKeyOf(manager.id);
  const open = () => openSideLog({ folder: device.folderOf(manager.id), key, log: silentLogger });
  const log = open();
  const id = '0198c000-0000-7000-8000-00000000a001';
  const row = { id, name: 'kept' };
  log.append([{ table: 'of_later_builds', id, seq: 1, version: 7, row, base: null, at: 1 }]);
  log.close();
  for (const _time of [1, 2]) await (await device.start()).stop();
  const after = open();
  expect(after.waiting()).toMatchObject([{ table: 'of_later_builds', id, row }]);
  after.close();
});

test('what waits outlives locking, another key, and a restore of an older state', async () => {
  const first = await withManagerIn(PIN);
  expect(await first.window.call('profile.backup', { passphrase: PASSPHRASE })).toBe('ok');
  await first.store.stop();

  // From here on nothing reaches the server.
  const offline = deviceIn(device.dataDir, { ...stack, serverUrl: 'http://127.0.0.1:9' });
  const store = await offline.start();
  const window = openWindow(store);
  expect(await window.call('keys.unlock', { pin: PIN })).toBe('ok');
  const id = '0198c000-0000-7000-8000-00000000b001';
  const todos = () => store.profiles.signedIn().profile.instanceOf('todos');
  const document = {
    id,
    _deleted: false,
    _attachments: {},
    _rev: '1-a',
    _meta: { lwt: Date.now() },
  };
  const { error } = await todos().bulkWrite([{ document: document as never }], 'test');
  expect(error).toEqual([]);
  const waits = async () => {
    const { profile } = store.profiles.signedIn();
    expect(profile.replication.status.waiting).toBe(1);
    expect(await todos().findDocumentsById([id], false)).toHaveLength(1);
    expect(profile.file.sideLog.waiting()).toMatchObject([{ table: 'todos', id }]);
  };
  await waits();
  const lockAndUnlock = async () => {
    expect(await window.call('keys.lock', {})).toBe('ok');
    expect(await window.call('keys.unlock', { pin: PIN })).toBe('ok');
  };
  await lockAndUnlock();
  await waits();
  expect(await window.call('keys.rotate', {})).toBe('ok');
  await waits();
  expect(await window.call('profile.restore', { passphrase: PASSPHRASE })).toBe('ok');
  await waits();
  await lockAndUnlock();
  await waits();
  await store.stop();
});

test('damage that is found while in use closes the profile, also where closing reads the damage', async () => {
  const { store, window } = await withManagerIn();
  const { profile } = store.profiles.signedIn();
  await expect.poll(() => profile.replication.status.state, { timeout: 30_000 }).toBe('synced');
  const { database } = profile.file;
  database.secureCheckpoint();
  const bytes = await readFile(database.file);
  bytes.fill(0x5a, 4_096, bytes.length);
  await writeFile(database.file, bytes);
  database.exec('pragma shrink_memory');
  await profile
    .instanceOf('locations')
    .findDocumentsById(['none'], false)
    .catch(() => undefined);
  await stateOf(window).toMatchObject({ state: 'stuck', problem: 'STORE_DAMAGED' });
  expect(database.isOpen).toBe(false);
  expect(await window.call('profile.reload', {})).toBe('ok');
  await stateOf(window).toMatchObject({ state: 'signed-in' });
  await store.stop();
});

test('a rotation that fails says why, and the profile can be opened as before', async () => {
  const { store, window } = await withManagerIn(PIN);
  const inTheWay = path.join(device.folderOf(manager.id), 'ganger.db.next');
  mkdirSync(inTheWay);
  expect(await window.call('keys.rotate', {})).toBe('STORE_IO');
  expect(store.profiles.work$.value).toBeNull();
  rmSync(inTheWay, { recursive: true });
  await stateOf(window).toMatchObject({ state: 'locked' });
  expect(await window.call('keys.unlock', { pin: PIN })).toBe('ok');
  expect(await window.call('keys.rotate', {})).toBe('ok');
  await store.stop();
});

test('a profile that closes during a backup ends it, and nothing else has to wait for it', async () => {
  const { store, window } = await withManagerIn();
  const { profile } = store.profiles.signedIn();
  await expect.poll(() => profile.replication.status.state, { timeout: 30_000 }).toBe('synced');
  const backup = window.call('profile.backup', { passphrase: PASSPHRASE });
  const rotated = window.call('keys.rotate', {});
  expect(await rotated).toBe('ok');
  expect(await backup).toBe('STORE_NOT_OPEN');
  expect(store.profiles.work$.value).toBeNull();
  expect((await readdir(device.dataDir)).filter((name) => name.includes('backup'))).toEqual([]);

  const both = await Promise.all([
    window.call('profile.backup', { passphrase: PASSPHRASE }),
    window.call('profile.backup', { passphrase: PASSPHRASE }),
  ]);
  expect(both).toEqual(['ok', 'ok']);
  expect(await window.call('profile.restore', { passphrase: PASSPHRASE })).toBe('ok');
  await store.stop();
});

test('a backup whose file is chosen after the profile was locked is not written', async () => {
  let choose: (path: string) => void = () => undefined;
  const store = await device.start({
    askPath: () => new Promise((resolve) => (choose = resolve)),
  });
  const window = openWindow(store);
  await signIn(window, manager.email);
  await window.call('keys.setPin', { current: null, pin: PIN });
  const backup = window.call('profile.backup', { passphrase: PASSPHRASE });
  expect(await window.call('keys.lock', {})).toBe('ok');
  const out = path.join(device.dataDir, 'late.ganger-backup');
  choose(out);
  expect(await backup).toBe('STORE_NOT_OPEN');
  expect(existsSync(out)).toBe(false);
  await store.stop();
});
