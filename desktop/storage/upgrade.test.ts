import { describe, expect, test } from 'vitest';
import { metaCollectionOf } from '#desktop/replication/tables.ts';
import { metaOf } from './definitions.ts';
import { insertAll, note, temporaryFolder, testStore } from './fixtures.suite.ts';
import type { StorageHooks, UpgradeProgress } from './storage-types.ts';
import { contentOf, definitionsOf, metaRow, openTable } from './upgrade.suite.ts';
import type { Version } from './upgrade.suite.ts';

const V1: Version = { fields: { name: 'text', n: 'int' } };
/** A nullable field more. */
const V2: Version = { fields: { ...V1.fields, hint: 'nullable' } };
/** The name in two, the number doubled; indexed. */
const V3: Version = {
  fields: { first: 'text', last: 'text', n: 'int', hint: 'nullable' },
  indexes: ['last'],
  upgrade({ name, ...row }) {
    const [first = '', last = ''] = String(name).split(' ');
    return { ...row, first, last, n: Number(row['n']) * 2 };
  },
};
const ALL = [V1, V2, V3];

const bare = ({ id, name, n }: Record<string, unknown>) => ({ id, name, n });
const person = (id: string, n: number) =>
  note({ id, name: `Kim Sample${n}`, n, cat: undefined, active: undefined });

/** Opens the people of a file with a build that knows these versions. */
async function open(
  folder: string,
  versions: readonly Version[],
  more: { hooks?: StorageHooks; onProgress?: (progress: UpgradeProgress) => void } = {},
) {
  const definitions = definitionsOf({ people: versions });
  const { hooks, ...settings } = more;
  const store = testStore(hooks, folder, { definitions, ...settings });
  return { ...store, ...(await openTable(store.storage, 'people', versions)) };
}

/** A file of the first version: a server's row, a waiting one, a derived one, an edited one. */
async function oldFile(): Promise<string> {
  const folder = temporaryFolder();
  const { rows, meta, database } = await open(folder, [V1]);
  const [server, waiting, derived, edited] = [1, 2, 3, 4].map((n) => person(`p${n}`, n));
  if (!server || !waiting || !derived || !edited) throw new Error('no rows');
  await insertAll(rows, [server], 'replication-downstream-x');
  await insertAll(rows, [waiting], 'window-1');
  await insertAll(rows, [derived], 'store-derived');
  await insertAll(rows, [edited], 'window-1');
  await insertAll(rows, [note({ id: 'p5', _deleted: true })], 'replication-downstream-x');
  await insertAll(meta, [metaRow(bare(server) as never)]);
  await insertAll(meta, [metaRow({ ...bare(edited), n: 40 } as never)]);
  await insertAll(meta, [metaRow({ id: 'p5', _deleted: true })]);
  const checkpoint = { id: 'down|1', isCheckpoint: '1', itemId: 'down', checkpointData: { at: 7 } };
  await insertAll(meta, [note({ ...checkpoint, cat: undefined, active: undefined, n: undefined })]);
  database.close();
  return folder;
}

const system = 'select id, rev, deleted, lwt, seq, origin from people order by seq';

describe('a table of an older definition', () => {
  test('has its rows in the present version, through all steps in between', async () => {
    const { rows, database } = await open(await oldFile(), ALL);
    const documents = await rows.findDocumentsById(['p1', 'p2', 'p3', 'p4'], false);
    expect(
      documents.map(({ id, first, last, n, hint, name }) => [id, first, last, n, hint, name]),
    ).toEqual([
      ['p1', 'Kim', 'Sample1', 2, null, undefined],
      ['p2', 'Kim', 'Sample2', 4, null, undefined],
      ['p3', 'Kim', 'Sample3', 6, null, undefined],
      ['p4', 'Kim', 'Sample4', 8, null, undefined],
    ]);
    expect(database.read('select last, n from live_people where last = ?', ['Sample3'])).toEqual([
      { last: 'Sample3', n: 6 },
    ]);
    const [plan] = database.read<{ detail: string }>(
      "explain query plan select id from people where deleted = 0 and last = 'x'",
    );
    expect(plan?.detail).toContain('people:_deleted,last,id');
  });

  test('keeps all that stands beside a row, and what waits in its order', async () => {
    const folder = await oldFile();
    const before = await open(folder, [V1]);
    const stood = before.database.read(system);
    const waiting = await before.rows.getChangedDocumentsSinceLocal(10);
    before.database.close();
    const { database, rows } = await open(folder, ALL);
    expect(database.read(system)).toEqual(stood);
    const now = await rows.getChangedDocumentsSinceLocal(10);
    expect(now.checkpoint).toEqual(waiting.checkpoint);
    expect(now.documents.map(({ id, _rev, _meta }) => ({ id, _rev, _meta }))).toEqual(
      waiting.documents.map(({ id, _rev, _meta }) => ({ id, _rev, _meta })),
    );
    await insertAll(rows, [note({ id: 'p9', first: 'A', last: 'B', n: 1, hint: null })]);
    const [newest] = database.read<{ seq: number }>("select seq from people where id = 'p9'");
    expect(newest?.seq).toBe(stood.length + 1);
  });

  test('has the copies in its meta rows upgraded alike, and its checkpoints as they were', async () => {
    const { meta } = await open(await oldFile(), ALL);
    const [server, edited, deleted, checkpoint] = await meta.findDocumentsById(
      ['p1|0', 'p4|0', 'p5|0', 'down|1'],
      false,
    );
    expect(server?.['docData']).toEqual({
      id: 'p1',
      first: 'Kim',
      last: 'Sample1',
      n: 2,
      hint: null,
      _deleted: false,
    });
    expect(edited?.['docData']).toMatchObject({ n: 80 });
    expect(deleted?.['docData']).toEqual({ id: 'p5', _deleted: true });
    expect(checkpoint?.['checkpointData']).toEqual({ at: 7 });
    expect(server).toMatchObject({ _rev: '1-meta', _meta: { lwt: 5 } });
  });

  test('is the same whether it missed versions or not', async () => {
    const direct = await open(await oldFile(), ALL);
    const folder = await oldFile();
    for (const versions of [[V1], [V1, V2]]) (await open(folder, versions)).database.close();
    const stepwise = await open(folder, ALL);
    const contentIn = async ({ rows, meta }: typeof direct) => [
      (await rows.getChangedDocumentsSince(100)).documents.map(({ _meta, ...row }) => row),
      (await meta.getChangedDocumentsSince(100)).documents.map(({ docData }) => docData as unknown),
    ];
    expect(await contentIn(direct)).toEqual(await contentIn(stepwise));
  });

  test('opened again, nothing in the file changes', async () => {
    const folder = await oldFile();
    const first = await open(folder, ALL);
    const content = contentOf(first.database);
    first.database.close();
    const told: UpgradeProgress[] = [];
    const again = await open(folder, ALL, { onProgress: (progress) => told.push(progress) });
    expect(contentOf(again.database)).toEqual(content);
    expect(told).toEqual([]);
  });

  test('whose upgrade fails stays as it was, and says which', async () => {
    const folder = await oldFile();
    const before = await open(folder, [V1]);
    const content = contentOf(before.database);
    before.database.close();
    const broken: Version = {
      ...V2,
      upgrade: (row) => {
        if (row.id === 'p4') throw new Error('cannot');
        return { ...row, n: 0 };
      },
    };
    await expect(open(folder, [V1, broken])).rejects.toMatchObject({
      safe: { reason: 'upgrade failed', table: 'people', from: 1, to: 2 },
    });
    const renamed: Version = { ...V2, upgrade: (row) => ({ ...row, id: `x${row.id}` }) };
    await expect(open(folder, [V1, renamed])).rejects.toMatchObject({ safe: { field: 'id' } });
    const after = await open(folder, [V1]);
    expect(contentOf(after.database)).toEqual(content);
  });

  test('tells how many rows of all tables are done', async () => {
    const folder = temporaryFolder();
    const { rows, meta, database } = await open(folder, [V1]);
    const people = Array.from({ length: 2_300 }, (_, n) => person(`p${n}`, n));
    await insertAll(rows, people, 'window-1');
    await insertAll(meta, [metaRow({ id: 'p1', name: 'Kim Sample', n: 1 })]);
    database.close();
    const told: UpgradeProgress[] = [];
    await open(folder, ALL, { onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([
      { collection: 'people', done: 1_000, total: 2_301 },
      { collection: 'people', done: 2_000, total: 2_301 },
      { collection: 'people', done: 2_300, total: 2_301 },
      { collection: 'rx-meta-people', done: 2_301, total: 2_301 },
    ]);
  });

  test('tells a hook before its rows change, in the same transaction', async () => {
    const folder = await oldFile();
    const seen: unknown[] = [];
    const hooks: StorageHooks = {
      onUpgrade({ table, find, upgrade }) {
        const row = find('p2');
        seen.push(table, row, row && upgrade(row), find('nobody'));
      },
    };
    await open(folder, ALL, { hooks });
    expect(seen).toEqual([
      'people',
      { id: 'p2', name: 'Kim Sample2', n: 2 },
      { id: 'p2', first: 'Kim', last: 'Sample2', n: 4, hint: null },
      undefined,
    ]);
    const other = await oldFile();
    const failing: StorageHooks = {
      onUpgrade() {
        throw new Error('no');
      },
    };
    await expect(open(other, ALL, { hooks: failing })).rejects.toThrow('no');
    expect((await open(other, [V1])).rows.countOrigin('local')).toBe(2);
  });
});

test('a new nullable field needs no version: it is null in rows, copies and queries', async () => {
  const folder = await oldFile();
  const wider: Version = { fields: { ...V1.fields, hint: 'nullable' } };
  const { rows, meta, database } = await open(folder, [wider]);
  const [row] = await rows.findDocumentsById(['p1'], false);
  expect(row).toHaveProperty('hint', null);
  const [copy] = await meta.findDocumentsById(['p1|0'], false);
  expect(copy?.['docData']).toHaveProperty('hint', null);
  expect(database.read('select count(*) as n from live_people where hint is null')).toEqual([
    { n: 4 },
  ]);
});

test('the storage names meta collections as the replication does', () => {
  expect(metaOf('locations')).toBe(metaCollectionOf('locations'));
});
