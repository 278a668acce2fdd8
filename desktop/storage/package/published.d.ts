import type { RxStorage } from 'rxdb';

export interface SqliteStorageOptions {
  /** Folder of the database files; made when it is not there. */
  readonly directory: string;
  /** 64 hexadecimal digits: the files are encrypted with SQLCipher. Left out: they are not. */
  readonly key?: string;
  /** Path of better-sqlite3's compiled addon, where the packaged one does not fit the runtime. */
  readonly nativeBinding?: string;
  /**
   * True: every query that no index answers is reported. As left out: when the environment has
   * `GANGER_QUERY_LOG=1`.
   */
  readonly queryLog?: boolean;
  /** Takes each line of the log, as JSON text; standard error as left out, for the query log alone. */
  readonly log?: (line: string) => void;
}

/** What goes wrong with a file; see the table of errors in the README. */
export type StorageErrorCode =
  | 'STORE_KEY_WRONG'
  | 'STORE_DAMAGED'
  | 'STORE_IN_USE'
  | 'STORE_DISK_FULL'
  | 'STORE_READ_ONLY'
  | 'STORE_IO'
  | 'STORE_NOT_OPEN'
  | 'REQUEST_INVALID'
  | 'NOT_FOUND'
  | 'INTERNAL';

/** What the storage throws. No text of it holds a value of a document, or the key. */
export interface StorageError extends Error {
  readonly code: StorageErrorCode;
  /** Names and counts that say more, safe to be logged. */
  readonly safe: Readonly<Record<string, unknown>>;
}

export type SqliteRxStorage = RxStorage<{ readonly table: string }, Record<string, never>>;

/**
 * RxDB's storage over SQLite, one file a database. The file is opened with the first collection and
 * closed with the last; all databases of one name in the process share it.
 * @throws StorageError STORE_KEY_WRONG for a key that is not 64 hexadecimal digits
 */
export function getRxStorageSqlite(options: SqliteStorageOptions): SqliteRxStorage;
