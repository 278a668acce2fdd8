import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepareQuery } from 'rxdb/plugins/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { canonicalJson } from '#shared/kernel/json.ts';
import { DATABASE_NAME } from '#shared/ipc/port.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { Row } from '#shared/schema/define.ts';
import { deviceFields, parseRow } from '#shared/schema/rows.ts';
import { rxSchemaOf } from '#shared/schema/rx-schema.ts';
import { PUSHABLE, TABLE_NAMES, isTableName, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { openParkedStore } from '#desktop/replication/parked-store.ts';
import { startReplication } from '#desktop/replication/replication.ts';
import {
  filledSchemaOf,
  metaCollectionOf,
  openTableInstances,
} from '#desktop/replication/tables.ts';
import { unreachable } from '#desktop/replication/testing/memory-server.ts';
import { upgradeCopies } from '#desktop/store/row-copies.ts';
import { SUITE_DEFINITIONS } from './suite-definitions.ts';
import { refuseNewerFile } from './newer-file.ts';
import { openDatabase } from './open-database.ts';
import type { EncryptedDatabase } from './open-database.ts';
import { KEPT_KEY, keepFile } from './released/keep.suite.ts';
import { getRxStorageSqlite } from './rx-storage-sqlite.ts';
import type { SqliteStorage } from './storage-types.ts';
import { contentOf } from './upgrade.suite.ts';

const FOLDER = join(import.meta.dirname, 'released');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.db'));

interface StoredRow {
  readonly id: string;
  readonly rev: string;
  readonly deleted: number;
  readonly lwt: number;
  readonly seq: number;
  readonly origin: string;
  readonly doc: string;
}
type Plain = Record<string, unknown>;

const open = (file: string, readonly = false): EncryptedDatabase =>
  openDatabase({ file, key: KEPT_KEY, readonly, log: silentLogger });

/** Opens a file as the store process does. */
async function openAsProfile(file: string) {
  const database = open(file);
  refuseNewerFile(database);
  const storage = getRxStorageSqlite({
    database,
    log: silentLogger,
    definitions: SUITE_DEFINITIONS,
    hooks: { onUpgrade: (event) => upgradeCopies(database, event) },
  });
  for (const table of TABLE_NAMES) await openTableInstances(storage, DATABASE_NAME, table);
  return { database, storage };
}

const rowsOf = (database: EncryptedDatabase, collection: string): StoredRow[] =>
  database.read(`select id, rev, deleted, lwt, seq, origin, doc from "${collection}" order by seq`);

const tablesIn = (database: EncryptedDatabase): string[] =>
  database
    .read<{ name: string }>("select name from ganger_tables where name not like 'rx-meta-%'")
    .map(({ name }) => name);

const withoutInternals = (document: Plain): Row =>
  Object.fromEntries(Object.entries(document).filter(([key]) => !key.startsWith('_'))) as Row;

/** The version of a table's rows in a file. */
function definitionIn(database: EncryptedDatabase, table: string): number {
  const columns = database.read(
    "select 1 from pragma_table_info('ganger_tables') where name = 'definition'",
  );
  if (columns.length === 0) return 1;
  const sql = 'select definition from ganger_tables where name = ?';
  return database.read<{ definition: number }>(sql, [table])[0]?.definition ?? 1;
}

/** What the definitions make of an old row, step by step. */
function upgraded(table: TableName, from: number, row: Row): Row {
  const { version, upgrades } = tableOf(table);
  let next = row;
  for (let to = from + 1; to <= version; to += 1) next = upgrades[to]?.(next) ?? next;
  return next;
}

test('every file that was kept is recorded, and none has changed since', () => {
  const recorded = readFileSync(join(FOLDER, 'SHA256SUMS'), 'utf8').trim().split('\n');
  const found = FILES.map((name) => {
    const hash = createHash('sha256').update(readFileSync(join(FOLDER, name)));
    return `${hash.digest('hex')}  ${name}`;
  });
  expect(found.toSorted()).toEqual(recorded.toSorted());
  expect(FILES.length).toBeGreaterThan(0);
});

test('the present build can leave a file to be kept, with rows of all origins in every table', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ganger-keep-'));
  try {
    const file = join(folder, 'now.db');
    await keepFile(file);
    const database = open(file, true);
    for (const table of TABLE_NAMES) {
      const origins = new Set(rowsOf(database, table).map(({ origin }) => origin));
      expect([table, ...[...origins].toSorted()]).toEqual([table, 'derived', 'local', 'server']);
    }
    database.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

describe.each(FILES)('%s', (name) => {
  const folder = mkdtempSync(join(tmpdir(), 'ganger-released-'));
  const file = join(folder, 'ganger.db');
  let old: EncryptedDatabase;
  let database: EncryptedDatabase;
  let storage: SqliteStorage;
  let tables: TableName[];

  beforeAll(async () => {
    copyFileSync(join(FOLDER, name), join(folder, 'old.db'));
    copyFileSync(join(FOLDER, name), file);
    old = open(join(folder, 'old.db'), true);
    ({ database, storage } = await openAsProfile(file));
    tables = tablesIn(old).filter(isTableName);
  }, 60_000);
  afterAll(() => {
    old?.close();
    database?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('holds rows of all origins, waiting and refused changes, and copies of rows', () => {
    expect(tables.length).toBeGreaterThan(0);
    for (const table of tables) {
      const origins = new Set(rowsOf(old, table).map(({ origin }) => origin));
      expect([...origins].toSorted()).toEqual(['derived', 'local', 'server']);
      expect(rowsOf(old, metaCollectionOf(table)).length).toBeGreaterThan(0);
    }
    const count = (from: string) => old.read<{ n: number }>(`select count(*) as n from ${from}`);
    for (const from of ['sync_parked', 'sync_masters', 'kv']) {
      expect(count(from)[0]?.n).toBeGreaterThan(0);
    }
  });

  test('has only tables that the suite has, or has dropped', () => {
    const others = tablesIn(old).filter((table) => !isTableName(table));
    expect(others.filter((table) => !SUITE_DEFINITIONS.dropped.has(table))).toEqual([]);
  });

  test('has every row with every value, upgraded where its definition says so', () => {
    for (const table of tables) {
      const from = definitionIn(old, table);
      const before = rowsOf(old, table);
      const after = rowsOf(database, table);
      const beside = ({ doc: _doc, ...row }: StoredRow) => row;
      expect(after.map(beside)).toEqual(before.map(beside));
      for (const [at, { doc, deleted }] of before.entries()) {
        const was = JSON.parse(doc) as Plain;
        const is = JSON.parse(after[at]?.doc ?? '') as Plain;
        if (deleted) {
          expect(is).toEqual(was);
          continue;
        }
        const row = upgraded(table, from, withoutInternals(was));
        const { _meta, _rev, _deleted, _attachments } = was;
        expect(is).toMatchObject({ ...row, _meta, _rev, _deleted, _attachments });
        for (const [field, value] of Object.entries(is)) {
          if (!(field in row) && !field.startsWith('_'))
            expect([field, value]).toEqual([field, null]);
        }
      }
    }
  });

  test('has rows that are whole rows of the present definition', () => {
    for (const table of tables) {
      for (const { doc, deleted } of rowsOf(database, table)) {
        if (deleted) continue;
        const parsed = parseRow(table, withoutInternals(JSON.parse(doc) as Plain));
        expect([table, parsed.ok ? [] : parsed.fields]).toEqual([table, []]);
      }
    }
  });

  test('has what waits still waiting, in its order, under the same numbers', async () => {
    for (const table of tables) {
      const waiting = rowsOf(old, table).filter(({ origin }) => origin === 'local');
      const feed = await storage.instance(table)?.getChangedDocumentsSinceLocal(1_000);
      expect(feed?.documents.map(({ id }) => id)).toEqual(waiting.map(({ id }) => id));
      const from = definitionIn(old, table);
      for (const [at, { doc }] of waiting.entries()) {
        const row = upgraded(table, from, withoutInternals(JSON.parse(doc) as Plain));
        const now = withoutInternals(feed?.documents[at] ?? {});
        expect(canonicalJson(now)).toBe(canonicalJson(row));
      }
    }
  });

  test('has meta rows that say of every row the same as before', () => {
    for (const table of tables) {
      const collection = metaCollectionOf(table);
      const from = definitionIn(old, table);
      const after = rowsOf(database, collection);
      for (const [at, before] of rowsOf(old, collection).entries()) {
        const was = JSON.parse(before.doc) as { docData?: Plain; isCheckpoint: string };
        const is = JSON.parse(after[at]?.doc ?? '') as typeof was;
        const { docData: oldCopy, ...beside } = was;
        const { docData: copy, ...besideNow } = is;
        expect(besideNow).toEqual(beside);
        if (!oldCopy || was.isCheckpoint === '1') continue;
        const row = withoutInternals(oldCopy);
        const wanted = oldCopy['_deleted'] ? row : upgraded(table, from, row);
        expect(canonicalJson(withoutInternals(copy ?? {}))).toBe(canonicalJson(wanted));
        expect(copy?.['_deleted']).toBe(oldCopy['_deleted']);
      }
    }
  });

  test('has null in new nullable fields, for queries, for live views and in the rows', async () => {
    for (const table of tables) {
      const fields = newFields(table).filter((field) => tableOf(table).fields[field]?.nullable);
      const live = rowsOf(old, table).filter(({ deleted }) => deleted === 0).length;
      for (const field of fields) {
        const query = {
          selector: { _deleted: { $eq: false }, [field]: { $eq: null } },
          sort: [{ id: 'asc' as const }],
          skip: 0,
        };
        const prepared = prepareQuery(filledSchemaOf(table), query as never);
        const found = await storage.instance(table)?.query(prepared);
        expect([table, field, found?.documents.length]).toEqual([table, field, live]);
        for (const document of found?.documents ?? []) expect(document).toHaveProperty(field, null);
        if (!columnsOf(table).has(field)) continue;
        const sql = `select count(*) as n from "live_${table}" where "${field}" is null`;
        expect([table, field, database.read(sql)]).toEqual([table, field, [{ n: live }]]);
      }
    }
  });

  test('has a column for every scalar field and an index for every index of the definitions', () => {
    for (const table of TABLE_NAMES) {
      const { properties, indexes } = rxSchemaOf(table);
      const scalar = Object.keys(properties).filter((field) => isScalar(properties[field]));
      const columns = columnsOf(table);
      expect([table, scalar.filter((field) => !columns.has(field))]).toEqual([table, []]);
      const indexed = database
        .read<{ name: string }>('select name from pragma_index_list(?)', [table])
        .map((index) =>
          database
            .read<{ name: string }>('select name from pragma_index_info(?)', [index.name])
            .map((column) => column.name)
            .join(),
        );
      for (const index of indexes) {
        expect([table, indexed]).toEqual([
          table,
          expect.arrayContaining([['deleted', ...index, 'id'].join()]),
        ]);
      }
    }
  });

  test('says offline that as much waits, and as much was refused, as before', async () => {
    const parkedIn = (from: EncryptedDatabase) =>
      from.read('select tbl, id, code from sync_parked');
    const before = parkedIn(old);
    let waiting = 0;
    for (const table of tables) {
      if (!PUSHABLE.includes(table)) continue;
      waiting += rowsOf(old, table).filter(({ origin }) => origin === 'local').length;
    }
    const refusedNow = (): Promise<never> => Promise.reject(unreachable());
    const replication = await startReplication({
      api: { session: refusedNow, pull: refusedNow, push: refusedNow, live: refusedNow },
      storage,
      database,
      databaseName: DATABASE_NAME,
      tables: TABLE_NAMES,
      inScope: () => true,
      clock: { now: () => Date.now() },
      random: Math.random,
      log: silentLogger,
    });
    const { status } = replication;
    // A change that was refused for a reason that may have passed gets another try at a start.
    expect(status.waiting + status.needsYou).toBe(waiting);
    expect(status.needsYou).toBeGreaterThan(0);
    await replication.stop();
    const parked = openParkedStore(database);
    for (const { table, id } of parked.list()) {
      const [row] = rowsOf(database, table).filter((one) => one.id === id);
      expect(
        parked.entryFor(table, withoutInternals(JSON.parse(row?.doc ?? '{}') as Plain)),
      ).toBeDefined();
    }
    expect(before).toEqual(expect.arrayContaining(parkedIn(database)));
  });

  test('opened again, is the same to the last value', async () => {
    const again = join(folder, 'again.db');
    copyFileSync(join(FOLDER, name), again);
    const first = await openAsProfile(again);
    const content = contentOf(first.database);
    const kept = new Map(
      ['kv', 'sync_parked'].map((table) => [table, contentOf(old).get(table)] as const),
    );
    for (const [table, was] of kept) expect(content.get(table)).toBe(was);
    first.database.close();
    const second = await openAsProfile(again);
    expect(contentOf(second.database)).toEqual(content);
    second.database.close();
  });

  /** Fields that the kept file does not know. */
  function newFields(table: TableName): string[] {
    const sql = 'select schema_json from ganger_tables where name = ?';
    const [found] = old.read<{ schema_json: string }>(sql, [table]);
    const { properties } = JSON.parse(found?.schema_json ?? '{}') as { properties: Plain };
    return deviceFields(tableOf(table))
      .map(([field]) => field)
      .filter((field) => !(field in properties));
  }

  function columnsOf(table: TableName): ReadonlySet<string> {
    const sql = 'select name from pragma_table_info(?)';
    return new Set(database.read<{ name: string }>(sql, [table]).map((column) => column.name));
  }
});

function isScalar(property: Record<string, unknown> | undefined): boolean {
  const { type } = property ?? {};
  const types = (Array.isArray(type) ? type : [type]).filter((one) => one !== 'null');
  return (
    types.length === 1 && ['string', 'integer', 'number', 'boolean'].includes(String(types[0]))
  );
}
