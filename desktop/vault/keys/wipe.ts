import { existsSync, lstatSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { attemptsKey } from './attempts.ts';
import type { KeyStore } from './attempts.ts';
import { syncFolder, writeFileDurably } from '../files/durable.ts';
import { onDisk, readIfThere, shredFile } from './files.ts';
import { KEY_FILE, KEY_FILE_COPY, KeyFile } from './key-file.ts';
import { recoveryNames } from './recovery-keep.ts';
import { safeJson } from './recovery-seal.ts';
import { legacySecret, ownsSecret, vaultSecret } from './secrets.ts';
import type { Secrets } from './secrets.ts';

/** Says that a folder is being wiped; the last file that goes. */
const MARKER = 'ganger.wipe';

const Marker = z.strictObject({
  profileId: z.string().min(1).max(60),
  secrets: z.array(z.string()).max(64),
  also: z.array(z.string()).max(1_000),
});

/** Steps of a wipe, in order; a test ends the process at each of them. */
export type WipeStep = 'marked' | 'secrets-forgotten' | 'keys-gone' | 'files-gone' | 'values-gone';

export interface WipeOptions {
  /** Folder of the profile; everything below it goes, whatever it is. */
  readonly folder: string;
  readonly profileId: string;
  readonly secrets: Secrets;
  readonly kv: KeyStore;
  readonly log: Logger;
  /** Folders and files of the profile that lie elsewhere (absolute paths). */
  readonly also?: readonly string[] | undefined;
  readonly step?: ((step: WipeStep) => void) | undefined;
}

/**
 * Deletes a profile from this device for good. Its database must be closed. First the keychain's
 * secret goes, and with it every file becomes unreadable; then the key file with its recovery copy;
 * then everything is written over and unlinked. Whatever cuts it short, nothing of the profile can
 * be read any more once the secret is gone, and `finishWipes` ends it. A second call does nothing.
 * @throws AppError STORE_IN_USE when a file is open elsewhere (Windows); STORE_IO, STORE_READ_ONLY;
 *   KEYCHAIN_UNAVAILABLE: then nothing but the marker was written
 */
export async function wipeProfile(options: WipeOptions): Promise<void> {
  const { folder, profileId, secrets, kv, log, step = () => undefined } = options;
  if (!existsSync(folder)) {
    await forgetSecrets(secrets, profileId, defaultSecrets(profileId));
    forgetValues(kv, profileId);
    return;
  }
  const marker = readMarker(folder);
  if (marker && marker.profileId !== profileId) {
    throw new AppError('STORE_KEY_WRONG', { reason: 'other-profile' });
  }
  const names = [
    ...new Set([
      ...defaultSecrets(profileId),
      ...secretsIn(path.join(folder, KEY_FILE)),
      ...secretsIn(path.join(folder, KEY_FILE_COPY)),
      ...(marker?.secrets ?? []),
    ]),
  ];
  const also = [...new Set([...(options.also ?? []), ...(marker?.also ?? [])])];
  const mark = { profileId, secrets: names, also } satisfies z.infer<typeof Marker>;
  onDisk(() => writeFileDurably(path.join(folder, MARKER), JSON.stringify(mark)));
  step('marked');
  await forgetSecrets(secrets, profileId, names);
  step('secrets-forgotten');
  onDisk(() => {
    for (const file of [KEY_FILE, KEY_FILE_COPY, `${KEY_FILE}.tmp`, `${KEY_FILE_COPY}.tmp`]) {
      shredFile(path.join(folder, file));
    }
    syncFolder(folder);
  });
  step('keys-gone');
  onDisk(() => {
    for (const place of also) shredTree(place);
    for (const name of readdirSync(folder)) {
      if (name !== MARKER) shredTree(path.join(folder, name));
    }
    syncFolder(folder);
  });
  step('files-gone');
  forgetValues(kv, profileId);
  step('values-gone');
  onDisk(() => {
    rmSync(path.join(folder, MARKER), { force: true });
    rmdirSync(folder);
    syncFolder(path.dirname(folder));
  });
  log.warn('profile wiped');
}

/**
 * Ends what was being wiped when the app was last ended. Called at every start, before a profile is
 * opened.
 * @returns the ids of the profiles that were wiped
 */
export async function finishWipes(
  options: Omit<WipeOptions, 'folder' | 'profileId' | 'also'> & {
    /** Folder that holds one folder a profile. */
    readonly profiles: string;
  },
): Promise<string[]> {
  const { profiles } = options;
  if (!existsSync(profiles)) return [];
  const wiped: string[] = [];
  for (const name of onDisk(() => readdirSync(profiles))) {
    const folder = path.join(profiles, name);
    const marker = isFolder(folder) ? readMarker(folder) : null;
    if (!marker) continue;
    const { profileId } = marker;
    await wipeProfile({ ...options, folder, profileId });
    wiped.push(profileId);
  }
  return wiped;
}

/** True when the profile is being wiped: it must not be opened any more. */
export function isBeingWiped(folder: string): boolean {
  return existsSync(path.join(folder, MARKER));
}

const defaultSecrets = (profileId: string): string[] => [
  vaultSecret(profileId),
  legacySecret(profileId),
];

async function forgetSecrets(secrets: Secrets, profileId: string, names: readonly string[]) {
  for (const name of names) if (ownsSecret(profileId, name)) await secrets.forget(name);
}

function forgetValues(kv: KeyStore, profileId: string): void {
  for (const name of [attemptsKey(profileId), ...recoveryNames(profileId)]) kv.delete(name);
}

/** The marker of a folder; a torn one still stops the profile from being opened. */
function readMarker(folder: string): z.infer<typeof Marker> | null {
  const text = onDisk(() => readIfThere(path.join(folder, MARKER)));
  if (text === null) return null;
  const parsed = Marker.safeParse(safeJson(text));
  if (parsed.success) return parsed.data;
  return { profileId: path.basename(folder), secrets: [], also: [] };
}

function secretsIn(file: string): string[] {
  const parsed = KeyFile.safeParse(safeJson(onDisk(() => readIfThere(file)) ?? ''));
  return parsed.success ? [parsed.data.secret, ...parsed.data.forget] : [];
}

/** Files are written over and unlinked, links only unlinked: what they lead to is not ours. */
function shredTree(place: string): void {
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (!found) return;
  if (found.isDirectory()) {
    for (const name of readdirSync(place)) shredTree(path.join(place, name));
    rmdirSync(place);
  } else if (found.isFile()) shredFile(place);
  else rmSync(place, { force: true });
}

function isFolder(place: string): boolean {
  return lstatSync(place, { throwIfNoEntry: false })?.isDirectory() === true;
}
