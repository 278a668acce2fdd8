import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, statfsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { Definitions } from '#desktop/storage/definitions.ts';
import { refuseNewerFile } from '#desktop/storage/newer-file.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import { PAGE_SIZE, SALT_SIZE, encryptPage, pageKeys } from '#desktop/storage/page-check.ts';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';
import { DATABASE_FILE, switchStore } from '../files/switch-store.ts';
import { renewStoreId } from '../side-log/store-truth.ts';
import { invalid, openContentKey, profileHash, readChunks, readHead } from './container.ts';
import { CHUNK, Manifest, tablesOf } from './manifest.ts';
import type { BackupProgress } from './write-backup.ts';

export interface ReadBackup {
  /** Path of the backup. */
  readonly file: string;
  readonly passphrase: string;
  /** Whose profile it is to be. */
  readonly expectedUserId: string;
  readonly onProgress?: (progress: BackupProgress) => void;
  readonly signal?: AbortSignal;
}

export interface RestoreBackup extends ReadBackup {
  /** The folder of the profile, locked, its database closed. */
  readonly folder: string;
  /** The profile's present data key, 64 hexadecimal digits. */
  readonly key: string;
  readonly nativeBinding?: string | undefined;
  /** The tables as this build knows them; those of the suite when left out. */
  readonly definitions?: Definitions | undefined;
  /** Told before each step; for tests. */
  readonly onStep?: (step: string) => void;
}

export interface Restored {
  readonly manifest: Manifest;
  /** First 16 bytes of the new file (32 hexadecimal digits), to be kept with the wrapped key. */
  readonly salt: string;
}

const NEXT = 'restore-next';
const ROOM_BYTES = 16 * 1024 * 1024;

/**
 * Reads all of a backup and says what is in it; writes nothing.
 * @throws AppError BACKUP_INVALID when a bit of it is not as it was written, or it was cut;
 *   BACKUP_PASSPHRASE_WRONG, BACKUP_OTHER_PERSON, STORE_NEWER
 */
export function verifyBackup(options: ReadBackup): Promise<Manifest> {
  return readAll(options, async () => undefined);
}

/**
 * Puts a backup in the place of the profile's database, encrypted under the present data key. What
 * the server did not have of the present state is in the side log and comes back over the restored
 * one when the profile is opened (`settleSideLog`): compact the log from the database's truth before
 * closing it. The present files are set aside. Until the whole backup has been read, verified and
 * checked by SQLite nothing of the profile changes; killed later, `finishSwitch` does the rest.
 * @throws AppError as `verifyBackup`; STORE_DISK_FULL, STORE_READ_ONLY
 */
export async function restoreBackup(options: RestoreBackup): Promise<Restored> {
  const { folder, key, onStep, signal } = options;
  const next = path.join(folder, NEXT);
  const file = path.join(next, DATABASE_FILE);
  const salt = randomBytes(SALT_SIZE);
  const keys = pageKeys(key, salt);
  let target: FileHandle | undefined;
  try {
    onStep?.('read');
    rmSync(next, { recursive: true, force: true });
    mkdirSync(next, { recursive: true, mode: 0o700 });
    const handle = (target = await open(file, 'w', 0o600));
    const manifest = await readAll(options, async (texts, first, { pages }) => {
      if (first === 1) requireRoom(folder, pages * PAGE_SIZE);
      const bytes = Buffer.alloc(texts.length);
      for (let at = 0; at < texts.length; at += PAGE_SIZE) {
        const text = texts.subarray(at, at + PAGE_SIZE);
        encryptPage(text, first + at / PAGE_SIZE, keys).copy(bytes, at);
      }
      await handle.writeFile(bytes);
    });
    onStep?.('written');
    await handle.sync();
    await handle.close();
    target = undefined;
    checkRestored(options, file, manifest);
    signal?.throwIfAborted();
    onStep?.('checked');
    switchStore({ folder, from: NEXT, reason: 'restore', ...(onStep ? { onStep } : {}) });
    return { manifest, salt: salt.toString('hex') };
  } catch (error) {
    await target?.close().catch(() => undefined);
    // With a marker the rest is done at the next start.
    if (!existsSync(path.join(folder, 'switch.json'))) {
      rmSync(next, { recursive: true, force: true });
    }
    if (signal?.aborted && error === signal.reason) throw error;
    throw toStoreError(error);
  }
}

/** Removes what a restore that was killed before its switch has left. */
export function removeHalfRestored(folder: string): void {
  rmSync(path.join(folder, NEXT), { recursive: true, force: true });
}

function requireRoom(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < bytes + ROOM_BYTES) throw new AppError('STORE_DISK_FULL');
}

/** The restored file opens, is sound, of no newer build, and holds what the backup says. */
function checkRestored(
  { key, nativeBinding, definitions }: RestoreBackup,
  file: string,
  manifest: Manifest,
): void {
  const database = openDatabase({ file, key, nativeBinding, mustExist: true, log: silentLogger });
  try {
    const [answer] = database.read<{ quick_check: string }>('pragma quick_check(1)');
    if (answer?.quick_check !== 'ok') throw invalid('check');
    refuseNewerFile(database, definitions);
    if (JSON.stringify(tablesOf(database)) !== JSON.stringify(manifest.tables)) {
      throw invalid('counts');
    }
    // Its numbers will be given a second time: those of the log are of another file.
    renewStoreId(database);
    if (!database.secureCheckpoint()) throw new AppError('STORE_IO', { reason: 'checkpoint' });
  } finally {
    database.close();
  }
}

type TakePages = (texts: Buffer, first: number, manifest: Manifest) => Promise<void>;

async function readAll(options: ReadBackup, take: TakePages): Promise<Manifest> {
  const { file, passphrase, expectedUserId, signal, onProgress } = options;
  return withFile(file, async (handle) => {
    const head = await readHead(handle);
    const key = await openContentKey(head.head, passphrase);
    // Said only to those who can open it.
    if (head.head.profile !== profileHash(expectedUserId))
      throw new AppError('BACKUP_OTHER_PERSON');
    let manifest: Manifest | null = null;
    let pages = 0;
    let isEnded = false;
    for await (const text of readChunks(handle, key, head)) {
      signal?.throwIfAborted();
      const bytes = text.subarray(1);
      if (text[0] === CHUNK.manifest && !manifest) manifest = readManifest(bytes);
      else if (text[0] === CHUNK.pages && manifest && bytes.length % PAGE_SIZE === 0) {
        await take(bytes, pages + 1, manifest);
        pages += bytes.length / PAGE_SIZE;
        onProgress?.({ done: pages * PAGE_SIZE, total: manifest.pages * PAGE_SIZE });
      } else if (text[0] === CHUNK.end) isEnded = true;
      else throw invalid('order');
    }
    if (!manifest || !isEnded || pages !== manifest.pages) throw invalid('cut');
    if (manifest.userId !== expectedUserId) throw new AppError('BACKUP_OTHER_PERSON');
    return manifest;
  });
}

function readManifest(bytes: Buffer): Manifest {
  const parsed = Manifest.safeParse(JSON.parse(bytes.toString()));
  if (!parsed.success) throw invalid('manifest');
  return parsed.data;
}

async function withFile<T>(file: string, work: (handle: FileHandle) => Promise<T>): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    return await work(handle);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new AppError('NOT_FOUND');
    throw error instanceof AppError ? error : toStoreError(error);
  } finally {
    await handle?.close();
  }
}
