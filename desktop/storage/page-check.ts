import { createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * Checks pages of a SQLCipher 4 file by their HMAC, without SQLite. SQLite says the same
 * ("file is not a database") for a wrong key and for a damaged first page; a page that
 * authenticates somewhere else in the file proves that the key is right.
 * Layout of a page: ciphertext, 16 bytes of IV, 64 bytes of HMAC-SHA512 over both and the page
 * number (https://www.zetetic.net/sqlcipher/design/). Page 1 starts with the salt in clear.
 */
export const PAGE_SIZE = 4096;
const SALT_SIZE = 16;
const HMAC_SIZE = 64;
const HMAC_SALT_MASK = 0x3a;
const HMAC_KEY_ROUNDS = 2;
/** Pages looked at, spread over the file, before a key is called wrong. */
const SAMPLE = 64;

/** True when at least one page of the file authenticates under the key (64 hexadecimal digits). */
export function keyFitsAnyPage(file: string, key: string): boolean {
  const handle = openSync(file, 'r');
  try {
    const pages = Math.floor(fstatSync(handle).size / PAGE_SIZE);
    if (pages === 0) return false;
    const salt = readAt(handle, 0, SALT_SIZE);
    const hmacKey = pbkdf2Sync(
      Buffer.from(key, 'hex'),
      salt.map((byte) => byte ^ HMAC_SALT_MASK),
      HMAC_KEY_ROUNDS,
      32,
      'sha512',
    );
    const step = Math.max(1, Math.floor(pages / SAMPLE));
    for (let page = 1; page <= pages; page += step) {
      if (pageFits(handle, page, hmacKey)) return true;
    }
    return false;
  } finally {
    closeSync(handle);
  }
}

function pageFits(handle: number, page: number, hmacKey: Buffer): boolean {
  const bytes = readAt(handle, (page - 1) * PAGE_SIZE, PAGE_SIZE);
  const start = page === 1 ? SALT_SIZE : 0;
  const pageNumber = Buffer.alloc(4);
  pageNumber.writeUInt32LE(page);
  const expected = createHmac('sha512', hmacKey)
    .update(bytes.subarray(start, PAGE_SIZE - HMAC_SIZE))
    .update(pageNumber)
    .digest();
  return timingSafeEqual(expected, bytes.subarray(PAGE_SIZE - HMAC_SIZE));
}

function readAt(handle: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  readSync(handle, bytes, 0, length, position);
  return bytes;
}
