import { rmSync, statSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { syncFile, syncFolder } from '../files/durable.ts';
import { onDisk, shredFile, sizeOf } from './files.ts';

/** Plain data: the work can be handed to a worker thread. */
export interface CopyJob {
  readonly file: string;
  readonly next: string;
  /** Data keys as 64 hexadecimal digits. */
  readonly key: string;
  readonly nextKey: string;
  readonly nativeBinding: string | null;
}

/** What lies beside a database while it is in use. */
export const SIDE_FILES = ['-wal', '-shm', '-journal'] as const;

/** Steps of the copy, in order; a test ends the process at each of them. */
export type CopyStep = 'emptied-log' | 'copied' | 'rekeyed' | 'verified' | 'durable';

export interface CopyOptions {
  readonly step?: ((step: CopyStep) => void) | undefined;
  /** `done` of `total`, in hundredths of the work as measured, not in rows. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

const TOTAL = 100;
/** Shares of the time, measured with 100,000 rows. */
const AT = { emptied: 2, copied: 34, rekeyed: 80 } as const;

/**
 * Builds `next` from `file` under another key: the same tables and rows in the same page format.
 * The old file is left whole, without a write-ahead log and with its own key. `next` is checked
 * against it and on the disk when this returns. Blocks its thread: about 30 ms a megabyte.
 *
 * SQLite's own copy (`VACUUM INTO`) keeps the key, since this build of SQLite takes no key in a
 * file name; the copy is then given its own key in place, while nobody else has it open. A copy cut
 * short in between is worth nothing and is thrown away.
 * @throws AppError STORE_IN_USE when somebody else has the file open; STORE_DISK_FULL;
 *   STORE_DAMAGED when the old file cannot be read whole, or the copy is not the same
 */
export function copyUnderNewKey(job: CopyJob, options: CopyOptions = {}): void {
  const { step = () => undefined, onProgress = () => undefined } = options;
  const { file, next } = job;
  onDisk(() => discardFile(next));
  const before = open(job, file, job.key);
  try {
    emptyLog(before);
    requireSpace(file);
    step('emptied-log');
    onProgress(AT.emptied, TOTAL);
    before.exec(`vacuum into '${next.replaceAll("'", "''")}'`);
    step('copied');
    onProgress(AT.copied, TOTAL);
    giveKey(job);
    step('rekeyed');
    onProgress(AT.rekeyed, TOTAL);
    verify(before, job, (part) => onProgress(AT.rekeyed + part * (TOTAL - AT.rekeyed - 1), TOTAL));
    step('verified');
  } finally {
    before.close();
  }
  onDisk(() => {
    for (const side of SIDE_FILES) rmSync(`${next}${side}`, { force: true });
    syncFile(next);
    syncFolder(path.dirname(next));
  });
  requireNoLog(file);
  step('durable');
  onProgress(TOTAL, TOTAL);
}

/** Takes a half-made database and what lies beside it away for good. */
export function discardFile(file: string): void {
  for (const side of SIDE_FILES) shredFile(`${file}${side}`);
  shredFile(file);
}

/**
 * A log of one file must never meet another file: there is none when files change names.
 * @throws AppError STORE_IN_USE
 */
export function requireNoLog(file: string): void {
  for (const side of SIDE_FILES) {
    if (sizeOf(`${file}${side}`) > 0) throw new AppError('STORE_IN_USE', { reason: 'log' });
  }
}

/** Every page is needed once, so a large cache would only hold memory. */
const CACHE = 'pragma cache_size=-8192';

function open({ nativeBinding }: CopyJob, file: string, key: string, readonly = false) {
  const binding = nativeBinding === null ? {} : { nativeBinding };
  const options = { file, key, readonly, mustExist: true, log: silentLogger, ...binding };
  const database = openDatabase(options);
  database.exec(CACHE);
  return database;
}

/** Only the last connection of a file can leave WAL mode: that proves that there is no other. */
function emptyLog(database: EncryptedDatabase): void {
  const isEmpty = database.secureCheckpoint();
  const mode = isEmpty ? leaveWal(database) : 'wal';
  if (mode !== 'delete') throw new AppError('STORE_IN_USE', { reason: 'other-connection' });
}

function leaveWal(database: EncryptedDatabase): string | undefined {
  try {
    return database.read<{ journal_mode: string }>('pragma journal_mode=delete')[0]?.journal_mode;
  } catch (error) {
    if (error instanceof AppError && error.code === 'STORE_DAMAGED') throw error;
    return undefined;
  }
}

function requireSpace(file: string): void {
  const folder = statfsSync(path.dirname(file));
  const free = folder.bavail * folder.bsize;
  // As much again, and a little for the key file and whatever else goes on meanwhile.
  if (free < statSync(file).size * 1.1 + 4 * 1024 * 1024) {
    throw new AppError('STORE_DISK_FULL', { reason: 'no-room-for-copy' });
  }
}

function giveKey(job: CopyJob): void {
  const database = open(job, job.next, job.key);
  try {
    database.read('pragma journal_mode=delete');
    // A copy that a power cut tears is made anew: no journal, no waiting for the disk in between.
    database.read('pragma journal_mode=off');
    database.exec('pragma synchronous=off');
    try {
      database.exec(`pragma rekey="x'${job.nextKey}'"`);
    } catch (error) {
      // Without the cause: its text could hold the key.
      const code = error instanceof AppError ? error.code : 'STORE_IO';
      throw new AppError(code, { reason: 'rekey' });
    }
  } finally {
    database.close();
  }
}

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

/** The copy opens with its key, every page of it is genuine, and it holds what the old one holds. */
function verify(before: EncryptedDatabase, job: CopyJob, onPart: (part: number) => void): void {
  const after = open(job, job.next, job.nextKey, true);
  const differs = (what: string): never => {
    throw new AppError('STORE_DAMAGED', { reason: `copy-differs: ${what}` });
  };
  try {
    const check = after.read<{ quick_check: string }>('pragma quick_check(1)');
    if (check[0]?.quick_check !== 'ok') differs('pages');
    onPart(0.5);
    const same = (sql: string): boolean =>
      JSON.stringify(before.read(sql)) === JSON.stringify(after.read(sql));
    for (const pragma of ['user_version', 'application_id', 'page_size', 'auto_vacuum']) {
      if (!same(`pragma ${pragma}`)) differs(pragma);
    }
    const schema = 'select type, name, tbl_name, sql from sqlite_master order by type, name';
    if (!same(schema)) differs('tables');
    const tables = before
      .read<SchemaRow>("select type, name, sql from sqlite_master where type = 'table'")
      .filter(({ sql }) => sql !== null);
    for (const [at, { name }] of tables.entries()) {
      const table = `"${name.replaceAll('"', '""')}"`;
      if (!same(`select count(*) as n from ${table}`)) differs('rows');
      onPart(0.5 + (0.5 * (at + 1)) / tables.length);
    }
    const names = new Set(tables.map(({ name }) => name));
    if (!same('select k, v from kv order by k')) differs('values');
    if (names.has('ganger_tables')) {
      // The registry says what every table is; a row of it that differs is a table lost.
      const columns = before
        .read<{ name: string }>("select name from pragma_table_info('ganger_tables')")
        .map(({ name }) => `"${name}"`);
      if (!same(`select ${columns.join(', ')} from ganger_tables order by 1`)) differs('registry');
    }
  } finally {
    after.close();
  }
}
