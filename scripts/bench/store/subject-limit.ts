import { createRequire } from 'node:module';
import { join } from 'node:path';
import { layoutOf } from '#desktop/storage/table-layout.ts';
import { MOVEMENT_SCHEMA, PAGE_ROWS } from './documents.ts';
import type { Movement, MovementDocument } from './documents.ts';
import { BENCH_KEY, INSTANCE_PARAMS } from './subject-storage.ts';
import type { Subject } from './subject.ts';

type Row = Readonly<Record<string, unknown>>;
type SqlInput = string | number | null;

/** What we use of better-sqlite3. */
interface Statement {
  run(...params: SqlInput[]): unknown;
  get(...params: SqlInput[]): unknown;
  all(...params: SqlInput[]): unknown[];
  pluck(): this;
}
interface Sqlite {
  pragma(text: string): unknown;
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): unknown;
}
const Database = createRequire(import.meta.url)('better-sqlite3') as new (
  file: string,
  options: { readonly timeout: number },
) => Sqlite;

interface Open {
  readonly sqlite: Sqlite;
  readonly insert: Statement;
  readonly begin: Statement;
  readonly commit: Statement;
  readonly byIds: Statement;
  readonly byItem: Statement;
  readonly all: Statement;
  readonly between: Statement;
  readonly count: Statement;
  readonly page: Statement;
}

const LAYOUT = layoutOf(INSTANCE_PARAMS.collectionName, MOVEMENT_SCHEMA as never);
const FIELDS = LAYOUT.columns.map(({ field }) => field);

/** The bare resource: better-sqlite3 by hand on the same table, with statements prepared once. */
export function createLimit(): Subject {
  let open: Open | undefined;
  let seq = 0;
  const it = (): Open => open as Open;

  const insert = (documents: readonly MovementDocument[]): void => {
    it().begin.run();
    for (const document of documents) {
      const row = document as unknown as Row;
      const own = FIELDS.map((field) => {
        const value = row[field];
        return (typeof value === 'boolean' ? Number(value) : value) as SqlInput;
      });
      seq += 1;
      const head = [document.id, document._rev, 0, document._meta.lwt, seq, 'local'];
      it().insert.run(...head, ...own, JSON.stringify(document));
    }
    it().commit.run();
  };

  return {
    create: async (folder) => {
      const sqlite = connect(folder);
      sqlite.exec('begin immediate');
      for (const statement of LAYOUT.createStatements) sqlite.exec(statement);
      sqlite.exec('commit');
      seq = 0;
      open = prepare(sqlite);
    },
    open: async (folder) => {
      open = prepare(connect(folder));
    },
    close: async () => {
      open?.sqlite.close();
    },
    insert: async (documents) => insert(documents),
    byIds: async (ids) => parsed(it().byIds.all(JSON.stringify(ids))),
    byItem: async ({ item }) => parsed(it().byItem.all(item)),
    allSorted: async () => parsed(it().all.all()),
    between: async ({ from, to }) => parsed(it().between.all(from, to)),
    countOf: async ({ location }) => it().count.get(location) as number,
    page: async ({ location }) => parsed(it().page.all(location)),
  };
}

function connect(folder: string): Sqlite {
  const sqlite = new Database(join(folder, 'limit.db'), { timeout: 5_000 });
  sqlite.pragma("cipher='sqlcipher'");
  sqlite.pragma(`key="x'${BENCH_KEY}'"`);
  sqlite.pragma('cache_size=-65536');
  sqlite.pragma('temp_store=memory');
  sqlite.pragma('journal_mode=wal');
  sqlite.pragma('synchronous=full');
  sqlite.pragma('secure_delete=on');
  sqlite.pragma('wal_autocheckpoint=4000');
  return sqlite;
}

function prepare(sqlite: Sqlite): Open {
  const table = LAYOUT.sql;
  const names = ['id', 'rev', 'deleted', 'lwt', 'seq', 'origin']
    .concat(LAYOUT.columns.map(({ sql }) => sql))
    .concat('doc');
  const texts = (rest: string): Statement =>
    sqlite.prepare(`select doc from ${table} where ${rest}`).pluck();
  return {
    sqlite,
    insert: sqlite.prepare(
      `insert into ${table}(${names.join(', ')}) values(${names.map(() => '?').join(', ')})`,
    ),
    begin: sqlite.prepare('begin immediate'),
    commit: sqlite.prepare('commit'),
    byIds: sqlite
      .prepare(
        `select t.doc from json_each(?) as wanted cross join ${table} as t
         on t.id = wanted.value and t.deleted = 0 order by wanted.key`,
      )
      .pluck(),
    byItem: texts('deleted = 0 and item_id = ? order by location_id, id'),
    all: texts('deleted = 0 order by occurred_at, id'),
    between: texts('deleted = 0 and occurred_at >= ? and occurred_at < ? order by occurred_at, id'),
    count: sqlite
      .prepare(`select count(*) from ${table} where deleted = 0 and location_id = ?`)
      .pluck(),
    page: texts(`deleted = 0 and location_id = ? order by occurred_at desc, id limit ${PAGE_ROWS}`),
  };
}

const parsed = (texts: readonly unknown[]): Movement[] =>
  texts.map((text) => JSON.parse(text as string) as Movement);
