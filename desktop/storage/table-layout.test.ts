import { fillWithDefaultSettings, normalizeMangoQuery, prepareQuery } from 'rxdb/plugins/core';
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

describe('an indexed nested field', () => {
  const address = {
    type: 'object',
    properties: {
      city: { type: 'string', maxLength: 20 },
      at: { type: 'object', properties: { floor: { type: 'integer' } } },
    },
  };
  const schema = fillWithDefaultSettings<Record<string, unknown>>({
    ...NOTE_SCHEMA,
    properties: { ...(NOTE_SCHEMA.properties as object), address } as never,
    indexes: ['address.city', ['cat', 'address.at.floor']],
  });
  const rows = [
    note({ id: 'a', address: { city: 'Ann', at: { floor: 2 } } }),
    note({ id: 'b', address: { city: 'Bay' } }),
    note({ id: 'c', address: { city: null, at: null } }),
    note({ id: 'd', address: null }),
    note({ id: 'e' }),
  ];
  const columns =
    'select id, "address.city" as city, "address.at.floor" as floor from live_notes order by id';
  const asStored = [
    { id: 'a', city: 'Ann', floor: 2 },
    { id: 'b', city: 'Bay', floor: null },
    { id: 'c', city: null, floor: null },
    { id: 'd', city: null, floor: null },
    { id: 'e', city: null, floor: null },
  ];

  test('has a column and an index, which a query uses', async () => {
    const { database, open } = testStore();
    const notes = await open('notes', schema);
    await insertAll(notes, rows);
    expect(database.read(columns)).toEqual(asStored);
    const plan = database.read<{ detail: string }>(
      `explain query plan select doc from notes where deleted = 0 and "address.city" = 'Ann'`,
    );
    expect(plan[0]?.detail).toContain('USING INDEX notes:_deleted,address.city,id');
    const query = normalizeMangoQuery(schema, {
      selector: { 'address.city': { $gte: 'B' } },
    } as never);
    const found = await notes.query(prepareQuery(schema, query));
    expect(found.documents.map((one) => one['id'])).toEqual(['b']);
  });

  test('with a list on its way is found as RxDB finds it', async () => {
    const { open } = testStore();
    const notes = await open('notes', schema);
    await insertAll(notes, [...rows, note({ id: 'f', address: [{ city: 'Bay' }] })]);
    const query = normalizeMangoQuery(schema, {
      selector: { 'address.city': 'Bay' },
      sort: [{ id: 'asc' }],
    } as never);
    const found = await notes.query(prepareQuery(schema, query));
    expect(found.documents.map((one) => one['id'])).toEqual(['b', 'f']);
  });

  test('gets its column in a file whose build gave it none', async () => {
    const { database, storage, open } = testStore();
    const notes = await open('notes', schema);
    await insertAll(notes, rows);
    await notes.close();
    database.exec('drop view live_notes');
    database.exec('drop index "notes:_deleted,address.city,id"');
    database.exec('drop index "notes:_deleted,cat,address.at.floor,id"');
    database.exec('alter table notes drop column "address.city"');
    database.exec('alter table notes drop column "address.at.floor"');
    const again = await storage.createStorageInstance(instanceParams('notes', schema));
    expect(database.read(columns)).toEqual(asStored);
    expect((await again.getChangedDocumentsSince(10)).documents).toEqual(rows);
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

  test('of another database name is refused and left as it is', async () => {
    const { storage, open } = testStore();
    const notes = await open('notes');
    await insertAll(notes, [note({ id: 'a' })]);
    await notes.close();
    await expect(
      storage.createStorageInstance({ ...instanceParams('notes'), databaseName: 'other' }),
    ).rejects.toMatchObject({ safe: { reason: 'table of another database name' } });
    const again = await open('notes');
    expect(await again.findDocumentsById(['a'], false)).toHaveLength(1);
  });

  test('of another version lies beside it, and each is removed alone', async () => {
    const { database, open } = testStore();
    const old = await open('notes');
    const next = await open('notes', withProperties({ extra: { type: 'string' } }, 2));
    await insertAll(old, [note({ id: 'a' })]);
    await insertAll(next, [note({ id: 'a', extra: 'x' }), note({ id: 'b' })]);
    expect(await old.findDocumentsById(['a', 'b'], false)).toHaveLength(1);
    expect(await next.findDocumentsById(['a', 'b'], false)).toHaveLength(2);
    await old.remove();
    expect(database.read('select name from ganger_tables')).toEqual([{ name: 'notes~v2' }]);
    expect(await next.findDocumentsById(['a', 'b'], false)).toHaveLength(2);
  });

  test('that is open cannot be opened with another schema', async () => {
    const { open } = testStore();
    await open('notes', FILLED_NOTE_SCHEMA);
    await expect(open('notes', withProperties({ x: { type: 'string' } }))).rejects.toMatchObject({
      safe: { reason: 'open with another schema' },
    });
  });
});
