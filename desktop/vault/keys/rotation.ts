import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { PAGE_SIZE, keyFitsAnyPage } from '#desktop/storage/page-check.ts';
import { SIDE_FILES, discardFile, requireNoLog } from './copy-under-new-key.ts';
import { syncFolder } from '../files/durable.ts';
import { onDisk, shredFile, sizeOf } from './files.ts';

/** Names of the files of a profile, in its folder. */
export interface ProfileFiles {
  readonly folder: string;
  readonly database: string;
  /** Under construction: under a new key. */
  readonly next: string;
  /** Replaced, not yet removed. */
  readonly old: string;
}

export function filesOf(folder: string, name = 'ganger.db'): ProfileFiles {
  const database = path.join(folder, name);
  return { folder, database, next: `${database}.next`, old: `${database}.old` };
}

/** True when at least one page of the file authenticates under the key; opens nothing in SQLite. */
export function opensWith(file: string, dataKey: string): boolean {
  return sizeOf(file) >= PAGE_SIZE && keyFitsAnyPage(file, dataKey);
}

/** True when there is data of the profile: a database with content, or a log of one. */
export function hasData(files: ProfileFiles): boolean {
  return [files.database, `${files.database}-wal`, files.old, files.next].some(
    (file) => sizeOf(file) > 0,
  );
}

export type SwitchStep = 'kept-old' | 'switched';

/**
 * Puts the new file in the place of the old one, in one step of the file system: the name always
 * leads to a whole database. The old file stays under another name until the key file is written.
 */
export function switchFiles(files: ProfileFiles, step: (step: SwitchStep) => void): void {
  const { folder, database, next, old } = files;
  requireNoLog(database);
  requireNoLog(next);
  onDisk(() => {
    shredFile(old);
    try {
      linkSync(database, old);
    } catch {
      // A file system without hard links: for a moment the name leads nowhere; `whichFile` knows.
      renameSync(database, old);
    }
    syncFolder(folder);
  });
  step('kept-old');
  onDisk(() => {
    renameSync(next, database);
    // Empty ones may lie there still; they are of the file that has just gone.
    for (const side of SIDE_FILES) rmSync(`${database}${side}`, { force: true });
    syncFolder(folder);
  });
  step('switched');
}

/**
 * After a rotation cut short: asks the files themselves which key counts, and completes a switch
 * that stopped half-way where file systems have no hard links.
 * @returns `next` when the database is under the new key, `present` when it is still under the old
 *   one, `unclear` when it is under neither (damage): then nothing may be removed
 */
export function whichFile(
  files: ProfileFiles,
  keys: { readonly present: string; readonly next: string },
): 'present' | 'next' | 'unclear' {
  const { folder, database, next, old } = files;
  if (!existsSync(database)) {
    const back = opensWith(next, keys.next) ? next : opensWith(old, keys.present) ? old : null;
    if (back === null) return hasData(files) ? 'unclear' : 'present';
    onDisk(() => {
      renameSync(back, database);
      syncFolder(folder);
    });
  }
  if (opensWith(database, keys.next)) {
    // A log beside a file that nobody has opened yet is another file's.
    onDisk(() => SIDE_FILES.forEach((side) => shredFile(`${database}${side}`)));
    return 'next';
  }
  return opensWith(database, keys.present) ? 'present' : 'unclear';
}

/**
 * True when the database opens with the key. One that is missing, because a switch without hard
 * links was cut short, is put back first.
 */
export function putBack(files: ProfileFiles, dataKey: string): boolean {
  const { folder, database, next, old } = files;
  if (!existsSync(database)) {
    const back = [next, old].find((file) => opensWith(file, dataKey));
    if (back === undefined) return false;
    onDisk(() => {
      renameSync(back, database);
      syncFolder(folder);
    });
  }
  return opensWith(database, dataKey);
}

/** Removes what a rotation leaves: the file under construction, and the one that was replaced. */
export function removeLeftovers({ folder, next, old }: ProfileFiles): boolean {
  const there = [next, old, ...SIDE_FILES.map((side) => `${next}${side}`)].some((file) =>
    existsSync(file),
  );
  if (!there) return false;
  onDisk(() => {
    discardFile(next);
    shredFile(old);
    syncFolder(folder);
  });
  return true;
}
