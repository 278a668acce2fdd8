import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { createRxDatabase, fillWithDefaultSettings } from 'rxdb/plugins/core';
import type { RxCollection, RxDatabase } from 'rxdb/plugins/core';
import { getRxStorageRemote } from 'rxdb/plugins/storage-remote';
import type { MessageFromRemote } from 'rxdb/plugins/storage-remote';
import { Subject } from 'rxjs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { getRxStorageSqlite } from '#desktop/storage/rx-storage-sqlite.ts';
import type { SqliteStorageInstance } from '#desktop/storage/sqlite-storage-instance.ts';
import { DATABASE_NAME } from '#shared/ipc/port.ts';
import { createHlc } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import { rxSchemaOf } from '#shared/schema/rx-schema.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { WindowPort } from '../host.ts';
import type { Writer } from '../local-write.ts';
import { serveWindowStorage, writeForWindow } from './window-storage.ts';

/** RxDB's remote storage between windows and the store, over real ports. */
const OPEN: readonly TableName[] = ['item_locations', 'stock_acts', 'stock_movements'];
const ME = newId();
const SITE = newId();

let dir = '';
let database: EncryptedDatabase;
let ended$: Subject<void>;
const instances = new Map<TableName, SqliteStorageInstance<Row>>();
const ports: MessagePort[] = [];
const databases: RxDatabase[] = [];

const writer: Writer = {
  userId: ME,
  deviceId: newId(),
  grants: () => [{ role: 'LM', locationId: SITE, validFrom: 0, validTo: null }],
  hlc: createHlc({ clock: { now: () => Date.now() }, node: '0123456789ab' }),
  now: () => Date.now(),
  nextOriginSeq: () => 1,
};

beforeEach(async () => {
  dir = mkdtempSync(path.join(os.tmpdir(), 'ganger-ports-'));
  database = openDatabase({
    file: path.join(dir, 'a.db'),
    key: 'cd'.repeat(32),
    log: silentLogger,
  });
  ended$ = new Subject();
  const storage = getRxStorageSqlite({ database, log: silentLogger });
  for (const table of OPEN) {
    instances.set(
      table,
      await storage.createStorageInstance<Row>({
        databaseInstanceToken: 'store',
        databaseName: DATABASE_NAME,
        collectionName: table,
        schema: fillWithDefaultSettings(rxSchemaOf(table) as never),
        options: {},
        multiInstance: false,
        devMode: false,
      }),
    );
  }
});
afterEach(async () => {
  for (const rx of databases.splice(0)) await rx.close().catch(() => undefined);
  for (const port of ports.splice(0)) port.close();
  database.close();
  rmSync(dir, { recursive: true, force: true });
});

function asWindowPort(port: MessagePort): WindowPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    start: () => port.start(),
  };
}

let windows = 0;
/** The window's end of a new port that the store serves. */
function connect(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  ports.push(port2);
  windows += 1;
  serveWindowStorage({
    port: asWindowPort(port1),
    portId: String(windows),
    instanceOf: (table) => {
      const instance = instances.get(table);
      if (!instance) throw new Error('not open');
      return instance;
    },
    writer,
    ended$,
    log: silentLogger,
  });
  return port2;
}

async function openWindow(port: MessagePort): Promise<RxDatabase> {
  const messages$ = new Subject<MessageFromRemote>();
  port.on('message', (message: MessageFromRemote) => messages$.next(message));
  const storage = getRxStorageRemote({
    identifier: `window-${windows}`,
    mode: 'one',
    messageChannelCreator: () =>
      Promise.resolve({
        messages$,
        send: (message) => port.postMessage(message),
        close: () => Promise.resolve(),
      }),
  });
  // Windows are processes of their own; in one process RxDB tells databases apart by this name.
  Object.assign(storage, { name: `remote-${windows}` });
  const rx = await createRxDatabase({ name: DATABASE_NAME, multiInstance: false, storage });
  databases.push(rx);
  return rx;
}

async function collection(rx: RxDatabase, table: TableName): Promise<RxCollection<Row>> {
  const made = await rx.addCollections({ [table]: { schema: rxSchemaOf(table) as never } });
  return made[table] as unknown as RxCollection<Row>;
}

const place = (extra: object = {}): Row =>
  ({
    id: newId(),
    item_id: newId(),
    location_id: SITE,
    par: 10_000,
    min: null,
    max: null,
    reorder_qty: null,
    bin: 'A-1',
    is_stocked: true,
    created_at: 1,
    created_by: null,
    device_id: null,
    field_hlc: {},
    ...extra,
  }) as unknown as Row;

/** The table that the windows write to, as the store holds it. */
function table(): SqliteStorageInstance<Row> {
  const instance = instances.get('item_locations');
  if (!instance) throw new Error('not open');
  return instance;
}

/** Sends one raw message and gives the answer to it. */
async function raw(port: MessagePort, message: object): Promise<MessageFromRemote> {
  const requestId = `raw-${newId()}`;
  const answer = new Promise<MessageFromRemote>((resolve) => {
    const hear = (m: MessageFromRemote): void => {
      if (m.answerTo !== requestId) return;
      port.off('message', hear);
      resolve(m);
    };
    port.on('message', hear);
  });
  port.postMessage({ connectionId: 'c', version: '17.6.0', requestId, ...message });
  return answer;
}

test('two windows share one table: what one writes the other sees, stamped by the store', async () => {
  const a = await collection(await openWindow(connect()), 'item_locations');
  const b = await collection(await openWindow(connect()), 'item_locations');
  const row = place({ created_by: newId(), field_hlc: { par: 'ffffffffffff-ffff-ffffffffffff' } });
  const seen: (string | null)[] = [];
  b.find().$.subscribe((docs) => seen.push((docs[0]?.toJSON() as Row)?.created_by ?? null));
  await a.insert(row);
  await expect.poll(() => seen.at(-1)).toBe(ME);
  const [stored] = await table().findDocumentsById([row.id], true);
  expect(stored?.created_by).toBe(ME);
  expect(stored?.field_hlc?.['par']).toMatch(/0123456789ab$/);
});

test('two edits in a row from a window that has not heard its own stamps lose no stamp', async () => {
  const a = await collection(await openWindow(connect()), 'item_locations');
  const document = await a.insert(place());
  await Promise.all([
    document.incrementalPatch({ par: 20_000 }),
    document.incrementalPatch({ bin: 'B-2' }),
  ]);
  const [stored] = await table().findDocumentsById([document.id], true);
  expect(stored).toMatchObject({ par: 20_000, bin: 'B-2' });
  const { par, bin, max } = stored?.field_hlc ?? {};
  expect(par !== max && bin !== max && par !== bin).toBe(true);
});

test('a write that may not be comes back with code and fields, and the others of the bulk go through', async () => {
  const a = await collection(await openWindow(connect()), 'item_locations');
  const good = place();
  const bad = place({ par: -1 });
  const foreign = place({ location_id: newId() });
  const { error } = await a.bulkInsert([good, bad, foreign]);
  expect(error.map((e) => e.status)).toEqual([422, 422]);
  expect(new Set(error.map((e) => e.documentId))).toEqual(new Set([bad.id, foreign.id]));
  expect(JSON.stringify(error)).toContain('ROW_INVALID');
  expect(JSON.stringify(error)).toContain('SYNC_ROW_REFUSED');
  const stored = await table().findDocumentsById([good.id, bad.id, foreign.id], true);
  expect(stored.map(({ id }) => id)).toEqual([good.id]);
});

test('what a window may not ask for is refused, twice and more, and the store lives', async () => {
  const port = connect();
  const params = (extra: object) => ({
    databaseName: DATABASE_NAME,
    collectionName: 'item_locations',
    schema: fillWithDefaultSettings(rxSchemaOf('item_locations') as never),
    ...extra,
  });
  for (let i = 0; i < 3; i += 1) {
    for (const bad of [
      { method: 'create', params: params({ collectionName: 'kv' }) },
      { method: 'create', params: params({ collectionName: 'sqlite_master' }) },
      { method: 'create', params: params({ databaseName: 'other' }) },
      { method: 'create', params: params({ schema: { version: 7 } }) },
      { method: 'create', params: params({ collectionName: '_rxdb_internal', schema: null }) },
      { method: 'custom', params: {} },
      { method: 'getChangedDocumentsSince', params: [1, null] },
      { method: 'constructor', params: [] },
    ]) {
      expect((await raw(port, bad)).error).toBeTruthy();
    }
  }
  port.postMessage('nonsense');
  port.postMessage({ method: 'bulkWrite' });
  const a = await collection(await openWindow(connect()), 'item_locations');
  await expect(a.insert(place())).resolves.toBeTruthy();
});

test('a crafted request cannot get a row past the store', async () => {
  const instance = table();
  const write = (...rows: object[]) =>
    writeForWindow('item_locations', instance, rows as never, writer, 'crafted');
  const bare = (extra: object = {}) => ({
    ...place(),
    _deleted: false,
    _attachments: {},
    _rev: '1-a',
    _meta: { lwt: 1 },
    ...extra,
  });
  const good = bare();
  // The second row names the first as its base, which is not stored when it is looked at.
  const forged = {
    ...good,
    created_by: newId(),
    par: 'many',
    field_hlc: { par: 'ffffffffffff-ffff-ffffffffffff' },
    _rev: '2-evil',
  };
  const { error } = await write({ document: good }, { previous: good, document: forged });
  expect(error.map((e) => e.status)).toEqual([422]);
  expect(await instance.findDocumentsById([good.id], true)).toMatchObject([
    { created_by: ME, par: 10_000 },
  ]);

  for (const crafted of [{ _deleted: 1 }, { _rev: 'abc' }, { _rev: '' }, { _rev: '0-x' }]) {
    expect((await write({ document: bare(crafted) })).error).toHaveLength(1);
  }
  const [stored] = await instance.findDocumentsById([good.id], true);
  for (const [crafted, status] of [
    [{ previous: stored, document: { ...forged, _rev: '1-same', par: 1 } }, 422],
    [{ previous: { ...stored, _rev: '7-x' }, document: { ...forged, par: 1 } }, 409],
    [{ document: { ...forged, par: 1 } }, 409],
  ] as const) {
    expect((await write(crafted)).error.map((e) => e.status)).toEqual([status]);
  }
  expect(await instance.findDocumentsById([good.id], true)).toEqual([stored]);
});

test('closing or removing in one window ends nothing for another', async () => {
  const mine = await openWindow(connect());
  const a = await collection(mine, 'item_locations');
  const b = await collection(await openWindow(connect()), 'item_locations');
  const { id } = await b.insert(place());
  await a.remove().catch(() => undefined);
  await mine.close();
  expect((await b.findOne(id).exec())?.get('bin')).toBe('A-1');
  await b.insert(place());
  const stored = await table().findDocumentsById([id], false);
  expect(stored).toHaveLength(1);
});

test('a window that dies leaves no observer behind', async () => {
  const observers = (): number => {
    const { changes$ } = instances.get('item_locations') as unknown as {
      changes$?: { observers: unknown[] };
    };
    return changes$?.observers.length ?? -1;
  };
  const before = observers();
  const port = connect();
  await collection(await openWindow(port), 'item_locations');
  databases.pop();
  port.close();
  await expect.poll(observers).toBe(before);
});

test('when the profile ends, its windows get no more events', async () => {
  const a = await collection(await openWindow(connect()), 'item_locations');
  let events = 0;
  a.$.subscribe(() => (events += 1));
  await a.insert(place());
  await expect.poll(() => events).toBe(1);
  ended$.next();
  // Nobody answers this window any more, not even its closing.
  databases.pop();
  const instance = table();
  const { id } = place();
  await instance.bulkWrite(
    [
      {
        document: {
          ...place(),
          id,
          _deleted: false,
          _attachments: {},
          _rev: '1-x',
          _meta: { lwt: Date.now() },
        },
      },
    ],
    'other',
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(events).toBe(1);
});
