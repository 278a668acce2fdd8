import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';
import {
  CHUNK_BYTES,
  HEAD_BYTES,
  chunksOf,
  damaged,
  lengthOnDisk,
  newHead,
  openChunk,
  openHead,
  placeOf,
  rootIdOf,
  sealChunk,
  sealedLength,
  wholeChunks,
} from './chunk-format.ts';
import type { FileKey } from './chunk-format.ts';

/** Finds a root key by its id. @throws AppError FILE_DAMAGED */
export type RootOf = (id: string) => Buffer;

/**
 * Writes a file chunk by chunk and knows the hash of its text. Holds one chunk in memory: the one of
 * which it is not known yet whether it is the last.
 */
export class SealedWriter {
  readonly #file: FileHandle;
  readonly #key: FileKey;
  readonly #hash: Hash;
  #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #filled = 0;
  #written: number;
  #size: number;

  private constructor(file: FileHandle, key: FileKey, hash: Hash, written: number) {
    this.#file = file;
    this.#key = key;
    this.#hash = hash;
    this.#written = written;
    this.#size = written * CHUNK_BYTES;
  }

  /** Begins a new file. @throws AppError STORE_DISK_FULL, STORE_READ_ONLY */
  static async create(path: string, root: { id: string; key: Buffer }): Promise<SealedWriter> {
    return onDisk(async () => {
      const file = await open(path, 'wx', 0o600);
      try {
        const key = newHead(root.id, root.key);
        await writeAll(file, key.head, 0);
        return new SealedWriter(file, key, createHash('sha256'), 0);
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  /**
   * Goes on with a file that a kill has cut short: with all chunks that are whole.
   * @throws AppError FILE_DAMAGED when there is nothing to go on with
   */
  static async resume(path: string, rootOf: RootOf): Promise<SealedWriter> {
    return onDisk(async () => {
      const file = await open(path, 'r+');
      try {
        const key = await headOf(file, rootOf);
        const hash = createHash('sha256');
        const { size } = await file.stat();
        let good = 0;
        for (; good < wholeChunks(size); good += 1) {
          const sealed = await readAt(file, placeOf(good), CHUNK_BYTES + 16);
          try {
            hash.update(openChunk(key, good, sealed, false));
          } catch {
            // Torn by the kill: from here on it comes again.
            break;
          }
        }
        await file.truncate(placeOf(good));
        return new SealedWriter(file, key, hash, good);
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  /** Bytes of text that were written. */
  get size(): number {
    return this.#size;
  }

  /** @throws AppError STORE_DISK_FULL, STORE_IO */
  async write(bytes: Uint8Array): Promise<void> {
    this.#hash.update(bytes);
    this.#size += bytes.byteLength;
    for (let done = 0; done < bytes.byteLength;) {
      if (this.#filled === CHUNK_BYTES) await this.#flush(false);
      const take = Math.min(CHUNK_BYTES - this.#filled, bytes.byteLength - done);
      this.#chunk.set(bytes.subarray(done, done + take), this.#filled);
      this.#filled += take;
      done += take;
    }
  }

  /** Ends the file; it is on the disk when this returns. @returns SHA-256 of the text, hex */
  async finish(): Promise<string> {
    if (this.#filled === 0) throw damaged('empty');
    await this.#flush(true);
    await onDisk(() => this.#file.sync());
    await this.#file.close();
    return this.#hash.digest('hex');
  }

  /** Closes the file as it is: it can be gone on with. */
  async leave(): Promise<void> {
    await this.#file.close().catch(() => undefined);
  }

  async #flush(isLast: boolean): Promise<void> {
    const text = this.#chunk.subarray(0, this.#filled);
    const sealed = sealChunk(this.#key, this.#written, text, isLast);
    await onDisk(() => writeAll(this.#file, sealed, placeOf(this.#written)));
    this.#written += 1;
    this.#filled = 0;
  }
}

/**
 * Text of a finished file, chunk by chunk; every one is authenticated before it is given out.
 * @param size bytes of text in the whole file
 * @throws AppError FILE_DAMAGED
 */
export async function* readSealed(
  path: string,
  rootOf: RootOf,
  size: number,
  from = 0,
  length = size - from,
): AsyncGenerator<Buffer> {
  if (length <= 0) return;
  const file = await onDisk(() => open(path, 'r'));
  try {
    const stats = await onDisk(() => file.stat());
    if (stats.size !== lengthOnDisk(size)) throw damaged('length');
    const key = await headOf(file, rootOf);
    const last = chunksOf(size) - 1;
    const end = Math.min(from + length, size);
    for (let at = Math.floor(from / CHUNK_BYTES); at * CHUNK_BYTES < end; at += 1) {
      const sealed = await onDisk(() => readAt(file, placeOf(at), sealedLength(at, size)));
      const text = openChunk(key, at, sealed, at === last);
      const start = at * CHUNK_BYTES;
      yield text.subarray(Math.max(0, from - start), Math.min(text.length, end - start));
    }
  } finally {
    await file.close();
  }
}

async function headOf(file: FileHandle, rootOf: RootOf): Promise<FileKey> {
  const head = await readAt(file, 0, HEAD_BYTES);
  return openHead(head, rootOf(rootIdOf(head)));
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done);
    if (bytesRead === 0) throw damaged('cut');
    done += bytesRead;
  }
  return bytes;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** What the system says about the disk as a code that names no path. */
async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw damaged('missing');
    throw toStoreError(error);
  }
}
