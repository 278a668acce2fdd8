import { fillWithDefaultSettings } from 'rxdb/plugins/core';
import { Subject } from 'rxjs';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { getRxStorageSqlite } from '#desktop/storage/rx-storage-sqlite.ts';
import { DATABASE_NAME } from '#shared/ipc/port.ts';
import { createHlc } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import { rxSchemaOf } from '#shared/schema/rx-schema.ts';
import type { Writer } from '../local-write.ts';
import { serveWindowStorage } from './window-storage.ts';

/** A store process to be killed: serves one table to windows whose ports are numbers over IPC. */
const [file = '', key = '', site = ''] = process.argv.slice(2);

const database = openDatabase({ file, key, log: silentLogger });
const storage = getRxStorageSqlite({ database, log: silentLogger });
const table = await storage.createStorageInstance<Row>({
  databaseInstanceToken: 'store',
  databaseName: DATABASE_NAME,
  collectionName: 'item_locations',
  schema: fillWithDefaultSettings(rxSchemaOf('item_locations') as never),
  options: {},
  multiInstance: false,
  devMode: false,
});
let seq = 0;
const writer: Writer = {
  userId: newId(),
  deviceId: newId(),
  grants: () => [{ role: 'LM', locationId: site, validFrom: 0, validTo: null }],
  hlc: createHlc({ clock: { now: () => Date.now() }, node: '0123456789ab' }),
  now: () => Date.now(),
  nextOriginSeq: () => (seq += 1),
};

const listeners = new Map<number, (message: unknown) => void>();
process.on('message', ({ port, message }: { port: number; message: unknown }) => {
  if (!listeners.has(port)) {
    serveWindowStorage({
      port: {
        postMessage: (answer) => void process.send?.({ port, message: answer }),
        onMessage: (listener) => listeners.set(port, listener),
        onClose: () => undefined,
        start: () => undefined,
      },
      portId: String(port),
      instanceOf: () => table,
      writer,
      ended$: new Subject(),
      log: silentLogger,
    });
  }
  listeners.get(port)?.(message);
});
