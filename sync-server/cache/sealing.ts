import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Wrapping } from './redis-store.ts';

const NONCE = 12;
const TAG = 16;
/** 128 bits are enough to tell names apart that nobody can choose freely. */
const NAME_CHARACTERS = 22;

export interface Sealing extends Wrapping {
  /**
   * The name under which something is kept: the same for the same key, and saying nothing without it. Parts
   * between slashes are hidden one by one, and `*` stays, so that patterns of whole parts still fit.
   */
  readonly nameOf: (key: string) => string;
}

/**
 * Seals what leaves the process (AES-256-GCM). A value is bound to its place: one that was put elsewhere,
 * changed, or sealed under another key is as good as none.
 * @param secret 32 bytes as hexadecimal digits
 */
export function createSealing(secret: string): Sealing {
  const of = (use: string): Buffer =>
    Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), '', `ganger cache ${use}`, 32));
  const [sealKey, nameKey] = [of('values'), of('names')];
  const hidden = (part: string): string =>
    createHmac('sha256', nameKey).update(part).digest('base64url').slice(0, NAME_CHARACTERS);
  return {
    nameOf: (key) =>
      key
        .split('/')
        .map((part) => (part === '*' ? part : hidden(part)))
        .join('/'),
    wrap(text, place) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce);
      cipher.setAAD(Buffer.from(place));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
    },
    unwrap(text, place) {
      const bytes = Buffer.from(text, 'base64');
      if (bytes.length < NONCE + TAG) return null;
      try {
        const cipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, NONCE));
        cipher.setAAD(Buffer.from(place));
        cipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
        return Buffer.concat([cipher.update(bytes.subarray(NONCE + TAG)), cipher.final()]).toString(
          'utf8',
        );
      } catch {
        return null;
      }
    },
  };
}
