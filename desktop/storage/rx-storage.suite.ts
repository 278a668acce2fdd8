import { getChangedDocumentsSince, normalizeMangoQuery, prepareQuery } from 'rxdb/plugins/core';
import type { EventBulk, MangoQuery, RxStorage, RxStorageChangeEvent } from 'rxdb/plugins/core';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  FILLED_NOTE_SCHEMA,
  changed,
  insertAll,
  insertRow,
  instanceParams,
  note,
} from './fixtures.suite.ts';
import type { AnyInstance } from './fixtures.suite.ts';
import { DOWNSTREAM_CONTEXT } from './origin.ts';

type Bulk = EventBulk<RxStorageChangeEvent<Record<string, unknown>>, unknown>;

export const prepared = (query: MangoQuery<Record<string, unknown>>) =>
  prepareQuery(FILLED_NOTE_SCHEMA, normalizeMangoQuery(FILLED_NOTE_SCHEMA, query as never));

/** What RxDB expects of a storage, as claims that hold for its own memory storage too. */
export function describeRxStorage(
  name: string,
  makeStorage: () => RxStorage<unknown, never>,
): void {
  describe(`${name} as RxDB's storage`, () => {
    let instance: AnyInstance;
    let storage: RxStorage<unknown, never>;
    let collections = 0;
    const create = (collection: string): Promise<AnyInstance> =>
      storage.createStorageInstance(instanceParams(collection) as never) as never;

    beforeEach(async () => {
      storage = makeStorage();
      collections += 1;
      instance = await create(`notes${collections}`);
    });

    const watch = (): Bulk[] => {
      const bulks: Bulk[] = [];
      instance.changeStream().subscribe((bulk) => bulks.push(bulk as Bulk));
      return bulks;
    };
    const ids = async (query: MangoQuery<Record<string, unknown>>): Promise<unknown[]> => {
      const { documents } = await instance.query(prepared(query) as never);
      return documents.map((document) => document['id']);
    };

    describe('bulkWrite', () => {
      test('stores a document exactly as given', async () => {
        const document = note({ id: 'one', opt: 'ö 😀 \u0001 "', list: [1, null, { a: [] }] });
        await insertAll(instance, [document]);
        expect(await instance.findDocumentsById(['one'], true)).toEqual([document]);
      });

      test('answers an insert over a live row with a conflict and the stored document', async () => {
        const first = note({ id: 'one', n: 1 });
        await insertAll(instance, [first]);
        const row = insertRow(note({ id: 'one', n: 2 }));
        const { error } = await instance.bulkWrite([row], 'test');
        expect(error).toMatchObject([
          { status: 409, isError: true, documentId: 'one', documentInDb: first, context: 'test' },
        ]);
        expect(error[0]?.writeRow).toBe(row);
        expect(await instance.findDocumentsById(['one'], true)).toEqual([first]);
      });

      test('answers an update with an old revision with a conflict', async () => {
        const first = note({ id: 'one', n: 1 });
        const second = changed(first, { n: 2 });
        await insertAll(instance, [first]);
        await instance.bulkWrite([{ previous: first, document: second }], 'test');
        const { error } = await instance.bulkWrite(
          [{ previous: first, document: changed(first, { n: 3 }) }],
          'test',
        );
        expect(error).toMatchObject([{ status: 409, documentInDb: second }]);
      });

      test('writes the other rows of a batch in which one conflicts', async () => {
        await insertAll(instance, [note({ id: 'b' })]);
        const rows = ['a', 'b', 'c'].map((id) => insertRow(note({ id, n: 7 })));
        const { error } = await instance.bulkWrite(rows, 'test');
        expect(error.map((one) => one.documentId)).toEqual(['b']);
        const stored = await instance.findDocumentsById(['a', 'b', 'c'], true);
        expect(stored.map((one) => one['n'])).toEqual([7, 0, 7]);
      });

      test('inserts when a previous state is given and no row is there', async () => {
        const previous = note({ id: 'one' });
        const document = changed(previous, { n: 1 });
        const { error } = await instance.bulkWrite([{ previous, document }], 'test');
        expect(error).toEqual([]);
        expect(await instance.findDocumentsById(['one'], false)).toEqual([document]);
      });

      test('keeps a deleted document findable by id and out of queries', async () => {
        const first = note({ id: 'one' });
        await insertAll(instance, [first, note({ id: 'two' })]);
        const gone = changed(first, { _deleted: true });
        await instance.bulkWrite([{ previous: first, document: gone }], 'test');
        expect(await instance.findDocumentsById(['one'], false)).toEqual([]);
        expect(await instance.findDocumentsById(['one'], true)).toEqual([gone]);
        expect(await ids({ selector: { _deleted: { $eq: false } } })).toEqual(['two']);
      });
    });

    describe('changeStream', () => {
      test('tells inserts, updates and deletions with both states and the context', async () => {
        const bulks = watch();
        const first = note({ id: 'one' });
        const second = changed(first, { n: 1 });
        const third = changed(second, { _deleted: true });
        await insertAll(instance, [first], 'c1');
        await instance.bulkWrite([{ previous: first, document: second }], 'c2');
        await instance.bulkWrite([{ previous: second, document: third }], 'c3');
        expect(bulks.map(({ context }) => context)).toEqual(['c1', 'c2', 'c3']);
        expect(bulks.flatMap(({ events }) => events)).toMatchObject([
          { documentId: 'one', operation: 'INSERT', documentData: first },
          { operation: 'UPDATE', documentData: second, previousDocumentData: first },
          { operation: 'DELETE', documentData: third, previousDocumentData: second },
        ]);
        expect(new Set(bulks.map(({ id }) => id)).size).toBe(3);
      });

      test('tells a document that comes back as an insert', async () => {
        const gone = note({ id: 'one', _deleted: true });
        const back = changed(gone, { _deleted: false });
        await insertAll(instance, [gone]);
        const bulks = watch();
        await instance.bulkWrite([{ previous: gone, document: back }], 'test');
        expect(bulks[0]?.events).toMatchObject([{ operation: 'INSERT', documentData: back }]);
      });

      test('tells nothing of conflicts and of documents inserted as deleted', async () => {
        await insertAll(instance, [note({ id: 'one' })]);
        const bulks = watch();
        await instance.bulkWrite([insertRow(note({ id: 'one' }))], 'test');
        await insertAll(instance, [note({ id: 'two', _deleted: true })]);
        expect(bulks).toEqual([]);
      });

      test('is shared by all instances of a collection', async () => {
        const other = await create(instance.collectionName);
        const bulks = watch();
        await insertAll(other, [note({ id: 'one' })]);
        expect(bulks).toHaveLength(1);
      });

      test('gives a checkpoint after which only later writes are found', async () => {
        const bulks = watch();
        await insertAll(instance, [note({ id: 'one' })]);
        await insertAll(instance, [note({ id: 'two' })]);
        const changes = await getChangedDocumentsSince(instance, 10, bulks[0]?.checkpoint);
        expect(changes.documents.map((document) => document['id'])).toEqual(['two']);
      });
    });

    describe('getChangedDocumentsSince', () => {
      test('pages through all documents in the order of their last write', async () => {
        const first = note({ id: 'a' });
        await insertAll(instance, [first]);
        for (const id of ['b', 'c', 'd']) await insertAll(instance, [note({ id })]);
        const rows = [{ previous: first, document: changed(first, { n: 1 }) }];
        await instance.bulkWrite(rows, 'test');
        const seen: unknown[] = [];
        let checkpoint: unknown;
        for (;;) {
          const page = await getChangedDocumentsSince(instance, 2, checkpoint);
          if (page.documents.length === 0) break;
          seen.push(...page.documents.map((document) => document['id']));
          checkpoint = page.checkpoint;
        }
        expect(seen).toEqual(['b', 'c', 'd', 'a']);
      });
    });

    describe('query and count', () => {
      beforeEach(async () => {
        const documents = Array.from({ length: 20 }, (_, n) =>
          note({ id: `id${String(n).padStart(2, '0')}`, n, cat: n % 2 ? 'odd' : 'even' }),
        );
        await insertAll(instance, documents);
      });

      test('skips and limits after sorting', async () => {
        const selector = { cat: { $eq: 'odd' } };
        expect(await ids({ selector, sort: [{ n: 'desc' }], skip: 1, limit: 3 })).toEqual([
          'id17',
          'id15',
          'id13',
        ]);
      });

      test('a limit of 0 gives nothing', async () => {
        expect(await ids({ selector: {}, limit: 0 })).toEqual([]);
      });

      test('a skip beyond the end gives nothing', async () => {
        expect(await ids({ selector: {}, skip: 100 })).toEqual([]);
      });

      test('counts what the query would find', async () => {
        const query = prepared({ selector: { n: { $gte: 5 }, cat: { $eq: 'odd' } } });
        expect((await instance.count(query as never)).count).toBe(8);
      });
    });

    describe('cleanup', () => {
      test('removes old tombstones and nothing else', async () => {
        const longAgo = now() - 10_000;
        const rows = [
          note({ id: 'old', _deleted: true }, '1-test', longAgo),
          note({ id: 'fresh', _deleted: true }),
          note({ id: 'live' }, '1-test', longAgo),
        ];
        await insertAll(instance, rows, `${DOWNSTREAM_CONTEXT}x`);
        expect(await instance.cleanup(5_000)).toBe(true);
        const left = await instance.findDocumentsById(['old', 'fresh', 'live'], true);
        expect(left.map((document) => document['id'])).toEqual(['fresh', 'live']);
      });
    });

    describe('close and remove', () => {
      test('closing twice is the same as once', async () => {
        await instance.close();
        await expect(instance.close()).resolves.toBeUndefined();
      });

      test('closing one instance leaves the others of the collection at work', async () => {
        const other = await create(instance.collectionName);
        await instance.close();
        await insertAll(other, [note({ id: 'one' })]);
        expect(await other.findDocumentsById(['one'], false)).toHaveLength(1);
      });

      test('a collection opened again still has its documents', async () => {
        await insertAll(instance, [note({ id: 'one' })]);
        await instance.close();
        const again = await create(instance.collectionName);
        expect(await again.findDocumentsById(['one'], false)).toHaveLength(1);
      });

      test('a collection opened again tells its changes', async () => {
        await instance.close();
        instance = await create(instance.collectionName);
        const bulks = watch();
        await insertAll(instance, [note({ id: 'one' })]);
        expect(bulks).toHaveLength(1);
      });

      test('a removed collection is empty when it is made again', async () => {
        await insertAll(instance, [note({ id: 'one' })]);
        await instance.remove();
        const again = await create(instance.collectionName);
        expect(await again.findDocumentsById(['one'], true)).toEqual([]);
      });
    });
  });
}

function now(): number {
  return Date.now();
}
