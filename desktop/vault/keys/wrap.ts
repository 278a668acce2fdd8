import {
  createCipheriv,
  createDecipheriv,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { z } from 'zod';
import { PinKdf } from './pin.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** Text of bytes sealed with AES-256-GCM: IV, ciphertext and tag in base64. */
export const Sealed = z.base64().max(4096);

/** What the key that wraps is made of, apart from the secrets themselves. */
export const Wrapping = z.strictObject({
  /** Null: no PIN, the keychain's secret alone. */
  kdf: PinKdf.nullable(),
  /** Of the HKDF; new with every wrapping. */
  salt: z.base64().max(64),
  /** Tells a changed keychain secret from a wrong PIN. Of 32 random bytes: nothing to guess. */
  secretCheck: z.hex().max(64),
});
export type Wrapping = z.infer<typeof Wrapping>;

/** HKDF-SHA256 to 32 bytes. `purpose` keeps keys of different use apart. */
export function deriveKey(secret: Uint8Array, salt: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, purpose, KEY_BYTES));
}

/** AES-256-GCM under a key and with a context that must be the same when it is opened. */
export function sealBytes(key: Uint8Array, plain: Uint8Array, context: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context, 'utf8'));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64');
}

/** The bytes of `sealBytes`, or null when the key, the context or a single bit is another one. */
export function openBytes(key: Uint8Array, sealed: string, context: string): Buffer | null {
  const bytes = Buffer.from(sealed, 'base64');
  // Node forgives base64 with odd ends; a sealed text has one spelling only.
  if (bytes.toString('base64') !== sealed || bytes.length < IV_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
    .setAAD(Buffer.from(context, 'utf8'))
    .setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    const body = bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]);
  } catch {
    return null;
  }
}

/** A short value that tells whether a random 32-byte key is the one meant, and nothing about it. */
export function checkOf(key: Uint8Array, purpose: string): string {
  return deriveKey(key, Buffer.alloc(0), `ganger/check/${purpose}`).subarray(0, 16).toString('hex');
}

export function sameHex(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A fresh wrapping around a keychain secret; the PIN's parameters, or null without a PIN. */
export function newWrapping(secret: Uint8Array, kdf: PinKdf | null): Wrapping {
  return {
    kdf,
    salt: randomBytes(KEY_BYTES).toString('base64'),
    secretCheck: checkOf(secret, 'keychain'),
  };
}

/**
 * The key that wraps data keys: HKDF over the keychain's secret and, where there is a PIN, its
 * stretched bytes. Neither of the two is of use without the other.
 */
export function wrappingKey(
  wrapping: Wrapping,
  profileId: string,
  secret: Uint8Array,
  stretched: Uint8Array | null,
): Buffer {
  const both = Buffer.concat(stretched ? [secret, stretched] : [secret]);
  const key = deriveKey(
    both,
    Buffer.from(wrapping.salt, 'base64'),
    `ganger/profile-key/1/${stretched ? 'pin' : 'no-pin'}/${profileId}`,
  );
  both.fill(0);
  return key;
}

/** What a wrapped data key is bound to: it opens for this profile and as this key only. */
export function wrapContext(profileId: string, keyId: string, wrapping: Wrapping): string {
  const { kdf } = wrapping;
  const pin = kdf && [kdf.name, kdf.memoryKib, kdf.iterations, kdf.parallelism, kdf.salt];
  return JSON.stringify(['ganger-data-key', 1, profileId, keyId, wrapping.salt, pin]);
}
