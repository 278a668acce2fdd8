import { createDecipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRxDatabase, normalizeMangoQuery, prepareQuery } from 'rxdb/plugins/core';
import type { MangoQuery, RxCollection } from 'rxdb/plugins/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { FILLED_NOTE_SCHEMA, NOTE_SCHEMA, TEST_KEY } from './fixtures.suite.ts';
import { insertAll, note, testStore } from './fixtures.suite.ts';
import type { TestStore } from './fixtures.suite.ts';
import { DOWNSTREAM_CONTEXT, PURGE_CONTEXT } from './origin.ts';
import { PAGE_SIZE } from './page-check.ts';

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
    const options = { metaCollection: 'rx-meta-closed' };
    expect(() => storage.purge('notes', ['a'], options)).toThrow('STORE_NOT_OPEN');
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
    const result = storage.purgeWhere(
      'notes',
      { cat: 'x', n: [0, 1, 3] },
      { metaCollection: META },
    );
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
  test('a purged row is nowhere in the file, not even under the key', async () => {
    const { file, database, storage, notes } = await notesWithMeta();
    const long = 'Quetzalcoatlus '.repeat(1_000);
    await insertAll(
      notes,
      [note({ id: 'a', opt: long }), note({ id: 'b', opt: 'Pteranodon' })],
      PULL,
    );
    database.secureCheckpoint();
    expect(decrypted(file)).toContain('Quetzal');
    storage.purge('notes', ['a']);
    database.secureCheckpoint();
    expect(readFileSync(`${file}-wal`).length).toBe(0);
    expect(decrypted(file)).not.toContain('Quetzal');
    expect(decrypted(file)).toContain('Pteranodon');
  });
});

/** All pages of a SQLCipher file in clear, free ones too. */
function decrypted(file: string): string {
  const bytes = readFileSync(file);
  let text = '';
  for (let start = 0; start < bytes.length; start += PAGE_SIZE) {
    const page = bytes.subarray(start === 0 ? 16 : start, start + PAGE_SIZE);
    const iv = page.subarray(page.length - 80, page.length - 64);
    const aes = createDecipheriv('aes-256-cbc', Buffer.from(TEST_KEY, 'hex'), iv);
    aes.setAutoPadding(false);
    text += aes.update(page.subarray(0, page.length - 80)).toString('latin1');
  }
  return text;
}

describe('live queries of a window', () => {
  type Query = MangoQuery<Record<string, unknown>>;
  const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

  async function windowWithNotes() {
    const { storage } = testStore();
    const database = await createRxDatabase({ name: 'test', storage, multiInstance: false });
    onTestFinished(async () => void (await database.close()));
    const { notes } = await database.addCollections({ notes: { schema: NOTE_SCHEMA } });
    const collection = notes as RxCollection;
    await collection.bulkInsert(
      NAMES.map((id, n) => ({ id, n, cat: n % 2 ? 'x' : 'y', active: true, opt: `o${n}` })),
    );
    const watch = (query: Query): { shown: unknown[] } => {
      const view: { shown: unknown[] } = { shown: [] };
      collection.find(query as never).$.subscribe((documents: { id: string }[]) => {
        view.shown = documents.map(({ id }) => id);
      });
      return view;
    };
    const fresh = async (query: Query): Promise<unknown[]> => {
      const selector = { ...query.selector, _deleted: { $eq: false } };
      const normal = normalizeMangoQuery(FILLED_NOTE_SCHEMA, { ...query, selector } as never);
      const prepared = prepareQuery(FILLED_NOTE_SCHEMA, normal);
      const found = await storage.instance('notes')?.query(prepared);
      return ids(found?.documents ?? []);
    };
    const purge = (gone: string[]) => storage.purge('notes', gone, { unsent: 'purge' });
    return { storage, collection, watch, fresh, purge };
  }

  const QUERIES: [string, Query][] = [
    ['all', { selector: {} }],
    ['sorted', { selector: {}, sort: [{ n: 'desc' }] }],
    ['first page', { selector: {}, sort: [{ n: 'asc' }], limit: 3 }],
    ['by value', { selector: { cat: 'x' }, sort: [{ n: 'asc' }] }],
    ['by nullable', { selector: { opt: { $gt: '' } }, limit: 2 }],
  ];

  test.each(QUERIES)('%s lose purged rows and fill up their page', async (_, query) => {
    const { watch, fresh, purge } = await windowWithNotes();
    const view = watch(query);
    await expect.poll(() => view.shown.length).toBeGreaterThan(0);
    for (const gone of [['b'], ['a', 'd'], ['f'], NAMES]) {
      purge(gone);
      await expect.poll(() => view.shown).toEqual(await fresh(query));
    }
    expect(view.shown).toEqual([]);
  });

  test('later pages and counts are right when the window runs them again', async () => {
    const { collection, watch, fresh, purge } = await windowWithNotes();
    // RxDB works these out from the former content of a deleted row, which the event does not hold.
    collection.eventBulks$.subscribe(({ context }) => {
      if (context !== PURGE_CONTEXT) return;
      for (const query of collection._queryCache._map.values()) query._latestChangeEvent = -1;
    });
    const secondPage: Query = { selector: {}, sort: [{ n: 'asc' }], skip: 2, limit: 3 };
    const view = watch(secondPage);
    let count = 0;
    collection.count({ selector: {} }).$.subscribe((number: number) => (count = number));
    await expect.poll(() => [view.shown, count]).toEqual([['c', 'd', 'e'], 6]);
    purge(['b']);
    await expect.poll(() => [view.shown, count]).toEqual([['d', 'e', 'f'], 5]);
    expect(view.shown).toEqual(await fresh(secondPage));
  });
});
