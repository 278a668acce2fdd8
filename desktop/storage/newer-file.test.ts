import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { SUITE_DEFINITIONS } from './suite-definitions.ts';
import { insertAll, note, temporaryFolder, testStore } from './fixtures.suite.ts';
import { refuseNewerFile } from './newer-file.ts';
import { removeUnusedTables } from './unused-tables.ts';
import { contentOf, definitionsOf, metaRow, openTable, schemaOf } from './upgrade.suite.ts';
import type { Version } from './upgrade.suite.ts';

const V1: Version = { fields: { n: 'int' } };
const V2: Version = { ...V1, upgrade: (row) => ({ ...row, n: Number(row['n']) + 1 }) };

type Tables = Record<string, readonly Version[]>;

/** A store as a build opens it that knows these tables. */
async function build(folder: string, tables: Tables, dropped: readonly string[] = []) {
  const definitions = definitionsOf(tables, dropped);
  const store = testStore(undefined, folder, { definitions });
  const opened = new Map<string, Awaited<ReturnType<typeof openTable>>>();
  for (const [name, versions] of Object.entries(tables)) {
    opened.set(name, await openTable(store.storage, name, versions));
  }
  const write = (table: string, context: string, id = context) => {
    const its = opened.get(table);
    if (!its) throw new Error('not open');
    return insertAll(its.rows, [note({ id, n: 1, cat: undefined, active: undefined })], context);
  };
  return { ...store, definitions, opened, write };
}

const DOWN = 'replication-downstream-x';

describe('a file of a newer build', () => {
  test('is refused for a later definition, and not a byte of it changes', async () => {
    const folder = temporaryFolder();
    const newer = await build(folder, { people: [V1, V2] });
    await newer.write('people', 'window-1');
    newer.database.secureCheckpoint();
    newer.database.close();
    const bytes = readFileSync(newer.file);

    const definitions = definitionsOf({ people: [V1] });
    const older = testStore(undefined, folder, { definitions });
    const refused = { reason: 'file of a newer build', table: 'people', has: 2, wants: 1 };
    expect(() => refuseNewerFile(older.database, definitions)).toThrow(
      expect.objectContaining({ safe: refused }) as Error,
    );
    await expect(openTable(older.storage, 'people', [V1])).rejects.toMatchObject({ safe: refused });
    older.database.secureCheckpoint();
    older.database.close();
    expect(readFileSync(newer.file).equals(bytes)).toBe(true);
    const again = await build(folder, { people: [V1, V2] });
    expect(again.opened.get('people')?.rows.countOrigin('local')).toBe(1);
  });

  test('is refused as a whole before the tables that could be upgraded are', async () => {
    const folder = temporaryFolder();
    const file = await build(folder, { aaa: [V1], people: [V1, V2] });
    await file.write('aaa', 'window-1');
    const content = contentOf(file.database);
    file.database.close();
    const definitions = definitionsOf({ aaa: [V1, V2], people: [V1] });
    const store = testStore(undefined, folder, { definitions });
    const wanted = [
      { collection: 'aaa', schema: schemaOf(V2) },
      { collection: 'people', schema: schemaOf(V1) },
    ];
    expect(() => store.storage.prepareTables('test', wanted)).toThrow('STORE_NEWER');
    expect(contentOf(store.database)).toEqual(content);
  });

  test('is refused for a field that is not known here, since fields go with a version only', async () => {
    const folder = temporaryFolder();
    const wider: Version = { fields: { ...V1.fields, hint: 'nullable' } };
    const newer = await build(folder, { people: [wider] });
    await newer.write('people', 'window-1');
    newer.database.close();
    await expect(build(folder, { people: [V1] })).rejects.toMatchObject({
      safe: { reason: 'file of a newer build', fields: ['hint'] },
    });
    // With a version of its own the field may go.
    const { opened } = await build(folder, { people: [wider, V1] });
    expect(opened.get('people')?.rows.countOrigin('local')).toBe(1);
  });

  test('is refused when changes wait in a table that the suite never had', async () => {
    const folder = temporaryFolder();
    const newer = await build(folder, { people: [V1], later: [V1] });
    await newer.write('later', DOWN);
    const definitions = definitionsOf({ people: [V1] });
    // Nothing waits there: the server has it all, and the table is left as it is.
    expect(() => refuseNewerFile(newer.database, definitions)).not.toThrow();
    await newer.write('later', 'window-1');
    expect(() => refuseNewerFile(newer.database, definitions)).toThrow(
      expect.objectContaining({
        safe: { reason: 'file of a newer build', table: 'later', waiting: true },
      }) as Error,
    );
    // A table that the suite dropped is no sign of a newer build.
    const dropped = definitionsOf({ people: [V1] }, ['later']);
    expect(() => refuseNewerFile(newer.database, dropped)).not.toThrow();
  });
});

test('a new file and one from before versions were noted are not taken for newer', () => {
  const { database } = testStore();
  expect(() => refuseNewerFile(database)).not.toThrow();
  database.run('drop table ganger_tables');
  expect(() => refuseNewerFile(database)).not.toThrow();
});

describe('tables that nobody uses any more', () => {
  test('go with their meta rows when all in them is the server’s, and are left untouched otherwise', async () => {
    const { database, opened, write } = await build(temporaryFolder(), {
      gone: [V1],
      waits: [V1],
      derived: [V1],
      used: [V1],
    });
    for (const table of opened.keys()) {
      await write(table, DOWN);
      await insertAll(opened.get(table)?.meta as never, [metaRow({ id: DOWN, n: 1 })]);
    }
    await write('waits', 'window-1');
    await write('derived', 'store-derived');
    for (const { rows, meta } of opened.values()) await Promise.all([rows.close(), meta.close()]);
    const before = contentOf(database);
    const names = ['gone', 'waits', 'derived', 'was never there'];
    expect(removeUnusedTables(database, names)).toEqual({
      removed: ['gone'],
      kept: ['waits', 'derived'],
    });
    const after = contentOf(database);
    for (const table of ['waits', 'derived', 'used']) {
      expect(after.get(table)).toBe(before.get(table));
      expect(after.get(`rx-meta-${table}`)).toBe(before.get(`rx-meta-${table}`));
    }
    const left = database.read<{ name: string }>(
      "select name from sqlite_master where name like '%gone%'",
    );
    expect(left).toEqual([]);
    expect(database.read("select name from ganger_tables where name like '%gone%'")).toEqual([]);
  });

  test('and were kept are upgraded from where they stand when they are used again', async () => {
    const folder = temporaryFolder();
    const first = await build(folder, { people: [V1], other: [V1] });
    await first.write('people', 'window-1');
    first.database.close();
    // Builds that do not open the table (the person may not read it) leave it in its version.
    const between = await build(folder, { other: [V1, V2] });
    expect(removeUnusedTables(between.database, ['people']).kept).toEqual(['people']);
    between.database.close();
    const { opened } = await build(folder, { people: [V1, V2, V2], other: [V1, V2] });
    const found = await opened.get('people')?.rows.getChangedDocumentsSinceLocal(10);
    expect(found?.documents).toMatchObject([{ id: 'window-1', n: 3 }]);
  });
});

test('no table of the suite is among those that it dropped', () => {
  expect(TABLE_NAMES.filter((name) => SUITE_DEFINITIONS.dropped.has(name))).toEqual([]);
});
