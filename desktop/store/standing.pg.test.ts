import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import pg from 'pg';
import type { StoreCallIn } from '#shared/ipc/store-contract.ts';
import { newId } from '#shared/kernel/ids.ts';
import { startCutProxy } from '#stack/cut-proxy.ts';
import type { CutProxy } from '#stack/cut-proxy.ts';
import { startDevStack } from '../../scripts/dev/dev-stack.ts';
import type { DevStack } from '../../scripts/dev/dev-stack.ts';
import { PEOPLE, SITES } from '../../supabase/demo/people.ts';
import { deviceIn, openWindow, signIn } from './store.suite.ts';
import type { TestDevice, TestWindow } from './store.suite.ts';
import type { Store } from './store.ts';

/** What becomes of a machine whose person or itself was shut out, against the real server. */

let root = '';
let stack: DevStack;
let db: pg.Pool;
let boss: { store: Store; window: TestWindow };
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'ganger-standing-'));
  stack = await startDevStack({
    dataDir: path.join(root, 'stack'),
    port: 0,
    log: () => undefined,
  });
  db = new pg.Pool({ connectionString: stack.databaseUrl, max: 2 });
  const store = await deviceIn(path.join(root, 'boss'), stack).start();
  boss = { store, window: openWindow(store) };
  expect(await signIn(boss.window, PEOPLE.superadmin.email)).toBe('ok');
});
afterAll(async () => {
  await boss?.store.stop();
  await db?.end();
  await stack?.stop();
  await rm(root, { recursive: true, force: true });
});

let device: TestDevice;
let line: CutProxy;
let devices = 0;
beforeEach(async () => {
  devices += 1;
  const { hostname, port } = new URL(stack.serverUrl);
  line = await startCutProxy({ target: { host: hostname, port: Number(port) } });
  const serverUrl = `http://127.0.0.1:${line.port}`;
  device = deviceIn(path.join(root, `device-${devices}`), { serverUrl, authUrl: stack.authUrl });
  return () => line.close();
});

const PIN = '482915';
const idOf = async (window: TestWindow): Promise<string> =>
  ((await window.ask('device.facts', {})) as { deviceId: string }).deviceId;
const lose = async (deviceId: string): Promise<void> => {
  const wish: StoreCallIn<'admin.setDevice'> = {
    deviceId,
    was: 'active',
    status: 'retired',
    purpose: 'lost',
  };
  await boss.window.ask('admin.setDevice', wish);
};
const reportOf = async (deviceId: string) =>
  (
    await db.query<Record<string, unknown>>(
      `select app_version, waiting, wiped_at is not null as wiped, update_channel
         from private.device_reports where device_id = $1`,
      [deviceId],
    )
  ).rows[0];
const known = (deviceId: string) =>
  expect
    .poll(() => reportOf(deviceId), { timeout: 15_000 })
    .toMatchObject({
      app_version: '0.0.0',
    });

/** A person with a sign-in account and a role at a site. */
async function newcomer(): Promise<{ id: string; email: string }> {
  const [id, email] = [newId(), `${newId()}@ganger.example`];
  await boss.window.ask('admin.invitePerson', {
    id,
    email,
    name: 'Nina Novak',
    homeLocationId: SITES.WX.id,
    mfaRequired: false,
  });
  await boss.window.ask('admin.giveRole', {
    id: newId(),
    userId: id,
    role: 'CS',
    locationId: SITES.WX.id,
    from: 0,
    to: null,
  });
  await db.query(
    `update auth.users set encrypted_password = (
       select encrypted_password from auth.users where id = $2) where id = $1`,
    [id, PEOPLE.frontDesk.id],
  );
  return { id, email };
}

test('a machine tells its version and queue, and learns its channel of updates', async () => {
  const store = await device.start();
  const window = openWindow(store);
  await signIn(window, PEOPLE.manager.email);
  const deviceId = await idOf(window);
  await known(deviceId);
  await boss.window.ask('admin.setChannel', { deviceId, channel: 'early' });
  store.woke();
  await expect.poll(() => window.ask('device.facts', {})).toMatchObject({ updateChannel: 'early' });
  await store.stop();
});

test('a lost machine hands over what waits, removes its profiles, and begins anew', async () => {
  const store = await device.start();
  const window = openWindow(store);
  await signIn(window, PEOPLE.manager.email);
  const deviceId = await idOf(window);
  await known(deviceId);
  line.cut();
  await lose(deviceId);
  expect(existsSync(device.folderOf(PEOPLE.manager.id))).toBe(true);
  line.restore();
  store.woke();
  await expect
    .poll(() => window.auth(), { timeout: 20_000 })
    .toEqual({ state: 'signed-out', because: 'DEVICE_WIPED' });
  await expect.poll(() => existsSync(device.folderOf(PEOPLE.manager.id))).toBe(false);
  await expect.poll(() => reportOf(deviceId)).toMatchObject({ wiped: true });
  await store.stop();

  // It says so on its screen until somebody signs in; then it is another machine.
  const again = await device.start();
  const later = openWindow(again);
  await expect.poll(() => later.auth()).toEqual({ state: 'signed-out', because: 'DEVICE_WIPED' });
  expect(await signIn(later, PEOPLE.manager.email)).toBe('ok');
  expect(await idOf(later)).not.toBe(deviceId);
  await again.stop();
});

test('a lost machine that is locked is wiped at its next start with a network', async () => {
  const store = await device.start();
  const window = openWindow(store);
  await signIn(window, PEOPLE.manager.email);
  const deviceId = await idOf(window);
  await known(deviceId);
  expect(await window.call('keys.setPin', { current: null, pin: PIN })).toBe('ok');
  expect(await window.call('keys.lock', {})).toBe('ok');
  await store.stop();
  await lose(deviceId);

  line.cut();
  const offline = await device.start();
  const there = openWindow(offline);
  await expect.poll(() => there.auth()).toMatchObject({ state: 'locked' });
  await offline.stop();
  expect(existsSync(device.folderOf(PEOPLE.manager.id))).toBe(true);

  line.restore();
  const online = await device.start();
  const later = openWindow(online);
  await expect
    .poll(() => later.auth(), { timeout: 20_000 })
    .toEqual({ state: 'signed-out', because: 'DEVICE_WIPED' });
  await expect.poll(() => existsSync(device.folderOf(PEOPLE.manager.id))).toBe(false);
  await expect.poll(() => reportOf(deviceId)).toMatchObject({ wiped: true });
  await online.stop();
});

test('a suspended person is signed out at the next contact, and their profile stays', async () => {
  const nina = await newcomer();
  const store = await device.start();
  const window = openWindow(store);
  expect(await signIn(window, nina.email)).toBe('ok');
  const wish = { userId: nina.id, was: 'active', status: 'suspended', deviceIds: [] };
  await boss.window.ask('admin.setPerson', wish);
  await expect
    .poll(() => window.auth(), { timeout: 20_000 })
    .toEqual({ state: 'signed-out', because: 'AUTH_NO_ACCESS' });
  expect(existsSync(device.folderOf(nina.id))).toBe(true);
  expect(await signIn(window, nina.email)).toBe('AUTH_NO_ACCESS');
  await boss.window.ask('admin.setPerson', { ...wish, was: 'suspended', status: 'active' });
  expect(await signIn(window, nina.email)).toBe('ok');
  await store.stop();
});

test('the profile of who has left goes, and that of somebody else on the machine stays', async () => {
  const nina = await newcomer();
  const store = await device.start();
  const window = openWindow(store);
  expect(await signIn(window, PEOPLE.manager.email)).toBe('ok');
  await known(await idOf(window));
  await window.call('auth.signOut', {});
  expect(await signIn(window, nina.email)).toBe('ok');
  await boss.window.ask('admin.setPerson', {
    userId: nina.id,
    was: 'active',
    status: 'left',
    deviceIds: [],
  });
  await expect
    .poll(() => window.auth(), { timeout: 20_000 })
    .toEqual({ state: 'signed-out', because: 'AUTH_ACCOUNT_CLOSED' });
  await expect.poll(() => existsSync(device.folderOf(nina.id))).toBe(false);
  expect(existsSync(device.folderOf(PEOPLE.manager.id))).toBe(true);
  expect(await signIn(window, PEOPLE.manager.email)).toBe('ok');
  await store.stop();
});

test('a new role reaches who is signed in within seconds, and its end too', async () => {
  const nina = await newcomer();
  const store = await device.start();
  const window = openWindow(store);
  expect(await signIn(window, nina.email)).toBe('ok');
  const sites = (): string[] => {
    const state = window.auth();
    return state?.state === 'signed-in'
      ? state.who.grants.map(({ locationId }) => String(locationId))
      : [];
  };
  expect(sites()).toEqual([SITES.WX.id]);
  const grant = {
    id: newId(),
    userId: nina.id,
    role: 'CS',
    locationId: SITES.AA.id,
    from: 0,
    to: null,
  };
  await boss.window.ask('admin.giveRole', grant);
  await expect
    .poll(() => new Set(sites()), { timeout: 15_000 })
    .toEqual(new Set([SITES.AA.id, SITES.WX.id]));
  await boss.window.ask('admin.endRole', { grantId: grant.id, at: 0 });
  await expect.poll(sites, { timeout: 15_000 }).toEqual([SITES.WX.id]);
  await store.stop();
});
