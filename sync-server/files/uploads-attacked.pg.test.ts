import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { FILE_PATHS, PART_HASH_HEADER } from '#shared/protocol/files.ts';
import { fileClient, fileRow, pdf, sha256 } from '../testing/files.suite.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import { item } from '../testing/rows.suite.ts';

/** What somebody with a sign-in and a client of their own making tries with files. */

let folder: string;
let rig: Rig;
let manager: Client;
let desk: Client;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ganger-uploads-attacked-'));
  rig = await openRig({ over: { files: { kind: 'folder', folder } } });
  manager = await rig.client(await rig.person(['MG', null]));
  desk = await rig.client(await rig.person(['FD', SITE.AA]));
});
afterAll(async () => {
  await rig.close();
  await rm(folder, { recursive: true, force: true });
});

const files = (client: Client) => fileClient(client, rig.server);
/** A file of an item of its own. */
async function attach(bytes: Buffer, over: Record<string, unknown> = {}): Promise<string> {
  const owner = item(manager);
  const row = fileRow(manager, { table: 'inventory_items', id: owner.id }, bytes, over);
  const rows = [
    { table: 'inventory_items', row: owner },
    { table: 'file_uploads', row },
  ] as const;
  expect(await manager.push(...rows)).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);
  return row.id;
}

test('bytes that are here already are no proof of another size or type, nor clean again', async () => {
  const bytes = pdf(70_000);
  expect(await files(manager).send(await attach(bytes), bytes)).toMatchObject({
    isComplete: true,
  });
  const image = await attach(bytes, { mime: 'image/png' });
  expect(await files(manager).state(image)).toMatchObject({ isComplete: false });
  expect(await files(manager).send(image, bytes)).toBe('FILE_TYPE_REFUSED');
  const longer = await attach(bytes, { size_bytes: bytes.length + 1 });
  expect(await files(manager).state(longer)).toMatchObject({ isComplete: false });
  await rig.db.admin.query(
    `update public.file_uploads set scan_status = 'infected' where sha256 = $1`,
    [sha256(bytes)],
  );
  const again = await attach(bytes);
  expect(await files(manager).state(again)).toMatchObject({ isComplete: false });
});

test('what is no hash names no place in the store', async () => {
  const before = await readdir(folder, { recursive: true });
  const bytes = pdf(100);
  for (const odd of [
    '../'.repeat(21) + 'x',
    sha256(bytes).toUpperCase().replace(/\d/, 'A'),
    'a/'.repeat(32),
  ]) {
    const file = await attach(bytes, { sha256: odd.slice(0, 64) });
    expect(await files(manager).state(file)).toBe('FILE_NOT_ALLOWED');
    expect(await files(manager).part(file, 0, bytes)).toBe('FILE_NOT_ALLOWED');
    expect(await files(manager).complete(file)).toBe('FILE_NOT_ALLOWED');
  }
  expect(await readdir(folder, { recursive: true })).toEqual(before);
});

test('parts are no crumbs, of which millions would make one file', async () => {
  const bytes = pdf(50_000);
  const file = await attach(bytes);
  const { part } = files(manager);
  expect(await part(file, 0, bytes.subarray(0, 1))).toBe('FILE_PART_WRONG');
  expect(await part(file, 0, bytes.subarray(0, 49_999))).toMatchObject({ received: 49_999 });
  // The last one is as long as it is.
  expect(await part(file, 49_999, bytes.subarray(49_999))).toMatchObject({ received: 50_000 });
  expect(await files(manager).complete(file)).toMatchObject({ isComplete: true });
});

test('one person whose lines stall does not keep others from sending', async () => {
  const port = Number(new URL(rig.server.url).port);
  const stalled = Array.from({ length: 12 }, () => {
    const request = httpRequest({
      port,
      method: 'POST',
      path: `${FILE_PATHS.part}?file=${newId()}&at=0`,
      headers: {
        ...desk.headers(),
        'content-type': 'application/octet-stream',
        'content-length': 1_000_000,
        [PART_HASH_HEADER]: sha256(Buffer.from('x')),
      },
    });
    request.on('error', () => undefined);
    request.write('x');
    return request;
  });
  try {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const bytes = pdf(30_000);
    const file = await attach(bytes);
    const sent = files(manager).part(file, 0, bytes);
    const late = new Promise((resolve) => setTimeout(() => resolve('late'), 5_000));
    expect(await Promise.race([sent, late])).toMatchObject({ received: 30_000 });
  } finally {
    for (const request of stalled) request.destroy();
  }
});
