import { expect, test } from 'vitest';
import { FILLED_NOTE_SCHEMA, insertAll, note, testStore } from './fixtures.suite.ts';
import { DOWNSTREAM_CONTEXT } from './origin.ts';

const PULL = `${DOWNSTREAM_CONTEXT}x`;
const META = 'rx-meta-notes';

async function pulledNotes() {
  const store = testStore();
  const notes = await store.open('notes');
  const meta = await store.open(META, FILLED_NOTE_SCHEMA);
  const pulled = note({ id: 'a', n: 7 });
  Object.assign(pulled._meta, { o: { _rev: 1, hash: 'h' } });
  await insertAll(notes, [pulled, note({ id: 'b' }), note({ id: 'gone', _deleted: true })], PULL);
  await insertAll(meta, [note({ id: 'a|0' }), note({ id: 'b|0' }), note({ id: 'down|1' })]);
  return { ...store, notes, meta };
}

test('released rows wait again: at the end of the queue, with the same content and revision', async () => {
  const { storage, notes, meta } = await pulledNotes();
  const [before] = await notes.findDocumentsById(['a'], false);
  const { checkpoint } = await notes.getChangedDocumentsSince(10);
  let ticks = 0;
  storage.waiting$.subscribe(() => (ticks += 1));
  const released = storage.release('notes', ['a', 'gone', 'nobody'], { metaCollection: META });
  expect(released).toEqual(['a']);
  expect(notes.originOf(['a', 'b', 'gone'])).toEqual(
    new Map([
      ['a', 'local'],
      ['b', 'server'],
      ['gone', 'server'],
    ]),
  );
  const { documents } = await notes.getChangedDocumentsSinceLocal(10, checkpoint);
  expect(documents).toMatchObject([{ id: 'a', n: 7, _rev: before?._rev }]);
  expect(documents[0]?._meta).not.toHaveProperty('o');
  const metaIds = (await meta.findDocumentsById(['a|0', 'b|0', 'down|1'], true)).map(
    (row) => row['id'],
  );
  expect(metaIds).toEqual(['b|0', 'down|1']);
  expect(ticks).toBe(1);
});

test('rows that are no longer the server’s are not released again', async () => {
  const { storage, notes } = await pulledNotes();
  expect(storage.release('notes', ['a'], { as: 'derived' })).toEqual(['a']);
  expect(notes.originOf(['a']).get('a')).toBe('derived');
  expect(storage.release('notes', ['a'])).toEqual([]);
});

test('all or nothing: meta rows that cannot be removed leave the rows as they were', async () => {
  const { storage, notes } = await pulledNotes();
  const options = { metaCollection: 'rx-meta-closed' };
  expect(() => storage.release('notes', ['a'], options)).toThrow('STORE_NOT_OPEN');
  expect(notes.originOf(['a']).get('a')).toBe('server');
});
