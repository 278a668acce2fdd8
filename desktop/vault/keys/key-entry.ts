import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import type { KeyEntry } from './key-file.ts';
import { makeRecoveryCopy } from './recovery-seal.ts';
import type { RecoveryPublicKey } from './recovery-seal.ts';
import { checkOf, openBytes, sameHex, sealBytes, wrapContext } from './wrap.ts';
import type { Wrapping } from './wrap.ts';

const SALT_BYTES = 16;

/** What wraps data keys at the moment. */
export interface Wrapper {
  readonly profileId: string;
  readonly wrapping: Wrapping;
  readonly kek: Buffer;
}

/** Wraps a data key under a new id. */
export function newEntry(
  by: Wrapper,
  dataKey: Buffer,
  given: {
    readonly recoveryKey: RecoveryPublicKey | null;
    readonly created: number;
    readonly salt: string | null;
  },
): KeyEntry {
  const id = randomBytes(8).toString('hex');
  const { recoveryKey, created, salt } = given;
  const recovery = recoveryKey && makeRecoveryCopy(recoveryKey, by.profileId, id, dataKey);
  return {
    id,
    created,
    salt,
    recovery,
    check: checkOf(dataKey, 'data'),
    wrapped: wrap(by, id, dataKey),
  };
}

/** The same data key in another wrapping. */
export function rewrapEntry(by: Wrapper, entry: KeyEntry, dataKey: Buffer): KeyEntry {
  return { ...entry, wrapped: wrap(by, entry.id, dataKey) };
}

/** The data key of an entry, or null when what wraps it does not fit. The caller zeroes it. */
export function openEntry(by: Wrapper, entry: KeyEntry): Buffer | null {
  const context = wrapContext(by.profileId, entry.id, by.wrapping);
  const dataKey = openBytes(by.kek, entry.wrapped, context);
  return dataKey?.length === 32 && sameHex(checkOf(dataKey, 'data'), entry.check) ? dataKey : null;
}

function wrap({ kek, profileId, wrapping }: Wrapper, id: string, dataKey: Buffer): string {
  return sealBytes(kek, dataKey, wrapContext(profileId, id, wrapping));
}

/** First 16 bytes of a database file as hex. */
export function saltOf(file: string): string {
  const bytes = Buffer.alloc(SALT_BYTES);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, bytes, 0, SALT_BYTES, 0);
  } finally {
    closeSync(handle);
  }
  return bytes.toString('hex');
}
