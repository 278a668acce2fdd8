import { expect, test } from 'vitest';
import { insertAll, note, testStore } from './fixtures.suite.ts';
import { DOWNSTREAM_CONTEXT } from './origin.ts';
import type { CommitNotice } from './storage-types.ts';

async function told() {
  const store = testStore();
  const notes = await store.open('notes');
  const changes: CommitNotice[] = [];
  const waiting: CommitNotice[] = [];
  store.storage.changes$.subscribe((notice) => changes.push(notice));
  store.storage.waiting$.subscribe((notice) => waiting.push(notice));
  return { ...store, notes, changes, waiting };
}

test('a commit tells the rows that it has changed, and no others', async () => {
  const { notes, changes } = await told();
  await insertAll(notes, [note({ id: 'a' }), note({ id: 'b' })]);
  // Neither is written: one is there already, the other cannot be stored.
  await notes.bulkWrite([{ document: note({ id: 'a' }) }, { document: note({ id: '' }) }], 'x');
  expect(changes).toEqual([{ collections: ['notes'], ids: { notes: ['a', 'b'] } }]);
});

test('more than a thousand rows, and rows that have left the device, are told as many', async () => {
  const { storage, notes, changes } = await told();
  const many = Array.from({ length: 1_001 }, (_, n) => note({ id: `n${n}` }));
  await insertAll(notes, many);
  storage.purge('notes', ['n1'], { unsent: 'purge' });
  expect(changes.map(({ ids }) => ids)).toEqual([{ notes: null }, { notes: null }]);
});

test('rows that wait again are among the changed ones, those that were confirmed are told apart', async () => {
  const store = testStore({
    onWrite({ tx, rows }) {
      for (const row of rows) if (row['id'] === 'meta') tx.confirm('notes', 'a', note({ id: 'a' }));
    },
  });
  const notes = await store.open('notes');
  const other = await store.open('others');
  await insertAll(notes, [note({ id: 'a' })], `${DOWNSTREAM_CONTEXT}x`);
  const changes: CommitNotice[] = [];
  const waiting: CommitNotice[] = [];
  store.storage.changes$.subscribe((notice) => changes.push(notice));
  store.storage.waiting$.subscribe((notice) => waiting.push(notice));
  store.storage.release('notes', ['a']);
  expect(changes).toEqual([{ collections: ['notes'], ids: { notes: ['a'] } }]);
  await insertAll(other, [note({ id: 'meta' })]);
  expect(waiting.at(-1)).toEqual({ collections: ['notes'], ids: { notes: ['a'] } });
});
