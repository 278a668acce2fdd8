import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { toStoreError } from '#desktop/storage/sqlite-errors.ts';
import { syncFolder, writeFileDurably } from '../files/durable.ts';
import { storeFiles } from './examine-file.ts';
import type { Damage } from './examine-file.ts';

export type SetAsideReason = Damage | 'restore' | 'upgrade';

/** What is told of files that were set aside. */
export interface SetAside {
  readonly name: string;
  readonly reason: SetAsideReason;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly bytes: number;
}

export interface QuarantineOptions {
  /** The folder of the profile. */
  readonly folder: string;
  readonly reason: SetAsideReason;
  /** Name of the database file in it. */
  readonly name?: string;
  readonly now?: () => number;
  /** Sets of files that are kept, the newest ones; 3 when left out. */
  readonly keep?: number;
  /** Told before each step; for tests. */
  readonly onStep?: (step: string) => void;
}

const SET_ASIDE = 'set-aside';
const NOTE = 'note.json';
/** While it is there, the files named in it are still to be moved. */
const MARKER = 'set-aside.json';
const DEFAULT_KEEP = 3;
const DEFAULT_NAME = 'ganger.db';

interface Marker {
  readonly target: string;
  readonly reason: SetAsideReason;
  readonly at: number;
  readonly files: readonly string[];
}

/**
 * Moves a profile's database and its log out of the way, into a folder of their own below
 * `set-aside`; key file and side log stay. The profile must be locked and the file not open. A kill
 * leaves a marker, and `finishQuarantine` does the rest at the next start.
 * @throws AppError STORE_READ_ONLY, STORE_DISK_FULL
 */
export function quarantine(options: QuarantineOptions): SetAside {
  const { folder, reason, name = DEFAULT_NAME, now = Date.now, onStep } = options;
  const at = now();
  const stamp = new Date(at).toISOString().replaceAll(/[:.]/g, '-');
  const files = storeFiles(name).filter((file) => existsSync(path.join(folder, file)));
  const marker: Marker = { target: `${stamp}-${reason}`, reason, at, files };
  try {
    onStep?.('marker');
    writeFileDurably(path.join(folder, MARKER), JSON.stringify(marker));
    move(folder, marker, onStep);
    removeOldest(folder, options.keep ?? DEFAULT_KEEP);
  } catch (error) {
    throw toStoreError(error);
  }
  return describe(folder, marker.target) ?? { name: marker.target, reason, at, bytes: 0 };
}

/** Ends what a kill has cut short. To be called before the profile's file is looked at. */
export function finishQuarantine(folder: string): void {
  const file = path.join(folder, MARKER);
  if (!existsSync(file)) return;
  try {
    move(folder, JSON.parse(readFileSync(file, 'utf8')) as Marker);
  } catch (error) {
    throw toStoreError(error);
  }
}

/** Sets of files that were set aside, the newest first. */
export function listSetAside(folder: string): SetAside[] {
  const parent = path.join(folder, SET_ASIDE);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .flatMap((name) => describe(folder, name) ?? [])
    .toSorted((a, b) => b.at - a.at);
}

/** Removes files that were set aside, for good (a wipe; or somebody has looked at them). */
export function removeSetAside(folder: string, name?: string): void {
  const parent = path.join(folder, SET_ASIDE);
  rmSync(name === undefined ? parent : path.join(parent, path.basename(name)), {
    recursive: true,
    force: true,
  });
}

function move(folder: string, marker: Marker, onStep?: (step: string) => void): void {
  const target = path.join(folder, SET_ASIDE, marker.target);
  onStep?.('folder');
  mkdirSync(target, { recursive: true, mode: 0o700 });
  const { reason, at } = marker;
  writeFileDurably(path.join(target, NOTE), JSON.stringify({ reason, at }));
  // The log first: a database without its log is damage that the next start sees, the other way
  // round the log could be put to a new database.
  for (const file of [...marker.files].toReversed()) {
    onStep?.(file);
    const from = path.join(folder, file);
    if (existsSync(from)) renameSync(from, path.join(target, file));
  }
  syncFolder(target);
  syncFolder(folder);
  onStep?.('done');
  rmSync(path.join(folder, MARKER), { force: true });
  syncFolder(folder);
}

function describe(folder: string, name: string): SetAside | null {
  const own = path.join(folder, SET_ASIDE, name);
  const note = path.join(own, NOTE);
  if (!existsSync(note)) return null;
  const { reason, at } = JSON.parse(readFileSync(note, 'utf8')) as Marker;
  const bytes = readdirSync(own).reduce(
    (sum, file) => sum + statSync(path.join(own, file)).size,
    0,
  );
  return { name, reason, at, bytes };
}

function removeOldest(folder: string, keep: number): void {
  for (const { name } of listSetAside(folder).slice(keep)) removeSetAside(folder, name);
}
