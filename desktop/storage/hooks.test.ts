import { fillWithDefaultSettings } from 'rxdb/plugins/core';
import { describe, expect, test } from 'vitest';
import { changed, insertAll, insertRow, note, testStore } from './fixtures.suite.ts';
import type { TestStore } from './fixtures.suite.ts';
import { CONFLICT_CONTEXT, DOWNSTREAM_CONTEXT } from './origin.ts';
import type { CommitNotice, StorageHooks, WriteEvent } from './storage-types.ts';

/** Expands each note of `acts` into two of `lines`, as acts become lots and movements. */
const expansion: StorageHooks = {
  onWrite({ collection, rows, tx }) {
    if (collection !== 'acts') return;
    for (const { id, cat, active } of rows) {
      const line = (nth: number) => ({ id: `${String(id)}/${nth}`, cat, n: nth, active });
      tx.insertDerived('lines', [line(1), line(2)]);
    }
  },
};

async function actsAndLines(hooks: StorageHooks = expansion) {
  const store = testStore(hooks);
  return { store, acts: await store.open('acts'), lines: await store.open('lines') };
}

const idsOf = (store: TestStore, table: string): string[] =>
  store.database.read<{ id: string }>(`select id from ${table} order by id`).map(({ id }) => id);

describe('onWrite', () => {
  test('is told what is written, by whom, and nothing of rows that are not', async () => {
    const told: Pick<WriteEvent, 'collection' | 'context' | 'origin'>[] = [];
    const ids: unknown[][] = [];
    const { acts } = await actsAndLines({
      onWrite({ collection, context, origin, rows }) {
        told.push({ collection, context, origin });
        ids.push(rows.map((row) => row['id']));
      },
    });
    await insertAll(acts, [note({ id: 'a' })], 'renderer-1');
    const rows = [note({ id: 'a' }), note({ id: 'b' })].map(insertRow);
    await acts.bulkWrite(rows, `${DOWNSTREAM_CONTEXT}x`);
    await acts.bulkWrite([insertRow(note({ id: 'a' }))], 'only a conflict');
    expect(told).toEqual([
      { collection: 'acts', context: 'renderer-1', origin: 'local' },
      { collection: 'acts', context: `${DOWNSTREAM_CONTEXT}x`, origin: 'server' },
    ]);
    expect(ids).toEqual([['a'], ['b']]);
  });

  test('only what the server can give again may reach the disk later than its answer', async () => {
    const told: [string, boolean][] = [];
    const SYNC_FULL = 2;
    const store = testStore({
      onWrite({ context }) {
        const [row] = store.database.read<{ synchronous: number }>('pragma synchronous');
        told.push([context, row?.synchronous === SYNC_FULL]);
      },
    });
    const acts = await store.open('acts');
    const contexts = [
      'renderer-1',
      `${DOWNSTREAM_CONTEXT}x`,
      'replication-down-write-meta',
      'replication-up-write-meta',
      CONFLICT_CONTEXT,
      'renderer-2',
    ];
    for (const [nth, context] of contexts.entries()) {
      await insertAll(acts, [note({ id: String(nth) })], context);
    }
    expect(told).toEqual([
      ['renderer-1', true],
      [`${DOWNSTREAM_CONTEXT}x`, false],
      ['replication-down-write-meta', false],
      ['replication-up-write-meta', true],
      [CONFLICT_CONTEXT, true],
      ['renderer-2', true],
    ]);
  });

  test('that throws takes the whole bulkWrite back, with all that was derived', async () => {
    const { store, acts, lines } = await actsAndLines({
      onWrite(event) {
        expansion.onWrite?.(event);
        throw new Error('broken act');
      },
    });
    const events: unknown[] = [];
    acts.changeStream().subscribe((bulk) => events.push(bulk));
    lines.changeStream().subscribe((bulk) => events.push(bulk));
    store.storage.changes$.subscribe((notice) => events.push(notice));
    store.storage.waiting$.subscribe(() => events.push('waiting'));
    await expect(insertAll(acts, [note({ id: 'a' })])).rejects.toThrow('INTERNAL');
    expect(idsOf(store, 'acts')).toEqual([]);
    expect(idsOf(store, 'lines')).toEqual([]);
    expect(events).toEqual([]);
    expect(store.database.inTransaction).toBe(false);
  });

  test('that is async is refused, since it would run after the commit', async () => {
    const onWrite = (async () => undefined) as unknown as (event: WriteEvent) => void;
    const { store, acts } = await actsAndLines({ onWrite });
    await expect(insertAll(acts, [note({ id: 'a' })])).rejects.toThrow('INTERNAL');
    expect(idsOf(store, 'acts')).toEqual([]);
  });

  test('that writes through an instance is refused: its events would precede the commit', async () => {
    let inner: Promise<unknown> | undefined;
    const { store, acts, lines } = await actsAndLines({
      onWrite({ collection }) {
        if (collection === 'acts') inner = lines.bulkWrite([insertRow(note({ id: 'x' }))], 'test');
      },
    });
    await insertAll(acts, [note({ id: 'a' })]);
    await expect(inner).rejects.toThrow('INTERNAL');
    expect(idsOf(store, 'lines')).toEqual([]);
  });

  test('cannot keep its transaction for later', async () => {
    let kept: WriteEvent['tx'] | undefined;
    const { store, acts } = await actsAndLines({ onWrite: ({ tx }) => void (kept = tx) });
    await insertAll(acts, [note({ id: 'a' })]);
    expect(() => kept?.insertDerived('lines', [{ id: 'x' }])).toThrow('INTERNAL');
    expect(() => kept?.confirm('acts', 'a', {})).toThrow('INTERNAL');
    expect(idsOf(store, 'lines')).toEqual([]);
  });

  test('numbers go on without a gap after a roll-back', async () => {
    let isBroken = true;
    const { store, acts } = await actsAndLines({
      onWrite() {
        if (isBroken) throw new Error('broken');
      },
    });
    await expect(insertAll(acts, [note({ id: 'a', opt: '\u{1f600}' })])).rejects.toThrow(
      'INTERNAL',
    );
    isBroken = false;
    await insertAll(acts, [note({ id: 'b' })]);
    expect(store.database.read('select id, seq from acts')).toEqual([{ id: 'b', seq: 1 }]);
  });
});

describe('insertDerived', () => {
  test('writes the rows with their act, with revision, time, number and origin', async () => {
    const { store, acts, lines } = await actsAndLines();
    await insertAll(acts, [note({ id: 'a', cat: 'b' })]);
    const stored = await lines.findDocumentsById(['a/1', 'a/2'], false);
    expect(stored).toMatchObject([
      { id: 'a/1', cat: 'b', n: 1, _deleted: false, _attachments: {} },
      { id: 'a/2', cat: 'b', n: 2 },
    ]);
    expect(stored[0]?._rev).toMatch(/^1-[a-z]{10}$/);
    expect(stored[0]?._meta.lwt).toBeGreaterThan(Date.now() - 10_000);
    expect(store.database.read('select id, seq, origin, cat, n from live_lines')).toEqual([
      { id: 'a/1', seq: 1, origin: 'derived', cat: 'b', n: 1 },
      { id: 'a/2', seq: 2, origin: 'derived', cat: 'b', n: 2 },
    ]);
  });

  test('leaves rows alone that are there, live or deleted', async () => {
    const inserted: string[][] = [];
    const { acts, lines } = await actsAndLines({
      onWrite({ collection, tx }) {
        if (collection !== 'acts') return;
        const rows = ['a', 'b', 'c'].map((id) => ({ id, cat: 'z', n: 9, active: true }));
        inserted.push(tx.insertDerived('lines', rows));
      },
    });
    const there = [note({ id: 'a', n: 1 }), note({ id: 'b', n: 2, _deleted: true })];
    await insertAll(lines, there);
    await insertAll(acts, [note({ id: 'act' })]);
    expect(inserted).toEqual([['c']]);
    expect(await lines.findDocumentsById(['a', 'b'], true)).toEqual(there);
  });

  test('tells the windows of the derived rows after the commit, act first', async () => {
    const { store, acts, lines } = await actsAndLines();
    const events: string[] = [];
    const isCommitted: boolean[] = [];
    const watch = (instance: typeof acts) =>
      instance.changeStream().subscribe(({ context, events: list, checkpoint }) => {
        isCommitted.push(!store.database.inTransaction);
        for (const { documentId, operation } of list) {
          events.push(`${context} ${operation} ${documentId} ${checkpoint.seq}`);
        }
      });
    watch(acts);
    watch(lines);
    const notices: CommitNotice[] = [];
    store.storage.changes$.subscribe((notice) => notices.push(notice));
    await insertAll(acts, [note({ id: 'a' })], 'renderer-1');
    expect(events).toEqual([
      'renderer-1 INSERT a 1',
      'store-derived INSERT a/1 2',
      'store-derived INSERT a/2 2',
    ]);
    expect(isCommitted).toEqual([true, true]);
    expect(notices).toEqual([
      { collections: ['acts', 'lines'], ids: { acts: ['a'], lines: ['a/1', 'a/2'] } },
    ]);
  });

  test('puts what is asked for into _meta', async () => {
    const { acts, lines } = await actsAndLines({
      onWrite({ collection, tx }) {
        const row = { id: 'l', cat: 'a', n: 1, active: true };
        if (collection === 'acts') tx.insertDerived('lines', [row], { o: { hash: 'h', _rev: 1 } });
      },
    });
    await insertAll(acts, [note({ id: 'a' })]);
    const [stored] = await lines.findDocumentsById(['l'], false);
    expect(stored?._meta).toMatchObject({ o: { hash: 'h', _rev: 1 } });
  });

  test('into a collection that is not open takes the act back too', async () => {
    const store = testStore(expansion);
    const acts = await store.open('acts');
    await expect(insertAll(acts, [note({ id: 'a' })])).rejects.toMatchObject({
      code: 'STORE_NOT_OPEN',
    });
    expect(idsOf(store, 'acts')).toEqual([]);
  });
});

describe('revise', () => {
  /** Every act adds one to the line that it names. */
  const adding = (told: boolean[] = []): StorageHooks => ({
    onWrite({ collection, rows, tx }) {
      if (collection !== 'acts') return;
      for (const { cat } of rows) {
        told.push(
          tx.revise('lines', String(cat), (row) =>
            row['active'] === true ? { ...row, n: Number(row['n']) + 1 } : row,
          ),
        );
      }
    },
  });

  test('changes a row with its act: what waits goes on waiting, the rest is derived', async () => {
    const told: boolean[] = [];
    const { store, acts, lines } = await actsAndLines(adding(told));
    const line = (id: string, active = true) => note({ id, n: 1, active });
    await insertAll(lines, [line('mine')], 'renderer-1');
    await insertAll(lines, [line('theirs'), line('still', false)], `${DOWNSTREAM_CONTEXT}x`);
    const waiting: string[] = [];
    const shown: string[] = [];
    lines.localChangeStream().subscribe(({ events }) => {
      waiting.push(...events.map(({ documentId }) => documentId));
    });
    lines.changeStream().subscribe(({ events }) => {
      for (const { documentId, operation } of events) shown.push(`${operation} ${documentId}`);
    });
    const names = ['mine', 'theirs', 'still', 'nobody'];
    await insertAll(
      acts,
      names.map((cat) => note({ id: `act ${cat}`, cat })),
    );
    expect(told).toEqual([true, true, false, false]);
    expect(store.database.read('select id, origin, n from live_lines order by id')).toEqual([
      { id: 'mine', origin: 'local', n: 2 },
      { id: 'still', origin: 'server', n: 1 },
      { id: 'theirs', origin: 'derived', n: 2 },
    ]);
    expect(shown).toEqual(['UPDATE mine', 'UPDATE theirs']);
    expect(waiting).toEqual([]);
    const [after] = await lines.findDocumentsById(['theirs'], false);
    expect(after?._rev).toMatch(/^2-[a-z]{10}$/);
    expect(after?._meta).not.toHaveProperty('o');
  });

  test('is taken back with its act', async () => {
    const hooks = adding();
    const { store, acts, lines } = await actsAndLines({
      onWrite(event) {
        hooks.onWrite?.(event);
        if (event.collection === 'acts') throw new Error('broken act');
      },
    });
    await insertAll(lines, [note({ id: 'a', n: 1, active: true })]);
    await expect(insertAll(acts, [note({ id: 'act', cat: 'a' })])).rejects.toThrow('INTERNAL');
    expect(store.database.read('select n from live_lines')).toEqual([{ n: 1 }]);
  });
});

describe('confirm', () => {
  const metaSchema = fillWithDefaultSettings<Record<string, unknown>>({
    version: 0,
    primaryKey: 'id',
    type: 'object',
    properties: {
      id: { type: 'string', maxLength: 60 },
      itemId: { type: 'string', maxLength: 60 },
      docData: { type: 'object' },
    },
  });

  /** Marks rows in the transaction that writes the replication's meta row, as the store does. */
  async function confirming() {
    const confirmed: boolean[] = [];
    const store = testStore({
      onWrite({ collection, rows, tx }) {
        if (!collection.startsWith('rx-meta-')) return;
        for (const { itemId, docData } of rows) {
          const table = collection.slice('rx-meta-'.length);
          confirmed.push(tx.confirm(table, itemId as string, docData as Record<string, unknown>));
        }
      },
    });
    const notes = await store.open('notes');
    const meta = await store.open('rx-meta-notes', metaSchema);
    const metaWrite = (docData: Record<string, unknown>) =>
      meta.bulkWrite(
        [
          {
            document: {
              id: `${String(docData['id'])}|0`,
              itemId: docData['id'],
              docData,
              _deleted: false,
              _attachments: {},
              _rev: '1-m',
              _meta: { lwt: Date.now() },
            } as never,
          },
        ],
        'replication-up-write-meta',
      );
    return { store, notes, meta, metaWrite, confirmed };
  }

  test('turns a local row into the server’s, without a new number or event', async () => {
    const { store, notes, meta, metaWrite, confirmed } = await confirming();
    await insertAll(notes, [note({ id: 'a', opt: null }), note({ id: 'b' })], 'renderer-1');
    expect(notes.countOrigin('local')).toBe(2);
    const events: unknown[] = [];
    let ticks = 0;
    notes.changeStream().subscribe((bulk) => events.push(bulk));
    store.storage.waiting$.subscribe(() => (ticks += 1));
    // Absent and null are the same.
    await metaWrite({ id: 'a', cat: 'a', n: 0, active: true, _deleted: false });
    expect(confirmed).toEqual([true]);
    expect(notes.originOf(['a', 'b', 'nobody'])).toEqual(
      new Map([
        ['a', 'server'],
        ['b', 'local'],
      ]),
    );
    expect(notes.countOrigin('local')).toBe(1);
    expect(store.database.read('select seq from notes where id = ?', ['a'])).toEqual([{ seq: 1 }]);
    expect(events).toEqual([]);
    expect(ticks).toBe(1);
    expect(meta.countOrigin('local')).toBe(0);
  });

  test('leaves a row waiting that was edited while its push was on the way', async () => {
    const { notes, metaWrite, confirmed } = await confirming();
    const first = note({ id: 'a' });
    await insertAll(notes, [first]);
    await notes.bulkWrite([{ previous: first, document: changed(first, { n: 5 }) }], 'test');
    await metaWrite({ id: 'a', cat: 'a', n: 0, active: true, _deleted: false });
    expect(confirmed).toEqual([false]);
    expect(notes.countOrigin('local')).toBe(1);
  });

  test('of a row that is not there changes nothing', async () => {
    const { metaWrite, confirmed } = await confirming();
    await metaWrite({ id: 'nobody' });
    expect(confirmed).toEqual([false]);
  });
});

describe('origin', () => {
  test('follows the context of the last write', async () => {
    const notes = await testStore().open('notes');
    const first = note({ id: 'a' });
    const second = changed(first, { n: 1 });
    await insertAll(notes, [first], `${DOWNSTREAM_CONTEXT}x`);
    expect(notes.originOf(['a']).get('a')).toBe('server');
    await notes.bulkWrite([{ previous: first, document: second }], 'renderer-1');
    expect(notes.originOf(['a']).get('a')).toBe('local');
    await notes.bulkWrite(
      [{ previous: second, document: changed(second, { n: 2 }) }],
      CONFLICT_CONTEXT,
    );
    expect(notes.originOf(['a']).get('a')).toBe('server');
  });
});
