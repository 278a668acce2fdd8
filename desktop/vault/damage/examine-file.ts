import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import {
  PAGE_SIZE,
  PLAIN_HEAD,
  SALT_SIZE,
  decryptPage,
  pageFits,
  pageKeys,
  pagesThatFit,
} from '#desktop/storage/page-check.ts';
import type { PageKeys } from '#desktop/storage/page-check.ts';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';
import { commitsOn, examineWal } from './wal-file.ts';
import type { WalReport } from './wal-file.ts';

export interface ExamineFile {
  /** The database file; its log is looked for beside it. */
  readonly file: string;
  /** The raw key, 64 hexadecimal digits. */
  readonly key: string;
  /** What the file's first 16 bytes may have been, as noted elsewhere (32 hexadecimal digits each). */
  readonly salts?: readonly string[] | undefined;
  /** True: the profile has been used, so a missing or empty file is a loss. */
  readonly mustExist?: boolean | undefined;
}

/** What is wrong with a file; the names stand in logs and in names of folders. */
export type Damage =
  /** Gone, or empty, although the profile has been used. */
  | 'missing'
  /** The first page is not what was written; nothing of the file can be opened without it. */
  | 'first-page'
  /** Other pages are not what was written. */
  | 'pages'
  /** Shorter than its first page says, or no whole number of pages. */
  | 'truncated'
  /** Transactions that were complete are lost with the write-ahead log, or it is of another time. */
  | 'wal'
  /** Not a database of ours at all. */
  | 'not-a-database';

export type FileVerdict =
  | { readonly state: 'new' }
  | { readonly state: 'fine'; readonly wal: WalReport; readonly salt: string }
  /** Only what stands in clear before the first page is gone: `repairSalt` brings the file back. */
  | { readonly state: 'salt-lost'; readonly salt: string }
  | { readonly state: 'key-wrong' }
  | { readonly state: 'damaged'; readonly damage: Damage; readonly wal: WalReport | null };

/** The first 16 bytes of a file as 32 hexadecimal digits, to be kept with the wrapped key. */
export function saltOf(file: string): string | null {
  if (!existsSync(file) || statSync(file).size < PAGE_SIZE) return null;
  const handle = openSync(file, 'r');
  try {
    return readPart(handle, 0, SALT_SIZE).toString('hex');
  } finally {
    closeSync(handle);
  }
}

/**
 * Looks at a profile's file before SQLite does (SQLite takes a short file for a new one, and says the
 * same of a wrong key and of a broken first page). Takes milliseconds: the first page, a sample of
 * 64 others, the whole log. All pages are read by `checkInWorker`, while the store works already.
 * Call it with the profile locked and the file not open in this process. Changes nothing.
 * @throws AppError STORE_READ_ONLY, STORE_IO, STORE_DISK_FULL
 */
export function examineFile(options: ExamineFile): FileVerdict {
  try {
    return examine(options);
  } catch (error) {
    throw toStoreError(error);
  }
}

function examine({ file, key, salts = [], mustExist = false }: ExamineFile): FileVerdict {
  if (!existsSync(file) || statSync(file).size === 0) {
    return mustExist ? damaged('missing', null) : { state: 'new' };
  }
  if (!statSync(file).isFile()) throw new AppError('STORE_READ_ONLY', { reason: 'not a file' });
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    if (size < PAGE_SIZE) return damaged('truncated', null);
    const first = readPart(handle, 0, PAGE_SIZE);
    const has = first.toString('hex', 0, SALT_SIZE);
    let isOurs = false;
    for (const salt of new Set([has, ...salts])) {
      const keys = pageKeys(key, Buffer.from(salt, 'hex'));
      const wal = examineWal(`${file}-wal`, keys);
      // A checkpoint that a crash cut has its pages whole in the log.
      const isInLog = wal.pages.has(1) && wal.state !== 'damaged';
      const isWhole = pageFits(first, 1, keys);
      if (isWhole || isInLog) {
        if (salt !== has || !isPlainHead(first)) return { state: 'salt-lost', salt };
        return isWhole ? judge({ handle, size, first, keys, wal }) : { state: 'fine', wal, salt };
      }
      if (wal.state === 'damaged' || pagesThatFit(handle, keys).fitting > 0) isOurs = true;
    }
    if (isOurs) return damaged('first-page', null);
    if (first.toString('latin1', 0, SALT_SIZE) === PLAIN_HEAD) {
      return damaged('not-a-database', null);
    }
    // The salt is one that was noted, so it is the file that was meant, and the key is not.
    if (salts.includes(has)) return { state: 'key-wrong' };
    // A salt is random: zeros are a hole in the file.
    if (isAllZero(first.subarray(0, SALT_SIZE))) return damaged('first-page', null);
    return salts.length > 0 ? damaged('not-a-database', null) : { state: 'key-wrong' };
  } finally {
    closeSync(handle);
  }
}

/** What SQLite says of itself in clear after the salt: 4,096 bytes a page, 80 of them reserved. */
function isPlainHead(first: Buffer): boolean {
  const isVersion = (at: number): boolean => first[at] === 1 || first[at] === 2;
  return (
    first.readUInt16BE(16) === PAGE_SIZE &&
    isVersion(18) &&
    isVersion(19) &&
    first.readUInt32BE(20) === 0x50_40_20_20
  );
}

/** A file whose first page is whole. */
function judge(found: {
  readonly handle: number;
  readonly size: number;
  readonly first: Buffer;
  readonly keys: PageKeys;
  readonly wal: WalReport;
}): FileVerdict {
  const { handle, size, first, keys, wal } = found;
  if (wal.state === 'damaged') return damaged('wal', wal);
  const text = decryptPage(first, 1, keys);
  if (!isOfOneTime(text, wal)) return damaged('wal', wal);
  const pages = text.readUInt32BE(PAGE_COUNT_AT);
  // What the log will bring is not missed in the file.
  const missing = missingPages(Math.floor(size / PAGE_SIZE), Math.max(pages, wal.pagesOfFile), wal);
  if (missing || (size % PAGE_SIZE !== 0 && wal.commits === 0)) return damaged('truncated', wal);
  const step = Math.max(1, Math.floor(size / PAGE_SIZE / SAMPLE));
  for (let number = 1; number <= Math.floor(size / PAGE_SIZE); number += step) {
    if (wal.pages.has(number)) continue;
    const page = readPart(handle, (number - 1) * PAGE_SIZE, PAGE_SIZE);
    if (!pageFits(page, number, keys)) return damaged('pages', wal);
  }
  return { state: 'fine', wal, salt: keys.salt.toString('hex') };
}

/**
 * False for the log of an earlier day beside a newer file, a log cut to before what the file has
 * taken in, and an older file under a newer log: every page is as it was written, and SQLite mixes
 * those of two states without a word. Commits are counted on the first page, one by one. A log begins
 * anew only when the file has taken in all of the one before, so its first count is the file's or the
 * next one; what the file takes in afterwards is on the disk in the log first, so the file is never
 * ahead of it. A kill or a power cut at any moment leaves both true.
 */
function isOfOneTime(firstPage: Buffer, { counted }: WalReport): boolean {
  if (counted === null) return true;
  const inFile = commitsOn(firstPage);
  return inFile <= counted.last && counted.first <= inFile + 1;
}

/** Size of the file in pages, in the first page. */
const PAGE_COUNT_AT = 28;
const SAMPLE = 64;

function missingPages(has: number, wants: number, wal: WalReport): boolean {
  for (let number = has + 1; number <= wants; number += 1) if (!wal.pages.has(number)) return true;
  return false;
}

const damaged = (damage: Damage, wal: WalReport | null): FileVerdict => ({
  state: 'damaged',
  damage,
  wal,
});

const isAllZero = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0);

function readPart(handle: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readSync(handle, bytes, 0, length, position);
  return bytes;
}

/** The files of a store, the database first. */
export const storeFiles = (file: string): string[] => [file, `${file}-wal`, `${file}-shm`];

export const profileFile = (folder: string): string => path.join(folder, 'ganger.db');
