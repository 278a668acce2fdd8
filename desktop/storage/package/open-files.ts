import { rmSync } from 'node:fs';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { holdFile } from '../lock-file.ts';
import type { LockedFile } from '../lock-file.ts';
import { openDatabase } from '../open-database.ts';
import type { EncryptedDatabase } from '../open-database.ts';
import { getRxStorageSqlite } from '../rx-storage-sqlite.ts';
import type { SqliteStorage } from '../storage-types.ts';
import { anyTableNameOf } from '../table-layout.ts';
import { readRegistry } from '../table-registry.ts';

export interface FileOptions {
  readonly file: string;
  readonly key: string | undefined;
  readonly nativeBinding: string | undefined;
  readonly queryLog: boolean;
  readonly log: Logger;
}

interface OpenFile {
  readonly key: string | undefined;
  readonly storage: SqliteStorage;
  /** Calls that are making an instance. */
  users: number;
  readonly close: () => void;
}

/** The files that this process has open, by path: all storages over one file are one. */
const files = new Map<string, OpenFile>();

/**
 * Gives the storage of a file to `work`, opening the file when it is not open, and closes it when
 * nothing of it is open (any more).
 * @throws AppError STORE_KEY_WRONG, STORE_DAMAGED, STORE_IN_USE
 */
export async function withStorage<R>(
  options: FileOptions,
  work: (storage: SqliteStorage) => Promise<R>,
): Promise<R> {
  const open = files.get(options.file) ?? openFile(options);
  if (open.key !== options.key)
    throw new AppError('STORE_KEY_WRONG', { reason: 'open with another' });
  open.users += 1;
  try {
    return await work(open.storage);
  } finally {
    open.users -= 1;
    closeIfIdle(options.file, open);
  }
}

function closeIfIdle(file: string, open: OpenFile): void {
  if (open.users > 0 || !open.storage.isIdle || files.get(file) !== open) return;
  files.delete(file);
  open.close();
}

function openFile(options: FileOptions): OpenFile {
  const { file, key, nativeBinding, log } = options;
  // Others must not write to the file: what is known of its rows is kept in memory.
  const lock = holdFile(`${file}-lock`, nativeBinding);
  let database: EncryptedDatabase | undefined;
  try {
    database = openDatabase({ file, key, nativeBinding, log });
    const open = keepOpen(options, database, lock);
    files.set(file, open);
    return open;
  } catch (error) {
    database?.close();
    lock.release();
    throw error;
  }
}

function keepOpen(
  { file, key, queryLog, log }: FileOptions,
  database: EncryptedDatabase,
  lock: LockedFile,
): OpenFile {
  const storage = getRxStorageSqlite({
    database,
    log,
    queryLog,
    tableName: anyTableNameOf,
    keepsUnsent: false,
    onIdle: () => closeIfIdle(file, open),
  });
  const close = (): void => {
    const isEmpty = readRegistry(database).size === 0;
    database.close();
    // All collections have been removed: what a key protected is gone with its file.
    if (isEmpty) for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
    lock.release();
  };
  const open: OpenFile = { key, storage, users: 0, close };
  return open;
}
