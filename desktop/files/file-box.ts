import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { FILE_TYPES, LARGEST_FILE, SNIFF_BYTES, sniffType } from '#shared/schema/file-types.ts';
import type { FileType } from '#shared/schema/file-types.ts';
import { syncFolder } from '#desktop/vault/files/durable.ts';
import { onDisk } from '#desktop/vault/keys/files.ts';
import { lengthOnDisk, sizeOfFinished } from './chunk-format.ts';
import type { FileIndex, HeldBytes } from './file-index.ts';
import type { RootKeys } from './root-keys.ts';
import { SealedWriter, readSealed } from './sealed-file.ts';

/** A file is written under this ending until it is whole. */
const UNFINISHED = '.part';
const WHOLE = '.gf';

/** Bytes that have been added. */
export interface Added {
  readonly sha256: string;
  readonly size: number;
  readonly mime: FileType;
}

/** Bytes that are being added, piece by piece. */
export interface Adding {
  /** @throws AppError FILE_TOO_LARGE, FILE_TYPE_REFUSED, STORE_DISK_FULL: give it up then */
  write(bytes: Uint8Array): Promise<void>;
  /** All has come; it is on the disk when this returns. @throws AppError FILE_TYPE_REFUSED */
  finish(): Promise<Added>;
  /** Leaves nothing behind. A second call does nothing. */
  giveUp(): Promise<void>;
}

export interface FileBoxOptions {
  /** Folder for files; made when absent. */
  readonly folder: string;
  readonly index: FileIndex;
  readonly roots: RootKeys;
  /** Bytes of fetched files that may stay here. */
  readonly limitBytes: number;
  readonly now: () => number;
  readonly log: Logger;
}

/**
 * The files of a profile on this device, encrypted, each content once. Knows nothing of rows and
 * servers.
 */
export class FileBox {
  readonly #given: FileBoxOptions;
  /** Bytes that somebody reads or writes now: how many do. */
  readonly #busy = new Map<string, number>();

  constructor(options: FileBoxOptions) {
    this.#given = options;
    onDisk(() => mkdirSync(options.folder, { recursive: true, mode: 0o700 }));
  }

  /** Begins to add a file. What it is, its first bytes tell. @throws AppError STORE_DISK_FULL */
  async add(): Promise<Adding> {
    const { folder, index, roots, now } = this.#given;
    const name = newName();
    const unfinished = path.join(folder, name + UNFINISHED);
    const writer = await SealedWriter.create(unfinished, roots.newest);
    let head = Buffer.alloc(0);
    let isOver = false;
    const typeOf = (): FileType => {
      const mime = sniffType(head);
      if (mime === null) throw new AppError('FILE_TYPE_REFUSED');
      return mime;
    };
    const giveUp = async (): Promise<void> => {
      if (isOver) return;
      isOver = true;
      await writer.leave();
      removeFile(unfinished);
    };
    return {
      giveUp,
      write: async (bytes) => {
        if (isOver) throw new AppError('NOT_FOUND');
        if (head.length < SNIFF_BYTES) {
          head = Buffer.concat([head, bytes.subarray(0, SNIFF_BYTES - head.length)]);
        }
        const limit = head.length < SNIFF_BYTES ? LARGEST_FILE : FILE_TYPES[typeOf()];
        if (writer.size + bytes.byteLength > limit) throw new AppError('FILE_TOO_LARGE', { limit });
        await writer.write(bytes);
      },
      finish: async () => {
        if (isOver) throw new AppError('NOT_FOUND');
        const mime = typeOf();
        const { size } = writer;
        const sha256 = await writer.finish();
        isOver = true;
        const held = index.bytesWith(sha256);
        if (held?.isWhole === true && this.#isThere(held)) {
          removeFile(unfinished);
          index.keepBytes(sha256, true);
        } else {
          if (held) this.#remove(held);
          this.#place(name);
          index.putBytes({ sha256, name, size, isWhole: true, isKept: true, usedAt: now() });
        }
        return { sha256, size, mime };
      },
    };
  }

  /**
   * Goes on with bytes that are being fetched, or begins.
   * @returns the writer, and how to end it: with the right hash the bytes are here
   */
  async receive(
    sha256: string,
    size: number,
  ): Promise<{ readonly writer: SealedWriter; finish(): Promise<void>; leave(): Promise<void> }> {
    const { index, now, folder } = this.#given;
    const held = index.bytesWith(sha256);
    const writer = (held && (await this.#resume(held))) ?? (await this.#begin(sha256, size));
    const { name } = index.bytesWith(sha256) ?? { name: '' };
    const file = path.join(folder, name + UNFINISHED);
    const done = this.#use(sha256);
    return {
      writer,
      leave: async () => {
        await writer.leave();
        done();
      },
      finish: async () => {
        try {
          if ((await writer.finish()) !== sha256) {
            removeFile(file);
            index.dropBytes(sha256);
            throw new AppError('FILE_HASH_WRONG');
          }
          this.#place(name);
          const usedAt = now();
          index.putBytes({ sha256, name, size, isWhole: true, isKept: false, usedAt });
        } finally {
          done();
        }
        this.makeRoom();
      },
    };
  }

  async #resume(held: HeldBytes): Promise<SealedWriter | null> {
    const file = path.join(this.#given.folder, held.name + UNFINISHED);
    try {
      return await SealedWriter.resume(file, (id) => this.#given.roots.of(id));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'FILE_DAMAGED') throw error;
      removeFile(file);
      return null;
    }
  }

  async #begin(sha256: string, size: number): Promise<SealedWriter> {
    const { folder, index, roots, now } = this.#given;
    const name = newName();
    index.putBytes({ sha256, name, size, isWhole: false, isKept: false, usedAt: now() });
    return SealedWriter.create(path.join(folder, name + UNFINISHED), roots.newest);
  }

  /** True when all bytes with this content are here. */
  has(sha256: string): boolean {
    const held = this.#given.index.bytesWith(sha256);
    return held !== null && held.isWhole && this.#isThere(held);
  }

  /** Bytes of a file that is here. @throws AppError NOT_FOUND, FILE_DAMAGED */
  async *read(sha256: string, from = 0, length?: number): AsyncGenerator<Buffer> {
    const { index, folder, roots, now } = this.#given;
    const held = index.bytesWith(sha256);
    if (!held?.isWhole) throw new AppError('NOT_FOUND');
    const done = this.#use(sha256);
    try {
      if (from === 0) index.useBytes(sha256, now());
      const file = path.join(folder, held.name + WHOLE);
      yield* readSealed(file, (id) => roots.of(id), held.size, from, length);
    } catch (error) {
      if (error instanceof AppError && error.code === 'FILE_DAMAGED') this.#isDamaged(held);
      throw error;
    } finally {
      done();
    }
  }

  /** The server has them: from now on they are here for convenience. */
  release(sha256: string): void {
    this.#given.index.keepBytes(sha256, false);
    this.makeRoom();
  }

  /** Removes bytes that are not kept. */
  drop(sha256: string): void {
    const held = this.#given.index.bytesWith(sha256);
    if (!held || held.isKept || this.#busy.has(sha256)) return;
    this.#given.index.dropBytes(sha256);
    this.#remove(held);
  }

  /** Removes what was used longest ago until what is not kept fits into the limit. */
  makeRoom(): void {
    const { index, limitBytes } = this.#given;
    const loose = index.bytes().filter(({ isKept }) => !isKept);
    let total = loose.reduce((sum, { size }) => sum + size, 0);
    for (const { sha256, size } of loose) {
      if (total <= limitBytes) return;
      if (this.#busy.has(sha256)) continue;
      this.drop(sha256);
      total -= size;
    }
  }

  /**
   * Brings index and folder together after a start: entries without a file go, files that nothing was
   * written to since are thrown away, and files without an entry (the database was lost or restored)
   * are read and kept, since they may be the only copy.
   * @returns contents of which the bytes are not here any more
   */
  async settle(): Promise<{ readonly lost: readonly string[]; readonly found: readonly string[] }> {
    const { folder, index, log } = this.#given;
    const lost: string[] = [];
    const named = new Set<string>();
    for (const held of index.bytes()) {
      named.add(held.name);
      const ending = held.isWhole ? WHOLE : UNFINISHED;
      if (held.isWhole ? this.#isThere(held) : this.#sizeOf(held.name + ending) !== null) continue;
      lost.push(held.sha256);
      index.dropBytes(held.sha256);
    }
    const found: string[] = [];
    for (const file of onDisk(() => readdirSync(folder))) {
      const name = file.replace(/\.(gf|part)$/, '');
      if (named.has(name) || name === file) continue;
      const place = path.join(folder, file);
      if (file.endsWith(UNFINISHED)) removeFile(place);
      else {
        const sha256 = await this.#adopt(name);
        if (sha256 !== null) found.push(sha256);
      }
    }
    if (lost.length + found.length > 0) {
      log.warn('files settled', { lost: lost.length, found: found.length });
    }
    return { lost: lost.filter((sha256) => !found.includes(sha256)), found };
  }

  async #adopt(name: string): Promise<string | null> {
    const { folder, index, roots, now } = this.#given;
    const file = path.join(folder, name + WHOLE);
    try {
      const size = sizeOfFinished(statSync(file).size);
      const hash = createHash('sha256');
      for await (const text of readSealed(file, (id) => roots.of(id), size)) hash.update(text);
      const sha256 = hash.digest('hex');
      if (index.bytesWith(sha256)?.isWhole) return null;
      index.putBytes({ sha256, name, size, isWhole: true, isKept: true, usedAt: now() });
      return sha256;
    } catch (error) {
      if (error instanceof AppError && error.code === 'FILE_DAMAGED') return null;
      throw error;
    }
  }

  /** Bytes that can be fetched again are thrown away, others stay where they are for who may help. */
  #isDamaged(held: HeldBytes): void {
    this.#given.log.error('a file is damaged', { kept: held.isKept });
    if (held.isKept) return;
    this.#given.index.dropBytes(held.sha256);
    this.#remove(held);
  }

  #place(name: string): void {
    const { folder } = this.#given;
    onDisk(() => {
      renameSync(path.join(folder, name + UNFINISHED), path.join(folder, name + WHOLE));
      syncFolder(folder);
    });
  }

  #remove({ name }: HeldBytes): void {
    const { folder } = this.#given;
    for (const ending of [WHOLE, UNFINISHED]) removeFile(path.join(folder, name + ending));
  }

  #isThere({ name, size }: HeldBytes): boolean {
    return this.#sizeOf(name + WHOLE) === lengthOnDisk(size);
  }

  #sizeOf(file: string): number | null {
    return statSync(path.join(this.#given.folder, file), { throwIfNoEntry: false })?.size ?? null;
  }

  #use(sha256: string): () => void {
    this.#busy.set(sha256, (this.#busy.get(sha256) ?? 0) + 1);
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      const left = (this.#busy.get(sha256) ?? 1) - 1;
      if (left === 0) this.#busy.delete(sha256);
      else this.#busy.set(sha256, left);
    };
  }
}

const newName = (): string => randomBytes(12).toString('hex');
/** What it holds is encrypted, so its name is all that has to go. */
const removeFile = (file: string): void => onDisk(() => rmSync(file, { force: true }));
