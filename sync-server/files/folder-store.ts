import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { exactly } from './file-store.ts';
import type { FileStore, StoredEntry } from './file-store.ts';

/** What is being written ends so; what a kill has left is removed when its folder is listed. */
const UNFINISHED = '.writing';
const UNFINISHED_FOR_MS = 24 * 60 * 60_000;
const READ_BYTES = 256 * 1024;
const KEY = /^[a-z0-9-]+(\/[a-z0-9-]+)*$/;

/**
 * A store in a folder, for one machine: objects are files, written beside and renamed. What `put` has
 * answered is on the disk, its name included.
 */
export function createFolderStore(root: string): FileStore {
  const place = (key: string): string => {
    if (!KEY.test(key)) throw new TypeError('not a key of the file store');
    return path.join(root, ...key.split('/'));
  };
  return {
    async put(key, size, source) {
      const target = place(key);
      const unfinished = `${target}.${randomUUID()}${UNFINISHED}`;
      await onDisk(() => makeFolder(path.dirname(target)));
      try {
        const file = await onDisk(() => open(unfinished, 'wx', 0o600));
        try {
          for await (const chunk of exactly(size, source))
            await onDisk(() => writeAll(file, chunk));
          await onDisk(() => file.sync());
        } finally {
          await file.close();
        }
        await onDisk(() => rename(unfinished, target));
        await onDisk(() => syncFolder(path.dirname(target)));
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => undefined);
        throw error;
      }
    },
    async size(key) {
      const found = await onDisk(() => stat(place(key)).catch(absent));
      return found?.isFile() ? found.size : null;
    },
    async *read(key, from, length) {
      const file = await onDisk(() => open(place(key), 'r').catch(absent));
      if (!file) throw new AppError('NOT_FOUND');
      try {
        let at = from;
        const end = from + length;
        while (at < end) {
          const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, end - at));
          const { bytesRead } = await onDisk(() => file.read(buffer, 0, buffer.length, at));
          if (bytesRead === 0) return;
          at += bytesRead;
          yield buffer.subarray(0, bytesRead);
        }
      } finally {
        await file.close();
      }
    },
    async remove(keys) {
      for (const key of keys) {
        const target = place(key);
        await onDisk(() => rm(target, { force: true }));
        // The folder of an upload goes with its last part; one that is not empty stays.
        await rmdir(path.dirname(target)).catch(() => undefined);
      }
    },
    async *list(folder): AsyncGenerator<StoredEntry> {
      const entries = await onDisk(() =>
        readdir(place(folder), { withFileTypes: true }).catch(absent),
      );
      for (const entry of entries ?? []) {
        const isFolder = entry.isDirectory();
        const file = path.join(place(folder), entry.name);
        const found = await stat(file).catch(absent);
        if (!found) continue;
        if (entry.name.endsWith(UNFINISHED)) {
          if (Date.now() - found.mtimeMs > UNFINISHED_FOR_MS) await rm(file, { force: true });
        } else yield { name: entry.name, isFolder, changedAt: isFolder ? null : found.mtimeMs };
      }
    },
  };
}

/** Makes a folder whose name outlives a power cut, with those above it. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) {
    await syncFolder(path.dirname(made));
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done);
    done += bytesWritten;
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders; its file system journals renames by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function absent(error: unknown): null {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return null;
  throw error;
}

/** What the system says about the disk as a code; its words hold paths and stay here. */
async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new AppError('FILES_NO_ROOM', {}, error);
    if (code === undefined || error instanceof AppError) throw error;
    throw new AppError('SERVER_BUSY', { reason: 'file store' }, error);
  }
}
