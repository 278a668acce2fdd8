import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FILE_PIECE_BYTES } from '#shared/ipc/files.ts';
import { pdf, sha256 } from '#desktop/files/fixtures.suite.ts';
import { startCutProxy } from '#stack/cut-proxy.ts';
import type { CutProxy } from '#stack/cut-proxy.ts';
import { startDevStack } from '../../scripts/dev/dev-stack.ts';
import type { DevStack } from '../../scripts/dev/dev-stack.ts';
import { PEOPLE } from '../../supabase/demo/people.ts';
import { deviceIn, openWindow, signIn } from './store.suite.ts';
import type { TestWindow } from './store.suite.ts';
import type { Store } from './store.ts';

/** Files of records on two devices, against the real server, through the calls that windows make. */
let root = '';
let stack: DevStack;
let line: CutProxy;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'ganger-store-files-'));
  stack = await startDevStack({ dataDir: path.join(root, 'stack'), port: 0, log: () => undefined });
  const { hostname: host, port } = new URL(stack.serverUrl);
  line = await startCutProxy({ target: { host, port: Number(port) } });
});
afterAll(async () => {
  await line?.close();
  await stack?.stop();
  await rm(root, { recursive: true, force: true });
});

const machine = (name: string) =>
  deviceIn(path.join(root, name), { ...stack, serverUrl: `http://127.0.0.1:${line.port}` });

const filesOf = (store: Store) => store.profiles.signedIn().profile.files;
const transfersOf = (store: Store) => {
  let now: readonly unknown[] = [];
  filesOf(store)
    .transfers$.subscribe((next) => (now = next))
    .unsubscribe();
  return now;
};
const someItem = (store: Store): string => {
  const { database } = store.profiles.signedIn().profile.file;
  const [row] = database.read<{ id: string }>(
    'select id from live_inventory_items order by id limit 1',
  );
  return row?.id ?? '';
};
const stateOf = (store: Store, id: string): string | undefined =>
  store.profiles
    .signedIn()
    .profile.file.database.read<{ s: string }>(
      'select upload_state as s from live_file_uploads where id = ?',
      [id],
    )[0]?.s;

async function attach(window: TestWindow, ownerId: string, bytes: Buffer): Promise<string> {
  const { adding } = (await window.ask('files.begin', {})) as { adding: number };
  for (let at = 0; at < bytes.length; at += FILE_PIECE_BYTES) {
    const piece = new Uint8Array(bytes.subarray(at, at + FILE_PIECE_BYTES));
    await window.ask('files.write', { adding, bytes: piece });
  }
  const to = { adding, ownerTable: 'inventory_items', ownerId, caption: 'Safety sheet' };
  return ((await window.ask('files.attach', to)) as { fileId: string }).fileId;
}

async function readAll(window: TestWindow, fileId: string, size: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < size; from += FILE_PIECE_BYTES) {
    const length = Math.min(FILE_PIECE_BYTES, size - from);
    const { bytes } = (await window.ask('files.read', { fileId, from, length })) as {
      bytes: Uint8Array;
    };
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}

async function started(name: string, email: string | null) {
  const store = await machine(name).start();
  const window = openWindow(store);
  if (email !== null) expect(await signIn(window, email)).toBe('ok');
  await expect.poll(() => window.auth(), { timeout: 10_000 }).toMatchObject({ state: 'signed-in' });
  return { store, window };
}

test('attached offline, kept over a restart, sent when the line is back, read by somebody else', async () => {
  const bytes = pdf(3_000_000);
  const other = await started('second', PEOPLE.satellite.email);
  let { store, window } = await started('first', PEOPLE.manager.email);
  await expect.poll(() => someItem(store), { timeout: 20_000 }).not.toBe('');
  const item = someItem(store);
  line.cut();
  const fileId = await attach(window, item, bytes);
  expect(await attach(window, item, bytes)).toBe(fileId);
  expect((await readAll(window, fileId, bytes.length)).equals(bytes)).toBe(true);
  expect(filesOf(store).unsent()).toEqual({ files: 1, bytes: bytes.length });
  await store.stop();

  ({ store, window } = await started('first', null));
  await expect
    .poll(() => transfersOf(store))
    .toMatchObject([{ fileId, direction: 'up', done: 0, size: bytes.length }]);
  line.restore();
  store.woke();
  await expect.poll(() => stateOf(store, fileId), { timeout: 20_000 }).toBe('complete');
  await expect.poll(() => transfersOf(store)).toEqual([]);
  expect(filesOf(store).unsent()).toEqual({ files: 0, bytes: 0 });

  await expect.poll(() => stateOf(other.store, fileId), { timeout: 20_000 }).toBe('complete');
  expect(await other.window.call('files.read', { fileId, from: 0, length: 10 })).toBe('NOT_FOUND');
  expect(await other.window.call('files.fetch', { fileId })).toBe('ok');
  expect(sha256(await readAll(other.window, fileId, bytes.length))).toBe(sha256(bytes));
  // Fetched once, it is here without a network.
  line.cut();
  expect(await other.window.call('files.fetch', { fileId })).toBe('ok');
  line.restore();
  await other.store.stop();

  // A new data key leaves what is here readable; a wipe leaves nothing.
  expect(await window.call('keys.rotate', {})).toBe('ok');
  expect((await readAll(window, fileId, bytes.length)).equals(bytes)).toBe(true);
  expect(await window.call('profile.wipe', {})).toBe('ok');
  expect(existsSync(machine('first').folderOf(PEOPLE.manager.id))).toBe(false);
  await store.stop();
});

test('what may not be attached is refused at once, and leaves nothing behind', async () => {
  const { store, window } = await started('third', PEOPLE.frontDesk.email);
  await expect.poll(() => someItem(store), { timeout: 20_000 }).not.toBe('');
  const item = someItem(store);
  const bytes = pdf(10_000);
  await expect(attach(window, item, bytes)).rejects.toThrow('SYNC_ROW_REFUSED');
  const unknown = '11111111-0000-4000-8000-000000000001';
  await expect(attach(window, unknown, bytes)).rejects.toThrow('NOT_FOUND');
  const { adding } = (await window.ask('files.begin', {})) as { adding: number };
  const program = new Uint8Array(1_000).fill(0x4d);
  expect(await window.call('files.write', { adding, bytes: program })).toBe('FILE_TYPE_REFUSED');
  expect(await window.call('files.giveUp', { adding })).toBe('ok');
  expect(await window.call('files.write', { adding, bytes: program })).toBe('NOT_FOUND');
  const large = new Uint8Array(FILE_PIECE_BYTES + 1);
  expect(await window.call('files.write', { adding: 1, bytes: large })).toBe('REQUEST_INVALID');
  for (let open = 0; open < 8; open += 1) await window.ask('files.begin', {});
  expect(await window.call('files.begin', {})).toBe('STORE_OVERLOADED');
  expect(transfersOf(store)).toEqual([]);
  await store.stop();
});
