import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
} from 'node:crypto';
import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';
import { Sealed, deriveKey, openBytes, sealBytes } from './wrap.ts';

/**
 * What a device and the organization's recovery tool say to each other. A data key is sealed to an
 * X25519 key: ephemeral key agreement, HKDF-SHA256 over it and both public keys, AES-256-GCM.
 */
const SPKI = Buffer.from('302a300506032b656e032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const RAW_BYTES = 32;

const RawKey = z.base64().length(44);
const Id = z.hex().length(32);

/** The public half of the organization's recovery key; devices get it with their policy. */
export const RecoveryPublicKey = z.strictObject({
  version: z.literal(1),
  kind: z.literal('ganger-recovery-public'),
  id: Id,
  publicKey: RawKey,
});
export type RecoveryPublicKey = z.infer<typeof RecoveryPublicKey>;

/** A data key that only the organization can open. */
export const RecoveryCopy = z.strictObject({
  organizationKeyId: Id,
  ephemeral: RawKey,
  sealed: Sealed,
});
export type RecoveryCopy = z.infer<typeof RecoveryCopy>;

const SealedKey = z.strictObject({ keyId: z.string().max(60), copy: RecoveryCopy });

/** What IT is given: nothing in it opens anything without the organization's private key. */
export const RecoveryRequest = z.strictObject({
  version: z.literal(1),
  id: Id,
  profile: Id,
  /** The answer is sealed to this one; its private half never leaves the device. */
  answerTo: RawKey,
  keys: z.array(SealedKey).min(1).max(4),
});
export type RecoveryRequest = z.infer<typeof RecoveryRequest>;

export const RecoveryAnswer = z.strictObject({
  version: z.literal(1),
  request: Id,
  keys: z
    .array(z.strictObject({ keyId: z.string().max(60), ephemeral: RawKey, sealed: Sealed }))
    .min(1)
    .max(4),
});
export type RecoveryAnswer = z.infer<typeof RecoveryAnswer>;

export interface KeyPair {
  /** 32 bytes in base64. */
  readonly publicKey: string;
  readonly privateKey: string;
}

/** A new X25519 pair. */
export function newKeyPair(): KeyPair {
  const pair = generateKeyPairSync('x25519');
  const tail = (der: Buffer): string => der.subarray(der.length - RAW_BYTES).toString('base64');
  return {
    publicKey: tail(pair.publicKey.export({ format: 'der', type: 'spki' })),
    privateKey: tail(pair.privateKey.export({ format: 'der', type: 'pkcs8' })),
  };
}

/** The id of a public key is made from it, so that two can be told apart and none can be faked. */
export function idOfPublicKey(publicKey: string): string {
  return shortHash('ganger/recovery-key', publicKey);
}

/** Names a profile to IT without its id. */
export function profileHash(profileId: string): string {
  return shortHash('ganger/profile', profileId);
}

/**
 * Reads the public key file that `recovery keys` makes.
 * @throws AppError RECOVERY_INVALID
 */
export function parseRecoveryPublicKey(text: string): RecoveryPublicKey {
  const parsed = RecoveryPublicKey.safeParse(safeJson(text));
  if (!parsed.success || parsed.data.id !== idOfPublicKey(parsed.data.publicKey)) {
    throw new AppError('RECOVERY_INVALID', { reason: 'public-key' });
  }
  return parsed.data;
}

/** Seals 32 bytes to a public key. */
function sealTo(publicKey: string, plain: Uint8Array, context: string) {
  const ephemeral = newKeyPair();
  const key = agreedKey(ephemeral.privateKey, publicKey, ephemeral.publicKey, publicKey);
  const sealed = sealBytes(key, plain, context);
  key.fill(0);
  return { ephemeral: ephemeral.publicKey, sealed };
}

function openSealed(pair: KeyPair, ephemeral: string, sealed: string, context: string) {
  try {
    const key = agreedKey(pair.privateKey, ephemeral, ephemeral, pair.publicKey);
    const plain = openBytes(key, sealed, context);
    key.fill(0);
    return plain;
  } catch {
    // A public key that is no point of the curve, or one of low order.
    return null;
  }
}

function agreedKey(own: string, other: string, ephemeral: string, receiver: string): Buffer {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8, Buffer.from(own, 'base64')]),
    format: 'der',
    type: 'pkcs8',
  });
  const publicKey = createPublicKey({
    key: Buffer.concat([SPKI, Buffer.from(other, 'base64')]),
    format: 'der',
    type: 'spki',
  });
  const shared = diffieHellman({ privateKey, publicKey });
  const salt = Buffer.concat([Buffer.from(ephemeral, 'base64'), Buffer.from(receiver, 'base64')]);
  const key = deriveKey(shared, salt, 'ganger/recovery/1');
  shared.fill(0);
  return key;
}

const copyContext = (profile: string, keyId: string, organizationKeyId: string): string =>
  JSON.stringify(['ganger-recovery-copy', 1, profile, keyId, organizationKeyId]);
const answerContext = (request: string, keyId: string): string =>
  JSON.stringify(['ganger-recovery-answer', 1, request, keyId]);

/** Seals a data key to the organization, bound to its profile and its id. */
export function makeRecoveryCopy(
  to: RecoveryPublicKey,
  profileId: string,
  keyId: string,
  dataKey: Uint8Array,
): RecoveryCopy {
  const context = copyContext(profileHash(profileId), keyId, to.id);
  return { organizationKeyId: to.id, ...sealTo(to.publicKey, dataKey, context) };
}

/** What a device asks with, and the private half that it keeps for the answer. */
export function makeRequest(
  profileId: string,
  keys: RecoveryRequest['keys'],
): { request: RecoveryRequest; pair: KeyPair } {
  const pair = newKeyPair();
  const profile = profileHash(profileId);
  const id = shortHash('ganger/recovery-request', `${profile}/${pair.publicKey}`);
  return { request: { version: 1, id, profile, answerTo: pair.publicKey, keys }, pair };
}

/**
 * The organization's part: opens the copies of a request and seals them to the one who asks.
 * @throws AppError RECOVERY_INVALID when the request is for another recovery key or was changed
 */
export function answerRequest(request: RecoveryRequest, organization: KeyPair): RecoveryAnswer {
  const id = idOfPublicKey(organization.publicKey);
  if (
    request.id !== shortHash('ganger/recovery-request', `${request.profile}/${request.answerTo}`)
  ) {
    throw new AppError('RECOVERY_INVALID', { reason: 'changed-request' });
  }
  const keys = request.keys.map(({ keyId, copy }) => {
    if (copy.organizationKeyId !== id) {
      throw new AppError('RECOVERY_INVALID', { reason: 'other-recovery-key' });
    }
    const context = copyContext(request.profile, keyId, id);
    const dataKey = openSealed(organization, copy.ephemeral, copy.sealed, context);
    if (dataKey === null) throw new AppError('RECOVERY_INVALID', { reason: 'changed-request' });
    const sealed = sealTo(request.answerTo, dataKey, answerContext(request.id, keyId));
    dataKey.fill(0);
    return { keyId, ...sealed };
  });
  return { version: 1, request: request.id, keys };
}

/** The data keys of an answer by their ids; null when it is not for this request or was changed. */
export function openAnswer(
  answer: RecoveryAnswer,
  requestId: string,
  pair: KeyPair,
): ReadonlyMap<string, Buffer> | null {
  if (answer.request !== requestId) return null;
  const found = new Map<string, Buffer>();
  for (const { keyId, ephemeral, sealed } of answer.keys) {
    const key = openSealed(pair, ephemeral, sealed, answerContext(requestId, keyId));
    if (key === null) return null;
    found.set(keyId, key);
  }
  return found;
}

/** A message as one line that survives mail and chat. */
export function toText(kind: 'request' | 'answer', message: RecoveryRequest | RecoveryAnswer) {
  return `ganger-recovery-${kind}.${Buffer.from(JSON.stringify(message)).toString('base64url')}`;
}

/** @throws AppError RECOVERY_INVALID with the reason `not-a-request` */
export function parseRequest(text: string): RecoveryRequest {
  const parsed = RecoveryRequest.safeParse(fromText('request', text));
  if (!parsed.success) throw new AppError('RECOVERY_INVALID', { reason: 'not-a-request' });
  return parsed.data;
}

/** @throws AppError RECOVERY_INVALID with the reason `not-an-answer` */
export function parseAnswer(text: string): RecoveryAnswer {
  const parsed = RecoveryAnswer.safeParse(fromText('answer', text));
  if (!parsed.success) throw new AppError('RECOVERY_INVALID', { reason: 'not-an-answer' });
  return parsed.data;
}

function fromText(kind: string, text: string): unknown {
  const joined = text.replaceAll(/\s+/g, '');
  const start = `ganger-recovery-${kind}.`;
  if (!joined.startsWith(start)) return null;
  return safeJson(Buffer.from(joined.slice(start.length), 'base64url').toString('utf8'));
}

function shortHash(purpose: string, text: string): string {
  return createHash('sha256').update(`${purpose}\0${text}`).digest('hex').slice(0, 32);
}

/** What a text holds as JSON, or null. */
export function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
