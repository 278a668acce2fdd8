import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The file of the side log. Head: magic, version, check value of the key, CRC. Then records:
 *
 *   magic (4) · length of the payload (4) · number (8) · CRC of these (4) · nonce (12)
 *   · payload, AES-256-GCM · tag (16)
 *
 * The head of a record is authenticated with it, so no record passes for another; numbers grow by
 * one, so one that is missing, moved or repeated in the middle is noticed. After a broken record the
 * next one is found by its magic and CRC: damage costs the records that it touches and no others.
 */
const FILE_MAGIC = Buffer.from('GANGERSL');
const FILE_VERSION = 1;
const CHECK_BYTES = 16;
export const FILE_HEAD_BYTES = FILE_MAGIC.length + 4 + CHECK_BYTES + 4;

const RECORD_MAGIC = 0x31_4c_53_47;
const HEAD_BYTES = 20;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
export const RECORD_EXTRA_BYTES = HEAD_BYTES + NONCE_BYTES + TAG_BYTES;
/** Longer than any group of rows; what says more is not the head of a record. */
const MAX_PAYLOAD = 256 * 1024 * 1024;

/** The key of the log, made from the data key of the profile (64 hexadecimal digits). */
export function sideLogKey(dataKey: string): Buffer {
  const secret = Buffer.from(dataKey, 'hex');
  return Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), 'ganger side log 1', 32));
}

const keyCheck = (key: Buffer): Buffer =>
  createHmac('sha256', key).update('key check').digest().subarray(0, CHECK_BYTES);

export function fileHead(key: Buffer): Buffer {
  const head = Buffer.alloc(FILE_HEAD_BYTES);
  FILE_MAGIC.copy(head);
  head.writeUInt32LE(FILE_VERSION, FILE_MAGIC.length);
  keyCheck(key).copy(head, FILE_MAGIC.length + 4);
  head.writeUInt32LE(crc32(head.subarray(0, -4)), FILE_HEAD_BYTES - 4);
  return head;
}

/** What the head of a file says; `broken` is no reason not to look for records. */
export function readHead(bytes: Buffer, key: Buffer): 'fits' | 'other-key' | 'newer' | 'broken' {
  if (bytes.length < FILE_HEAD_BYTES) return 'broken';
  const head = bytes.subarray(0, FILE_HEAD_BYTES);
  const isWhole = head.readUInt32LE(FILE_HEAD_BYTES - 4) === crc32(head.subarray(0, -4));
  if (!isWhole || !head.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC)) return 'broken';
  if (head.readUInt32LE(FILE_MAGIC.length) > FILE_VERSION) return 'newer';
  const at = FILE_MAGIC.length + 4;
  return head.subarray(at, at + CHECK_BYTES).equals(keyCheck(key)) ? 'fits' : 'other-key';
}

export function encodeRecord(key: Buffer, number: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(RECORD_MAGIC, 0);
  head.writeUInt32LE(payload.length, 4);
  head.writeBigUInt64LE(BigInt(number), 8);
  head.writeUInt32LE(crc32(head.subarray(0, 16)), 16);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(head);
  return Buffer.concat([head, nonce, cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
}

/** The payload of a whole record, or null when a bit of it has changed. */
export function decodeRecord(key: Buffer, record: Buffer): Buffer | null {
  const nonceEnd = HEAD_BYTES + NONCE_BYTES;
  const decipher = createDecipheriv('aes-256-gcm', key, record.subarray(HEAD_BYTES, nonceEnd));
  decipher.setAAD(record.subarray(0, HEAD_BYTES));
  decipher.setAuthTag(record.subarray(-TAG_BYTES));
  const text = record.subarray(nonceEnd, -TAG_BYTES);
  try {
    return Buffer.concat([decipher.update(text), decipher.final()]);
  } catch {
    return null;
  }
}

export interface FoundRecord {
  readonly number: number;
  readonly payload: Buffer;
  readonly offset: number;
  readonly length: number;
}

export interface Scan {
  readonly records: readonly FoundRecord[];
  /** Where the last whole record ends: the place of the next one. */
  readonly end: number;
  /** Bytes after the end that are no whole record: what a kill leaves of the record being written. */
  readonly tornBytes: number;
  /** Records that are missing between others, or not readable. */
  readonly missing: number;
}

/** All records of a file that can be read, in order. */
export function scanRecords(bytes: Buffer, key: Buffer): Scan {
  const records: FoundRecord[] = [];
  let missing = 0;
  let end = Math.min(FILE_HEAD_BYTES, bytes.length);
  let last: number | null = null;
  let at = end;
  while (at + RECORD_EXTRA_BYTES <= bytes.length) {
    const found = recordAt(bytes, at);
    const payload = found && decodeRecord(key, bytes.subarray(at, at + found.length));
    // A number that does not grow is an old record in a new place.
    if (!found || !payload || (last !== null && found.number <= last)) {
      at = nextMagic(bytes, at + 1);
      continue;
    }
    if (last !== null) missing += found.number - last - 1;
    records.push({ ...found, payload, offset: at });
    last = found.number;
    at += found.length;
    end = at;
  }
  return { records, end, tornBytes: bytes.length - end, missing };
}

function recordAt(bytes: Buffer, at: number): { number: number; length: number } | null {
  if (at + RECORD_EXTRA_BYTES > bytes.length || bytes.readUInt32LE(at) !== RECORD_MAGIC)
    return null;
  if (bytes.readUInt32LE(at + 16) !== crc32(bytes.subarray(at, at + 16))) return null;
  const payload = bytes.readUInt32LE(at + 4);
  const length = payload + RECORD_EXTRA_BYTES;
  if (payload > MAX_PAYLOAD || at + length > bytes.length) return null;
  return { number: Number(bytes.readBigUInt64LE(at + 8)), length };
}

const MAGIC_BYTES = Buffer.alloc(4);
MAGIC_BYTES.writeUInt32LE(RECORD_MAGIC);

function nextMagic(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(MAGIC_BYTES, from);
  return found === -1 ? bytes.length : found;
}
