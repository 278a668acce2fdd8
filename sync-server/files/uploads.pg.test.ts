import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { startStorage } from '#stack/storage.ts';
import type { RunningStorage } from '#stack/storage.ts';
import type { FilesConfig } from '../config/files-config.ts';
import { fileClient, fileRow, pdf, sha256 } from '../testing/files.suite.ts';
import { SITE, footprint, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import { item, record } from '../testing/rows.suite.ts';

let storage: RunningStorage;
let folder: string;
beforeAll(async () => {
  storage = await startStorage({ key: 'sb_secret_for_tests_only', bucket: 'ganger-files' });
  folder = await mkdtemp(path.join(tmpdir(), 'ganger-uploads-'));
});
afterAll(async () => {
  await storage.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Keys of all objects, parts and whole ones. */
const STORES: readonly (readonly [string, () => FilesConfig, () => Promise<string[]>])[] = [
  [
    'a folder',
    () => ({ kind: 'folder', folder }),
    async () =>
      (await readdir(folder, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(path.relative(folder, entry.parentPath), entry.name)),
  ],
  [
    'Supabase Storage',
    () => ({
      kind: 'supabase',
      url: storage.url,
      key: 'sb_secret_for_tests_only',
      bucket: 'ganger-files',
    }),
    async () => [...storage.objects.keys()],
  ],
];

describe.each(STORES)('over %s', (_name, files, keys) => {
  let rig: Rig;
  let manager: Client;
  let desk: Client;
  let owner: { table: string; id: string };
  beforeAll(async () => {
    rig = await openRig({ over: { files: files() } });
    manager = await rig.client(await rig.person(['MG', null]));
    desk = await rig.client(await rig.person(['FD', SITE.AA]));
    const made = item(manager);
    expect(await manager.push({ table: 'inventory_items', row: made })).toMatchObject([
      { outcome: 'ok' },
    ]);
    owner = { table: 'inventory_items', id: made.id };
  });
  afterAll(() => rig.close());

  const attach = async (by: Client, bytes: Buffer, over: Record<string, unknown> = {}) => {
    const row = fileRow(by, owner, bytes, over);
    expect(await by.push({ table: 'file_uploads', row })).toMatchObject([{ outcome: 'ok' }]);
    return row.id;
  };
  const of = (client: Client) => fileClient(client, rig.server);
  const keysOf = async (bytes: Buffer, file: string) =>
    (await keys()).filter((key) => key.includes(sha256(bytes)) || key.includes(file));
  /** A record that only people of its site see. */
  const scan = async (by: Client, site: string) => {
    const row = record('unmatched_scans', by, {
      location_id: site,
      scanned_at: Date.now(),
      raw: 'x',
      symbology: 'unknown',
      dismissed: false,
    });
    expect(await by.push({ table: 'unmatched_scans', row })).toMatchObject([{ outcome: 'ok' }]);
    return { table: 'unmatched_scans', id: row.id };
  };
  const rowOf = async (file: string) => {
    const { rows } = await rig.db.admin.query<Record<string, unknown>>(
      `select upload_state, scan_status, storage_key, field_hlc from public.file_uploads where id = $1`,
      [file],
    );
    return rows[0];
  };

  test('a file goes up in parts and comes down in ranges, for whoever sees its record', async () => {
    const bytes = pdf(200_000);
    const file = await attach(manager, bytes);
    expect(await of(desk).fetch(file)).toBe('FILE_NOT_READY');
    expect(await of(manager).send(file, bytes)).toEqual({
      file,
      received: bytes.length,
      size: bytes.length,
      isComplete: true,
    });
    expect(await of(desk).fetch(file)).toEqual(bytes);
    expect(await of(desk).fetch(file, 'bytes=100-299')).toEqual(bytes.subarray(100, 300));
    expect(await of(desk).fetch(file, 'bytes=200000-')).toBe('REQUEST_INVALID');
    // The parts are gone, the whole is there once.
    expect(await keysOf(bytes, file)).toEqual([expect.stringContaining(sha256(bytes))]);
    expect(await rowOf(file)).toMatchObject({
      upload_state: 'complete',
      storage_key: expect.stringContaining(sha256(bytes)) as string,
      // Nobody has looked for viruses, and nobody says so.
      scan_status: 'pending',
      field_hlc: { upload_state: expect.any(String) as string },
    });
    const { rows } = await rig.db.admin.query(
      `select action, outcome, actor_id from public.audit_logs where row_id = $1 order by recorded_at, seq`,
      [file],
    );
    expect(rows).toEqual([
      { action: 'insert', outcome: 'ok', actor_id: manager.userId },
      { action: 'update', outcome: 'uploaded', actor_id: manager.userId },
      // One entry for all ranges of a fetch.
      { action: 'read', outcome: 'fetched', actor_id: desk.userId },
    ]);
  });

  test('other devices hear of it when it is whole', async () => {
    const live = await desk.live();
    const bytes = pdf(50_000);
    const file = await attach(manager, bytes);
    await live.changed('file_uploads');
    live.messages.length = 0;
    await of(manager).send(file, bytes);
    await live.changed('file_uploads');
    live.socket.terminate();
    const [table] = (await desk.pull([{ table: 'file_uploads' }])).tables;
    const row = table?.rows.find(({ id }) => id === file);
    expect(row).toMatchObject({ upload_state: 'complete', sha256: sha256(bytes) });
    expect(row).not.toHaveProperty('storage_key');
  });

  test('whatever is sent again changes nothing', async () => {
    const bytes = pdf(100_000);
    const file = await attach(manager, bytes);
    const { state, part, complete } = of(manager);
    const halves = [bytes.subarray(0, 60_000), bytes.subarray(60_000)] as const;
    const [first, rest] = halves;
    await part(file, 0, first);
    const half = { received: 60_000, isComplete: false };
    // An answer was lost; another device of the same person begins with larger parts.
    expect(await part(file, 0, first)).toMatchObject(half);
    expect(await part(file, 0, bytes)).toMatchObject(half);
    expect(await state(file)).toMatchObject(half);
    // Too early, and past the end.
    expect(await part(file, 70_000, rest)).toMatchObject(half);
    expect(await complete(file)).toMatchObject(half);
    expect(await part(file, 60_000, pdf(50_000))).toBe('FILE_PART_WRONG');
    await part(file, 60_000, rest);
    await complete(file);
    const before = [await footprint(rig.db), await rowOf(file), await keys()];
    const done = { received: bytes.length, isComplete: true };
    expect(await complete(file)).toMatchObject(done);
    expect(await part(file, 0, first)).toMatchObject(done);
    expect(await part(file, 60_000, rest)).toMatchObject(done);
    expect(await state(file)).toMatchObject(done);
    expect([await footprint(rig.db), await rowOf(file), await keys()]).toEqual(before);
  });

  test('each request may reach another server, and two checks at once are one file', async () => {
    const other = await rig.another();
    const bytes = pdf(120_000);
    const file = await attach(manager, bytes);
    const { state, part, complete } = of(manager);
    for (let at = 0; at < bytes.length; at += 30_000) {
      const to = at % 60_000 === 0 ? rig.server : other;
      expect(await part(file, at, bytes.subarray(at, at + 30_000), { to })).toMatchObject({
        received: at + 30_000,
      });
    }
    const answers = await Promise.all([
      complete(file),
      complete(file, other),
      complete(file),
      state(file, other),
    ]);
    // One may find the other at work: it is asked to come back, and then all is done.
    for (const answer of answers) {
      if (answer !== 'SERVER_BUSY') expect(answer).toMatchObject({ received: bytes.length });
    }
    expect(await complete(file, other)).toMatchObject({ isComplete: true });
    expect(await of(desk).fetch(file)).toEqual(bytes);
    expect(await keysOf(bytes, file)).toHaveLength(1);
  });

  test('bytes that are not what was promised are not kept, and can be sent again', async () => {
    const bytes = pdf(90_000);
    const file = await attach(manager, bytes);
    const { part, complete, send, state } = of(manager);
    expect(await part(file, 0, bytes.subarray(0, 100), { hash: sha256(bytes) })).toBe(
      'FILE_PART_WRONG',
    );
    expect(await state(file)).toMatchObject({ received: 0 });
    expect(await part(file, 0, pdf(90_000))).toMatchObject({ received: 90_000 });
    expect(await complete(file)).toBe('FILE_HASH_WRONG');
    expect(await keysOf(bytes, file)).toEqual([]);
    expect(await rowOf(file)).toMatchObject({ upload_state: 'local', storage_key: null });
    expect(await of(desk).fetch(file)).toBe('FILE_NOT_READY');
    expect(await send(file, bytes)).toMatchObject({ isComplete: true });
    expect(await of(desk).fetch(file)).toEqual(bytes);
  });

  test('a program that calls itself a PDF is refused, for good', async () => {
    const bytes = Buffer.concat([Buffer.from('MZ'), randomBytes(50_000)]);
    const file = await attach(manager, bytes);
    expect(await of(manager).send(file, bytes)).toBe('FILE_TYPE_REFUSED');
    expect(await of(manager).state(file)).toBe('FILE_TYPE_REFUSED');
    expect(await of(desk).fetch(file)).toBe('FILE_TYPE_REFUSED');
    expect(await rowOf(file)).toMatchObject({ upload_state: 'local', scan_status: 'failed' });
    expect(await keysOf(bytes, file)).toEqual([]);
    const odd = await attach(manager, pdf(100), { mime: 'application/x-msdownload' });
    expect(await of(manager).state(odd)).toBe('FILE_TYPE_REFUSED');
    const large = await attach(manager, pdf(100), { size_bytes: 260 * 1024 * 1024 });
    expect(await of(manager).state(large)).toBe('FILE_TOO_LARGE');
  });

  test('the same bytes are stored once, and sent once by whoever may read them', async () => {
    const bytes = pdf(80_000);
    const first = await attach(manager, bytes);
    const other = item(manager);
    await manager.push({ table: 'inventory_items', row: other });
    const row = fileRow(manager, { table: 'inventory_items', id: other.id }, bytes);
    await manager.push({ table: 'file_uploads', row });
    const second = row.id;
    // Two devices at once: both send all, part by part in turns.
    const { part, complete, state } = of(manager);
    for (let at = 0; at < bytes.length; at += 40_000) {
      for (const file of [first, second]) await part(file, at, bytes.subarray(at, at + 40_000));
    }
    for (const file of [first, second]) {
      expect(await complete(file)).toMatchObject({ isComplete: true });
      expect(await of(desk).fetch(file)).toEqual(bytes);
    }
    expect((await keys()).filter((key) => key.includes(sha256(bytes)))).toHaveLength(1);
    const third = item(manager);
    await manager.push({ table: 'inventory_items', row: third });
    const again = fileRow(manager, { table: 'inventory_items', id: third.id }, bytes);
    await manager.push({ table: 'file_uploads', row: again });
    expect(await state(again.id)).toMatchObject({ isComplete: true, received: bytes.length });
    expect(await of(desk).fetch(again.id)).toEqual(bytes);
  });

  test('knowing the hash of bytes gives nobody the bytes', async () => {
    const bytes = pdf(60_000);
    const lab = await scan(desk, SITE.AA);
    const secret = fileRow(desk, lab, bytes, { location_id: SITE.AA });
    await desk.push({ table: 'file_uploads', row: secret });
    expect(await of(desk).send(secret.id, bytes)).toMatchObject({ isComplete: true });
    // Somebody of another site who has seen the hash somewhere names it as their own.
    const stranger = await rig.client(await rig.person(['FD', SITE.WX]));
    const own = await scan(stranger, SITE.WX);
    const claim = fileRow(stranger, own, bytes, {
      location_id: SITE.WX,
    });
    expect(await stranger.push({ table: 'file_uploads', row: claim })).toMatchObject([
      { outcome: 'ok' },
    ]);
    expect(await of(stranger).state(claim.id)).toMatchObject({ received: 0, isComplete: false });
    expect(await of(stranger).complete(claim.id)).toMatchObject({ isComplete: false });
    expect(await of(stranger).fetch(claim.id)).toBe('FILE_NOT_READY');
    expect(await of(stranger).fetch(secret.id)).toBe('NOT_FOUND');
    // With other bytes in their place it is a wrong hash, also where the right ones lie already.
    expect(await of(stranger).send(claim.id, pdf(60_000))).toBe('FILE_HASH_WRONG');
    expect(await of(desk).fetch(secret.id)).toEqual(bytes);
  });

  test('a file waits for its record, and only who made it may send it', async () => {
    const late = item(manager);
    const bytes = pdf(30_000);
    const row = fileRow(manager, { table: 'inventory_items', id: late.id }, bytes);
    await manager.push({ table: 'file_uploads', row });
    expect(await of(manager).state(row.id)).toBe('FILE_OWNER_MISSING');
    expect(await of(manager).part(row.id, 0, bytes)).toBe('FILE_OWNER_MISSING');
    await manager.push({ table: 'inventory_items', row: late });
    const colleague = await rig.client(await rig.person(['MG', null]));
    expect(await of(colleague).state(row.id)).toBe('FILE_NOT_ALLOWED');
    expect(await of(desk).part(row.id, 0, bytes)).toBe('FILE_NOT_ALLOWED');
    expect(await of(manager).send(row.id, bytes)).toMatchObject({ isComplete: true });
    expect(await of(manager).state(newId())).toBe('NOT_FOUND');
    const outsider = await rig.client(await rig.person(['IT', null]));
    expect(await of(outsider).fetch(row.id)).toBe('NOT_FOUND');
  });

  test('a right that ends between two parts ends the upload', async () => {
    const leaver = await rig.client(await rig.person(['MG', null]));
    const bytes = pdf(60_000);
    const file = await attach(leaver, bytes);
    const { part, complete, state } = of(leaver);
    expect(await part(file, 0, bytes.subarray(0, 30_000))).toMatchObject({ received: 30_000 });
    await rig.db.admin.query('update public.user_roles set valid_to = now() where user_id = $1', [
      leaver.userId,
    ]);
    for (const answer of [
      await part(file, 30_000, bytes.subarray(30_000)),
      await complete(file),
      await state(file),
    ]) {
      expect(answer).toBe('FILE_NOT_ALLOWED');
    }
    expect(await of(desk).fetch(file)).toBe('FILE_NOT_READY');
  });

  test('nobody says of a new file what only the server knows', async () => {
    for (const over of [
      { upload_state: 'complete' },
      { scan_status: 'clean' },
      { retention_until: '2020-01-01' },
    ]) {
      const row = fileRow(manager, owner, pdf(100), over);
      expect(await manager.push({ table: 'file_uploads', row })).toMatchObject([
        { outcome: 'refused', code: 'SYNC_ROW_REFUSED' },
      ]);
    }
  });

  test('a caption that was written before the server had the bytes stays', async () => {
    const bytes = pdf(20_000);
    const row = fileRow(manager, owner, bytes);
    await manager.push({ table: 'file_uploads', row });
    await of(manager).send(row.id, bytes);
    const hlc = `${(Date.now() + 5).toString(16).padStart(12, '0')}-0000-0199aabbccdd`;
    const captioned = {
      ...row,
      caption: 'Safety sheet',
      field_hlc: { ...row.field_hlc, caption: hlc },
    };
    const base = { ...row.field_hlc };
    expect(await manager.push({ table: 'file_uploads', row: captioned, base })).toMatchObject([
      { outcome: 'master', row: { caption: 'Safety sheet', upload_state: 'complete' } },
    ]);
  });
});

test('a server without a place for files says so, and says that it may be tried again', async () => {
  const rig = await openRig();
  try {
    const manager = await rig.client(await rig.person(['MG', null]));
    const made = item(manager);
    const bytes = pdf(1_000);
    const row = fileRow(manager, { table: 'inventory_items', id: made.id }, bytes);
    await manager.push({ table: 'inventory_items', row: made }, { table: 'file_uploads', row });
    const { state, part, fetch } = fileClient(manager, rig.server);
    expect(await state(row.id)).toBe('FILES_OFF');
    expect(await part(row.id, 0, bytes)).toBe('FILES_OFF');
    expect(await fetch(row.id)).toBe('FILES_OFF');
  } finally {
    await rig.close();
  }
});
