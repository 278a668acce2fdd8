import { readFileSync } from 'node:fs';
import { createRxDatabase } from 'rxdb/plugins/core';
import type { MangoQuery, RxCollection } from 'rxdb/plugins/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NOTE_SCHEMA, insertAll, note, testStore } from './fixtures.suite.ts';
import type { TestStore } from './fixtures.suite.ts';
import { DOWNSTREAM_CONTEXT } from './origin.ts';
import { FILLED_NOTE_SCHEMA } from './fixtures.suite.ts';

const PULL = `${DOWNSTREAM_CONTEXT}x`;
const META = 'rx-meta-notes';

async function notesWithMeta(): Promise<
  TestStore & Record<'notes' | 'meta', Awaited<ReturnType<TestStore['open']>>>
> {
  const store = testStore();
  const notes = await store.open('notes');
  const meta = await store.open(META, FILLED_NOTE_SCHEMA);
  return { ...store, notes, meta };
}

const ids = (documents: readonly Record<string, unknown>[]): unknown[] =>
  documents.map((document) => document['id']);

describe('purge', () => {
  test('leaves no row, no meta row and nothing that a feed could find', async () => {
    const { storage, notes, meta } = await notesWithMeta();
    await insertAll(notes, [note({ id: 'a' }), note({ id: 'b' }), note({ id: 'c' })], PULL);
    await insertAll(meta, [note({ id: 'a|0' }), note({ id: 'b|0' }), note({ id: 'down|1' })]);
    const result = storage.purge('notes', ['a', 'b', 'nobody'], { metaCollection: META });
    expect(result).toEqual({ purged: ['a', 'b'], kept: [] });
    expect(await notes.findDocumentsById(['a', 'b'], true)).toEqual([]);
    expect(ids((await notes.getChangedDocumentsSince(10)).documents)).toEqual(['c']);
    expect((await notes.getChangedDocumentsSinceLocal(10)).documents).toEqual([]);
    expect(ids(await meta.findDocumentsById(['a|0', 'b|0', 'down|1'], true))).toEqual(['down|1']);
  });

  test('removes meta rows also of documents that are gone already', async () => {
    const { storage, meta } = await notesWithMeta();
    await insertAll(meta, [note({ id: 'gone|0' })]);
    storage.purge('notes', ['gone'], { metaCollection: META });
    expect(await meta.findDocumentsById(['gone|0'], true)).toEqual([]);
  });

  test('keeps and names rows that the server does not have yet, unless told otherwise', async () => {
    const { storage, notes, meta } = await notesWithMeta();
    await insertAll(notes, [note({ id: 'pulled' })], PULL);
    await insertAll(notes, [note({ id: 'mine' })], 'renderer-1');
    await insertAll(meta, [note({ id: 'mine|0' })]);
    const all = ['pulled', 'mine'];
    expect(storage.purge('notes', all, { metaCollection: META })).toEqual({
      purged: ['pulled'],
      kept: ['mine'],
    });
    expect(ids(await meta.findDocumentsById(['mine|0'], true))).toEqual(['mine|0']);
    const options = { metaCollection: META, unsent: 'purge' } as const;
    expect(storage.purge('notes', all, options)).toEqual({ purged: ['mine'], kept: [] });
    expect(await meta.findDocumentsById(['mine|0'], true)).toEqual([]);
  });

  test('tells windows which rows are gone and nothing of what they held', async () => {
    const { storage, notes } = await notesWithMeta();
    const gone = note({ id: 'tombstone', _deleted: true });
    await insertAll(notes, [note({ id: 'a', opt: 'Quetzalcoatlus' }), gone], PULL);
    const bulks: unknown[] = [];
    notes.changeStream().subscribe((bulk) => bulks.push(bulk));
    storage.purge('notes', ['a', 'tombstone']);
    expect(bulks).toMatchObject([
      { context: 'store-purge', events: [{ operation: 'DELETE', documentId: 'a' }] },
    ]);
    expect(JSON.stringify(bulks)).not.toContain('Quetzal');
  });

  test('is all or nothing', async () => {
    const { storage, notes } = await notesWithMeta();
    await insertAll(notes, [note({ id: 'a' })], PULL);
    expect(() => storage.purge('notes', ['a'], { metaCollection: 'rx-meta-closed' })).toThrow();
    expect(await notes.findDocumentsById(['a'], true)).toHaveLength(1);
  });

  test('of a purged row that is granted again writes it anew', async () => {
    const { storage, notes } = await notesWithMeta();
    await insertAll(notes, [note({ id: 'a', n: 1 })], PULL);
    storage.purge('notes', ['a']);
    await insertAll(notes, [note({ id: 'a', n: 2 })], PULL);
    expect(await notes.findDocumentsById(['a'], false)).toMatchObject([{ n: 2 }]);
  });
});

describe('purgeWhere', () => {
  test('purges by the values of columns', async () => {
    const { storage, notes, meta } = await notesWithMeta();
    const rows = ['a', 'b', 'c', 'd'].map((id, n) => note({ id, cat: n < 3 ? 'x' : 'y', n }));
    await insertAll(notes, rows, PULL);
    await insertAll(meta, [note({ id: 'a|0' }), note({ id: 'd|0' })]);
    const result = storage.purgeWhere('notes', { cat: 'x', n: [0, 1, 3] }, { metaCollection: META });
    expect(result.purged).toEqual(['a', 'b']);
    expect(ids(await notes.findDocumentsById(['a', 'b', 'c', 'd'], true))).toEqual(['c', 'd']);
    expect(ids(await meta.findDocumentsById(['a|0', 'd|0'], true))).toEqual(['d|0']);
  });

  test('purges by null', async () => {
    const { storage, notes } = await notesWithMeta();
    await insertAll(notes, [note({ id: 'a', opt: null }), note({ id: 'b', opt: 'x' })], PULL);
    expect(storage.purgeWhere('notes', { opt: null }).purged).toEqual(['a']);
  });

  test('refuses an empty filter and a field without a column', async () => {
    const { storage, notes } = await notesWithMeta();
    await insertAll(notes, [note({ id: 'a' })], PULL);
    for (const where of [{}, { list: 'x' }, { 'n"; --': 1 }]) {
      expect(() => storage.purgeWhere('notes', where)).toThrow('REQUEST_INVALID');
    }
    expect(await notes.findDocumentsById(['a'], true)).toHaveLength(1);
  });
});

describe('after secureCheckpoint', () => {
  test('the bytes of a purged row are nowhere in the file', async () => {
    const { file, database, storage, notes } = await notesWithMeta();
    await insertAll(notes, [note({ id: 'a', opt: 'x'.repeat(3_000) }), note({ id: 'b' })], PULL);
    database.secureCheckpoint();
    const page = pageOf(readFileSync(file), 3);
    storage.purge('notes', ['a']);
    database.secureCheckpoint();
    expect(readFileSync(`${file}-wal`).length).toBe(0);
    // The content is encrypted in any case; its old pages are written over.
    expect(readFileSync(file).includes(page)).toBe(false);
    expect(database.read<{ free: number }>('select count(*) as free from live_notes')).toEqual([
      { free: 1 },
    ]);
  });
});

const pageOf = (bytes: Buffer, page: number): Buffer =>
  bytes.subarray((page - 1) * 4096, page * 4096);

describe('live queries of a window', () => {
  const QUERIES: [string, MangoQuery<Record<string, unknown>>][] = [
    ['all', { selector: {} }],
    ['sorted', { selector: {}, sort: [{ n: 'desc' }] }],
    ['first page', { selector: {}, sort: [{ n: 'asc' }], limit: 3 }],
    ['second page', { selector: {}, sort: [{ n: 'asc' }], skip: 2, limit: 3 }],
    ['by value', { selector: { cat: 'x' }, sort: [{ n: 'asc' }] }],
    ['by nullable', { selector: { opt: { $gt: '' } }, limit: 2 }],
  ];

  test.each(QUERIES)('%s lose purged rows and fill up their page', async (_, query) => {
    const { storage } = testStore();
    const database = await createRxDatabase({ name: 'test', storage, multiInstance: false });
    onTestFinished(async () => void (await database.close()));
    const { notes } = await database.addCollections({ notes: { schema: NOTE_SCHEMA } });
    const collection = notes as RxCollection;
    const contents = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, n) => ({
      id,
      n,
      cat: n % 2 ? 'x' : 'y',
      active: true,
      opt: `o${n}`,
    }));
    await collection.bulkInsert(contents);
    let shown: unknown[] = [];
    collection.find(query as never).$.subscribe((documents: { id: string }[]) => {
      shown = documents.map(({ id }) => id);
    });
    const fresh = async (): Promise<unknown[]> => {
      const instance = storage.instance('notes');
      const all = (await instance?.findDocumentsById(
        contents.map(({ id }) => id),
        false,
      )) as { id: string }[];
      const left = new Set(all.map(({ id }) => id));
      const found = await collection.find(query as never).exec();
      return (found as unknown as { id: string }[]).map(({ id }) => id).filter((id) => left.has(id));
    };
    await expect.poll(() => shown.length).toBeGreaterThan(0);
    for (const gone of [['b'], ['a', 'd'], ['f']]) {
      storage.purge('notes', gone, { unsent: 'purge' });
      await expect.poll(() => shown.filter((id) => gone.includes(id as string))).toEqual([]);
      expect(shown).toEqual(await fresh());
    }
    const all = contents.map(({ id }) => id);
    storage.purge('notes', all, { unsent: 'purge' });
    await expect.poll(() => shown).toEqual([]);
  });
});
