import { expect, test } from 'vitest';
import { FILLED_NOTE_SCHEMA, changed, insertAll, note, testStore } from './fixtures.suite.ts';
import type { CommittedChange, StorageHooks } from './storage-types.ts';

function observed(more: StorageHooks = {}) {
  const told: CommittedChange[] = [];
  const inTransaction: boolean[] = [];
  const store = testStore({
    ...more,
    afterCommit(changes) {
      inTransaction.push(store.database.inTransaction);
      told.push(...changes);
    },
  });
  return { ...store, told, inTransaction };
}

test('a write is told once, after commit, with the numbers that its rows were given', async () => {
  const { open, told, inTransaction, database } = observed();
  const notes = await open('notes');
  await insertAll(notes, [note({ id: 'a' }), note({ id: 'b' })]);
  const [a] = await notes.findDocumentsById(['a'], false);
  const clash = note({ id: 'b', n: 5 });
  const edited = changed(a as never, { n: 9 });
  await notes.bulkWrite(
    [{ document: clash as never }, { previous: a as never, document: edited as never }],
    'test',
  );
  expect(told).toHaveLength(2);
  expect(inTransaction).toEqual([false, false]);
  expect(told[0]?.rows.map(({ id, seq }) => [id, seq])).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect(told[1]?.rows.map(({ id, seq }) => [id, seq])).toEqual([['a', 3]]);
  expect(told[1]?.rows[0]?.document['n']).toBe(9);
  const stored = database.read<{ id: string; seq: number }>(
    'select id, seq from notes order by seq',
  );
  expect(stored).toEqual([
    { id: 'b', seq: 2 },
    { id: 'a', seq: 3 },
  ]);
});

test('a write that is rolled back is not told', async () => {
  const { open, told } = observed({
    onWrite() {
      throw new Error('no');
    },
  });
  const notes = await open('notes');
  await expect(notes.bulkWrite([{ document: note({ id: 'a' }) }], 'test')).rejects.toThrow();
  expect(told).toEqual([]);
});

test('confirmed, purged and released rows are told as such', async () => {
  const { open, told, storage } = observed({
    onWrite({ collection, rows, tx }) {
      if (collection !== 'rx-meta') return;
      for (const row of rows) tx.confirm('notes', String(row['opt']), note({ id: 'a' }));
    },
  });
  const notes = await open('notes');
  const meta = await open('rx-meta', FILLED_NOTE_SCHEMA);
  await insertAll(notes, [note({ id: 'a' }), note({ id: 'b' })]);
  told.length = 0;
  await insertAll(meta, [note({ id: 'm', opt: 'a' })]);
  expect(told.map(({ collection, settled }) => [collection, settled])).toEqual([
    ['rx-meta', []],
    ['notes', ['a']],
  ]);
  told.length = 0;
  storage.release('notes', ['a']);
  expect(told).toMatchObject([
    { collection: 'notes', origin: 'local', rows: [{ id: 'a', seq: 3 }] },
  ]);
  told.length = 0;
  storage.purge('notes', ['b'], { unsent: 'purge' });
  expect(told).toMatchObject([{ collection: 'notes', settled: ['b'], purged: true, rows: [] }]);
});

test('a hook that throws after commit takes nothing back', async () => {
  const store = testStore({
    afterCommit() {
      throw new Error('late');
    },
  });
  const notes = await store.open('notes');
  const events: unknown[] = [];
  notes.changeStream().subscribe((bulk) => events.push(bulk));
  await insertAll(notes, [note({ id: 'a' })]);
  expect(await notes.findDocumentsById(['a'], false)).toHaveLength(1);
  expect(events).toHaveLength(1);
});
