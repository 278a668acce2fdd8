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
import { afterEach, beforeEach } from 'vitest';
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
import { serveWindowStorage } from './window-storage.ts';
import type { WindowStorageOptions } from './window-storage.ts';

/** RxDB's remote storage between windows and the store, over real ports. */
const OPEN: readonly TableName[] = ['item_locations', 'stock_acts', 'stock_movements'];
export const ME = newId();
export const SITE = newId();

let dir = '';
export let database: EncryptedDatabase;
export let ended$: Subject<void>;
export const instances = new Map<TableName, SqliteStorageInstance<Row>>();
const ports: MessagePort[] = [];
export const databases: RxDatabase[] = [];

export const writer: Writer = {
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
export function connect(options: Partial<WindowStorageOptions> = {}): MessagePort {
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
    ...options,
  });
  return port2;
}

export async function openWindow(port: MessagePort): Promise<RxDatabase> {
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

export async function collection(rx: RxDatabase, table: TableName): Promise<RxCollection<Row>> {
  const made = await rx.addCollections({ [table]: { schema: rxSchemaOf(table) as never } });
  return made[table] as unknown as RxCollection<Row>;
}

export const place = (extra: object = {}): Row =>
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
export function table(): SqliteStorageInstance<Row> {
  const instance = instances.get('item_locations');
  if (!instance) throw new Error('not open');
  return instance;
}

/** Sends one raw message and gives the answer to it. */
export async function raw(port: MessagePort, message: object): Promise<MessageFromRemote> {
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

/** Opens a table on a raw port, and gives what asks over that connection. */
export async function rawTable(port: MessagePort, name: TableName = 'item_locations') {
  const connectionId = `c-${newId()}`;
  const schema = fillWithDefaultSettings(rxSchemaOf(name) as never);
  const params = { databaseName: DATABASE_NAME, collectionName: name, schema };
  const made = await raw(port, { connectionId, method: 'create', params });
  const ask = (method: string, ...args: unknown[]) =>
    raw(port, { connectionId, method, params: args });
  return { connectionId, made, ask };
}

export const ALL = {
  query: { selector: { _deleted: { $eq: false } }, sort: [{ id: 'asc' }], skip: 0 },
  queryPlan: { index: ['id'], startKeys: [], endKeys: [] },
};
