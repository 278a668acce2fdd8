import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '#shared/errors/app-error.ts';

/**
 * The form of a file at rest:
 *
 *   magic (8) · version (4) · bytes of text in a chunk (4) · id of the root key (8) · salt (32) · 0 (8)
 *   then chunks: text (`CHUNK_BYTES`, the last one 1 to `CHUNK_BYTES`) · tag (16)
 *
 * A file has a key of its own, HKDF-SHA256 of a root key and its salt. Chunks are AES-256-GCM; the
 * nonce holds the number of the chunk and whether it is the last, the head is authenticated with each
 * (the STREAM construction). So no chunk can be changed, moved, left out, repeated or taken from
 * another file, and a file that was cut, also between two chunks, is noticed at its end.
 */
const MAGIC = Buffer.from('GANGERFL');
const VERSION = 1;
const ROOT_ID_BYTES = 8;
const SALT_BYTES = 32;
const TAG_BYTES = 16;

export const HEAD_BYTES = 64;
/** Text of one chunk. */
export const CHUNK_BYTES = 64 * 1024;
const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES;

/** What seals and opens the chunks of one file. */
export interface FileKey {
  readonly key: Buffer;
  readonly head: Buffer;
}

/** Begins a file under a root key. @param rootId 16 hexadecimal digits */
export function newHead(rootId: string, root: Buffer): FileKey {
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head, 0);
  head.writeUInt32LE(VERSION, 8);
  head.writeUInt32LE(CHUNK_BYTES, 12);
  Buffer.from(rootId, 'hex').copy(head, 16, 0, ROOT_ID_BYTES);
  randomBytes(SALT_BYTES).copy(head, 24);
  return { key: keyOf(head, root), head };
}

/** The id of the root key that a head names. @throws AppError FILE_DAMAGED */
export function rootIdOf(head: Buffer): string {
  if (head.length !== HEAD_BYTES || !head.subarray(0, 8).equals(MAGIC)) throw damaged('head');
  const isOurs = head.readUInt32LE(8) === VERSION && head.readUInt32LE(12) === CHUNK_BYTES;
  if (!isOurs) throw damaged('head');
  return head.toString('hex', 16, 16 + ROOT_ID_BYTES);
}

/** The key of a file whose head was read. */
export const openHead = (head: Buffer, root: Buffer): FileKey => ({ key: keyOf(head, root), head });

const keyOf = (head: Buffer, root: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', root, head.subarray(24, 24 + SALT_BYTES), 'ganger/file/1', 32));

/** Text and tag of one chunk. */
export function sealChunk(
  { key, head }: FileKey,
  number: number,
  text: Uint8Array,
  isLast: boolean,
): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, isLast)).setAAD(head);
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/** The text of a chunk. @throws AppError FILE_DAMAGED */
export function openChunk(
  { key, head }: FileKey,
  number: number,
  sealed: Buffer,
  isLast: boolean,
): Buffer {
  if (sealed.length <= TAG_BYTES) throw damaged('short chunk');
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, isLast))
    .setAAD(head)
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(sealed.subarray(0, -TAG_BYTES));
    // Adds nothing to the text: only now it is known to be genuine.
    decipher.final();
    return text;
  } catch {
    throw damaged('chunk');
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

/** Where a chunk begins on the disk. */
export const placeOf = (number: number): number => HEAD_BYTES + number * SEALED_BYTES;

/** Bytes of a chunk on the disk, in a file with so much text. */
export function sealedLength(number: number, size: number): number {
  return Math.min(CHUNK_BYTES, size - number * CHUNK_BYTES) + TAG_BYTES;
}

/** Chunks of a file with so much text. */
export const chunksOf = (size: number): number => Math.ceil(size / CHUNK_BYTES);

/** Bytes on the disk of a file with so much text. */
export const lengthOnDisk = (size: number): number =>
  HEAD_BYTES + size + chunksOf(size) * TAG_BYTES;

/** Whole chunks, none of them the last, in a file of so many bytes that is not finished. */
export const wholeChunks = (bytesOnDisk: number): number =>
  Math.max(0, Math.floor((bytesOnDisk - HEAD_BYTES) / SEALED_BYTES));

/** Text in a finished file of so many bytes. @throws AppError FILE_DAMAGED */
export function sizeOfFinished(bytesOnDisk: number): number {
  const sealed = bytesOnDisk - HEAD_BYTES;
  const full = Math.floor(sealed / SEALED_BYTES);
  const rest = sealed - full * SEALED_BYTES;
  if (sealed <= TAG_BYTES || (rest > 0 && rest <= TAG_BYTES)) throw damaged('length');
  return full * CHUNK_BYTES + Math.max(0, rest - TAG_BYTES);
}

export const damaged = (reason: string): AppError => new AppError('FILE_DAMAGED', { reason });
