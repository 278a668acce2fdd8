import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import {
  PAGE_SIZE,
  SALT_SIZE,
  pageFits,
  pageKeys,
  pagesThatFit,
} from '#desktop/storage/page-check.ts';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';

export interface CheckFile {
  readonly file: string;
  /** The raw key, 64 hexadecimal digits. */
  readonly key: string;
  readonly nativeBinding?: string | undefined;
}

export interface CheckProgress {
  readonly phase: 'pages' | 'tables';
  readonly done: number;
  readonly total: number;
}

export interface CheckReport {
  readonly state: 'fine' | 'damaged' | 'stopped';
  readonly pages: number;
  /** Numbers of the first pages that are not as they were written (at most 100; then no more are looked for). */
  readonly badPages: readonly number[];
  /** Tables in which SQLite finds something wrong. */
  readonly badTables: readonly string[];
  /** Duration in milliseconds. */
  readonly took: number;
}

const MAX_TOLD = 100;
const CHUNK_PAGES = 256;
const RETRIES = 3;
const RETRY_AFTER_MS = 50;

/**
 * Reads all of a file: the HMAC of every page, then SQLite's own check of every table. The store may
 * work with the file meanwhile; a page that is being written is looked at again. Blocks its thread
 * for milliseconds to seconds at a time: run it in a worker (`checkInWorker`).
 */
export async function checkFile(
  options: CheckFile,
  tell: (progress: CheckProgress) => void,
  isStopped: () => boolean,
): Promise<CheckReport> {
  const started = performance.now();
  const { pages, bad } = await checkPages(options, tell, isStopped);
  const badTables = isStopped() ? [] : await checkTables(options, tell, isStopped);
  const isDamaged = bad.length > 0 || badTables.length > 0;
  const state = isDamaged ? 'damaged' : isStopped() ? 'stopped' : 'fine';
  return { state, pages, badPages: bad, badTables, took: Math.round(performance.now() - started) };
}

async function checkPages(
  { file, key }: CheckFile,
  tell: (progress: CheckProgress) => void,
  isStopped: () => boolean,
): Promise<{ pages: number; bad: number[] }> {
  const handle = openSync(file, 'r');
  try {
    const salt = Buffer.alloc(SALT_SIZE);
    readSync(handle, salt, 0, SALT_SIZE, 0);
    const keys = pageKeys(key, salt);
    const total = Math.floor(fstatSync(handle).size / PAGE_SIZE);
    if (pagesThatFit(handle, keys).fitting === 0) throw new AppError('STORE_KEY_WRONG');
    const chunk = Buffer.alloc(CHUNK_PAGES * PAGE_SIZE);
    const page = Buffer.alloc(PAGE_SIZE);
    const bad: number[] = [];
    const fits = async (number: number, at: number): Promise<boolean> => {
      if (pageFits(chunk.subarray(at, at + PAGE_SIZE), number, keys)) return true;
      for (let tries = 0; tries < RETRIES; tries += 1) {
        await sleep(RETRY_AFTER_MS);
        // The file has become shorter.
        if (readSync(handle, page, 0, PAGE_SIZE, (number - 1) * PAGE_SIZE) < PAGE_SIZE) return true;
        if (pageFits(page, number, keys)) return true;
      }
      return false;
    };
    for (
      let first = 1;
      first <= total && bad.length < MAX_TOLD && !isStopped();
      first += CHUNK_PAGES
    ) {
      const read = readSync(handle, chunk, 0, chunk.length, (first - 1) * PAGE_SIZE);
      for (let at = 0; at + PAGE_SIZE <= read; at += PAGE_SIZE) {
        const number = first + at / PAGE_SIZE;
        if (bad.length < MAX_TOLD && !(await fits(number, at))) bad.push(number);
      }
      tell({ phase: 'pages', done: Math.min(first + CHUNK_PAGES - 1, total), total });
      // Lets a stop be heard.
      await sleep(0);
    }
    return { pages: total, bad };
  } finally {
    closeSync(handle);
  }
}

async function checkTables(
  { file, key, nativeBinding }: CheckFile,
  tell: (progress: CheckProgress) => void,
  isStopped: () => boolean,
): Promise<string[]> {
  const bad: string[] = [];
  let database: ReturnType<typeof openDatabase> | undefined;
  try {
    database = openDatabase({ file, key, nativeBinding, readonly: true, log: silentLogger });
    const tables = database.read<{ name: string }>(
      "select name from sqlite_master where type = 'table' order by name",
    );
    for (const [at, { name }] of tables.entries()) {
      if (isStopped()) break;
      if (!isSound(database, name)) bad.push(name);
      tell({ phase: 'tables', done: at + 1, total: tables.length });
      await sleep(0);
    }
  } catch (error) {
    if (toStoreError(error).code !== 'STORE_DAMAGED') throw error;
    bad.push('sqlite_master');
  } finally {
    database?.close();
  }
  return bad;
}

function isSound(database: ReturnType<typeof openDatabase>, table: string): boolean {
  try {
    const text = table.replaceAll("'", "''");
    const [answer] = database.read<{ quick_check: string }>(`pragma quick_check('${text}')`);
    return answer?.quick_check === 'ok';
  } catch (error) {
    if (error instanceof AppError && error.code === 'STORE_DAMAGED') return false;
    throw error;
  }
}
