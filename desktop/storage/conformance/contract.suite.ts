import {
  fillWithDefaultSettings,
  getChangedDocumentsSince,
  normalizeMangoQuery,
  prepareQuery,
} from 'rxdb/plugins/core';
import type { EventBulk, RxStorageChangeEvent } from 'rxdb/plugins/core';
import { describe, expect, test } from 'vitest';
import {
  FILLED_NOTE_SCHEMA,
  NOTE_SCHEMA,
  changed,
  insertAll,
  instanceParams,
  note,
} from '../fixtures.suite.ts';
import type { AnyInstance } from '../fixtures.suite.ts';
import type { StoredDocument } from '../storage-types.ts';
import { Random } from './query-generator.suite.ts';
import type { AnyStorage, TestedStorage } from './storages.suite.ts';

type Bulk = EventBulk<RxStorageChangeEvent<Record<string, unknown>>, unknown>;

const SECOND_SCHEMA = fillWithDefaultSettings<Record<string, unknown>>({
  ...NOTE_SCHEMA,
  version: 1,
});

/** What RxDB asks of a storage beyond queries, as claims that hold for its memory storage too. */
export function describeContract({ name, make }: TestedStorage): void {
  const create = (
    storage: AnyStorage,
    collection = 'notes',
    more: Record<string, unknown> = {},
  ): Promise<AnyInstance> =>
    storage.createStorageInstance({ ...instanceParams(collection), ...more } as never) as never;
  const ids = async (instance: AnyInstance): Promise<unknown[]> => {
    const mango = normalizeMangoQuery(FILLED_NOTE_SCHEMA, { selector: {}, sort: [{ id: 'asc' }] });
    const { documents } = await instance.query(prepareQuery(FILLED_NOTE_SCHEMA, mango) as never);
    return documents.map((document) => document['id']);
  };

  describe(`${name}: databases, versions and instances`, () => {
    test('keeps databases of one directory apart', async () => {
      const storage = make();
      const one = await create(storage, 'notes', { databaseName: 'one' });
      const two = await create(storage, 'notes', { databaseName: 'two' });
      await insertAll(one, [note({ id: 'a' })]);
      expect(await ids(two)).toEqual([]);
      await two.remove();
      expect(await ids(one)).toEqual(['a']);
      await one.remove();
    });

    test.each(['../x', 'a/b', 'C:\\x', 'Ä😀', '.', 'con', 'x'.repeat(300), 'Notes', 'notes'])(
      'takes %j for the name of a database',
      async (databaseName) => {
        const storage = make();
        const instance = await create(storage, 'notes', { databaseName });
        await insertAll(instance, [note({ id: 'a' })]);
        const other = await create(storage, 'notes', { databaseName: `${databaseName}2` });
        expect([await ids(instance), await ids(other)]).toEqual([['a'], []]);
        await other.remove();
        await instance.remove();
      },
    );

    test.each([
      'kv',
      'ganger_tables',
      'live_notes',
      'sqlite_master',
      'Notes',
      'rx-x',
      'a"b',
      'order',
    ])('takes %j for the name of a collection, beside one named notes', async (collection) => {
      const storage = make();
      const notes = await create(storage);
      const instance = await create(storage, collection);
      await insertAll(instance, [note({ id: 'a' })]);
      expect([await ids(instance), await ids(notes)]).toEqual([['a'], []]);
      await instance.remove();
      await notes.remove();
    });

    test('keeps versions of a schema apart, and each can be removed alone', async () => {
      const storage = make();
      const old = await create(storage);
      const next = await create(storage, 'notes', { schema: SECOND_SCHEMA });
      await insertAll(old, [note({ id: 'a' })]);
      await insertAll(next, [note({ id: 'a', n: 1 }), note({ id: 'b' })]);
      expect([await ids(old), await ids(next)]).toEqual([['a'], ['a', 'b']]);
      await old.remove();
      expect(await ids(next)).toEqual(['a', 'b']);
      const fresh = await create(storage);
      expect(await ids(fresh)).toEqual([]);
      await fresh.close();
      await next.close();
    });

    test('shows all instances of a collection the same rows and events', async () => {
      const storage = make();
      const instances = [await create(storage), await create(storage), await create(storage)];
      const seen = instances.map((instance) => {
        const events: string[] = [];
        instance
          .changeStream()
          .subscribe((bulk) => events.push(...(bulk as Bulk).events.map((e) => e.documentId)));
        return events;
      });
      for (const [at, instance] of instances.entries()) {
        await insertAll(instance, [note({ id: `id${at}` })]);
      }
      expect(seen).toEqual([
        ['id0', 'id1', 'id2'],
        ['id0', 'id1', 'id2'],
        ['id0', 'id1', 'id2'],
      ]);
      await instances[0]?.close();
      expect(await ids(instances[1] as AnyInstance)).toEqual(['id0', 'id1', 'id2']);
      for (const instance of instances) await instance.close();
    });

    test('closing twice does nothing more', async () => {
      const instance = await create(make());
      await instance.close();
      await expect(instance.close()).resolves.toBeUndefined();
    });

    test('a call that is under way when its instance is closed ends as if it were not', async () => {
      const storage = make();
      const instance = await create(storage);
      const other = await create(storage);
      const write = instance.bulkWrite([{ document: note({ id: 'a' }) }], 'test');
      const closing = instance.close();
      expect((await write).error).toEqual([]);
      await closing;
      expect(await ids(other)).toEqual(['a']);
      await other.close();
    });
  });

  describe(`${name}: feed and events`, () => {
    test('under random writes the feed leaves nothing out and repeats nothing, at any page', async () => {
      const random = new Random(7);
      const instance = await create(make());
      const model = new Map<string, StoredDocument>();
      const bulks: Bulk[] = [];
      instance.changeStream().subscribe((bulk) => bulks.push(bulk as Bulk));
      for (let round = 0; round < 60; round += 1) await writeSome(random, instance, model);

      for (const limit of [1, 3, 1_000]) {
        const found = new Map<string, unknown>();
        let checkpoint: unknown;
        for (;;) {
          const page = await getChangedDocumentsSince(instance, limit, checkpoint);
          if (page.documents.length === 0) break;
          for (const document of page.documents) {
            const id = document['id'] as string;
            expect(found.has(id)).toBe(false);
            found.set(id, document);
          }
          checkpoint = page.checkpoint;
        }
        expect(Object.fromEntries(found)).toEqual(Object.fromEntries(model));
      }

      const followed = new Map<string, unknown>();
      for (const { documentId, documentData, operation, previousDocumentData } of bulks.flatMap(
        (bulk) => bulk.events,
      )) {
        const before = followed.get(documentId) as StoredDocument | undefined;
        const wasLive = before !== undefined && !before._deleted;
        const isLive = !documentData._deleted;
        expect(operation).toBe(isLive ? (wasLive ? 'UPDATE' : 'INSERT') : 'DELETE');
        if (operation !== 'INSERT' && before) expect(previousDocumentData).toEqual(before);
        followed.set(documentId, documentData);
      }
      // A document that came deleted, and never was anything else, is no event.
      for (const [id, document] of model) {
        if (followed.has(id)) expect(followed.get(id)).toEqual(document);
        else expect(document._deleted).toBe(true);
      }
      await instance.remove();
    });

    test('a checkpoint of an event is the place in the feed after it', async () => {
      const instance = await create(make());
      const checkpoints: unknown[] = [];
      instance.changeStream().subscribe((bulk) => checkpoints.push((bulk as Bulk).checkpoint));
      for (const id of ['a', 'b', 'c']) await insertAll(instance, [note({ id })]);
      const after = [];
      for (const checkpoint of checkpoints) {
        const { documents } = await getChangedDocumentsSince(instance, 10, checkpoint);
        after.push(documents.map((document) => document['id']));
      }
      expect(after).toEqual([['b', 'c'], ['c'], []]);
      await instance.remove();
    });
  });

  describe(`${name}: what RxDB does not know`, () => {
    test.each([
      { n: { $all: [1] } },
      { list: { $unknown: 1 } },
      { $where: 'true' },
      { cat: { $regex: '(' } },
      { $or: [{ cat: 'a' }, { n: { $near: 1 } }] },
      { cat: { $not: { $regex: '[' } } },
      { cat: { $elemMatch: { $nope: 1 } } },
    ])('the selector %j is refused', async (selector) => {
      const instance = await create(make());
      await insertAll(instance, [note({ id: 'a' })]);
      const mango = { selector, sort: [{ id: 'asc' }], skip: 0 };
      const ask = async () =>
        instance.query(prepareQuery(FILLED_NOTE_SCHEMA, mango as never) as never);
      await expect(ask()).rejects.toThrow();
      await instance.remove();
    });
  });

  describe(`${name}: cleanup`, () => {
    test('removes what has been deleted long enough, and nothing else', async () => {
      const instance = await create(make());
      const old = Date.now() - 100_000;
      await insertAll(instance, [
        note({ id: 'live' }, '1-test', old),
        note({ id: 'young', _deleted: true }),
        ...Array.from({ length: 1_200 }, (_, at) =>
          note({ id: `old${at}`, _deleted: true }, '1-test', old),
        ),
      ]);
      let calls = 0;
      for (let isDone = false; !isDone; calls += 1) isDone = await instance.cleanup(50_000);
      expect(calls).toBeLessThan(10);
      const all = ['live', 'young', ...Array.from({ length: 1_200 }, (_, at) => `old${at}`)];
      const left = await instance.findDocumentsById(all, true);
      expect(left.map((document) => document['id'])).toEqual(['live', 'young']);
      expect(await instance.cleanup(0)).toBe(true);
      await instance.remove();
    });
  });
}

/** One bulkWrite of inserts, updates, deletions and revivals, as the model says that they end. */
async function writeSome(
  random: Random,
  instance: AnyInstance,
  model: Map<string, StoredDocument>,
): Promise<void> {
  const ids = new Set(Array.from({ length: 1 + random.below(4) }, () => `id${random.below(15)}`));
  const rows = [...ids].map((id) => {
    const previous = model.get(id);
    const fields = { n: random.below(10), _deleted: random.chance(0.3) };
    const document = previous ? changed(previous, fields) : note({ id, ...fields });
    return previous ? { previous, document } : { document };
  });
  const { error } = await instance.bulkWrite(rows, 'test');
  if (error.length > 0) throw new Error('a row was refused');
  for (const { document } of rows) model.set(document['id'] as string, document);
  // Other storages tell the order of writes by the clock, in milliseconds.
  await new Promise((resolve) => setTimeout(resolve, 1));
}
