import { copyFileSync, existsSync, openSync, closeSync, fsyncSync, rmSync } from 'node:fs';
import { AppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';
import { moveDurably, writeAll } from '../files/durable.ts';
import { examineFile } from './examine-file.ts';

/** 4,096 bytes a page, WAL to write and to read, 80 bytes reserved, and three fixed fractions. */
const PLAIN_HEAD_OF_OURS = Buffer.from('1000020250402020', 'hex');

export interface RepairSalt {
  readonly file: string;
  readonly key: string;
  /** The salt that `examineFile` found to fit (32 hexadecimal digits). */
  readonly salt: string;
  readonly nativeBinding?: string | undefined;
}

/**
 * Brings back a file of which only the salt and what stands in clear beside it are gone
 * (`salt-lost`): on a copy, which takes the place
 * of the file when SQLite has checked all of it. Killed anywhere, the file is the old or the new one;
 * its log stays beside it.
 * @throws AppError STORE_DAMAGED when more than the salt is wrong; the file is as it was
 */
export function repairSalt({ file, key, salt, nativeBinding }: RepairSalt): void {
  const copy = `${file}.repair`;
  const parts = [copy, `${copy}-wal`, `${copy}-shm`];
  const remove = (): void => {
    for (const part of parts) rmSync(part, { force: true });
  };
  remove();
  try {
    copyFileSync(file, copy);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    const handle = openSync(copy, 'r+');
    writeAll(handle, Buffer.concat([Buffer.from(salt, 'hex'), PLAIN_HEAD_OF_OURS]), 0);
    fsyncSync(handle);
    closeSync(handle);
    const verdict = examineFile({ file: copy, key, salts: [salt] });
    if (verdict.state !== 'fine') throw new AppError('STORE_DAMAGED', { reason: verdict.state });
    // With its log, as SQLite will see it.
    const database = openDatabase({
      file: copy,
      key,
      nativeBinding,
      mustExist: true,
      log: silentLogger,
    });
    const answer = database.read<{ quick_check: string }>('pragma quick_check');
    database.secureCheckpoint();
    database.close();
    if (answer[0]?.quick_check !== 'ok') throw new AppError('STORE_DAMAGED', { reason: 'check' });
    // The copy has taken in the log; what the old one says would be written over newer pages.
    moveDurably(copy, file);
    for (const part of [`${file}-wal`, `${file}-shm`]) rmSync(part, { force: true });
  } catch (error) {
    throw toStoreError(error);
  } finally {
    remove();
  }
}
