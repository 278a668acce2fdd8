import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { argon2id } from 'hash-wasm';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';

/**
 * The file of a backup:
 *
 *   magic (8) · version (4) · length of the head (4) · CRC of the head (4) · head, JSON
 *   then chunks: length of the text, highest bit set in the last one (4) · text · tag (16)
 *
 * Chunks are AES-256-GCM under a random key for this file alone (the STREAM construction: the nonce
 * holds a counter and whether it is the last, the head is authenticated with each). So no chunk can be
 * changed, moved, left out, added or taken from another backup, and a file that was cut is noticed.
 * The key stands in the head, wrapped under Argon2id of the passphrase.
 */
const MAGIC = Buffer.from('GANGERBK');
const VERSION = 1;
const FIXED_BYTES = MAGIC.length + 12;
const MAX_HEAD = 64 * 1024;
const TAG_BYTES = 16;
const LAST = 0x8000_0000;
export const MAX_CHUNK = 4 * 1024 * 1024;

const base64 = z.string().max(8192);

const Head = z.strictObject({
  app: z.string().max(64),
  /** Hash of the person's id: tells whose it is to those who know, and nothing to others. */
  profile: base64,
  createdAt: z.number(),
  kdf: z.strictObject({
    name: z.literal('argon2id'),
    memoryKib: z.number().int().min(8192).max(1_048_576),
    iterations: z.number().int().min(1).max(10),
    parallelism: z.number().int().min(1).max(8),
    salt: base64,
  }),
  /** The key of the content: nonce, text and tag. */
  wrapped: base64,
  /** Start of the nonces of the chunks. */
  prefix: base64,
});
export type Head = z.infer<typeof Head>;

/** What Argon2id costs: about a quarter of a second and 64 MB. */
const KDF = { name: 'argon2id', memoryKib: 65_536, iterations: 3, parallelism: 1 } as const;

export const profileHash = (userId: string): string =>
  createHash('sha256').update(`ganger backup of ${userId}`).digest('base64');

export const MIN_PASSPHRASE = 10;

/** Begins a file. @throws AppError REQUEST_INVALID for a passphrase that is too short */
export async function newHead(options: {
  readonly passphrase: string;
  readonly userId: string;
  readonly app: string;
  readonly createdAt: number;
}): Promise<{ head: Buffer; contentKey: Buffer; prefix: Buffer }> {
  const { passphrase, userId, app, createdAt } = options;
  if (passphrase.normalize('NFKC').length < MIN_PASSPHRASE) {
    throw new AppError('REQUEST_INVALID', { reason: 'passphrase too short' });
  }
  const contentKey = randomBytes(32);
  const prefix = randomBytes(7);
  const kdf = { ...KDF, salt: randomBytes(16).toString('base64') };
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', await stretch(passphrase, kdf), nonce);
  const text = Buffer.concat([nonce, cipher.update(contentKey), cipher.final()]);
  const content: Head = {
    app,
    profile: profileHash(userId),
    createdAt,
    kdf,
    wrapped: Buffer.concat([text, cipher.getAuthTag()]).toString('base64'),
    prefix: prefix.toString('base64'),
  };
  const json = Buffer.from(JSON.stringify(content));
  const fixed = Buffer.alloc(FIXED_BYTES);
  MAGIC.copy(fixed);
  fixed.writeUInt32LE(VERSION, MAGIC.length);
  fixed.writeUInt32LE(json.length, MAGIC.length + 4);
  fixed.writeUInt32LE(crc32(json), MAGIC.length + 8);
  return { head: Buffer.concat([fixed, json]), contentKey, prefix };
}

/** Reads the head of a file. @throws AppError BACKUP_INVALID, STORE_NEWER */
export async function readHead(file: FileHandle): Promise<{ head: Head; bytes: Buffer }> {
  const fixed = await readExactly(file, FIXED_BYTES, 0);
  if (!fixed.subarray(0, MAGIC.length).equals(MAGIC)) throw invalid('not a backup');
  if (fixed.readUInt32LE(MAGIC.length) > VERSION) throw new AppError('STORE_NEWER');
  const length = fixed.readUInt32LE(MAGIC.length + 4);
  if (length > MAX_HEAD) throw invalid('head');
  const json = await readExactly(file, length, FIXED_BYTES);
  if (crc32(json) !== fixed.readUInt32LE(MAGIC.length + 8)) throw invalid('head');
  let parsed: unknown;
  try {
    parsed = JSON.parse(json.toString());
  } catch {
    throw invalid('head');
  }
  const checked = Head.safeParse(parsed);
  if (!checked.success) throw invalid('head');
  return { head: checked.data, bytes: Buffer.concat([fixed, json]) };
}

/** The key of the content. @throws AppError BACKUP_PASSPHRASE_WRONG */
export async function openContentKey(head: Head, passphrase: string): Promise<Buffer> {
  const wrapped = Buffer.from(head.wrapped, 'base64');
  const key = await stretch(passphrase, head.kdf);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, 12));
    decipher.setAuthTag(wrapped.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(wrapped.subarray(12, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new AppError('BACKUP_PASSPHRASE_WRONG');
  }
}

async function stretch(passphrase: string, kdf: Head['kdf']): Promise<Buffer> {
  const hash = await argon2id({
    password: passphrase.normalize('NFKC'),
    salt: Buffer.from(kdf.salt, 'base64'),
    memorySize: kdf.memoryKib,
    iterations: kdf.iterations,
    parallelism: kdf.parallelism,
    hashLength: 32,
    outputType: 'binary',
  });
  return Buffer.from(hash);
}

/** Writes chunks one after the other. */
export class ChunkWriter {
  readonly #file: FileHandle;
  readonly #key: Buffer;
  readonly #prefix: Buffer;
  readonly #head: Buffer;
  #counter = 0;

  constructor(file: FileHandle, key: Buffer, prefix: Buffer, head: Buffer) {
    this.#file = file;
    this.#key = key;
    this.#prefix = prefix;
    this.#head = createHash('sha256').update(head).digest();
  }

  async write(text: Buffer, isLast: boolean): Promise<void> {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(((isLast ? LAST : 0) | text.length) >>> 0);
    const nonce = nonceOf(this.#prefix, this.#counter, isLast);
    this.#counter += 1;
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    cipher.setAAD(this.#head);
    const sealed = [length, cipher.update(text), cipher.final(), cipher.getAuthTag()];
    await this.#file.writeFile(Buffer.concat(sealed));
  }
}

/**
 * Reads chunks one after the other; whatever was given out before is only worth something when the
 * last one has come and nothing follows it. @throws AppError BACKUP_INVALID
 */
export async function* readChunks(
  file: FileHandle,
  key: Buffer,
  head: { readonly head: Head; readonly bytes: Buffer },
): AsyncGenerator<Buffer> {
  const aad = createHash('sha256').update(head.bytes).digest();
  const prefix = Buffer.from(head.head.prefix, 'base64');
  let at = head.bytes.length;
  for (let counter = 0; ; counter += 1) {
    const word = (await readExactly(file, 4, at)).readUInt32LE();
    const isLast = (word & LAST) !== 0;
    const length = (word & ~LAST) >>> 0;
    if (length > MAX_CHUNK) throw invalid('chunk');
    const sealed = await readExactly(file, length + TAG_BYTES, at + 4);
    at += 4 + sealed.length;
    yield open(key, nonceOf(prefix, counter, isLast), aad, sealed);
    if (!isLast) continue;
    if ((await file.stat()).size !== at) throw invalid('more than a backup');
    return;
  }
}

function open(key: Buffer, nonce: Buffer, aad: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw invalid('chunk');
  }
}

function nonceOf(prefix: Buffer, counter: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  prefix.copy(nonce, 0, 0, 7);
  nonce.writeUInt32BE(counter, 7);
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}

async function readExactly(file: FileHandle, length: number, position: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw invalid('cut');
    done += bytesRead;
  }
  return bytes;
}

export const invalid = (reason: string): AppError => new AppError('BACKUP_INVALID', { reason });
