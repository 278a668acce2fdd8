import { constants, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { statSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '#shared/errors/app-error.ts';
import { tableBehind } from '#desktop/storage/definitions.ts';
import type { Definitions } from '#desktop/storage/definitions.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { SUITE_DEFINITIONS } from '#desktop/storage/suite-definitions.ts';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';
import { readRegistry } from '#desktop/storage/table-registry.ts';
import { moveDurably, syncFile, writeFileDurably } from '../files/durable.ts';
import { DATABASE_FILE, switchStore } from '../files/switch-store.ts';

const FOLDER = 'before-upgrade';
const NOTE = 'note.json';
const KEPT_MS = 7 * 24 * 3600 * 1000;
/** Room that stays free beside the copy: the upgrade itself writes each row once more. */
const ROOM_FACTOR = 2;
const ROOM_BYTES = 64 * 1024 * 1024;

export type UpgradeCopy = 'kept' | 'already-there' | 'no-room';

/** True when opening a file with this build will rewrite rows of it. */
export function willRewrite(
  database: EncryptedDatabase,
  definitions: Definitions = SUITE_DEFINITIONS,
): boolean {
  return [...readRegistry(database).values()].some(({ name, definition }) => {
    const known = definitions.of(tableBehind(name).table);
    return known !== undefined && definition < known.version;
  });
}

/**
 * Keeps the file as it is now, before an upgrade rewrites it. To be called with the database open and
 * before `prepareTables`. The copy of an upgrade that was killed is kept rather than one of the
 * half-upgraded file.
 * @throws AppError STORE_IN_USE when the log cannot be moved into the file, STORE_READ_ONLY
 */
export function keepBeforeUpgrade(
  database: EncryptedDatabase,
  folder: string,
  now: () => number = Date.now,
): UpgradeCopy {
  const own = path.join(folder, FOLDER);
  const copy = path.join(own, DATABASE_FILE);
  try {
    removeOldUpgradeCopy(folder, now);
    if (existsSync(copy)) return 'already-there';
    if (!database.secureCheckpoint()) throw new AppError('STORE_IN_USE', { reason: 'reader' });
    const { size } = statSync(database.file);
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < size * ROOM_FACTOR + ROOM_BYTES) return 'no-room';
    mkdirSync(own, { recursive: true, mode: 0o700 });
    const part = `${copy}.part`;
    copyFileSync(database.file, part, constants.COPYFILE_FICLONE);
    syncFile(part);
    writeFileDurably(path.join(own, NOTE), JSON.stringify({ at: now() }));
    moveDurably(part, copy);
    return 'kept';
  } catch (error) {
    throw toStoreError(error);
  }
}

/** Removes the copy: the upgraded store has been in step with the server. */
export function removeUpgradeCopy(folder: string): void {
  rmSync(path.join(folder, FOLDER), { recursive: true, force: true });
}

/** Removes a copy that is older than seven days, or was not finished. */
export function removeOldUpgradeCopy(folder: string, now: () => number = Date.now): void {
  const own = path.join(folder, FOLDER);
  if (!existsSync(own)) return;
  const at = upgradeCopyAt(folder);
  if (at === null || now() - at > KEPT_MS) removeUpgradeCopy(folder);
}

/** When the copy was made, in milliseconds since the Unix epoch; null when there is none. */
export function upgradeCopyAt(folder: string): number | null {
  const own = path.join(folder, FOLDER);
  if (!existsSync(path.join(own, NOTE)) || !existsSync(path.join(own, DATABASE_FILE))) return null;
  try {
    const note = JSON.parse(readFileSync(path.join(own, NOTE), 'utf8')) as { at?: unknown };
    return typeof note.at === 'number' ? note.at : null;
  } catch {
    // A torn note: as good as no copy.
    return null;
  }
}

/**
 * Puts the file from before the upgrade back, for the build that wrote it; the upgraded one is set
 * aside. What was written since and is not the server's comes back from the side log when the
 * profile is opened, as far as that build knows its tables; the rest stays in the log. The profile
 * must be locked and closed.
 * @throws AppError NOT_FOUND when there is no copy
 */
export function rollBackUpgrade(folder: string, onStep?: (step: string) => void): void {
  if (upgradeCopyAt(folder) === null) throw new AppError('NOT_FOUND', { reason: 'no copy' });
  switchStore({ folder, from: FOLDER, reason: 'upgrade', ...(onStep ? { onStep } : {}) });
}
