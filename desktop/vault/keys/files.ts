import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';

const SHRED_CHUNK = 1024 * 1024;

const CODE_OF: Readonly<Record<string, Code>> = {
  ENOSPC: 'STORE_DISK_FULL',
  EDQUOT: 'STORE_DISK_FULL',
  EROFS: 'STORE_READ_ONLY',
  EACCES: 'STORE_READ_ONLY',
  EPERM: 'STORE_READ_ONLY',
  EBUSY: 'STORE_IN_USE',
};

/** Runs file work; what the system says about it becomes an AppError that names no path. */
export function onDisk<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException | null)?.code;
    if (error instanceof AppError || code === undefined) throw error;
    // Without the cause: its text holds the path.
    throw new AppError(CODE_OF[code] ?? 'STORE_IO', { system: code });
  }
}

/** The text of a file, or null when it is not there. */
export function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Writes random bytes over a file and unlinks it; a file that is not there is fine. A file that
 * another name also leads to only loses this name, since its content is still in use there.
 */
export function shredFile(file: string): void {
  let handle: number;
  try {
    handle = openSync(file, 'r+');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code !== 'EACCES' && code !== 'EISDIR') throw error;
    rmSync(file, { force: true });
    return;
  }
  try {
    const { size, nlink } = fstatSync(handle);
    if (nlink <= 1) {
      for (let at = 0; at < size; at += SHRED_CHUNK) {
        const noise = randomBytes(Math.min(SHRED_CHUNK, size - at));
        writeSync(handle, noise, 0, noise.length, at);
      }
      fsyncSync(handle);
      ftruncateSync(handle, 0);
    }
  } finally {
    closeSync(handle);
  }
  rmSync(file, { force: true });
}

/** Size of a file in bytes; 0 when it is not there. */
export function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}
