import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { statSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import {
  PAGE_SIZE,
  SALT_SIZE,
  decryptPage,
  pageFits,
  pageKeys,
} from '#desktop/storage/page-check.ts';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';
import { syncFolder } from '../files/durable.ts';
import { ChunkWriter, newHead } from './container.ts';
import { CHUNK, tablesOf } from './manifest.ts';
import type { Manifest } from './manifest.ts';

export interface BackupProgress {
  /** Bytes of the database. */
  readonly done: number;
  readonly total: number;
}

export interface WriteBackup {
  /** The open store of the profile; it can be worked with meanwhile. */
  readonly database: EncryptedDatabase;
  /** The raw key of it, 64 hexadecimal digits. */
  readonly key: string;
  readonly nativeBinding?: string | undefined;
  readonly userId: string;
  /** Version of the app. */
  readonly app: string;
  /** At least 10 characters. */
  readonly passphrase: string;
  /** Path of the backup; a file that is there is replaced when the new one is whole. */
  readonly out: string;
  readonly now?: () => number;
  readonly onProgress?: (progress: BackupProgress) => void;
  readonly signal?: AbortSignal;
}

const CHUNK_PAGES = 64;
const ROOM_BYTES = 4 * 1024 * 1024;

/**
 * Writes one encrypted file with the state of the store at this moment, rows that wait included.
 * Every page is checked on the way, so that a damaged store gives no backup that looks like one.
 * Neither the data key nor anything of a person stands in it but under the passphrase.
 * Stopped or killed, the file that was there before is untouched; a kill may leave `<out>.part`.
 * @returns what the backup says of itself
 * @throws AppError REQUEST_INVALID for a short passphrase, STORE_DAMAGED, STORE_DISK_FULL,
 *   STORE_READ_ONLY, STORE_IN_USE when somebody reads for too long; a stopped one throws the signal's
 *   reason
 */
export async function writeBackup(options: WriteBackup): Promise<Manifest> {
  const { database, key, nativeBinding, userId, app, passphrase, out, signal } = options;
  const createdAt = (options.now ?? Date.now)();
  const { head, contentKey, prefix } = await newHead({ passphrase, userId, app, createdAt });
  signal?.throwIfAborted();
  const part = `${out}.part`;
  let reader: EncryptedDatabase | undefined;
  let target: FileHandle | undefined;
  try {
    reader = openDatabase({
      file: database.file,
      key,
      nativeBinding,
      readonly: true,
      log: silentLogger,
    });
    const pages = standStill(database, reader);
    requireRoom(out, pages * PAGE_SIZE);
    const manifest = { userId, createdAt, app, pages, tables: tablesOf(reader) };
    target = await open(part, 'w', 0o600);
    await target.writeFile(head);
    const writer = new ChunkWriter(target, contentKey, prefix, head);
    await writer.write(chunk(CHUNK.manifest, Buffer.from(JSON.stringify(manifest))), false);
    await copyPages(options, pages, writer);
    await writer.write(chunk(CHUNK.end, Buffer.alloc(0)), true);
    await target.sync();
    await target.close();
    signal?.throwIfAborted();
    await rename(part, out);
    syncFolder(path.dirname(out));
    return manifest;
  } catch (error) {
    await target?.close().catch(() => undefined);
    await rm(part, { force: true });
    if (signal?.aborted && error === signal.reason) throw error;
    throw toStoreError(error);
  } finally {
    reader?.close();
  }
}

/**
 * Makes the file hold everything and stay so: the log is moved into it, and a reader that begins then
 * keeps all later transactions in the log until it ends. Nothing can come in between, since only
 * this thread writes. @returns the number of pages
 */
function standStill(database: EncryptedDatabase, reader: EncryptedDatabase): number {
  if (!database.secureCheckpoint()) throw new AppError('STORE_IN_USE', { reason: 'reader' });
  reader.exec('begin');
  reader.read('select count(*) as n from sqlite_master');
  return statSync(database.file).size / PAGE_SIZE;
}

function requireRoom(out: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(path.dirname(out));
  if (bavail * bsize < bytes + ROOM_BYTES) throw new AppError('STORE_DISK_FULL');
}

async function copyPages(
  { database, key, onProgress, signal }: WriteBackup,
  pages: number,
  writer: ChunkWriter,
): Promise<void> {
  // Closing this handle drops this process's locks on the file (POSIX); the lock on the profile
  // keeps other processes away, and SQLite knows its own connections without them.
  const source = await open(database.file, 'r');
  try {
    const salt = Buffer.alloc(SALT_SIZE);
    await source.read(salt, 0, SALT_SIZE, 0);
    const keys = pageKeys(key, salt);
    const bytes = Buffer.alloc(CHUNK_PAGES * PAGE_SIZE);
    const total = pages * PAGE_SIZE;
    for (let first = 1; first <= pages; first += CHUNK_PAGES) {
      signal?.throwIfAborted();
      const count = Math.min(CHUNK_PAGES, pages - first + 1);
      const length = count * PAGE_SIZE;
      const { bytesRead } = await source.read(bytes, 0, length, (first - 1) * PAGE_SIZE);
      if (bytesRead < length) throw new AppError('STORE_DAMAGED', { reason: 'short' });
      const texts = Buffer.alloc(length);
      for (let at = 0; at < count; at += 1) {
        const page = bytes.subarray(at * PAGE_SIZE, (at + 1) * PAGE_SIZE);
        if (!pageFits(page, first + at, keys)) {
          throw new AppError('STORE_DAMAGED', { reason: 'page', page: first + at });
        }
        decryptPage(page, first + at, keys).copy(texts, at * PAGE_SIZE);
      }
      await writer.write(chunk(CHUNK.pages, texts), false);
      onProgress?.({ done: (first - 1) * PAGE_SIZE + length, total });
    }
  } finally {
    await source.close();
  }
}

const chunk = (kind: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([kind]), bytes]);
