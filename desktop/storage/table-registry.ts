import { canonicalJson } from '#shared/kernel/json.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { ColumnFacts } from './column-facts.ts';
import type { EncryptedDatabase, SqlValue } from './open-database.ts';
import { layoutOf, liveView, quoted } from './table-layout.ts';
import type { TableLayout, TableSchema } from './table-layout.ts';

/**
 * `ganger_tables` knows each table's schema, the last `seq` that it gave (so that a number is never
 * given twice, also when the row that had it is gone) and the facts about its columns.
 */
interface RegistryRow {
  readonly database_name: string;
  readonly schema_json: string;
  readonly version: number;
  readonly last_seq: number;
  readonly facts: string;
}

/** What is kept of a table beside its rows. */
export interface TableRecord {
  readonly lastSeq: number;
  readonly facts: string;
}

/** Rows copied at a time when the columns of a table are built anew. */
const REBUILD_CHUNK = 1_000;

export function createRegistry(database: EncryptedDatabase): void {
  if (database.readonly) return;
  database.exec(`create table if not exists ganger_tables(
    name text primary key not null,
    database_name text not null,
    schema_json text not null,
    version integer not null,
    last_seq integer not null,
    facts text not null)`);
}

export interface EnsureTable {
  readonly database: EncryptedDatabase;
  readonly databaseName: string;
  readonly layout: TableLayout;
  readonly schema: TableSchema;
  readonly facts: ColumnFacts;
  readonly log: Logger;
}

/**
 * Makes the table of a collection where there is none, and builds its columns anew from the
 * documents when the schema has changed within its version.
 * @throws AppError INTERNAL when the table belongs to another version or another database name
 */
export function ensureTable(options: EnsureTable): TableRecord {
  const { database, databaseName, layout, schema, facts, log } = options;
  const { name: collection } = layout;
  const schemaJson = canonicalJson(schema);
  return database.transaction(() => {
    const known = readRow(database, collection);
    if (!known) {
      for (const statement of layout.createStatements) database.exec(statement);
      database.run(
        `insert into ganger_tables(name, database_name, schema_json, version, last_seq, facts)
         values(?, ?, ?, ?, 0, '{}')`,
        [collection, databaseName, schemaJson, schema.version],
      );
      return { lastSeq: 0, facts: '{}' };
    }
    if (known.database_name !== databaseName) {
      throw new AppError('INTERNAL', { reason: 'table of another database name', collection });
    }
    if (known.version !== schema.version) {
      const versions = { has: known.version, wants: schema.version };
      throw new AppError('INTERNAL', {
        reason: 'table of another version',
        collection,
        ...versions,
      });
    }
    if (known.schema_json === schemaJson) return { lastSeq: known.last_seq, facts: known.facts };
    log.info('table columns built anew', { collection });
    rebuild(database, layout, JSON.parse(known.schema_json) as TableSchema, facts);
    const saved = facts.save();
    database.run('update ganger_tables set schema_json = ?, facts = ? where name = ?', [
      schemaJson,
      saved,
      collection,
    ]);
    return { lastSeq: known.last_seq, facts: saved };
  });
}

/** Keeps the last `seq` and the facts; part of the transaction that changed them. */
export function saveRecord(database: EncryptedDatabase, name: string, record: TableRecord): void {
  const statement = database.prepare(
    'update ganger_tables set last_seq = ?, facts = ? where name = ?',
  );
  statement.run(record.lastSeq, record.facts, name);
}

/** Removes a table with all its rows, and what was known of it. */
export function dropTable(database: EncryptedDatabase, layout: TableLayout): void {
  database.transaction(() => {
    for (const statement of layout.dropStatements) database.exec(statement);
    database.run('delete from ganger_tables where name = ?', [layout.name]);
  });
}

/** SQL that inserts or updates one row; the parameters are those of `rowParams`. */
export function insertSql(layout: TableLayout, onConflict = ''): string {
  const names = [
    'id, rev, deleted, lwt, seq, origin',
    ...layout.columns.map((column) => column.sql),
    'doc',
  ];
  const marks = ['?, ?, ?, ?, ?, ?', ...layout.columns.map(() => '?'), '?'];
  return `insert into ${layout.sql}(${names.join(', ')}) values(${marks.join(', ')}) ${onConflict}`;
}

function readRow(database: EncryptedDatabase, name: string): RegistryRow | undefined {
  return database.read<RegistryRow>(
    `select database_name, schema_json, version, last_seq, facts from ganger_tables where name = ?`,
    [name],
  )[0];
}

function rebuild(
  database: EncryptedDatabase,
  layout: TableLayout,
  oldSchema: TableSchema,
  facts: ColumnFacts,
): void {
  const old = layoutOf(layout.name, oldSchema);
  if (old.primaryPath !== layout.primaryPath) {
    throw new AppError('INTERNAL', { reason: 'primary key changed', collection: layout.name });
  }
  const aside = quoted(`${layout.name}~old`);
  database.exec(`drop view if exists ${quoted(liveView(layout.name))}`);
  database.exec(`alter table ${old.sql} rename to ${aside}`);
  const indexes = database.read<{ name: string }>(
    "select name from sqlite_master where type = 'index' and tbl_name = ? and sql is not null",
    [`${layout.name}~old`],
  );
  for (const { name } of indexes) database.exec(`drop index ${quoted(name)}`);
  for (const statement of layout.createStatements) database.exec(statement);
  const insert = database.prepare(insertSql(layout));
  for (let after = -1; ;) {
    const rows = database.read<OldRow>(
      `select id, rev, deleted, lwt, seq, origin, doc from ${aside} where seq > ?
       order by seq limit ${REBUILD_CHUNK}`,
      [after],
    );
    for (const row of rows) {
      const params: SqlValue[] = [row.id, row.rev, row.deleted, row.lwt, row.seq, row.origin];
      facts.bind(JSON.parse(row.doc) as Record<string, unknown>, row.doc, params);
      insert.run(...params, row.doc);
      after = row.seq;
    }
    if (rows.length < REBUILD_CHUNK) break;
  }
  database.exec(`drop table ${aside}`);
}

interface OldRow {
  readonly id: string;
  readonly rev: string;
  readonly deleted: number;
  readonly lwt: number;
  readonly seq: number;
  readonly origin: string;
  readonly doc: string;
}
