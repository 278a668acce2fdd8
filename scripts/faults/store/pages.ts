import { createDecipheriv, createHmac, pbkdf2Sync } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * Reads a SQLCipher 4 file page by page without SQLite, as an independent witness. A page is
 * ciphertext, 16 bytes of IV and 64 bytes of HMAC-SHA512 over both and the page number
 * (https://www.zetetic.net/sqlcipher/design/). The first page starts in clear, and not covered by
 * its HMAC: the salt, and with this cipher library also the eight bytes of SQLite's header that say
 * page size, file format and reserved space.
 */
export const PAGE = 4096;
export const SALT = 16;
/** Bytes of the first page that are neither encrypted nor authenticated. */
export const CLEAR = 24;
export const IV = 16;
export const HMAC = 64;

export type PageKind =
  | 'header'
  | 'table interior'
  | 'table leaf'
  | 'index interior'
  | 'index leaf'
  | 'overflow or free';

const KINDS: Readonly<Record<number, PageKind>> = {
  2: 'index interior',
  5: 'table interior',
  10: 'index leaf',
  13: 'table leaf',
};

export interface PageFacts {
  /** From 1. */
  readonly number: number;
  readonly authentic: boolean;
  readonly kind: PageKind;
}

/** @param key 64 hexadecimal digits */
export function readPages(file: string, key: string): PageFacts[] {
  const bytes = readFileSync(file);
  const raw = Buffer.from(key, 'hex');
  const salt = bytes.subarray(0, SALT);
  const mac = pbkdf2Sync(
    raw,
    salt.map((byte) => byte ^ 0x3a),
    2,
    32,
    'sha512',
  );
  const pages: PageFacts[] = [];
  for (let number = 1; number * PAGE <= bytes.length; number += 1) {
    const page = bytes.subarray((number - 1) * PAGE, number * PAGE);
    const start = number === 1 ? CLEAR : 0;
    const end = PAGE - IV - HMAC;
    const at = Buffer.alloc(4);
    at.writeUInt32LE(number);
    const signed = createHmac('sha512', mac)
      .update(page.subarray(start, end + IV))
      .update(at);
    const authentic = signed.digest().equals(page.subarray(PAGE - HMAC));
    const cipher = createDecipheriv('aes-256-cbc', raw, page.subarray(end, end + IV));
    cipher.setAutoPadding(false);
    const plain = cipher.update(page.subarray(start, end));
    const kind = number === 1 ? 'header' : (KINDS[plain[0] ?? 0] ?? 'overflow or free');
    pages.push({ number, authentic, kind });
  }
  return pages;
}
