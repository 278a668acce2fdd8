import { AppError } from '#shared/errors/app-error.ts';
import type { ColumnFacts } from './column-facts.ts';
import type { EncryptedDatabase, SqlValue } from './open-database.ts';
import type { PlainRow } from './storage-types.ts';
import { layoutOf, liveView, quoted } from './table-layout.ts';
import type { TableLayout, TableSchema } from './table-layout.ts';
import { insertSql } from './table-registry.ts';

/** Rows copied at a time: never a whole table in memory. */
const CHUNK = 1_000;

interface StoredRow {
  readonly at: number;
  readonly id: string;
  readonly rev: string;
  readonly deleted: number;
  readonly lwt: number;
  readonly seq: number;
  readonly origin: string;
  readonly doc: string;
}

/**
 * Builds a table anew from its documents, with the columns and indexes of another schema; inside the
 * caller's transaction. All that stands beside a document (`seq`, origin, revision) stays.
 * @param rewrite the documents too become what this makes of them
 * @param onRows told now and then how many rows are done
 * @throws AppError INTERNAL when the primary key has changed
 */
export function rebuildTable(options: {
  readonly database: EncryptedDatabase;
  readonly layout: TableLayout;
  readonly oldSchema: TableSchema;
  readonly facts: ColumnFacts;
  readonly rewrite: ((document: PlainRow) => PlainRow) | undefined;
  readonly onRows: (rows: number) => void;
}): void {
  const { database, layout, oldSchema, facts, rewrite, onRows } = options;
  const { name } = layout;
  if (layoutOf(name, oldSchema).primaryPath !== layout.primaryPath) {
    throw new AppError('INTERNAL', { reason: 'primary key changed', collection: name });
  }
  const old = `${name}~old`;
  const aside = quoted(old);
  database.exec(`drop view if exists ${quoted(liveView(name))}`);
  database.exec(`alter table ${layout.sql} rename to ${aside}`);
  const indexes = database.read<{ name: string }>(
    "select name from sqlite_master where type = 'index' and tbl_name = ? and sql is not null",
    [old],
  );
  for (const index of indexes) database.exec(`drop index ${quoted(index.name)}`);
  // Indexes and view come last: filling a table without them is faster.
  const [createTable = '', ...createOthers] = layout.createStatements;
  database.exec(createTable);
  const insert = database.prepare(insertSql(layout));
  let rows = 0;
  for (let after = 0; ;) {
    const chunk = database.read<StoredRow>(
      `select rowid as at, id, rev, deleted, lwt, seq, origin, doc from ${aside}
       where rowid > ? order by rowid limit ${CHUNK}`,
      [after],
    );
    for (const row of chunk) {
      const params: SqlValue[] = [row.id, row.rev, row.deleted, row.lwt, row.seq, row.origin];
      const document = JSON.parse(row.doc) as PlainRow;
      const next = rewrite ? rewrite(document) : document;
      const json = next === document ? row.doc : JSON.stringify(next);
      facts.bind(next, json, params);
      insert.run(...params, json);
      after = row.at;
    }
    rows += chunk.length;
    if (chunk.length > 0) onRows(rows);
    if (chunk.length < CHUNK) break;
  }
  database.exec(`drop table ${aside}`);
  for (const statement of createOthers) database.exec(statement);
}

/** A row as it is stored, without what belongs to RxDB. */
export function storedRow(
  database: EncryptedDatabase,
  { sql }: TableLayout,
  id: string,
): PlainRow | undefined {
  const [found] = database.read<{ doc: string }>(`select doc from ${sql} where id = ?`, [id]);
  if (!found) return undefined;
  const document = JSON.parse(found.doc) as PlainRow;
  return Object.fromEntries(Object.entries(document).filter(([key]) => !key.startsWith('_')));
}
