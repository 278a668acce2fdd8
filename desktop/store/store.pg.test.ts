import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createKeyChain, unprotectedWrap } from '#desktop/main/keys/key-chain.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { FromStore } from '#shared/ipc/port.ts';
import type { AuthState } from '#shared/ipc/store-contract.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { DEMO_PASSWORD } from '../../scripts/dev/demo-people.ts';
import { demoProfileKey } from '../../scripts/dev/demo-profile-key.ts';
import { DEMO_AUTH_KEY, startDevStack } from '../../scripts/dev/dev-stack.ts';
import type { DevStack } from '../../scripts/dev/dev-stack.ts';
import { PEOPLE } from '../../supabase/demo/people.ts';
import type { Host, WindowPort } from './host.ts';
import { Store } from './store.ts';

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

let dataDir = '';
let devices = 0;
beforeEach(() => {
  devices += 1;
  dataDir = path.join(root, `device-${devices}`);
});

const keysOf = (dir: string) => createKeyChain(path.join(dir, 'keys'), () => unprotectedWrap);

async function startStore(): Promise<{ store: Store; renewed: () => number }> {
  const keys = keysOf(dataDir);
  let renewed = 0;
  const host: Host = {
    secret: (name, create) => keys.key(name, create),
    forgetSecret: (name) => keys.forget(name),
    keychain: () => keys.backend(),
    askPath: () => Promise.resolve(path.join(dataDir, 'backup.ganger-backup')),
    openExternal: () => undefined,
    renewPorts: () => (renewed += 1),
    ready: () => undefined,
    stopped: () => undefined,
  };
  const store = new Store(
    host,
    {
      dataDir,
      serverUrl: stack.serverUrl,
      authUrl: stack.authUrl,
      authKey: DEMO_AUTH_KEY,
      deviceName: 'Test',
      deviceKind: 'desktop',
      nativeBinding: null,
      logLevel: 'silent',
      recoveryKey: null,
      appVersion: '0.0.0',
      queryLog: false,
    },
    silentLogger,
  );
  await store.start();
  return { store, renewed: () => renewed };
}

/** The data key of a profile whose store is not running. */
const keyOfProfile = (profileId: string): Promise<string> =>
  demoProfileKey(path.join(dataDir, 'keys'), path.join(dataDir, 'profiles', profileId), profileId);

function asWindowPort(port: MessagePort): WindowPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    start: () => port.start(),
  };
}

interface TestWindow {
  call(name: string, arg: object): Promise<string>;
  auth(): AuthState | undefined;
}

/** A window that only makes typed calls; each answers `ok` or the code of its error. */
function openWindow(store: Store): TestWindow {
  const calls = new MessageChannel();
  store.servePorts(1, asWindowPort(new MessageChannel().port1), asWindowPort(calls.port1));
  const waiting = new Map<number, (answer: string) => void>();
  let id = 0;
  let auth: AuthState | undefined;
  calls.port2.on('message', (message: FromStore) => {
    if (message.kind === 'next') {
      auth = JSON.parse(message.json) as AuthState;
      calls.port2.postMessage({ kind: 'seen', id: message.id, n: message.n });
    } else if (message.kind !== 'patch')
      waiting.get(message.id)?.(message.kind === 'failed' ? message.error.code : 'ok');
  });
  calls.port2.postMessage({ kind: 'watch', id: 0, name: 'auth.state', arg: {} });
  return {
    call(name, arg) {
      id += 1;
      const mine = id;
      const answer = new Promise<string>((resolve) => waiting.set(mine, resolve));
      calls.port2.postMessage({ kind: 'call', id: mine, name, arg });
      return answer;
    },
    auth: () => auth,
  };
}

const signIn = (window: TestWindow, email: string): Promise<string> =>
  window.call('auth.signInWithPassword', { email, password: DEMO_PASSWORD });

test('two first sign-ins at once open one profile, whose key is the one that is kept', async () => {
  const { store } = await startStore();
  const window = openWindow(store);
  const answers = await Promise.all([
    signIn(window, PEOPLE.frontDesk.email),
    signIn(window, PEOPLE.frontDesk.email),
  ]);
  expect(answers).toEqual(['ok', 'CALL_NOT_ALLOWED']);
  await store.stop();
  const key = await keyOfProfile(PEOPLE.frontDesk.id);
  const file = path.join(dataDir, 'profiles', PEOPLE.frontDesk.id, 'ganger.db');
  openDatabase({ file, key, mustExist: true, log: silentLogger }).close();
});

test('nobody signs in over somebody who is in; the one who is in stays in', async () => {
  const { store } = await startStore();
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
  const { store, renewed } = await startStore();
  const window = openWindow(store);
  await signIn(window, PEOPLE.frontDesk.email);
  expect(await window.call('auth.signOut', {})).toBe('ok');
  await expect.poll(renewed).toBe(1);
  expect(await signIn(window, PEOPLE.manager.email)).toBe('ok');
  expect(window.auth()).toMatchObject({ who: { userId: PEOPLE.manager.id } });
  await store.stop();

  const again = await startStore();
  const later = openWindow(again.store);
  await expect.poll(() => later.auth()).toMatchObject({ who: { userId: PEOPLE.manager.id } });
  await again.store.stop();
});

test('a wrong password leaves the device as it was', async () => {
  const { store } = await startStore();
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
  const { store } = await startStore();
  const window = openWindow(store);
  await signIn(window, PEOPLE.manager.email);
  expect(await window.call('keys.lock', {})).toBe('PIN_NEEDED');
  expect(await window.call('keys.setPin', { current: null, pin: '111111' })).toBe('PIN_TOO_SIMPLE');
  expect(await window.call('keys.setPin', { current: null, pin: PIN })).toBe('ok');
  expect(await window.call('keys.lock', {})).toBe('ok');
  await expect.poll(() => window.auth()).toMatchObject({ state: 'locked', triesLeft: 10 });
  expect(await window.call('sync.now', {})).toBe('STORE_NOT_OPEN');
  await store.stop();

  const again = await startStore();
  const later = openWindow(again.store);
  const who = { userId: PEOPLE.manager.id, displayName: PEOPLE.manager.name };
  await expect.poll(() => later.auth()).toMatchObject({ state: 'locked', person: who });
  expect(await later.call('keys.unlock', { pin: '482916' })).toBe('PIN_WRONG');
  await expect.poll(() => later.auth()).toMatchObject({ state: 'locked', triesLeft: 9 });
  expect(await later.call('keys.unlock', { pin: PIN })).toBe('ok');
  await expect.poll(() => later.auth()).toMatchObject({ state: 'signed-in' });
  expect(await later.call('keys.removePin', { current: PIN })).toBe('ok');
  await again.store.stop();
});

test('a new data key, a backup and the way back keep the profile; the old key opens nothing', async () => {
  const { store } = await startStore();
  const window = openWindow(store);
  await signIn(window, PEOPLE.manager.email);
  await store.stop();
  const before = await keyOfProfile(PEOPLE.manager.id);
  const file = path.join(dataDir, 'profiles', PEOPLE.manager.id, 'ganger.db');

  const again = await startStore();
  const later = openWindow(again.store);
  await expect.poll(() => later.auth()).toMatchObject({ state: 'signed-in' });
  expect(await later.call('keys.rotate', {})).toBe('ok');
  const passphrase = 'seven wet otters sing';
  expect(await later.call('profile.backup', { passphrase })).toBe('ok');
  expect(await later.call('profile.restore', { passphrase: `${passphrase}s` })).toBe(
    'BACKUP_PASSPHRASE_WRONG',
  );
  expect(await later.call('profile.restore', { passphrase })).toBe('ok');
  await expect.poll(() => later.auth()).toMatchObject({ state: 'signed-in' });
  await again.store.stop();
  const after = await keyOfProfile(PEOPLE.manager.id);
  expect(after).not.toBe(before);
  const open = (key: string) => openDatabase({ file, key, mustExist: true, log: silentLogger });
  expect(() => open(before)).toThrow('STORE_KEY_WRONG');
  open(after).close();
});

test('a damaged file is set aside, and loaded again from the server', async () => {
  const { store } = await startStore();
  await signIn(openWindow(store), PEOPLE.manager.email);
  const { profile } = store.profiles.signedIn();
  await expect.poll(() => profile.replication.status.state, { timeout: 30_000 }).toBe('synced');
  await store.stop();
  const file = path.join(dataDir, 'profiles', PEOPLE.manager.id, 'ganger.db');
  const bytes = await readFile(file);
  bytes.fill(0x5a, 4_096, bytes.length);
  await writeFile(file, bytes);

  const again = await startStore();
  const window = openWindow(again.store);
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
  const fresh = again.store.profiles.signedIn().profile;
  await expect.poll(() => fresh.replication.status.state, { timeout: 30_000 }).toBe('synced');
  await again.store.stop();
});

test('a lost key makes no new one; reloading sets all aside and begins anew', async () => {
  const { store } = await startStore();
  await signIn(openWindow(store), PEOPLE.manager.email);
  await store.stop();
  await keysOf(dataDir).forget(`vault-${PEOPLE.manager.id}`);

  const again = await startStore();
  const window = openWindow(again.store);
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
  await again.store.stop();
});
