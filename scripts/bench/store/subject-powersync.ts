import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkerOptions } from 'node:worker_threads';
import { MOVEMENT_FIELDS, MOVEMENT_SCHEMA, PAGE_ROWS } from './documents.ts';
import type { Movement, MovementDocument } from './documents.ts';
import { BENCH_KEY } from './subject-storage.ts';
import type { Subject } from './subject.ts';

type Params = readonly unknown[];
interface Executor {
  executeBatch(sql: string, params: readonly Params[]): Promise<unknown>;
}
interface PowerSync {
  waitForReady(): Promise<void>;
  getAll(sql: string, params?: Params): Promise<unknown[]>;
  get(sql: string, params?: Params): Promise<unknown>;
  writeTransaction(fn: (tx: Executor) => Promise<unknown>): Promise<unknown>;
  close(): Promise<void>;
}
/** What we use of the SDK; its types are installed with it, outside of the project. */
interface Sdk {
  readonly PowerSyncDatabase: new (options: unknown) => PowerSync;
  readonly Schema: new (tables: unknown) => unknown;
  readonly Table: new (columns: unknown, options: unknown) => unknown;
  readonly column: Readonly<Record<'text' | 'integer', unknown>>;
}

const NAMES = ['id', ...MOVEMENT_FIELDS];
const INSERT = `insert into movements(${NAMES.join(', ')}) values(${NAMES.map(() => '?').join(', ')})`;
const SELECT = `select ${NAMES.join(', ')} from movements`;

/** PowerSync’s Node SDK as its documents say: a synced table, batches in one write transaction. */
export async function createPowerSync(peers: string): Promise<Subject> {
  const resolve = createRequire(join(peers, 'package.json')).resolve;
  const { PowerSyncDatabase } = await sdk(resolve('@powersync/node'));
  const { Schema, Table, column } = await sdk(resolve('@powersync/common'));
  const kinds = MOVEMENT_SCHEMA.properties as Record<string, { type: string | string[] }>;
  const isText = (field: string): boolean => [kinds[field]?.type].flat().includes('string');
  const columns = Object.fromEntries(
    MOVEMENT_FIELDS.map((field) => [field, isText(field) ? column.text : column.integer]),
  );
  const indexes = {
    item: ['item_id', 'location_id'],
    location: ['location_id', 'occurred_at'],
    occurred: ['occurred_at'],
  };
  const schema = new Schema({ movements: new Table(columns, { indexes }) });
  let database: PowerSync | undefined;
  const it = (): PowerSync => database as PowerSync;
  const open = async (folder: string): Promise<void> => {
    database = new PowerSyncDatabase({
      schema,
      database: {
        dbFilename: 'powersync.db',
        dbLocation: folder,
        openWorker: (_: unknown, options: WorkerOptions) =>
          new Worker(join(peers, 'powersync-worker.js'), {
            ...options,
            workerData: { key: BENCH_KEY },
          }),
      },
      logger: { log: () => undefined },
    });
    await database.waitForReady();
  };
  const rows = async (rest: string, params: Params = []): Promise<readonly Movement[]> =>
    (await it().getAll(`${SELECT} ${rest}`, params)) as Movement[];
  return {
    create: open,
    open,
    close: async () => {
      await database?.close();
    },
    insert: async (documents: readonly MovementDocument[]) => {
      const values = documents.map((document) =>
        NAMES.map((name) => {
          const value = document[name as keyof Movement];
          return typeof value === 'boolean' ? Number(value) : value;
        }),
      );
      await it().writeTransaction((tx) => tx.executeBatch(INSERT, values));
    },
    byIds: (ids) => rows('where id in (select value from json_each(?))', [JSON.stringify(ids)]),
    byItem: ({ item }) => rows('where item_id = ? order by location_id', [item]),
    allSorted: () => rows('order by occurred_at'),
    between: ({ from, to }) =>
      rows('where occurred_at >= ? and occurred_at < ? order by occurred_at', [from, to]),
    countOf: async ({ location }) => {
      const sql = 'select count(*) as n from movements where location_id = ?';
      return ((await it().get(sql, [location])) as { n: number }).n;
    },
    page: ({ location }) =>
      rows(`where location_id = ? order by occurred_at desc limit ${PAGE_ROWS}`, [location]),
  };
}

const sdk = async (file: string): Promise<Sdk> =>
  (await import(pathToFileURL(file).href)) as unknown as Sdk;
