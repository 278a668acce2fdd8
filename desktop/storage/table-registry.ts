import type { EncryptedDatabase, PreparedStatement } from './open-database.ts';
import { sqliteCodeOf, toStoreError } from './sqlite-errors.ts';
import type { TableLayout } from './table-layout.ts';

/**
 * `ganger_tables` knows each table's schema, the version of the definition that its rows follow, the
 * last `seq` that it gave (so that a number is never given twice, also when the row that had it is
 * gone) and the facts about its columns.
 */
export interface RegistryRow {
  readonly name: string;
  readonly database_name: string;
  readonly schema_json: string;
  /** RxDB's version of the schema; always 0 for tables of the suite. */
  readonly version: number;
  /** Version of the table's definition. */
  readonly definition: number;
}

/** What is kept of a table beside its rows. */
export interface TableRecord {
  readonly lastSeq: number;
  readonly facts: string;
}

/** The version of every definition before versions were written down. */
const FIRST_DEFINITION = 1;

const READ_ALL = 'select name, database_name, schema_json, version, definition from ganger_tables';

export function createRegistry(database: EncryptedDatabase): void {
  if (database.readonly || tryRead(database, (all) => [all.get()])) return;
  const columns = registryColumns(database);
  if (columns.size === 0) {
    database.unsynced(() =>
      database.exec(`create table if not exists ganger_tables(
      name text primary key not null,
      database_name text not null,
      schema_json text not null,
      version integer not null,
      last_seq integer not null,
      facts text not null,
      definition integer not null default ${FIRST_DEFINITION})`),
    );
  } else if (!columns.has('definition')) {
    database.exec(
      `alter table ganger_tables add column definition integer not null default ${FIRST_DEFINITION}`,
    );
  }
}

/** All tables of the file, by name; also of one that an older build made. Only reads. */
export function readRegistry(database: EncryptedDatabase): Map<string, RegistryRow> {
  const present = tryRead(database, (all) => all.all() as RegistryRow[]);
  if (present) return byName(present);
  const columns = registryColumns(database);
  if (columns.size === 0) return new Map();
  const definition = columns.has('definition') ? 'definition' : `${FIRST_DEFINITION} as definition`;
  const rows = database.read<RegistryRow>(
    `select name, database_name, schema_json, version, ${definition} from ganger_tables`,
  );
  return byName(rows);
}

const byName = (rows: readonly RegistryRow[]): Map<string, RegistryRow> =>
  new Map(rows.map((row) => [row.name, row]));

/**
 * What `read` gives, or undefined when the table is not there as this build makes it: to try is
 * cheaper than to ask.
 */
function tryRead<T>(
  database: EncryptedDatabase,
  read: (all: PreparedStatement) => T,
): T | undefined {
  try {
    return read(database.prepare(READ_ALL));
  } catch (error) {
    if (sqliteCodeOf(error) === 'SQLITE_ERROR') return undefined;
    throw toStoreError(error);
  }
}

/** What is kept of one table, which must be there. */
export function readRecord(database: EncryptedDatabase, name: string): TableRecord {
  const [found] = database.read<{ last_seq: number; facts: string }>(
    'select last_seq, facts from ganger_tables where name = ?',
    [name],
  );
  return { lastSeq: found?.last_seq ?? 0, facts: found?.facts ?? '{}' };
}

export function insertRegistryRow(database: EncryptedDatabase, row: RegistryRow): void {
  database.run(
    `insert into ganger_tables(name, database_name, schema_json, version, definition, last_seq, facts)
     values(?, ?, ?, ?, ?, 0, '{}')`,
    [row.name, row.database_name, row.schema_json, row.version, row.definition],
  );
}

/** Notes what a table has become; part of the transaction that made it so. */
export function updateRegistryRow(
  database: EncryptedDatabase,
  row: Pick<RegistryRow, 'name' | 'schema_json' | 'definition'> & { readonly facts: string },
): void {
  database.run(
    'update ganger_tables set schema_json = ?, definition = ?, facts = ? where name = ?',
    [row.schema_json, row.definition, row.facts, row.name],
  );
}

/** Keeps the last `seq` and the facts; part of the transaction that changed them. */
export function saveRecord(database: EncryptedDatabase, name: string, record: TableRecord): void {
  const statement = database.prepare(
    'update ganger_tables set last_seq = ?, facts = ? where name = ?',
  );
  statement.run(record.lastSeq, record.facts, name);
}

/** Removes a table with all its rows, and what was known of it. */
export function dropTable(
  database: EncryptedDatabase,
  layout: Pick<TableLayout, 'name' | 'dropStatements'>,
): void {
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

function registryColumns(database: EncryptedDatabase): ReadonlySet<string> {
  const columns = database.read<{ name: string }>(
    "select name from pragma_table_info('ganger_tables')",
  );
  return new Set(columns.map(({ name }) => name));
}
