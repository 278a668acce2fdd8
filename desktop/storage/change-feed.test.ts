import { describe, expect, test } from 'vitest';
import { changed, insertAll, note, testStore } from './fixtures.suite.ts';
import { CONFLICT_CONTEXT, DOWNSTREAM_CONTEXT } from './origin.ts';
import type { SqliteStorageInstance } from './sqlite-storage-instance.ts';
import type { SeqCheckpoint, StoredDocument } from './storage-types.ts';

type Instance = SqliteStorageInstance<Record<string, unknown>>;
const PULL = `${DOWNSTREAM_CONTEXT}x`;

/** All ids of a feed, page by page. */
async function readFeed(
  next: (checkpoint?: SeqCheckpoint) => ReturnType<Instance['getChangedDocumentsSince']>,
): Promise<{ ids: unknown[]; checkpoint: SeqCheckpoint | undefined }> {
  const ids: unknown[] = [];
  let checkpoint: SeqCheckpoint | undefined;
  for (;;) {
    const page = await next(checkpoint);
    checkpoint = page.checkpoint;
    if (page.documents.length === 0) return { ids, checkpoint };
    ids.push(...page.documents.map((document) => document['id']));
  }
}

describe('getChangedDocumentsSince', () => {
  test('skips no row when the clock of the writer goes back', async () => {
    const notes = await testStore().open('notes');
    await insertAll(notes, [note({ id: 'today' }, '1-x', Date.now())]);
    const { checkpoint } = await notes.getChangedDocumentsSince(10);
    await insertAll(notes, [
      note({ id: 'five years ago' }, '1-x', Date.now() - 5 * 365 * 86_400e3),
    ]);
    const next = await notes.getChangedDocumentsSince(10, checkpoint);
    expect(next.documents.map((document) => document['id'])).toEqual(['five years ago']);
  });

  test('gives every row once however small the pages, all rows of one batch too', async () => {
    const notes = await testStore().open('notes');
    const same = Array.from({ length: 25 }, (_, n) => note({ id: `id${n}` }, '1-x', 1_000));
    await insertAll(notes, same);
    for (const limit of [1, 2, 3, 7, 25, 100]) {
      const { ids } = await readFeed((cp) => notes.getChangedDocumentsSince(limit, cp));
      expect(ids).toEqual(same.map((document) => document['id']));
    }
  });

  test('gives a row that changes while paging again, in its newest state', async () => {
    const notes = await testStore().open('notes');
    const rows = ['a', 'b', 'c'].map((id) => note({ id }));
    await insertAll(notes, rows);
    const first = await notes.getChangedDocumentsSince(2);
    const a = rows[0] as StoredDocument;
    await notes.bulkWrite([{ previous: a, document: changed(a, { n: 9 }) }], 'test');
    const rest = await notes.getChangedDocumentsSince(10, first.checkpoint);
    expect(rest.documents).toMatchObject([{ id: 'c' }, { id: 'a', n: 9 }]);
  });

  test('gives tombstones', async () => {
    const notes = await testStore().open('notes');
    const a = note({ id: 'a' });
    await insertAll(notes, [a]);
    const { checkpoint } = await notes.getChangedDocumentsSince(10);
    await notes.bulkWrite([{ previous: a, document: changed(a, { _deleted: true }) }], 'test');
    const { documents } = await notes.getChangedDocumentsSince(10, checkpoint);
    expect(documents).toMatchObject([{ id: 'a', _deleted: true }]);
  });

  test('keeps the checkpoint at the end of the feed', async () => {
    const notes = await testStore().open('notes');
    expect((await notes.getChangedDocumentsSince(10)).checkpoint).toEqual({ seq: 0 });
    expect(await notes.getChangedDocumentsSince(10, { seq: 7 })).toEqual({
      documents: [],
      checkpoint: { seq: 7 },
    });
  });

  test('never gives a number twice, over deletes, purges and restarts', async () => {
    const { storage, open } = testStore();
    let notes = await open('notes');
    await insertAll(notes, [note({ id: 'a' }), note({ id: 'b' })], PULL);
    storage.purge('notes', ['a', 'b']);
    await notes.close();
    notes = await open('notes');
    await insertAll(notes, [note({ id: 'c' })]);
    expect((await notes.getChangedDocumentsSince(10)).checkpoint).toEqual({ seq: 3 });
  });
});

describe('the local feed', () => {
  test('gives only what the server does not have, and passes the rest', async () => {
    const notes = await testStore().open('notes');
    await insertAll(notes, [note({ id: 'pulled1' })], PULL);
    await insertAll(notes, [note({ id: 'mine' })], 'renderer-1');
    await insertAll(notes, [note({ id: 'pulled2' })], PULL);
    const { documents, checkpoint } = await notes.getChangedDocumentsSinceLocal(10);
    expect(documents.map((document) => document['id'])).toEqual(['mine']);
    expect(checkpoint).toEqual({ seq: 3 });
  });

  test('passes a long run of pulled rows in one step', async () => {
    const notes = await testStore().open('notes');
    const pulled = Array.from({ length: 300 }, (_, n) => note({ id: `p${n}` }));
    await insertAll(notes, pulled, PULL);
    const page = await notes.getChangedDocumentsSinceLocal(10);
    expect(page).toEqual({ documents: [], checkpoint: { seq: 300 } });
    await insertAll(notes, [note({ id: 'mine' })], 'renderer-1');
    const next = await notes.getChangedDocumentsSinceLocal(10, page.checkpoint);
    expect(next.documents).toHaveLength(1);
  });

  test('stops at the last row of a full page, so that the next page follows on', async () => {
    const notes = await testStore().open('notes');
    const mine = Array.from({ length: 7 }, (_, n) => note({ id: `m${n}` }));
    await insertAll(notes, mine, 'renderer-1');
    await insertAll(notes, [note({ id: 'pulled' })], PULL);
    const { ids, checkpoint } = await readFeed((cp) => notes.getChangedDocumentsSinceLocal(3, cp));
    expect(ids).toEqual(mine.map((document) => document['id']));
    expect(checkpoint).toEqual({ seq: 8 });
  });

  test('tells local writes only, never pulled ones, answers to conflicts or purges', async () => {
    const { storage, open } = testStore();
    const notes = await open('notes');
    const contexts: string[] = [];
    notes.localChangeStream().subscribe(({ context }) => contexts.push(context));
    await insertAll(notes, [note({ id: 'a' })], PULL);
    await insertAll(notes, [note({ id: 'b' })], CONFLICT_CONTEXT);
    await insertAll(notes, [note({ id: 'c' })], 'store-derived');
    await insertAll(notes, [note({ id: 'd' })], 'renderer-1');
    storage.purge('notes', ['a', 'd'], { unsent: 'purge' });
    expect(contexts).toEqual(['renderer-1']);
  });

  test('a local tombstone waits for the server and is not cleaned up', async () => {
    const notes = await testStore().open('notes');
    const pulled = note({ id: 'pulled', _deleted: true }, '1-x', 1);
    const mine = note({ id: 'mine', _deleted: true }, '1-x', 1);
    await insertAll(notes, [pulled], PULL);
    await insertAll(notes, [mine], 'renderer-1');
    expect(await notes.cleanup(0)).toBe(true);
    expect(await notes.findDocumentsById(['pulled', 'mine'], true)).toEqual([mine]);
  });
});

describe('cleanup', () => {
  test('says when more is left, and then goes on', async () => {
    const notes = await testStore().open('notes');
    const old = Array.from({ length: 1_200 }, (_, n) =>
      note({ id: `id${n}`, _deleted: true }, '1-x', 1),
    );
    await insertAll(notes, old, PULL);
    const answers = [await notes.cleanup(0), await notes.cleanup(0), await notes.cleanup(0)];
    expect(answers).toEqual([false, false, true]);
    expect(notes.countOrigin('server')).toBe(0);
  });
});
