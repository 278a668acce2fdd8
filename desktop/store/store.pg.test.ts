import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { OthersThere, Screen } from '#shared/ipc/presence.ts';
import type { InventoryListRow } from '#shared/ipc/views.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { machineClock } from '#desktop/vault/keys/attempts.ts';
import { parseRequest } from '#desktop/vault/keys/recovery-seal.ts';
import { startDevStack } from '../../scripts/dev/dev-stack.ts';
import type { DevStack } from '../../scripts/dev/dev-stack.ts';
import { makeKeys, openPrivateKey } from '../../scripts/recovery/organization-key.ts';
import { release } from '../../scripts/recovery/release.ts';
import { PEOPLE } from '../../supabase/demo/people.ts';
import { deviceIn, openWindow, signIn } from './store.suite.ts';
import type { TestDevice, TestWindow } from './store.suite.ts';

/** Coming and going of people on one device, against the real server and sign-in service. */
let root = '';
let stack: DevStack;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'ganger-store-'));
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
let dataDir = '';
let devices = 0;
beforeEach(() => {
  devices += 1;
  dataDir = path.join(root, `device-${devices}`);
  device = deviceIn(dataDir, stack);
});

test('two first sign-ins at once open one profile, whose key is the one that is kept', async () => {
  const store = await device.start();
  const window = openWindow(store);
  const answers = await Promise.all([
    signIn(window, PEOPLE.frontDesk.email),
    signIn(window, PEOPLE.frontDesk.email),
  ]);
  expect(answers).toEqual(['ok', 'CALL_NOT_ALLOWED']);
  await store.stop();
  const key = await device.dataKeyOf(PEOPLE.frontDesk.id);
  const file = path.join(dataDir, 'profiles', PEOPLE.frontDesk.id, 'ganger.db');
  openDatabase({ file, key, mustExist: true, log: silentLogger }).close();
});

test('nobody signs in over somebody who is in; the one who is in stays in', async () => {
  const store = await device.start();
  const window = openWindow(store);
  expect(await signIn(window, PEOPLE.frontDesk.email)).toBe('ok');
  expect(await signIn(window, PEOPLE.manager.email)).toBe('CALL_NOT_ALLOWED');
  expect(await window.call('sync.now', {})).toBe('ok');
  expect(window.auth()).toMatchObject({
    state: 'signed-in',
    who: { userId: PEOPLE.frontDesk.id },
  });
  await store.stop();
});

test('after signing out another person gets their own profile, and windows new ports', async () => {
  let renewed = 0;
  const store = await device.start({ renewPorts: () => (renewed += 1) });
  const window = openWindow(store);
  await signIn(window, PEOPLE.frontDesk.email);
  expect(await window.call('auth.signOut', {})).toBe('ok');
  await expect.poll(() => renewed).toBe(1);
  expect(await signIn(window, PEOPLE.manager.email)).toBe('ok');
  expect(window.auth()).toMatchObject({ who: { userId: PEOPLE.manager.id } });
  await store.stop();

  const again = await device.start();
  const later = openWindow(again);
  await expect.poll(() => later.auth()).toMatchObject({ who: { userId: PEOPLE.manager.id } });
  await again.stop();
});

test('a wrong password leaves the device as it was', async () => {
  const store = await device.start();
  const window = openWindow(store);
  const answer = await window.call('auth.signInWithPassword', {
    email: PEOPLE.manager.email,
    password: 'wrong',
  });
  expect(answer).toBe('AUTH_WRONG_PASSWORD');
  expect(window.auth()).toMatchObject({ state: 'signed-out' });
  await store.stop();
});

const PIN = '482915';

test('a profile with a PIN opens with it alone, also after a restart, and counts wrong ones', async () => {
  const store = await device.start();
  const window = openWindow(store);
  await signIn(window, PEOPLE.manager.email);
  expect(await window.call('keys.lock', {})).toBe('PIN_NEEDED');
  expect(await window.call('keys.setPin', { current: null, pin: '111111' })).toBe('PIN_TOO_SIMPLE');
  expect(await window.call('keys.setPin', { current: null, pin: PIN })).toBe('ok');
  expect(await window.call('keys.lock', {})).toBe('ok');
  await expect.poll(() => window.auth()).toMatchObject({ state: 'locked', triesLeft: 10 });
  expect(await window.call('sync.now', {})).toBe('STORE_NOT_OPEN');
  await store.stop();

  const again = await device.start();
  const later = openWindow(again);
  const who = { userId: PEOPLE.manager.id, displayName: PEOPLE.manager.name };
  await expect.poll(() => later.auth()).toMatchObject({ state: 'locked', person: who });
  expect(await later.call('keys.unlock', { pin: '482916' })).toBe('PIN_WRONG');
  await expect.poll(() => later.auth()).toMatchObject({ state: 'locked', triesLeft: 9 });
  expect(await later.call('keys.unlock', { pin: PIN })).toBe('ok');
  await expect.poll(() => later.auth()).toMatchObject({ state: 'signed-in' });
  expect(await later.call('keys.removePin', { current: PIN })).toBe('ok');
  await again.stop();
});

test('a new data key, a backup and the way back keep the profile; the old key opens nothing', async () => {
  const store = await device.start();
  const window = openWindow(store);
  await signIn(window, PEOPLE.manager.email);
  await store.stop();
  const before = await device.dataKeyOf(PEOPLE.manager.id);
  const file = path.join(dataDir, 'profiles', PEOPLE.manager.id, 'ganger.db');

  const again = await device.start();
  const later = openWindow(again);
  await expect.poll(() => later.auth()).toMatchObject({ state: 'signed-in' });
  expect(await later.call('keys.rotate', {})).toBe('ok');
  const passphrase = 'seven wet otters sing';
  expect(await later.call('profile.backup', { passphrase })).toBe('ok');
  expect(await later.call('profile.restore', { passphrase: `${passphrase}s` })).toBe(
    'BACKUP_PASSPHRASE_WRONG',
  );
  expect(await later.call('profile.restore', { passphrase })).toBe('ok');
  await expect.poll(() => later.auth()).toMatchObject({ state: 'signed-in' });
  await again.stop();
  const after = await device.dataKeyOf(PEOPLE.manager.id);
  expect(after).not.toBe(before);
  const open = (key: string) => openDatabase({ file, key, mustExist: true, log: silentLogger });
  expect(() => open(before)).toThrow('STORE_KEY_WRONG');
  open(after).close();
});

test('a damaged file is set aside, and loaded again from the server', async () => {
  const store = await device.start();
  await signIn(openWindow(store), PEOPLE.manager.email);
  const { profile } = store.profiles.signedIn();
  await expect.poll(() => profile.replication.status.state, { timeout: 30_000 }).toBe('synced');
  await store.stop();
  const file = path.join(dataDir, 'profiles', PEOPLE.manager.id, 'ganger.db');
  const bytes = await readFile(file);
  bytes.fill(0x5a, 4_096, bytes.length);
  await writeFile(file, bytes);

  const again = await device.start();
  const window = openWindow(again);
  await expect
    .poll(() => window.auth())
    .toMatchObject({
      state: 'stuck',
      problem: 'STORE_DAMAGED',
      savedChanges: 0,
      ways: ['retry', 'reload', 'restore'],
    });
  expect(await window.call('profile.retry', {})).toBe('STORE_DAMAGED');
  expect(await window.call('profile.reload', {})).toBe('ok');
  await expect.poll(() => window.auth()).toMatchObject({ state: 'signed-in' });
  const fresh = again.profiles.signedIn().profile;
  await expect.poll(() => fresh.replication.status.state, { timeout: 30_000 }).toBe('synced');
  await again.stop();
});

test('a lost key makes no new one; reloading sets all aside and begins anew', async () => {
  const store = await device.start();
  await signIn(openWindow(store), PEOPLE.manager.email);
  await store.stop();
  await device.keys.forget(`vault-${PEOPLE.manager.id}`);

  const again = await device.start();
  const window = openWindow(again);
  await expect
    .poll(() => window.auth())
    .toMatchObject({
      state: 'stuck',
      problem: 'STORE_KEY_MISSING',
      savedChanges: null,
    });
  // Whether there was a PIN is read from the key file, which is there.
  expect(await window.call('profile.reload', {})).toBe('ok');
  await expect.poll(() => window.auth()).toMatchObject({ state: 'signed-in' });
  expect(await readdir(path.join(dataDir, 'set-aside'))).toHaveLength(1);
  expect(await window.call('profile.wipe', {})).toBe('ok');
  await expect.poll(() => window.auth()).toMatchObject({ state: 'signed-out' });
  expect(await readdir(path.join(dataDir, 'set-aside'))).toEqual([]);
  expect(await readdir(path.join(dataDir, 'profiles'))).toEqual([]);
  await again.stop();
});

test('ten wrong PINs close a profile; IT opens it with the recovery copy, once, and nothing is lost', async () => {
  const safe = path.join(dataDir, 'safe');
  const phrase = 'a passphrase for the safe';
  const { publicFile, privateFile } = await makeKeys(safe, phrase);
  const settings = { recoveryKey: await readFile(publicFile, 'utf8') };
  const store = await device.start({}, settings);
  const window = openWindow(store);
  await signIn(window, PEOPLE.manager.email);
  expect(await window.call('keys.setPin', { current: null, pin: PIN })).toBe('ok');
  await store.stop();
  // The waits between tries are the attempts' own tests; here the tenth is the next.
  await device.withOwnFile(({ kv }) =>
    kv.set(
      `keys.attempts.${PEOPLE.manager.id}`,
      JSON.stringify({
        failed: 9,
        wait: 0,
        uptime: machineClock.uptime(),
        boot: machineClock.boot(),
      }),
    ),
  );

  const again = await device.start({}, settings);
  const later = openWindow(again);
  await expect.poll(() => later.auth()).toMatchObject({ state: 'locked', triesLeft: 1 });
  expect(await later.call('keys.unlock', { pin: '482916' })).toBe('PIN_BLOCKED');
  expect(await later.call('keys.unlock', { pin: PIN })).toBe('PIN_BLOCKED');
  await expect
    .poll(() => later.auth())
    .toMatchObject({
      state: 'stuck',
      problem: 'PIN_BLOCKED',
      ways: ['recover', 'reload'],
    });
  const { text } = (await later.ask('keys.recoveryRequest', {})) as { text: string };
  const { answer } = release({
    request: parseRequest(text),
    key: await openPrivateKey(privateFile, phrase),
    reason: 'PIN forgotten, called back on the known number',
    by: 'Ina Torres',
    log: path.join(safe, 'releases.jsonl'),
    now: Date.now(),
  });
  expect(await later.call('keys.recover', { answer: `${answer}x` })).toBe('RECOVERY_INVALID');
  expect(await later.call('keys.recover', { answer })).toBe('ok');
  await expect.poll(() => later.auth()).toMatchObject({ state: 'signed-in' });
  expect(await later.ask('keys.status', {})).toMatchObject({ hasPin: false, hasRecovery: true });
  await again.stop();

  const third = await device.start({}, settings);
  expect(third.profiles.signedIn().profile.userId).toBe(PEOPLE.manager.id);
  await third.stop();
});

test('a machine whose keychain was emptied begins anew at the next sign-in, and offers the ways back', async () => {
  const store = await device.start();
  await signIn(openWindow(store), PEOPLE.manager.email);
  await store.stop();
  const before = await readFile(path.join(dataDir, 'device.db'));
  await device.keys.forget('device');
  await device.keys.forget(`vault-${PEOPLE.manager.id}`);

  const again = await device.start();
  const window = openWindow(again);
  await expect
    .poll(() => window.auth())
    .toMatchObject({
      state: 'signed-out',
      because: 'STORE_KEY_MISSING',
    });
  expect(await signIn(window, PEOPLE.manager.email)).toBe('ok');
  await expect
    .poll(() => window.auth())
    .toMatchObject({
      state: 'stuck',
      problem: 'STORE_KEY_MISSING',
    });
  expect(await window.call('profile.reload', {})).toBe('ok');
  await expect.poll(() => window.auth()).toMatchObject({ state: 'signed-in' });
  await again.stop();
  expect((await readFile(path.join(dataDir, 'device.db'))).equals(before)).toBe(true);

  const third = await device.start();
  expect(third.profiles.signedIn().profile.userId).toBe(PEOPLE.manager.id);
  await third.stop();
});

const shown = (screen: Screen, field: string | null = null) => ({
  screens: [{ ...screen, focus: field && { field, row: null, typing: true, position: 1 } }],
});
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 20_000 });
const namesIn = (others: unknown): (string | undefined)[] =>
  ((others ?? []) as OthersThere[]).flatMap(({ people }) =>
    people.map(({ name, focus }) => (focus ? `${name} in ${focus.field}` : name)),
  );

test('windows of two devices see each other on an item, until one shows it no more', async () => {
  const first = await device.start();
  const second = await deviceIn(`${dataDir}-b`, stack).start();
  const window: TestWindow = openWindow(first);
  const other: TestWindow = openWindow(second);
  await signIn(window, PEOPLE.manager.email);
  await signIn(other, PEOPLE.frontDesk.email);
  const list = window.watch('inventory.list', {});
  await soon(() => (list() as InventoryListRow[] | undefined)?.length ?? 0).toBeGreaterThan(0);
  const [item] = list() as InventoryListRow[];
  const screen: Screen = { module: 'inventory', table: 'inventory_items', id: item?.item_id ?? '' };

  const seenHere = window.watch('presence.others', {});
  const seenThere = other.watch('presence.others', {});
  // Of two windows of one device on the same screen, the one with somebody in a field counts.
  const beside = openWindow(first);
  await beside.ask('presence.show', shown(screen, 'description'));
  await window.ask('presence.show', shown(screen));
  await other.ask('presence.show', shown(screen));
  await soon(() => namesIn(seenHere())).toEqual([PEOPLE.frontDesk.name]);
  await soon(() => namesIn(seenThere())).toEqual([`${PEOPLE.manager.name} in description`]);
  beside.close();
  await soon(() => namesIn(seenThere())).toEqual([PEOPLE.manager.name]);

  // A window that is closed shows nothing any more.
  other.close();
  await soon(() => namesIn(seenHere())).toEqual([]);
  const again = openWindow(second);
  const seenAgain = again.watch('presence.others', {});
  await again.ask('presence.show', shown(screen));
  await soon(() => namesIn(seenAgain())).toEqual([PEOPLE.manager.name]);

  // Whoever signs out has gone, and sees nobody.
  expect(await again.call('auth.signOut', {})).toBe('ok');
  await soon(() => [namesIn(seenHere()), namesIn(seenAgain())]).toEqual([[], []]);
  await signIn(again, PEOPLE.frontDesk.email);
  await soon(() => namesIn(seenHere())).toEqual([PEOPLE.frontDesk.name]);

  await Promise.all([first.stop(), second.stop()]);
});

test('how a person has arranged a screen stays in their profile, and is nobody else’s', async () => {
  const store = await device.start();
  const window = openWindow(store);
  const name = 'table.items';
  expect(await window.call('screen.recall', { name })).toBe('STORE_NOT_OPEN');
  await signIn(window, PEOPLE.manager.email);
  expect(await window.ask('screen.recall', { name })).toEqual({ value: null });
  await window.ask('screen.remember', { name, value: '{"short":true}' });
  expect(await window.call('screen.remember', { name: '../x', value: '' })).toBe('REQUEST_INVALID');

  expect(await window.call('auth.signOut', {})).toBe('ok');
  expect(await window.call('screen.recall', { name })).toBe('STORE_NOT_OPEN');
  await signIn(window, PEOPLE.frontDesk.email);
  expect(await window.ask('screen.recall', { name })).toEqual({ value: null });
  expect(await window.call('auth.signOut', {})).toBe('ok');
  await signIn(window, PEOPLE.manager.email);
  expect(await window.ask('screen.recall', { name })).toEqual({ value: '{"short":true}' });
  await store.stop();
});
