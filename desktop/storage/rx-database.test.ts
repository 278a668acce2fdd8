import { createRxDatabase } from 'rxdb/plugins/core';
import type { RxCollection } from 'rxdb/plugins/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { NOTE_SCHEMA, TEST_KEY, note, testStore } from './fixtures.suite.ts';
import { insertAll, temporaryFolder } from './fixtures.suite.ts';
import { openDatabase } from './open-database.ts';
import { getRxStorageSqlite } from './rx-storage-sqlite.ts';
import type { SqliteStorage } from './storage-types.ts';

interface NoteDocument {
  readonly id: string;
  readonly n: number;
  incrementalPatch(fields: Record<string, unknown>): Promise<unknown>;
  remove(): Promise<unknown>;
}

async function openNotes(storage: SqliteStorage) {
  const database = await createRxDatabase({ name: 'test', storage, multiInstance: false });
  onTestFinished(async () => void (await database.close()));
  const { notes } = await database.addCollections({ notes: { schema: NOTE_SCHEMA } });
  return { database, notes: notes as RxCollection };
}

const content = (id: string, n: number) => ({ id, n, cat: 'a', active: true });

describe('a real RxDatabase', () => {
  test('inserts, patches, removes and counts; a live query follows', async () => {
    const { notes } = await openNotes(testStore().storage);
    let shown: string[] = [];
    notes.find({ selector: { n: { $gte: 1 } }, sort: [{ n: 'desc' }] }).$.subscribe((found) => {
      shown = (found as unknown as NoteDocument[]).map(({ id, n }) => `${id}${n}`);
    });
    await notes.bulkInsert([content('a', 0), content('b', 1), content('c', 2)]);
    await expect.poll(() => shown).toEqual(['c2', 'b1']);
    const a = (await notes.findOne('a').exec()) as unknown as NoteDocument;
    await Promise.all([a.incrementalPatch({ n: 5 }), a.incrementalPatch({ cat: 'z' })]);
    await expect.poll(() => shown).toEqual(['a5', 'c2', 'b1']);
    const c = (await notes.findOne('c').exec()) as unknown as NoteDocument;
    await c.remove();
    await expect.poll(() => shown).toEqual(['a5', 'b1']);
    expect(await notes.count({ selector: { cat: 'a' } }).exec()).toBe(1);
    await notes.insert(content('c', 9));
    await expect.poll(() => shown).toEqual(['c9', 'a5', 'b1']);
  });

  test('two windows on one store see each other’s writes', async () => {
    const { storage } = testStore();
    const { notes } = await openNotes(storage);
    let shown: string[] = [];
    notes.find().$.subscribe((found) => {
      shown = (found as unknown as NoteDocument[]).map(({ id }) => id);
    });
    const instance = storage.instance('notes');
    expect(instance).toBeDefined();
    if (instance) await insertAll(instance, [note({ id: 'from elsewhere' })], 'renderer-2');
    await expect.poll(() => shown).toEqual(['from elsewhere']);
  });

  test('has everything again after a restart of the process', async () => {
    const folder = temporaryFolder();
    const first = testStore(undefined, folder);
    const opened = await openNotes(first.storage);
    await opened.notes.bulkInsert([content('a', 1), content('b', 2)]);
    await opened.database.close();
    first.database.close();
    const file = openDatabase({ file: first.file, key: TEST_KEY, log: silentLogger });
    onTestFinished(() => file.close());
    const { notes } = await openNotes(getRxStorageSqlite({ database: file, log: silentLogger }));
    const found = (await notes.find().exec()) as unknown as NoteDocument[];
    expect(found.map(({ id }) => id).toSorted()).toEqual(['a', 'b']);
  });

  test('opened and closed a hundred times leaves no instance and no listener behind', async () => {
    const { storage, open } = testStore();
    const keeper = await open('notes');
    for (let round = 0; round < 100; round += 1) {
      const database = await createRxDatabase({ name: 'test', storage, multiInstance: false });
      const { notes } = await database.addCollections({ notes: { schema: NOTE_SCHEMA } });
      const subscription = notes?.find().$.subscribe();
      await notes?.find().exec();
      subscription?.unsubscribe();
      await database.close();
    }
    expect(storage.instance('_rxdb_internal')).toBeUndefined();
    const { observers } = keeper.changeStream() as unknown as { observers: unknown[] };
    expect(observers).toHaveLength(0);
    await keeper.close();
    expect(storage.instance('notes')).toBeUndefined();
  });
});

describe('closing', () => {
  test('works in any order', async () => {
    const { database, open } = testStore();
    const one = await open('notes');
    const two = await open('notes');
    database.close();
    await one.close();
    await two.close();
    await expect(one.query({} as never)).rejects.toMatchObject({ code: 'STORE_NOT_OPEN' });
  });

  test('a closed instance refuses calls, its sister goes on', async () => {
    const { open } = testStore();
    const one = await open('notes');
    const two = await open('notes');
    await one.close();
    await expect(insertAll(one, [note({ id: 'a' })])).rejects.toMatchObject({
      code: 'STORE_NOT_OPEN',
    });
    await insertAll(two, [note({ id: 'a' })]);
    expect(two.countOrigin('local')).toBe(1);
  });

  test('a removed collection is closed for all and tells its readers', async () => {
    const { storage, database, open } = testStore();
    const one = await open('notes');
    const two = await open('notes');
    await insertAll(one, [note({ id: 'a' })]);
    const notices: unknown[] = [];
    storage.changes$.subscribe((notice) => notices.push(notice));
    await one.remove();
    await expect(two.findDocumentsById(['a'], true)).rejects.toMatchObject({
      code: 'STORE_NOT_OPEN',
    });
    expect(notices).toEqual([{ collections: ['notes'] }]);
    expect(database.read("select name from sqlite_master where name like '%notes%'")).toEqual([]);
    await two.close();
  });
});
