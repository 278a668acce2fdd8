import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

/** What a rename or a new file in a folder needs to outlive a power cut. No-op where folders cannot be opened. */
export function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, 'r');
  } catch {
    return; // Windows opens no folders; its file system journals renames by itself.
  }
  try {
    fsyncSync(handle);
  } catch {
    // Some file systems refuse it for folders.
  } finally {
    closeSync(handle);
  }
}

export function syncFile(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Renames and makes it last, in both folders. */
export function moveDurably(from: string, to: string): void {
  renameSync(from, to);
  syncFolder(path.dirname(to));
  if (path.dirname(from) !== path.dirname(to)) syncFolder(path.dirname(from));
}

/**
 * Replaces a file in one step: after a kill at any moment it holds the old or the new content, whole.
 * When this returns, the new content is on the disk. Mode 600.
 */
export function writeFileDurably(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.tmp`;
  rmSync(temporary, { force: true });
  const handle = openSync(temporary, 'wx', 0o600);
  try {
    writeAll(handle, typeof content === 'string' ? Buffer.from(content) : content, null);
    fsyncSync(handle);
  } catch (error) {
    closeSync(handle);
    rmSync(temporary, { force: true });
    throw error;
  }
  closeSync(handle);
  moveDurably(temporary, file);
}

/** Writes all bytes, however many calls it takes. */
export function writeAll(handle: number, bytes: Uint8Array, position: number | null): void {
  let done = 0;
  while (done < bytes.length) {
    const at = position === null ? null : position + done;
    done += writeSync(handle, bytes, done, bytes.length - done, at);
  }
}
