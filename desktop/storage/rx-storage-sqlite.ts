import { ensureRxStorageInstanceParamsAreCorrect } from 'rxdb/plugins/core';
import type {
  BulkWriteRow,
  RxStorageBulkWriteResponse,
  RxStorageInstanceCreationParams,
} from 'rxdb/plugins/core';
import { RXDB_VERSION, randomToken } from 'rxdb/plugins/utils';
import { Subject } from 'rxjs';
import { AppError } from '#shared/errors/app-error.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { NO_DEFINITIONS } from './definitions.ts';
import type { Definitions } from './definitions.ts';
import type { EncryptedDatabase } from './open-database.ts';
import { prepareTables } from './prepare-tables.ts';
import { logQueriesOf } from './query-log.ts';
import { isDeviceOnly, isPulled, originOfContext } from './origin.ts';
import { purgeMetaRows, purgeRows, rowsByIds, rowsWhere } from './purge.ts';
import { releaseRows } from './release.ts';
import { SqliteStorageInstance } from './sqlite-storage-instance.ts';
import type { InstanceHost } from './sqlite-storage-instance.ts';
import { toStoreError } from './sqlite-errors.ts';
import type {
  ColumnFilter,
  CommitNotice,
  CommittedChange,
  Origin,
  PurgeOptions,
  PurgeResult,
  ReleaseOptions,
  SqliteInstanceOptions,
  SqliteStorage,
  StorageHooks,
  StoredDocument,
  UpgradeProgress,
  WantedTable,
} from './storage-types.ts';
import { Table } from './table.ts';
import { tableNameOf } from './table-layout.ts';
import type { TableSchema } from './table-layout.ts';
import { createRegistry, dropTable } from './table-registry.ts';
import { WriteSession } from './write-session.ts';

export interface SqliteStorageSettings {
  readonly database: EncryptedDatabase;
  readonly hooks?: StorageHooks | undefined;
  readonly log: Logger;
  /** The tables as this build knows them; none when left out. */
  readonly definitions?: Definitions | undefined;
  /** Told while tables of an older build are upgraded, inside the transaction: must not throw. */
  readonly onProgress?: ((progress: UpgradeProgress) => void) | undefined;
  /** True: every query that no index answers is reported in `log`; see `logQueriesOf`. */
  readonly queryLog?: boolean | undefined;
  /**
   * The name of a collection's table. When left out it is the collection's own for version 0
   * (`tableNameOf`), by which views and purges know it.
   */
  readonly tableName?: ((collection: string, version: number) => string) | undefined;
  /**
   * True (as when left out): a tombstone that the server does not have yet outlives every cleanup.
   * False for a program that replicates in RxDB's own way, or not at all.
   */
  readonly keepsUnsent?: boolean | undefined;
  /** Told when the last open instance has been closed or removed. */
  readonly onIdle?: (() => void) | undefined;
}

type AnyRow = BulkWriteRow<Record<string, unknown>>;
type AnyInstance = SqliteStorageInstance<Record<string, unknown>>;
type Params<T> = RxStorageInstanceCreationParams<T, SqliteInstanceOptions>;

interface OpenTable {
  readonly table: Table;
  readonly instances: Set<AnyInstance>;
}

const CLEANUP_ROWS = 500;

/** RxDB's storage over one encrypted SQLite database: one table per collection. */
export function getRxStorageSqlite(settings: SqliteStorageSettings): SqliteStorage {
  return new Storage(settings);
}

class Storage implements SqliteStorage, InstanceHost {
  readonly name = 'sqlite';
  readonly rxdbVersion = RXDB_VERSION;
  readonly database: EncryptedDatabase;
  readonly changes$ = new Subject<CommitNotice>();
  readonly waiting$ = new Subject<CommitNotice>();
  readonly #hooks: StorageHooks;
  readonly #log: Logger;
  readonly #definitions: Definitions;
  readonly #onProgress: (progress: UpgradeProgress) => void;
  readonly #tableName: (collection: string, version: number) => string;
  readonly #keepsUnsent: boolean;
  readonly #onIdle: () => void;
  readonly #open = new Map<string, OpenTable>();
  /** Schemas that tables were prepared for and not opened with yet, as text. */
  readonly #prepared = new Map<string, string>();
  readonly #token = randomToken(10);

  constructor(settings: SqliteStorageSettings) {
    const { database, hooks = {}, log, definitions = NO_DEFINITIONS } = settings;
    this.database = database;
    this.#hooks = hooks;
    this.#log = log;
    this.#definitions = definitions;
    this.#onProgress = settings.onProgress ?? (() => undefined);
    this.#tableName = settings.tableName ?? tableNameOf;
    this.#keepsUnsent = settings.keepsUnsent ?? true;
    this.#onIdle = settings.onIdle ?? (() => undefined);
    if (settings.queryLog === true) logQueriesOf(database, log);
    createRegistry(database);
  }

  async createStorageInstance<T>(params: Params<T>): Promise<SqliteStorageInstance<T>> {
    ensureRxStorageInstanceParamsAreCorrect(params);
    const { collectionName, databaseName, schema } = params;
    if (schema.attachments) {
      throw new AppError('REQUEST_INVALID', { reason: 'attachments', collection: collectionName });
    }
    const collection = this.#tableName(collectionName, schema.version);
    let open = this.#open.get(collection);
    if (open) {
      assertSame(open.table, databaseName, schema as unknown as TableSchema);
    } else {
      const { database } = this;
      const wanted = { collection, schema: schema as unknown as TableSchema };
      if (this.#prepared.get(collection) !== preparedAs(databaseName, wanted)) {
        this.#prepare(databaseName, [wanted]);
      }
      this.#prepared.delete(collection);
      const table = new Table({ database, databaseName, ...wanted });
      open = { table, instances: new Set() };
      this.#open.set(collection, open);
    }
    const instance = new SqliteStorageInstance(this, open.table, params);
    open.instances.add(instance as unknown as AnyInstance);
    return instance;
  }

  prepareTables(databaseName: string, wanted: readonly WantedTable[]): void {
    const named = wanted.map(({ collection, schema }) => ({
      collection: this.#tableName(collection, schema.version),
      schema,
    }));
    this.#prepare(databaseName, named);
  }

  /** Prepares tables that are given by their own names. */
  #prepare(databaseName: string, wanted: readonly WantedTable[]): void {
    const isOpen = wanted.some(({ collection }) => this.#open.has(collection));
    if (isOpen) throw new AppError('INTERNAL', { reason: 'prepared while open' });
    prepareTables({
      database: this.database,
      databaseName,
      wanted,
      definitions: this.#definitions,
      hooks: this.#hooks,
      log: this.#log,
      onProgress: this.#onProgress,
    });
    for (const table of wanted) {
      this.#prepared.set(table.collection, preparedAs(databaseName, table));
    }
  }

  get isIdle(): boolean {
    return this.#open.size === 0;
  }

  instance(collection: string): AnyInstance | undefined {
    for (const instance of this.#open.get(collection)?.instances ?? []) {
      if (!instance.isClosed) return instance;
    }
    return undefined;
  }

  write(
    table: Table,
    rows: readonly AnyRow[],
    context: string,
  ): RxStorageBulkWriteResponse<Record<string, unknown>> {
    const origin = isDeviceOnly(table.name) ? 'server' : originOfContext(context);
    const write = (session: WriteSession, done: CommittedChange[]) => {
      const { written, errors } = session.write(table, rows, context, origin);
      if (this.#hooks.afterCommit && written.length > 0) {
        done.push(writtenRows(table, written, origin));
      }
      if (written.length > 0 && this.#hooks.onWrite) {
        const event = { context, collection: table.name, origin, rows: written, tx: session };
        const answer: unknown = this.#hooks.onWrite(event);
        if (answer instanceof Promise) throw new TypeError('onWrite must not be async');
      }
      return { error: errors };
    };
    return this.#inSession(write, isPulled(context));
  }

  cleanup(table: Table, before: number): boolean {
    return this.database.transaction(() => {
      const { sql } = table.layout;
      const kept = this.#keepsUnsent ? " and origin <> 'local'" : '';
      const remove = table.statement(
        `delete from ${sql} where id in (
           select id from ${sql}
           where deleted = 1 and lwt <= ?${kept} limit ${CLEANUP_ROWS})`,
      );
      return remove.run(before).changes < CLEANUP_ROWS;
    });
  }

  purge(collection: string, ids: readonly string[], options: PurgeOptions = {}): PurgeResult {
    return this.#purge(collection, options, (table) => rowsByIds(table, ids), ids);
  }

  purgeWhere(collection: string, where: ColumnFilter, options: PurgeOptions = {}): PurgeResult {
    return this.#purge(collection, options, (table) => rowsWhere(table, where), []);
  }

  release(collection: string, ids: readonly string[], options: ReleaseOptions = {}): string[] {
    const { metaCollection, as = 'local', from = 'server' } = options;
    const table = this.#openTable(collection);
    const meta = metaCollection === undefined ? undefined : this.#openTable(metaCollection);
    return this.#inSession((session, done) => {
      const released = releaseRows(session, table, ids, as, from);
      if (as === 'local' && released.length > 0) done.push(rowsNow(table, released));
      if (meta && released.length > 0) purgeMetaRows(session, meta, released);
      return released;
    });
  }

  closed(table: Table, instance: SqliteStorageInstance<never>): void {
    const open = this.#open.get(table.name);
    if (open?.table !== table) return;
    open.instances.delete(instance as unknown as AnyInstance);
    if (open.instances.size > 0) return;
    this.#open.delete(table.name);
    table.events$.complete();
    if (this.#open.size === 0) this.#onIdle();
  }

  drop(table: Table): void {
    dropTable(this.database, table.layout);
    table.isRemoved = true;
    this.#open.delete(table.name);
    table.events$.complete();
    this.changes$.next({ collections: [table.name] });
    this.waiting$.next({ collections: [] });
    if (this.#open.size === 0) this.#onIdle();
  }

  damaged(): void {
    this.#hooks.onDamaged?.();
  }

  #purge(
    collection: string,
    options: PurgeOptions,
    find: (table: Table) => ReturnType<typeof rowsByIds>,
    wanted: readonly string[],
  ): PurgeResult {
    const table = this.#openTable(collection);
    const meta =
      options.metaCollection === undefined ? undefined : this.#openTable(options.metaCollection);
    return this.#inSession((session, done) => {
      const result = purgeRows(session, table, find(table), options);
      if (result.purged.length > 0) done.push(settledRows(collection, result.purged, true));
      const kept = new Set(result.kept);
      const metaIds = new Set([...result.purged, ...wanted].filter((id) => !kept.has(id)));
      if (meta && metaIds.size > 0) purgeMetaRows(session, meta, [...metaIds]);
      return result;
    });
  }

  #openTable(collection: string): Table {
    const open = this.#open.get(collection);
    if (!open) throw new AppError('STORE_NOT_OPEN', { collection });
    return open.table;
  }

  /**
   * One transaction, and after its commit what listeners are told.
   * @param isPulled true: it reaches the disk with the next transaction that has to
   */
  #inSession<R>(fn: (session: WriteSession, done: CommittedChange[]) => R, isPulled = false): R {
    const { database } = this;
    // Inside another transaction events would go out before its commit.
    if (database.inTransaction)
      throw new AppError('INTERNAL', { reason: 'write in a transaction' });
    const session = new WriteSession((name) => this.#open.get(name)?.table, this.#token);
    const done: CommittedChange[] = [];
    let result: R;
    try {
      const run = (): R =>
        database.transaction(() => {
          const answer = fn(session, done);
          session.save();
          return answer;
        });
      result = isPulled ? database.unsynced(run) : run();
    } catch (error) {
      session.rolledBack();
      throw error;
    }
    this.#tellCommitted(session, done);
    session.publish({
      changes: (notice) => this.changes$.next(notice),
      waiting: (notice) => this.waiting$.next(notice),
    });
    return result;
  }

  #tellCommitted(session: WriteSession, done: CommittedChange[]): void {
    if (!this.#hooks.afterCommit) return;
    for (const [collection, ids] of session.confirmed) {
      done.push(settledRows(collection, ids, false));
    }
    if (done.length === 0) return;
    try {
      this.#hooks.afterCommit(done);
    } catch (error) {
      this.#log.error('hook after commit failed', { code: toStoreError(error).code });
    }
  }
}

const preparedAs = (databaseName: string, { schema }: WantedTable): string =>
  JSON.stringify([databaseName, schema]);

/** The rows of one bulkWrite; it gives its numbers one after the other. */
function writtenRows(
  table: Table,
  written: readonly StoredDocument[],
  origin: Origin,
): CommittedChange {
  const first = table.lastSeq - written.length + 1;
  const rows = written.map((document, at) => ({
    id: document[table.layout.primaryPath] as string,
    seq: first + at,
    document,
  }));
  return { collection: table.name, origin, rows, settled: [], purged: false };
}

/** Rows as the transaction has left them, with origin `local`. */
function rowsNow(table: Table, ids: readonly string[]): CommittedChange {
  const found = table
    .statement(
      `select t.id as id, t.seq as seq, t.doc as doc from json_each(?) as wanted
       cross join ${table.layout.sql} as t on t.id = wanted.value`,
    )
    .all(JSON.stringify(ids)) as { id: string; seq: number; doc: string }[];
  const rows = found.map(({ id, seq, doc }) => ({
    id,
    seq,
    document: JSON.parse(doc) as StoredDocument,
  }));
  return { collection: table.name, origin: 'local', rows, settled: [], purged: false };
}

const settledRows = (
  collection: string,
  settled: readonly string[],
  purged: boolean,
): CommittedChange => ({ collection, origin: 'server', rows: [], settled, purged });

function assertSame(table: Table, databaseName: string, schema: TableSchema): void {
  const isSame =
    table.databaseName === databaseName && canonicalJson(table.schema) === canonicalJson(schema);
  if (isSame) return;
  throw new AppError('INTERNAL', { reason: 'open with another schema', collection: table.name });
}
