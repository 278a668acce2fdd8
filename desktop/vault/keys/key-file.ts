import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { writeFileDurably } from '../files/durable.ts';
import { onDisk, readIfThere, shredFile } from './files.ts';
import { RecoveryCopy, safeJson } from './recovery-seal.ts';
import { Sealed, Wrapping } from './wrap.ts';

export const KEY_FILE = 'ganger.key';
export const KEY_FILE_COPY = 'ganger.key.bak';
export const KEY_FILE_VERSION = 1;

const SecretName = z.string().regex(/^[a-z0-9-]{1,60}$/);
const Salt = z.hex().length(32);

/** One data key: wrapped, and known by a check value once it is open. */
export const KeyEntry = z.strictObject({
  id: z.string().max(60),
  /** Milliseconds since 1970. */
  created: z.number(),
  wrapped: Sealed,
  check: z.hex().length(32),
  /** First 16 bytes of the database file: without them a lost first page loses all others. */
  salt: Salt.nullable(),
  recovery: RecoveryCopy.nullable(),
});
export type KeyEntry = z.infer<typeof KeyEntry>;

/** The key of a profile, beside its database. Nothing in it opens anything by itself. */
export const KeyFile = z.strictObject({
  version: z.literal(KEY_FILE_VERSION),
  /** Counts up with every change. */
  revision: z.int().min(1),
  profileId: z.string().min(1).max(60),
  /** Name of the keychain's part. */
  secret: SecretName,
  wrapping: Wrapping,
  key: KeyEntry,
  /** The key that a new file is being built under; which of the two counts, the file tells. */
  rotation: z.strictObject({ next: KeyEntry, started: z.number() }).nullable(),
  /** Keychain entries that are of no use any more once this file is durable. */
  forget: z.array(SecretName).max(16),
  /** The recovery that was used last; its answer is not taken twice. */
  lastRecovery: z.hex().length(32).nullable(),
});
export type KeyFile = z.infer<typeof KeyFile>;

type Read =
  | { readonly kind: 'absent' }
  | { readonly kind: 'torn' }
  | { readonly kind: 'newer' }
  | { readonly kind: 'good'; readonly file: KeyFile; readonly text: string };

function parse(text: string | null): Read {
  if (text === null) return { kind: 'absent' };
  const raw = safeJson(text);
  const version = z.object({ version: z.int() }).safeParse(raw);
  if (version.success && version.data.version > KEY_FILE_VERSION) return { kind: 'newer' };
  const file = KeyFile.safeParse(raw);
  return file.success ? { kind: 'good', file: file.data, text } : { kind: 'torn' };
}

export interface FoundKeyFile {
  readonly file: KeyFile;
  /** True: the file itself was lost or torn, and its copy took its place. */
  readonly fromCopy: boolean;
  /** True: both are there and the same. */
  readonly isMirrored: boolean;
}

/**
 * Reads the key file of a profile; a torn or lost one is read from its copy. Writes nothing.
 * @returns null when there is neither the file nor its copy
 * @throws AppError STORE_NEWER (`key-file-newer`); STORE_KEY_MISSING (`key-file-torn`) when neither
 *   of the two is whole; STORE_KEY_WRONG (`other-profile`)
 */
export function findKeyFile(folder: string, profileId: string): FoundKeyFile | null {
  const [main, copy] = onDisk(() => [
    parse(readIfThere(path.join(folder, KEY_FILE))),
    parse(readIfThere(path.join(folder, KEY_FILE_COPY))),
  ]);
  if (main.kind === 'absent' && copy.kind === 'absent') return null;
  if (main.kind === 'newer' || (main.kind !== 'good' && copy.kind === 'newer')) {
    throw new AppError('STORE_NEWER', { reason: 'key-file-newer' });
  }
  const found = main.kind === 'good' ? main : copy;
  if (found.kind !== 'good') throw new AppError('STORE_KEY_MISSING', { reason: 'key-file-torn' });
  if (found.file.profileId !== profileId) {
    throw new AppError('STORE_KEY_WRONG', { reason: 'other-profile' });
  }
  return {
    file: found.file,
    fromCopy: main.kind !== 'good',
    isMirrored: main.kind === 'good' && copy.kind === 'good' && main.text === copy.text,
  };
}

/**
 * Writes the key file, then its copy, each in one step. When this returns, both are on the disk and
 * no earlier wrapping is left in either.
 * @returns the file as written, its revision counted up
 */
export function writeKeyFile(folder: string, file: KeyFile): KeyFile {
  const next: KeyFile = { ...file, revision: file.revision + 1 };
  const text = `${JSON.stringify(next, null, 1)}\n`;
  onDisk(() => {
    writeFileDurably(path.join(folder, KEY_FILE), text);
    writeFileDurably(path.join(folder, KEY_FILE_COPY), text);
  });
  return next;
}

/** Makes file and copy the same again, without a new revision. */
export function mirrorKeyFile(folder: string, file: KeyFile): void {
  const text = `${JSON.stringify(file, null, 1)}\n`;
  onDisk(() => {
    writeFileDurably(path.join(folder, KEY_FILE), text);
    writeFileDurably(path.join(folder, KEY_FILE_COPY), text);
  });
}

/** Takes away what a kill left of a file that was being written. */
export function removeHalfWritten(folder: string): void {
  onDisk(() => {
    for (const name of [KEY_FILE, KEY_FILE_COPY]) shredFile(path.join(folder, `${name}.tmp`));
  });
}

/**
 * The salt that was noted for a profile's database, for the repair of a lost first page. Needs no
 * key. During a rotation both files' salts are given, the present key's first.
 */
export function notedSalts(folder: string, profileId: string): Buffer[] {
  const found = findKeyFile(folder, profileId);
  if (!found) return [];
  return [found.file.key.salt, found.file.rotation?.next.salt ?? null]
    .filter((salt) => salt !== null)
    .map((salt) => Buffer.from(salt, 'hex'));
}
