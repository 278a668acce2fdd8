import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  pbkdf2Sync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * Checks pages of a SQLCipher 4 file by their HMAC, without SQLite. SQLite says the same
 * ("file is not a database") for a wrong key and for a damaged first page; a page that
 * authenticates somewhere else in the file proves that the key is right.
 * Layout of a page: ciphertext, 16 bytes of IV, 64 bytes of HMAC-SHA512 over both and the page
 * number (https://www.zetetic.net/sqlcipher/design/). Page 1 starts with the salt in clear, and as
 * SQLite3 Multiple Ciphers writes it, with the eight bytes after it that say how long pages are.
 */
export const PAGE_SIZE = 4096;
export const SALT_SIZE = 16;
/** The salt and what follows it in clear on page 1. */
const PLAIN_SIZE = 24;
const HMAC_SIZE = 64;
const IV_SIZE = 16;
const HMAC_SALT_MASK = 0x3a;
const HMAC_KEY_ROUNDS = 2;
/** Pages looked at, spread over the file, before a key is called wrong. */
const SAMPLE = 64;

/** True when at least one page of the file authenticates under the key (64 hexadecimal digits). */
export function keyFitsAnyPage(file: string, key: string): boolean {
  const handle = openSync(file, 'r');
  try {
    return pagesThatFit(handle, pageKeys(key, readAt(handle, 0, SALT_SIZE))).fitting > 0;
  } finally {
    closeSync(handle);
  }
}

/** The keys of the pages of a file: one to encrypt, one to authenticate. */
export interface PageKeys {
  readonly data: Buffer;
  readonly hmac: Buffer;
  readonly salt: Buffer;
}

/**
 * @param key 64 hexadecimal digits
 * @param salt the first 16 bytes of the file
 */
export function pageKeys(key: string, salt: Buffer): PageKeys {
  const data = Buffer.from(key, 'hex');
  const masked = salt.map((byte) => byte ^ HMAC_SALT_MASK);
  const hmac = pbkdf2Sync(data, masked, HMAC_KEY_ROUNDS, 32, 'sha512');
  return { data, hmac, salt: Buffer.from(salt) };
}

/** https://sqlite.org/fileformat2.html#the_write_ahead_log */
const LOG_HEAD_SIZE = 32;
const FRAME_HEAD_SIZE = 24;

/**
 * True when a write-ahead log holds a page in a transaction that was complete. Goes by the heads of
 * its frames, which stand in clear: SQLite itself looks at their checksums.
 */
export function bringsPage(log: string, number: number): boolean {
  if (!existsSync(log)) return false;
  const handle = openSync(log, 'r');
  try {
    const { size } = fstatSync(handle);
    const round = readAt(handle, 16, 8);
    let isOpen = false;
    let at = LOG_HEAD_SIZE;
    for (; at + FRAME_HEAD_SIZE + PAGE_SIZE <= size; at += FRAME_HEAD_SIZE + PAGE_SIZE) {
      const head = readAt(handle, at, FRAME_HEAD_SIZE);
      // From here on frames are of an earlier round of the log.
      if (!head.subarray(8, 16).equals(round)) return false;
      isOpen ||= head.readUInt32BE(0) === number;
      const isCommit = head.readUInt32BE(4) > 0;
      if (isOpen && isCommit) return true;
    }
    return false;
  } finally {
    closeSync(handle);
  }
}

/** Looks at pages spread over an open file. */
export function pagesThatFit(
  handle: number,
  keys: PageKeys,
  sample = SAMPLE,
): { readonly looked: number; readonly fitting: number } {
  const pages = Math.floor(fstatSync(handle).size / PAGE_SIZE);
  const step = Math.max(1, Math.floor(pages / sample));
  let looked = 0;
  let fitting = 0;
  for (let number = 1; number <= pages; number += step) {
    looked += 1;
    const page = readAt(handle, (number - 1) * PAGE_SIZE, PAGE_SIZE);
    if (pageFits(page, number, keys)) fitting += 1;
  }
  return { looked, fitting };
}

/** True when a page (4,096 bytes) is as it was written at this place. Pages count from 1. */
export function pageFits(page: Buffer, number: number, keys: PageKeys): boolean {
  return timingSafeEqual(hmacOf(page, number, keys), page.subarray(PAGE_SIZE - HMAC_SIZE));
}

/** The text of a page whose HMAC fits; its last 80 bytes are zero, as SQLite sees them. */
export function decryptPage(page: Buffer, number: number, { data }: PageKeys): Buffer {
  const [start, end] = blocksOf(number);
  const text = Buffer.alloc(PAGE_SIZE);
  if (number === 1) {
    text.write(PLAIN_HEAD, 'latin1');
    page.copy(text, SALT_SIZE, SALT_SIZE, PLAIN_SIZE);
  }
  const iv = page.subarray(IV_AT, IV_AT + IV_SIZE);
  decrypt(data, iv, page.subarray(start, end)).copy(text, start);
  if (end === IV_AT) return text;
  const [last, stolen] = [page.subarray(end, end + BLOCK), page.subarray(end + BLOCK, IV_AT)];
  const mixed = decrypt(data, ZERO_BLOCK, last);
  mixOf(mixed, stolen).copy(text, end + BLOCK, 0, stolen.length);
  const before = Buffer.concat([stolen, mixed.subarray(stolen.length)]);
  decrypt(data, page.subarray(end - BLOCK, end), before).copy(text, end);
  return text;
}

/** A page of a file with these keys; the first one begins with their salt. */
export function encryptPage(text: Buffer, number: number, keys: PageKeys): Buffer {
  const { data, salt } = keys;
  const [start, end] = blocksOf(number);
  const page = Buffer.alloc(PAGE_SIZE);
  if (number === 1) {
    salt.copy(page);
    text.copy(page, SALT_SIZE, SALT_SIZE, PLAIN_SIZE);
  }
  const iv = randomBytes(IV_SIZE);
  iv.copy(page, IV_AT);
  encrypt(data, iv, text.subarray(start, end)).copy(page, start);
  if (end < IV_AT) {
    const before = encrypt(data, page.subarray(end - BLOCK, end), text.subarray(end, end + BLOCK));
    const rest = mixOf(before, text.subarray(end + BLOCK, IV_AT));
    encrypt(data, ZERO_BLOCK, rest).copy(page, end);
    before.copy(page, end + BLOCK, 0, IV_AT - end - BLOCK);
  }
  hmacOf(page, number, keys).copy(page, PAGE_SIZE - HMAC_SIZE);
  return page;
}

/**
 * The part of a page that is encrypted as plain CBC. On page 1 half a block is left over at the end;
 * there the last two are encrypted with ciphertext stealing (CBC-CS3).
 */
function blocksOf(number: number): [start: number, end: number] {
  const start = startOf(number);
  const isWhole = (IV_AT - start) % BLOCK === 0;
  return [start, isWhole ? IV_AT : start + (Math.floor((IV_AT - start) / BLOCK) - 1) * BLOCK];
}

const startOf = (number: number): number => (number === 1 ? PLAIN_SIZE : 0);

/** `bytes`, the first of them mixed with others. */
function mixOf(bytes: Buffer, others: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, at) => byte ^ (others[at] ?? 0)));
}

function encrypt(key: Buffer, iv: Buffer, text: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  cipher.setAutoPadding(false);
  return cipher.update(text);
}

function decrypt(key: Buffer, iv: Buffer, bytes: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  decipher.setAutoPadding(false);
  return decipher.update(bytes);
}

function hmacOf(page: Buffer, number: number, keys: PageKeys): Buffer {
  const pageNumber = Buffer.alloc(4);
  pageNumber.writeUInt32LE(number);
  return createHmac('sha512', keys.hmac)
    .update(page.subarray(startOf(number), PAGE_SIZE - HMAC_SIZE))
    .update(pageNumber)
    .digest();
}

const BLOCK = 16;
const ZERO_BLOCK = Buffer.alloc(BLOCK);
const IV_AT = PAGE_SIZE - HMAC_SIZE - IV_SIZE;
/** What every plain SQLite file begins with, and what SQLCipher puts the salt in place of. */
export const PLAIN_HEAD = 'SQLite format 3\0';

function readAt(handle: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readSync(handle, bytes, 0, length, position);
  return bytes;
}
