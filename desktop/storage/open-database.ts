import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { PAGE_SIZE, bringsPage, keyFitsAnyPage } from './page-check.ts';
import { sqliteCodeOf, toStoreError } from './sqlite-errors.ts';
import { createStatementCache } from './statement-cache.ts';
import type { StatementCache } from './statement-cache.ts';

/** A value that a parameter or a column may hold. */
export type SqlValue = string | number | null;

/** A statement that is prepared once and kept by its database. */
export interface PreparedStatement {
  run(...params: SqlValue[]): { changes: number };
  get(...params: SqlValue[]): unknown;
  all(...params: SqlValue[]): unknown[];
  iterate(...params: SqlValue[]): IterableIterator<unknown>;
}

export interface OpenDatabaseOptions {
  /** Path of the database file; made when it is not there. */
  readonly file: string;
  /** The raw key, 64 hexadecimal digits. Undefined: a file without a cipher, never of a profile. */
  readonly key: string | undefined;
  /** Path of the compiled addon, where the packaged one does not fit the runtime. */
  readonly nativeBinding?: string | undefined;
  /** True: reads only, the file must be there (scans in a worker thread). */
  readonly readonly?: boolean | undefined;
  /** True: a missing or empty file is damage, not a new store (a profile that has been used). */
  readonly mustExist?: boolean | undefined;
  readonly log: Logger;
}

/** Small values that belong to the database rather than to a table. */
export interface KeyValueStore {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  delete(key: string): void;
}

export interface EncryptedDatabase {
  readonly file: string;
  readonly readonly: boolean;
  readonly isOpen: boolean;
  /** True while a transaction is open. */
  readonly inTransaction: boolean;
  /**
   * Runs `fn` in one write transaction; what it throws rolls back and is thrown on. Inside another
   * transaction it is a part of that one (a savepoint). `fn` must not be async.
   * @throws AppError STORE_DISK_FULL, STORE_DAMAGED, STORE_NOT_OPEN
   */
  transaction<T>(fn: () => T): T;
  /**
   * Runs `fn`, whose transactions reach the disk only together with the next one outside of it, or
   * with a checkpoint: for what makes empty tables, and for what can be asked of the server again. A
   * power cut takes the last of them, never one before another; each is whole or not there, as always.
   * Inside a transaction it changes nothing.
   */
  unsynced<T>(fn: () => T): T;
  /** All rows of a query as objects; statements are prepared once and kept. */
  read<T>(sql: string, params?: readonly SqlValue[]): T[];
  /** Runs one statement that writes. @returns the number of rows changed */
  run(sql: string, params?: readonly SqlValue[]): number;
  /** Runs statements that are needed once (tables, indexes, views) and are not worth keeping. */
  exec(sql: string): void;
  /**
   * The statement of a text, prepared once. Rows come as objects, with `pluck` as the value of their
   * first column. Its own errors are SQLite's: see `toStoreError`.
   */
  prepare(sql: string, rows?: 'objects' | 'pluck'): PreparedStatement;
  readonly kv: KeyValueStore;
  /**
   * Moves the write-ahead log into the file and empties it, so that old pages are gone.
   * @returns false when a reader on another connection held the log for five seconds: try again
   */
  secureCheckpoint(): boolean;
  /** Closes the file; a second call does nothing. */
  close(): void;
}

const CACHE_KIB = 64 * 1024;
const WAIT_FOR_LOCK_MS = 5_000;
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;
/** Four times SQLite's own: pages that are written again and again reach the file once (+20 % load). */
const CHECKPOINT_PAGES = 4_000;
/** SQLite keeps the count as a signed number of 32 bits; 68 years of one commit a second. */
const MAX_COMMITS = 0x7fff_ffff;
const RAW_KEY = /^[0-9a-f]{64}$/i;
const SYNC_FULL = 'pragma synchronous=full';
const SYNC_LATER = 'pragma synchronous=normal';

/**
 * Opens (or makes) an encrypted database with SQLCipher. A transaction that has returned is on the
 * disk: the file is in WAL mode with `synchronous=FULL`.
 * @throws AppError STORE_KEY_WRONG when no page can be read with the key, STORE_DAMAGED when the key
 *   fits and the file is broken
 */
export function openDatabase(options: OpenDatabaseOptions): EncryptedDatabase {
  const { file, key, log, readonly = false } = options;
  if (key !== undefined && !RAW_KEY.test(key))
    throw new AppError('STORE_KEY_WRONG', { reason: 'not a raw key' });
  refuseTornFile(options);
  // Looked at before SQLite has locks on the files; told once it is known to be a file of this key.
  const isCutShort = lacksLastPage(options);
  const sqlite = connect(options, readonly);
  try {
    if (key === undefined) assertPlain(sqlite);
    else unlock(sqlite, file, key);
    if (isCutShort) throw new AppError('STORE_DAMAGED', { reason: 'last page' });
    configure(sqlite, readonly);
  } catch (error) {
    sqlite.close();
    throw toStoreError(error);
  }
  log.info('store opened', { readonly });
  return new SqliteFile(sqlite, file, readonly, log);
}

function connect(options: OpenDatabaseOptions, readonly: boolean): Database {
  const { file, nativeBinding } = options;
  try {
    return new Database(file, {
      timeout: WAIT_FOR_LOCK_MS,
      readonly,
      fileMustExist: readonly,
      ...(nativeBinding === undefined ? {} : { nativeBinding }),
    });
  } catch (error) {
    throw toStoreError(error);
  }
}

/** The order matters: a key given before the cipher makes a ChaCha20 file. */
function unlock(sqlite: Database, file: string, key: string): void {
  sqlite.pragma("cipher='sqlcipher'");
  try {
    sqlite.pragma(`key="x'${key}'"`);
  } catch {
    // Without the cause: its text could hold the key.
    throw new AppError('STORE_KEY_WRONG', { reason: 'key refused' });
  }
  const cipher = sqlite.pragma('cipher', { simple: true });
  if (cipher !== 'sqlcipher') throw new AppError('STORE_DAMAGED', { reason: 'cipher' });
  try {
    sqlite.prepare('select count(*) from sqlite_master').get();
  } catch (error) {
    if (sqliteCodeOf(error) !== 'SQLITE_NOTADB') throw error;
    const isWrong = !keyFitsAnyPage(file, key);
    throw new AppError(isWrong ? 'STORE_KEY_WRONG' : 'STORE_DAMAGED', {}, error);
  }
}

/** Without a key an encrypted file is no database. */
function assertPlain(sqlite: Database): void {
  try {
    sqlite.prepare('select count(*) from sqlite_master').get();
  } catch (error) {
    if (sqliteCodeOf(error) !== 'SQLITE_NOTADB') throw error;
    throw new AppError('STORE_KEY_WRONG', { reason: 'encrypted, and no key given' }, error);
  }
}

/** SQLite takes a file of a few bytes for a new one and writes over it. */
function refuseTornFile({ file, mustExist = false }: OpenDatabaseOptions): void {
  const size = existsSync(file) ? statSync(file).size : 0;
  const isNew = size === 0 && !mustExist;
  if (!isNew && size < PAGE_SIZE) throw new AppError('STORE_DAMAGED', { reason: 'no first page' });
}

/**
 * True when the last page of a file is cut short and its log does not bring it: the cipher would pass
 * it on as it lies there.
 */
function lacksLastPage({ file, key }: OpenDatabaseOptions): boolean {
  const size = existsSync(file) ? statSync(file).size : 0;
  if (key === undefined || size % PAGE_SIZE === 0) return false;
  return !bringsPage(`${file}-wal`, Math.floor(size / PAGE_SIZE) + 1);
}

function configure(sqlite: Database, readonly: boolean): void {
  // In one text: each call of `pragma` prepares a statement of its own.
  sqlite.exec(`pragma cache_size=-${CACHE_KIB}; pragma temp_store=memory; pragma foreign_keys=off`);
  if (readonly) {
    sqlite.pragma('query_only=on');
    return;
  }
  // Nobody has been told of an empty table: it reaches the disk with the first commit in full.
  sqlite.exec(`pragma journal_mode=wal; ${SYNC_LATER};
    create table if not exists kv(k text primary key not null, v text not null);
    ${SYNC_FULL}; pragma secure_delete=on; pragma journal_size_limit=${WAL_LIMIT_BYTES};
    pragma wal_autocheckpoint=${CHECKPOINT_PAGES}`);
  // SQLite opens a file that may not be written without a word, and only its first write fails.
  sqlite.exec('begin immediate; rollback');
}

class SqliteFile implements EncryptedDatabase {
  readonly file: string;
  readonly readonly: boolean;
  readonly kv: KeyValueStore;
  readonly #sqlite: Database;
  readonly #log: Logger;
  readonly #statements: StatementCache;

  constructor(sqlite: Database, file: string, readonly: boolean, log: Logger) {
    this.file = file;
    this.readonly = readonly;
    this.#sqlite = sqlite;
    this.#log = log;
    this.#statements = createStatementCache(sqlite);
    this.kv = {
      get: (key) => this.read<{ v: string }>('select v from kv where k = ?', [key])[0]?.v,
      set: (key, value) => {
        this.run('insert into kv(k, v) values(?, ?) on conflict(k) do update set v = excluded.v', [
          key,
          value,
        ]);
      },
      delete: (key) => {
        this.run('delete from kv where k = ?', [key]);
      },
    };
  }

  get isOpen(): boolean {
    return this.#sqlite.open;
  }

  get inTransaction(): boolean {
    return this.#sqlite.inTransaction;
  }

  transaction<T>(fn: () => T): T {
    const isNested = this.inTransaction;
    const [begin, commit, undo] = isNested
      ? ['savepoint part', 'release part', 'rollback to part']
      : ['begin immediate', 'commit', 'rollback'];
    this.#guarded(() => this.prepare(begin).run());
    try {
      const before = isNested ? 0 : this.#changes();
      const result = fn();
      if (result instanceof Promise) throw new TypeError('transaction: the function is async');
      if (!isNested && this.#changes() !== before) this.#countCommit();
      this.prepare(commit).run();
      return result;
    } catch (error) {
      // A full disk may have rolled back by itself.
      if (this.inTransaction) {
        this.prepare(undo).run();
        if (isNested) this.prepare(commit).run();
      }
      throw sqliteCodeOf(error) === undefined ? error : toStoreError(error);
    }
  }

  unsynced<T>(fn: () => T): T {
    if (this.inTransaction) return fn();
    this.exec(SYNC_LATER);
    try {
      return fn();
    } finally {
      if (this.isOpen) this.exec(SYNC_FULL);
    }
  }

  read<T>(sql: string, params: readonly SqlValue[] = []): T[] {
    return this.#guarded(() => this.prepare(sql).all(...params)) as T[];
  }

  run(sql: string, params: readonly SqlValue[] = []): number {
    // A commit of its own is counted like any other.
    if (this.isOpen && !this.inTransaction) return this.transaction(() => this.run(sql, params));
    return this.#guarded(() => this.prepare(sql).run(...params)).changes;
  }

  exec(sql: string): void {
    this.#guarded(() => this.#sqlite.exec(sql));
  }

  prepare(sql: string, rows: 'objects' | 'pluck' = 'objects'): PreparedStatement {
    if (!this.isOpen) throw new AppError('STORE_NOT_OPEN');
    return this.#statements.get(sql, rows);
  }

  secureCheckpoint(): boolean {
    return (
      this.#guarded(() => this.#sqlite.pragma('wal_checkpoint(truncate)', { simple: true })) === 0
    );
  }

  close(): void {
    if (!this.isOpen) return;
    this.#statements.clear();
    this.#sqlite.close();
    this.#log.info('store closed');
  }

  /** Rows that this connection has changed since it was opened. */
  #changes(): number {
    return this.prepare('select total_changes()', 'pluck').get() as number;
  }

  /**
   * Counts a commit on the first page, which so goes into the log with every one: by it a file and a
   * log can be told that are not of one time (the log of an earlier day, a newer file), which SQLite
   * takes for one and mixes the pages of. Costs a page in the log for each commit.
   */
  #countCommit(): void {
    const count = this.prepare('pragma user_version', 'pluck').get() as number;
    if (count < MAX_COMMITS) this.#sqlite.exec(`pragma user_version=${count + 1}`);
  }

  #guarded<T>(fn: () => T): T {
    if (!this.isOpen) throw new AppError('STORE_NOT_OPEN');
    try {
      return fn();
    } catch (error) {
      throw toStoreError(error);
    }
  }
}
