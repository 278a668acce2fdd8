import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Bytes of a profile's folder, by what they are. */
export interface FolderSizes {
  readonly rows: number;
  readonly unsent: number;
  readonly files: number;
  readonly rest: number;
}

const ROWS: ReadonlySet<string> = new Set(['ganger.db', 'ganger.db-wal', 'ganger.db-shm']);

/** What lies in a profile's folder. What goes away while it is counted counts nothing. */
export function sizesIn(folder: string): FolderSizes {
  const sizes = { rows: 0, unsent: 0, files: 0, rest: 0 };
  for (const name of namesIn(folder)) {
    const bytes = sizeOf(path.join(folder, name));
    if (ROWS.has(name)) sizes.rows += bytes;
    else if (name.startsWith('unsent.log')) sizes.unsent += bytes;
    else if (name === 'files') sizes.files += bytes;
    else sizes.rest += bytes;
  }
  return sizes;
}

function sizeOf(file: string): number {
  try {
    const found = lstatSync(file);
    if (!found.isDirectory()) return found.size;
  } catch {
    return 0;
  }
  return namesIn(file).reduce((sum, name) => sum + sizeOf(path.join(file, name)), 0);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
