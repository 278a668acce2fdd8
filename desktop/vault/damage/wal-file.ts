import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { PAGE_SIZE, decryptPage, pageFits } from '#desktop/storage/page-check.ts';
import type { PageKeys } from '#desktop/storage/page-check.ts';

/**
 * What can be told of a write-ahead log (https://sqlite.org/fileformat2.html#the_write_ahead_log).
 * SQLite reads frames up to the first one whose checksum does not fit, and drops the rest without a
 * word: after a crash the rest is the transaction that was being written. It cannot tell that from
 * frames that were committed and then damaged. Frames carry the HMAC of their page, so we can: frames
 * of two transactions after the break mean that the first of them had been on the disk.
 */
export interface WalReport {
  readonly state:
    | 'none'
    /** All frames fit, up to a commit. */
    | 'whole'
    /** The end is what a kill leaves: no transaction that was complete is missing for sure. */
    | 'torn-tail'
    /** Transactions that were complete are behind frames that are broken. */
    | 'damaged'
    /** Too short for, or without, a head: as if there were none. */
    | 'no-head';
  /** Complete transactions that SQLite will read. */
  readonly commits: number;
  /** Complete transactions behind a break. */
  readonly lostCommits: number;
  /** Pages that SQLite will take from here in place of those in the file. */
  readonly pages: ReadonlySet<number>;
  /** Pages of the file after the last commit that is read; 0 when there is none. */
  readonly pagesOfFile: number;
  /**
   * How many commits the file had had after the first one here, and after the last one that is read
   * (open-database.ts counts them on the first page); null when no complete transaction has that page.
   */
  readonly counted: { readonly first: number; readonly last: number } | null;
}

/** Where the first page has the number of commits (SQLite's user version). */
const COMMITS_AT = 60;

/** @param page the text of a first page */
export const commitsOn = (page: Buffer): number => page.readUInt32BE(COMMITS_AT);

const HEAD_BYTES = 32;
const FRAME_HEAD_BYTES = 24;
const FRAME_BYTES = FRAME_HEAD_BYTES + PAGE_SIZE;
const MAGIC = 0x377f0682;

type Sums = readonly [number, number];

export function examineWal(file: string, keys: PageKeys): WalReport {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return report('none');
    throw error;
  }
  try {
    return readFrames(handle, keys);
  } finally {
    closeSync(handle);
  }
}

function readFrames(handle: number, keys: PageKeys): WalReport {
  const { size } = fstatSync(handle);
  if (size === 0) return report('none');
  const head = Buffer.alloc(HEAD_BYTES);
  if (size < HEAD_BYTES) return report('no-head');
  readSync(handle, head, 0, HEAD_BYTES, 0);
  const isBig = (head.readUInt32BE(0) & 1) === 1;
  const isHead = (head.readUInt32BE(0) & ~1) >>> 0 === MAGIC;
  let sums = checksum(head.subarray(0, 24), isBig, [0, 0]);
  if (!isHead || !isSame(sums, head, 24)) return headless(handle, size, keys);
  const frame = Buffer.alloc(FRAME_BYTES);
  const pages = new Set<number>();
  let open = new Set<number>();
  let commits = 0;
  let lostCommits = 0;
  let pagesOfFile = 0;
  // First pages: the first one, the last one of a complete transaction, that of the open one.
  let firstOne: Buffer | null = null;
  let lastOne: Buffer | null = null;
  let openOne: Buffer | null = null;
  let isBroken = false;
  let isStale = false;
  for (let at = HEAD_BYTES; at + FRAME_BYTES <= size; at += FRAME_BYTES) {
    readSync(handle, frame, 0, FRAME_BYTES, at);
    // Frames of an earlier round of the log, which this one has not reached yet.
    if (!frame.subarray(8, 16).equals(head.subarray(16, 24))) {
      isStale = true;
      continue;
    }
    const page = frame.readUInt32BE(0);
    const isCommit = frame.readUInt32BE(4) > 0;
    if (!isBroken && !isStale) {
      const next = frameSums(frame, isBig, sums);
      if (page > 0 && isSame(next, frame, 16)) {
        sums = next;
        // The checksums need no key: by its first page the log is known to be of this one.
        const text = frame.subarray(FRAME_HEAD_BYTES);
        if (page > 1 || pageFits(text, page, keys)) open.add(page);
        if (page === 1 && open.has(1)) {
          openOne = Buffer.from(text);
          firstOne ??= openOne;
        }
        if (!isCommit) continue;
        lastOne = openOne;
        for (const number of open) pages.add(number);
        open = new Set();
        commits += 1;
        pagesOfFile = frame.readUInt32BE(4);
        continue;
      }
    }
    // The frame at the break counts by what its head says, those behind it by their HMAC.
    const counts = !isBroken || pageFits(frame.subarray(FRAME_HEAD_BYTES), page, keys);
    if (isCommit && counts) lostCommits += 1;
    isBroken = true;
  }
  const countOn = (page: Buffer): number => commitsOn(decryptPage(page, 1, keys));
  const counted = lastOne && firstOne && { first: countOn(firstOne), last: countOn(lastOne) };
  const counts = { commits, lostCommits, pages, pagesOfFile, counted };
  // One commit behind the break may be of the transaction that the crash cut: its frames reach the
  // disk in any order, and nobody had been told that it was done.
  if (lostCommits > 1) return { state: 'damaged', ...counts };
  const isTail = isBroken || open.size > 0 || (size - HEAD_BYTES) % FRAME_BYTES !== 0;
  return { state: isTail && !isStale ? 'torn-tail' : 'whole', ...counts };
}

/** Without a head SQLite takes nothing of the log: how many transactions is that? */
function headless(handle: number, size: number, keys: PageKeys): WalReport {
  const frame = Buffer.alloc(FRAME_BYTES);
  let lostCommits = 0;
  for (let at = HEAD_BYTES; at + FRAME_BYTES <= size; at += FRAME_BYTES) {
    readSync(handle, frame, 0, FRAME_BYTES, at);
    const isCommit = frame.readUInt32BE(4) > 0;
    const page = frame.readUInt32BE(0);
    if (isCommit && pageFits(frame.subarray(FRAME_HEAD_BYTES), page, keys)) lostCommits += 1;
  }
  return { ...report(lostCommits > 1 ? 'damaged' : 'no-head'), lostCommits };
}

const report = (state: WalReport['state']): WalReport => ({
  state,
  commits: 0,
  lostCommits: 0,
  pages: new Set(),
  pagesOfFile: 0,
  counted: null,
});

const frameSums = (frame: Buffer, isBig: boolean, sums: Sums): Sums =>
  checksum(frame.subarray(FRAME_HEAD_BYTES), isBig, checksum(frame.subarray(0, 8), isBig, sums));

function checksum(bytes: Buffer, isBig: boolean, [first, second]: Sums): Sums {
  let a = first;
  let b = second;
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + (isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)) + b) >>> 0;
    b = (b + (isBig ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4)) + a) >>> 0;
  }
  return [a, b];
}

const isSame = ([a, b]: Sums, bytes: Buffer, at: number): boolean =>
  bytes.readUInt32BE(at) === a && bytes.readUInt32BE(at + 4) === b;
