import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { mkdir } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { durable } from '../../durable-level.ts';
import type { LevelFactory } from '../../durable-level.ts';

/**
 * PouchDB on either side of a replication: a server over its usual store (LevelDB) that speaks
 * CouchDB's protocol, or a client that fetches all of a database into its own, made durable.
 */

export type PouchOrder =
  | {
      readonly role: 'serve';
      readonly peers: string;
      readonly folder: string;
      readonly file: string;
    }
  | {
      readonly role: 'fetch';
      readonly peers: string;
      readonly folder: string;
      readonly url: string;
    };

export interface PouchResult {
  readonly url: string;
  readonly documents: number;
  readonly ms: number;
}

interface Pouch {
  bulkDocs(documents: readonly unknown[]): Promise<readonly { error?: unknown }[]>;
}
interface PouchClass {
  new (name: string, options?: unknown): Pouch;
  defaults(options: unknown): PouchClass;
  replicate(from: string, to: Pouch, options: unknown): Promise<{ docs_written: number }>;
}
interface Express {
  use(path: string, handler: unknown): void;
  listen(port: number, host: string, done: () => void): Server;
}

const BATCH = 1_000;

async function serve(order: PouchOrder & { role: 'serve' }): Promise<PouchResult> {
  const load = createRequire(path.join(order.peers, 'package.json'));
  await mkdir(order.folder, { recursive: true });
  const prefix = `${order.folder}/`;
  const Database = (load('pouchdb') as PouchClass).defaults({ prefix });
  const app = (load('express') as () => Express)();
  const handler = load('express-pouchdb') as (database: PouchClass, options: unknown) => unknown;
  const options = {
    mode: 'minimumForPouchDB',
    inMemoryConfig: true,
    logPath: path.join(order.folder, 'log.txt'),
  };
  app.use('/', handler(Database, options));
  const begun = performance.now();
  const database = new Database('clinic');
  let batch: unknown[] = [];
  let documents = 0;
  const write = async (): Promise<void> => {
    await database.bulkDocs(batch);
    documents += batch.length;
    batch = [];
  };
  for await (const line of createInterface({ input: createReadStream(order.file) })) {
    batch.push(JSON.parse(line));
    if (batch.length === BATCH) await write();
  }
  if (batch.length > 0) await write();
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/clinic`, documents, ms: performance.now() - begun };
}

async function fetchAll(order: PouchOrder & { role: 'fetch' }): Promise<PouchResult> {
  const load = createRequire(path.join(order.peers, 'package.json'));
  const Database = load('pouchdb') as PouchClass;
  await mkdir(order.folder, { recursive: true });
  const db = durable(load('leveldown') as LevelFactory);
  const local = new Database(path.join(order.folder, 'local'), { db });
  const begun = performance.now();
  const { docs_written: documents } = await Database.replicate(order.url, local, {
    batch_size: BATCH,
    batches_limit: 10,
  });
  return { url: order.url, documents, ms: performance.now() - begun };
}

process.on('message', (order: PouchOrder) => {
  (order.role === 'serve' ? serve(order) : fetchAll(order)).then(
    (result) => process.send?.({ result }),
    (error: unknown) =>
      process.send?.({ failed: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit());
