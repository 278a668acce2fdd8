import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import type { KeyStore } from './attempts.ts';
import type { KeyFile } from './key-file.ts';
import {
  RecoveryRequest,
  makeRequest,
  openAnswer,
  parseAnswer,
  safeJson,
  toText,
} from './recovery-seal.ts';

/**
 * The device's part of a recovery, in its own encrypted file: the open request with the private half
 * of its key, and the sealed copies once more, since a lost key file would take them along.
 */
const copiesKey = (profileId: string): string => `keys.recovery.${profileId}`;
const requestKey = (profileId: string): string => `keys.recovery-request.${profileId}`;
/** Everything that is kept here about a profile. */
export const recoveryNames = (profileId: string): string[] => [
  copiesKey(profileId),
  requestKey(profileId),
];

type SealedKeys = RecoveryRequest['keys'];
const SealedKeys = RecoveryRequest.shape.keys;
const Pending = z.strictObject({ id: z.hex(), publicKey: z.base64(), privateKey: z.base64() });

function copiesIn(file: KeyFile): SealedKeys {
  return [file.key, file.rotation?.next ?? null].flatMap((entry) =>
    entry?.recovery ? [{ keyId: entry.id, copy: entry.recovery }] : [],
  );
}

/** Keeps the copies of a key file apart from it. */
export function rememberCopies(kv: KeyStore, profileId: string, file: KeyFile): void {
  const copies = copiesIn(file);
  const text = JSON.stringify(copies);
  if (copies.length === 0) kv.delete(copiesKey(profileId));
  else if (kv.get(copiesKey(profileId)) !== text) kv.set(copiesKey(profileId), text);
}

/**
 * The copies that IT can open, of the key file or of where they are kept apart.
 * @throws AppError RECOVERY_NONE
 */
export function recoverableKeys(kv: KeyStore, profileId: string, file: KeyFile | null): SealedKeys {
  if (file && copiesIn(file).length > 0) return copiesIn(file);
  const kept = SealedKeys.safeParse(safeJson(kv.get(copiesKey(profileId)) ?? ''));
  if (!kept.success) throw new AppError('RECOVERY_NONE');
  return kept.data;
}

/** A new request; the one before it can no longer be answered. */
export function writeRequest(kv: KeyStore, profileId: string, keys: SealedKeys): string {
  const { request, pair } = makeRequest(profileId, keys);
  const pending: z.infer<typeof Pending> = { id: request.id, ...pair };
  kv.set(requestKey(profileId), JSON.stringify(pending));
  return toText('request', request);
}

/**
 * The data keys of an answer.
 * @returns `done` is called when they are safely kept: the request is forgotten then
 * @throws AppError RECOVERY_INVALID: `not-an-answer`, `no-request`, `used`, `other-request`
 */
export function readAnswer(
  kv: KeyStore,
  profileId: string,
  text: string,
  lastRecovery: string | null,
): { requestId: string; keys: ReadonlyMap<string, Buffer>; done: () => void } {
  const refuse = (reason: string): never => {
    throw new AppError('RECOVERY_INVALID', { reason });
  };
  const answer = parseAnswer(text);
  if (answer.request === lastRecovery) refuse('used');
  const pending = Pending.safeParse(safeJson(kv.get(requestKey(profileId)) ?? ''));
  if (!pending.success) return refuse('no-request');
  const { id, ...pair } = pending.data;
  const keys = openAnswer(answer, id, pair) ?? refuse('other-request');
  return { requestId: id, keys, done: () => kv.delete(requestKey(profileId)) };
}
