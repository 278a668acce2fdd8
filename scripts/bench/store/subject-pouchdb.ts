import { createRequire } from 'node:module';
import { join } from 'node:path';
import { durable } from '../durable-level.ts';
import type { LevelFactory } from '../durable-level.ts';
import { PAGE_ROWS } from './documents.ts';
import type { Movement, MovementDocument } from './documents.ts';
import type { Subject } from './subject.ts';

interface Found {
  readonly docs: readonly unknown[];
}
interface Pouch {
  bulkDocs(documents: readonly unknown[]): Promise<readonly { error?: unknown }[]>;
  allDocs(options: unknown): Promise<{ rows: readonly { doc?: unknown }[] }>;
  createIndex(options: unknown): Promise<unknown>;
  find(query: unknown): Promise<Found>;
  close(): Promise<void>;
}
type PouchClass = { new (name: string, options: unknown): Pouch; plugin(plugin: unknown): void };

const ENDLESS = 1_000_000_000;
const INDEXES = [['item_id', 'location_id'], ['location_id', 'occurred_at'], ['occurred_at']];
const indexName = (fields: readonly string[]): string => fields.join('-');

/** PouchDB with its usual store on Node (LevelDB) and its find plugin. */
export function createPouch(peers: string): Subject {
  const load = createRequire(join(peers, 'package.json'));
  const PouchDB = load('pouchdb') as PouchClass;
  PouchDB.plugin(load('pouchdb-find'));
  const db = durable(load('leveldown') as LevelFactory);
  let database: Pouch | undefined;
  const it = (): Pouch => database as Pouch;
  const open = async (folder: string): Promise<void> => {
    database = new PouchDB(join(folder, 'pouch'), { db });
    return Promise.resolve();
  };
  const find = async (query: Record<string, unknown>): Promise<readonly Movement[]> =>
    (await it().find({ limit: ENDLESS, ...query })).docs as Movement[];
  return {
    create: async (folder) => {
      await open(folder);
      for (const fields of INDEXES) {
        const name = indexName(fields);
        await it().createIndex({ index: { fields, ddoc: name, name } });
      }
    },
    open,
    close: async () => {
      await database?.close();
    },
    insert: async (documents: readonly MovementDocument[]) => {
      const rows = documents.map((document) => {
        const { id, _deleted, _attachments, _rev, _meta, ...own } = document;
        return { _id: id, ...own };
      });
      const written = await it().bulkDocs(rows);
      if (written.some(({ error }) => error)) throw new Error('documents were not written');
    },
    // An index of PouchDB catches up when it is asked for the next time.
    settle: async () => {
      for (const fields of INDEXES) {
        const first = Object.fromEntries(fields.map((field) => [field, { $gt: null }]));
        await it().find({ selector: first, use_index: indexName(fields), limit: 1 });
      }
    },
    byIds: async (ids) => {
      const { rows } = await it().allDocs({ keys: ids, include_docs: true });
      return rows.map(({ doc }) => doc as Movement);
    },
    byItem: ({ item }) => find({ selector: { item_id: item }, use_index: 'item_id-location_id' }),
    allSorted: () =>
      find({
        selector: { occurred_at: { $gt: null } },
        sort: ['occurred_at'],
        use_index: 'occurred_at',
      }),
    between: ({ from, to }) =>
      find({
        selector: { occurred_at: { $gte: from, $lt: to } },
        sort: ['occurred_at'],
        use_index: 'occurred_at',
      }),
    // There is no count: the index is asked for no more than the ids.
    countOf: async ({ location }) => {
      const selector = { location_id: location, occurred_at: { $gt: null } };
      const index = { use_index: 'location_id-occurred_at', fields: ['_id'] };
      return (await find({ selector, ...index })).length;
    },
    page: ({ location }) =>
      find({
        selector: { location_id: location, occurred_at: { $gt: null } },
        sort: [{ location_id: 'desc' }, { occurred_at: 'desc' }],
        use_index: 'location_id-occurred_at',
        limit: PAGE_ROWS,
      }),
  };
}
