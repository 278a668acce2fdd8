import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';
import { storeFiles } from '../damage/examine-file.ts';
import { finishQuarantine, quarantine } from '../damage/quarantine.ts';
import type { SetAsideReason } from '../damage/quarantine.ts';
import { moveDurably, writeFileDurably } from './durable.ts';

/** While it is there, another file is to take the place of the profile's database. */
const MARKER = 'switch.json';
export const DATABASE_FILE = 'ganger.db';

interface Marker {
  /** Folder below the profile's, with the database that is to be used. */
  readonly from: string;
  readonly reason: SetAsideReason;
  /** True once the former files are out of the way. */
  readonly isCleared?: boolean;
}

export interface SwitchStore extends Omit<Marker, 'isCleared'> {
  /** The folder of the profile. */
  readonly folder: string;
  /** Told before each step; for tests. */
  readonly onStep?: (step: string) => void;
}

/**
 * Puts another database in the place of the profile's, which is set aside. Both must be closed;
 * a log comes with its database. Killed before the marker is written, nothing has happened; after it,
 * `finishSwitch` does the rest at the next start.
 * @throws AppError STORE_READ_ONLY, STORE_DISK_FULL
 */
export function switchStore({ folder, from, reason, onStep }: SwitchStore): void {
  try {
    onStep?.('marker');
    writeFileDurably(path.join(folder, MARKER), JSON.stringify({ from, reason }));
    carryOut(folder, { from, reason }, onStep);
  } catch (error) {
    throw toStoreError(error);
  }
}

/** Ends what a kill has cut short. To be called first of all when a profile is opened. */
export function finishSwitch(folder: string): void {
  const file = path.join(folder, MARKER);
  finishQuarantine(folder);
  if (!existsSync(file)) return;
  try {
    carryOut(folder, JSON.parse(readFileSync(file, 'utf8')) as Marker);
  } catch (error) {
    throw toStoreError(error);
  }
}

function carryOut(folder: string, marker: Marker, onStep?: (step: string) => void): void {
  const { from, reason } = marker;
  const file = path.join(folder, DATABASE_FILE);
  if (!marker.isCleared) {
    if (storeFiles(file).some((part) => existsSync(part))) {
      // All sets stay for now: the one to be used may be the oldest.
      quarantine({ folder, reason, keep: Number.MAX_SAFE_INTEGER, ...(onStep ? { onStep } : {}) });
    }
    onStep?.('cleared');
    // From here on, what lies in the place belongs to the new one.
    writeFileDurably(path.join(folder, MARKER), JSON.stringify({ ...marker, isCleared: true }));
  }
  // The log before its database, so that the database is never there without it.
  for (const name of storeFiles(DATABASE_FILE).toReversed()) {
    onStep?.(`place ${name}`);
    const next = path.join(folder, from, name);
    if (existsSync(next)) moveDurably(next, path.join(folder, name));
  }
  onStep?.('switched');
  rmSync(path.join(folder, MARKER), { force: true });
  rmSync(path.join(folder, from), { recursive: true, force: true });
}
