import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { ensureRxStorageInstanceParamsAreCorrect } from 'rxdb/plugins/core';
import type { RxStorage, RxStorageInstanceCreationParams } from 'rxdb/plugins/core';
import { RXDB_VERSION } from 'rxdb/plugins/utils';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { createLogger, silentLogger } from '#shared/logging/logger.ts';
import type { SqliteStorageInstance } from '../sqlite-storage-instance.ts';
import type { SqliteInstanceOptions, SqliteInternals } from '../storage-types.ts';
import { databaseFile } from './file-name.ts';
import { withStorage } from './open-files.ts';

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

export type SqliteRxStorage = RxStorage<SqliteInternals, SqliteInstanceOptions>;

/**
 * RxDB's storage over SQLite, one file a database. The file is opened with the first collection and
 * closed with the last; all databases of one name in the process share it.
 *
 * Errors carry a `code`: STORE_KEY_WRONG, STORE_DAMAGED, STORE_IN_USE, STORE_DISK_FULL,
 * STORE_READ_ONLY, STORE_IO, STORE_NOT_OPEN, REQUEST_INVALID. None holds a value of a document.
 * @throws AppError STORE_KEY_WRONG for a key that is not 64 hexadecimal digits
 */
export function getRxStorageSqlite(options: SqliteStorageOptions): SqliteRxStorage {
  const { directory, nativeBinding } = options;
  const key = options.key?.toLowerCase();
  if (key !== undefined && !/^[0-9a-f]{64}$/.test(key)) {
    throw new AppError('STORE_KEY_WRONG', { reason: 'not 64 hexadecimal digits' });
  }
  const queryLog = options.queryLog ?? process.env['GANGER_QUERY_LOG'] === '1';
  const log = loggerOf(options, queryLog);
  const folder = resolve(directory);

  async function createStorageInstance<T>(
    params: RxStorageInstanceCreationParams<T, SqliteInstanceOptions>,
  ): Promise<SqliteStorageInstance<T>> {
    ensureRxStorageInstanceParamsAreCorrect(params);
    mkdirSync(folder, { recursive: true });
    const file = databaseFile(folder, params.databaseName);
    return withStorage({ file, key, nativeBinding, queryLog, log }, (storage) =>
      storage.createStorageInstance(params),
    );
  }

  return { name: 'sqlite-sqlcipher', rxdbVersion: RXDB_VERSION, createStorageInstance };
}

function loggerOf({ log }: SqliteStorageOptions, queryLog: boolean): Logger {
  if (log) return createLogger({ level: 'info', write: log });
  if (!queryLog) return silentLogger;
  return createLogger({ level: 'info', write: (line) => process.stderr.write(`${line}\n`) });
}
