import { fillWithDefaultSettings } from 'rxdb/plugins/core';
import { describe, expect, test } from 'vitest';
import { FILLED_NOTE_SCHEMA, NOTE_SCHEMA, instanceParams, note } from './fixtures.suite.ts';
import { insertAll, testStore } from './fixtures.suite.ts';

const withProperties = (properties: Record<string, unknown>, version = 0) =>
  fillWithDefaultSettings<Record<string, unknown>>({
    ...NOTE_SCHEMA,
    version,
    properties: { ...(NOTE_SCHEMA.properties as object), ...properties } as never,
  });

describe('the table of a collection', () => {
  test('has a column for each scalar property and an index for each of the schema', async () => {
    const { database, open } = testStore();
    await open('notes');
    const columns = database.read<{ name: string }>('select name from pragma_table_info(?)', [
      'notes',
    ]);
    const names = columns.map(({ name }) => name);
    expect(names.slice(0, 6)).toEqual(['id', 'rev', 'deleted', 'lwt', 'seq', 'origin']);
    expect(names.slice(6, -1).toSorted()).toEqual(['active', 'cat', 'n', 'opt', 'weight']);
    expect(names.at(-1)).toBe('doc');
    const indexes = database.read<{ name: string }>(
      "select name from sqlite_master where type = 'index' and tbl_name = 'notes' and sql is not null",
    );
    expect(indexes.map(({ name }) => name).toSorted()).toEqual([
      'notes:_deleted,active,n,id',
      'notes:_deleted,cat,id',
      'notes:_deleted,cat,n,id',
      'notes:_deleted,n,id',
      'notes:seq',
      'notes:tombstones',
      'notes:waiting',
    ]);
  });

  test('is shown without its deleted rows by a view', async () => {
    const { database, open } = testStore();
    const notes = await open('notes');
    const rows = [
      note({ id: 'a', opt: 'x', weight: 0.1, active: false }),
      note({ id: 'b', _deleted: true }),
      note({ id: 'c', opt: null }),
    ];
    await insertAll(notes, rows);
    expect(
      database.read('select id, seq, origin, cat, n, active, opt, weight from live_notes'),
    ).toEqual([
      { id: 'a', seq: 1, origin: 'local', cat: 'a', n: 0, active: 0, opt: 'x', weight: 0.1 },
      { id: 'c', seq: 3, origin: 'local', cat: 'a', n: 0, active: 1, opt: null, weight: null },
    ]);
    expect(database.read("select json_extract(doc, '$.opt') as opt from live_notes")).toEqual([
      { opt: 'x' },
      { opt: null },
    ]);
  });

  test('keeps properties apart that SQLite would take for its own or for one', async () => {
    const { database, open } = testStore();
    const text = { type: 'string' };
    const schema = withProperties({
      seq: text,
      origin: text,
      Origin: text,
      rowid: text,
      doc: text,
    });
    const notes = await open('odd notes"', schema);
    const document = note({ id: 'a', seq: 's', origin: 'o', Origin: 'O', rowid: 'r', doc: 'd' });
    await insertAll(notes, [document]);
    expect(await notes.findDocumentsById(['a'], false)).toEqual([document]);
    const view = '"live_odd notes"""';
    expect(
      database.read(`select seq, origin, seq$, origin$, Origin$$, rowid$, doc$ from ${view}`),
    ).toEqual([
      { seq: 1, origin: 'local', seq$: 's', origin$: 'o', Origin$$: 'O', rowid$: 'r', doc$: 'd' },
    ]);
  });

  test.each(['kv', 'ganger_tables', 'sqlite_x', 'live_notes', 'KV', ''])(
    'cannot be named %j',
    async (name) => {
      await expect(testStore().open(name)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    },
  );

  test('takes no attachments', async () => {
    const schema = fillWithDefaultSettings({ ...NOTE_SCHEMA, attachments: {} });
    await expect(testStore().open('notes', schema)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });
});

describe('a table that is there already', () => {
  test('gets its new columns from the documents when the schema changed in its version', async () => {
    const { database, storage, open } = testStore();
    const before = await open('notes');
    const rows = Array.from({ length: 2_500 }, (_, n) =>
      note({ id: `id${n}`, n: n % 10, extra: `e${n % 3}`, opt: n === 7 ? '\u{1f600}' : null }),
    );
    await insertAll(before, rows.slice(0, 1_500), 'renderer-1');
    await insertAll(before, rows.slice(1_500), 'replication-downstream-x');
    const all = await before.getChangedDocumentsSince(10_000);
    await before.close();

    const schema = withProperties({ extra: { type: 'string' } });
    const after = await storage.createStorageInstance(instanceParams('notes', schema));
    expect(await after.getChangedDocumentsSince(10_000)).toEqual(all);
    expect(after.countOrigin('local')).toBe(1_500);
    expect(
      database.read("select count(*) as n from live_notes where extra = 'e1' and n = 4"),
    ).toEqual([{ n: rows.filter((row) => row['extra'] === 'e1' && row['n'] === 4).length }]);
    expect(database.read("select name from sqlite_master where name like '%~old%'")).toEqual([]);
    await insertAll(after, [note({ id: 'new', extra: 'x' })]);
    expect((await after.getChangedDocumentsSince(10_000)).checkpoint).toEqual({ seq: 2_501 });
  });

  test('of another version, or of another database name, is refused and left as it is', async () => {
    const { storage, open } = testStore();
    const notes = await open('notes');
    await insertAll(notes, [note({ id: 'a' })]);
    await notes.close();
    await expect(open('notes', withProperties({}, 1))).rejects.toMatchObject({
      safe: { reason: 'table of another version', has: 0, wants: 1 },
    });
    await expect(
      storage.createStorageInstance({ ...instanceParams('notes'), databaseName: 'other' }),
    ).rejects.toMatchObject({ safe: { reason: 'table of another database name' } });
    const again = await open('notes');
    expect(await again.findDocumentsById(['a'], false)).toHaveLength(1);
  });

  test('that is open cannot be opened with another schema', async () => {
    const { open } = testStore();
    await open('notes', FILLED_NOTE_SCHEMA);
    await expect(open('notes', withProperties({ x: { type: 'string' } }))).rejects.toMatchObject({
      safe: { reason: 'open with another schema' },
    });
  });
});
