import path from 'node:path';
import { holdFile } from '#desktop/storage/lock-file.ts';
import type { LockedFile } from '#desktop/storage/lock-file.ts';

export const LOCK_FILE = 'profile.lock';

/**
 * Keeps all others away from a profile's files for as long as this process lives; nothing has to be
 * cleaned up after a kill.
 * @throws AppError STORE_IN_USE when another process (or this one) has the profile open,
 *   STORE_READ_ONLY when nothing can be written in the folder, STORE_DISK_FULL
 */
export const lockProfile = (folder: string, nativeBinding?: string): LockedFile =>
  holdFile(path.join(folder, LOCK_FILE), nativeBinding);
