import Database from 'better-sqlite3';
import { toStoreError } from './sqlite-errors.ts';

export interface LockedFile {
  /** A second call does nothing. */
  release(): void;
}

/**
 * Holds a file exclusively for as long as this process lives. It is a lock of the operating system
 * (through an empty SQLite file, which takes the right one on each platform), so it ends with the
 * process, however that ends. Nobody may open the file in another way: closing it would drop the lock.
 * @throws AppError STORE_IN_USE when another connection holds it, here or in another process,
 *   STORE_READ_ONLY when nothing can be written there, STORE_DISK_FULL
 */
export function holdFile(file: string, nativeBinding?: string): LockedFile {
  let lock: Database | undefined;
  try {
    lock = new Database(file, {
      timeout: 0,
      ...(nativeBinding === undefined ? {} : { nativeBinding }),
    });
    lock.exec('begin exclusive');
    // A lock in a folder that takes no bytes is of no use, and this is the place to say so.
    lock.exec('create table if not exists held(since integer)');
  } catch (error) {
    lock?.close();
    throw toStoreError(error);
  }
  const held = lock;
  return {
    release() {
      if (!held.open) return;
      held.exec('rollback');
      held.close();
    },
  };
}
