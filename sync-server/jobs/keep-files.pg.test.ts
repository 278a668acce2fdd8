import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#shared/kernel/clock.ts';
import { createHlc } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { createPool } from '../db/pool.ts';
import { createFolderStore } from '../files/folder-store.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { fileClient, fileRow, pdf, sha256 } from '../testing/files.suite.ts';
import { openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import { item } from '../testing/rows.suite.ts';
import { createFileKeeper } from './keep-files.ts';

let rig: Rig;
let manager: Client;
let folder: string;
const told: ChangeSet[] = [];
let now = Date.now();
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ganger-keep-'));
  rig = await openRig({ over: { files: { kind: 'folder', folder } } });
  manager = await rig.client(await rig.person(['MG', null]));
});
afterAll(async () => {
  await rig.close();
  await rm(folder, { recursive: true, force: true });
});

function keeper() {
  return createFileKeeper({
    pool: createPool(rig.config, silentLogger),
    store: createFolderStore(folder),
    hlc: createHlc({ clock: systemClock, node: '5e7f00000001' }),
    announce: (set) => told.push(set),
    log: silentLogger,
    now: () => now,
  });
}

async function uploaded(bytes: Buffer): Promise<string> {
  const made = item(manager);
  const row = fileRow(manager, { table: 'inventory_items', id: made.id }, bytes);
  await manager.push({ table: 'inventory_items', row: made }, { table: 'file_uploads', row });
  return row.id;
}
const files = () => fileClient(manager, rig.server);
const stored = async (): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted();
const keepUntil = (file: string, days: number) =>
  rig.db.admin.query(
    'update public.file_uploads set retention_until = current_date + $2::integer where id = $1',
    [file, days],
  );

test('bytes go when the last file that has them need not be kept; the row stays and says so', async () => {
  const [shared, other] = [pdf(30_000), pdf(20_000)];
  const [first, second, apart] = [
    await uploaded(shared),
    await uploaded(shared),
    await uploaded(other),
  ];
  await files().send(first, shared);
  await files().send(second, shared);
  await files().send(apart, other);
  const both = [sha256(shared), sha256(other)].toSorted();
  expect(await keeper().run()).toEqual({ ended: 0, abandoned: 0, orphans: 0 });
  // Today is still kept.
  await keepUntil(first, -1);
  await keepUntil(second, 0);
  told.length = 0;
  expect(await keeper().run()).toEqual({ ended: 1, abandoned: 0, orphans: 0 });
  expect(told).toEqual([
    {
      xid: expect.any(String) as string,
      changes: [{ table: 'file_uploads', parts: ['org'], ids: [expect.any(String)] }],
    },
  ]);
  expect(await stored()).toEqual(both);
  expect(await files().fetch(first)).toBe('FILE_GONE');
  expect(await files().state(first)).toBe('FILE_GONE');
  expect(await files().fetch(second)).toEqual(shared);
  await keepUntil(second, -1);
  expect(await keeper().run()).toEqual({ ended: 1, abandoned: 0, orphans: 0 });
  expect(await stored()).toEqual([sha256(other)]);
  expect(await files().fetch(apart)).toEqual(other);
  expect(await keeper().run()).toEqual({ ended: 0, abandoned: 0, orphans: 0 });
  const { rows } = await rig.db.admin.query(
    `select outcome, actor_id from public.audit_logs where row_id = $1 and outcome = 'not kept'`,
    [first],
  );
  expect(rows).toEqual([{ outcome: 'not kept', actor_id: null }]);
  // The same bytes again, for another record, are a file like any other.
  const again = await uploaded(shared);
  expect(await files().send(again, shared)).toMatchObject({ isComplete: true });
  expect(await files().fetch(again)).toEqual(shared);
});

test('bytes go when the rows that named them were removed after their time', async () => {
  const bytes = pdf(25_000);
  const [first, second] = [await uploaded(bytes), await uploaded(bytes)];
  await files().send(first, bytes);
  await files().send(second, bytes);
  // That somebody fetched it is noted for a day, and holds the row for as long.
  const remove = async (file: string): Promise<void> => {
    await rig.db.admin.query('delete from private.file_fetches where file_id = $1', [file]);
    await rig.db.admin.query('delete from public.file_uploads where id = $1', [file]);
  };
  await remove(first);
  expect(await keeper().run()).toMatchObject({ ended: 0 });
  expect(await files().fetch(second)).toEqual(bytes);
  await remove(second);
  expect(await stored()).toContain(sha256(bytes));
  expect(await keeper().run()).toMatchObject({ ended: 1 });
  expect(await stored()).not.toContain(sha256(bytes));
  // The same bytes again, for another record, are a file like any other.
  const again = await uploaded(bytes);
  expect(await files().send(again, bytes)).toMatchObject({ isComplete: true });
});

test('an upload that was given up begins anew, and nothing of it stays', async () => {
  const bytes = pdf(50_000);
  const file = await uploaded(bytes);
  await files().state(file);
  await files().part(file, 0, bytes.subarray(0, 20_000));
  expect(await stored()).toContain('0-20000');
  now = Date.now() + 3 * 24 * 60 * 60_000;
  // Its parts are old, but somebody may still come back with the rest.
  expect(await keeper().run()).toEqual({ ended: 0, abandoned: 0, orphans: 0 });
  await rig.db.admin.query(
    `update private.file_sends set touched_at = now() - interval '15 days' where file_id = $1`,
    [file],
  );
  expect(await keeper().run()).toEqual({ ended: 0, abandoned: 1, orphans: 1 });
  expect(await stored()).not.toContain('0-20000');
  expect(await files().send(file, bytes)).toMatchObject({ isComplete: true });
  now = Date.now();
});

test('an object that nothing names goes after two days, and no other', async () => {
  const bytes = pdf(9_000);
  const file = await uploaded(bytes);
  await files().send(file, bytes);
  const store = createFolderStore(folder);
  const orphan = 'ab'.repeat(32);
  async function* content() {
    yield Buffer.from('x');
  }
  await store.put(`files/ab/${orphan}`, 1, content());
  await store.put(`parts/${newId()}/0-1`, 1, content());
  expect(await keeper().run()).toEqual({ ended: 0, abandoned: 0, orphans: 0 });
  now = Date.now() + 3 * 24 * 60 * 60_000;
  expect(await keeper().run()).toEqual({ ended: 0, abandoned: 0, orphans: 2 });
  now = Date.now();
  expect(await stored()).not.toContain(orphan);
  expect(await files().fetch(file)).toEqual(bytes);
});
