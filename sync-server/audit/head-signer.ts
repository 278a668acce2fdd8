import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { headText } from '#shared/protocol/audit.ts';
import type { SignedHead } from '#shared/protocol/audit.ts';

/** Signs heads of chains in the name of the server: that it had all up to there. */
export interface HeadSigner {
  /** Public key, 32 bytes in hex. */
  readonly key: string;
  /** 64 bytes in hex. */
  sign(chain: string, head: Omit<SignedHead, 'signature'>): string;
  /** True for a head that was signed with this key. */
  isOwn(chain: string, head: SignedHead): boolean;
}

/** What PKCS #8 and SPKI put before the 32 bytes of an Ed25519 key. */
const PRIVATE_PREFIX = '302e020100300506032b657004220420';
const PUBLIC_PREFIX = '302a300506032b6570032100';

/** @param seed 32 bytes in hex, of which the key is made */
export function createHeadSigner(seed: string): HeadSigner {
  const secret = createPrivateKey({
    key: Buffer.from(PRIVATE_PREFIX + seed, 'hex'),
    format: 'der',
    type: 'pkcs8',
  });
  const known = createPublicKey(secret);
  const key = known
    .export({ format: 'der', type: 'spki' })
    .toString('hex')
    .slice(PUBLIC_PREFIX.length);
  return {
    key,
    sign: (chain, head) => sign(null, Buffer.from(headText(chain, head)), secret).toString('hex'),
    isOwn: (chain, head) =>
      verify(null, Buffer.from(headText(chain, head)), known, Buffer.from(head.signature, 'hex')),
  };
}

/** True when a text was signed with the private part of a key. */
export function isSignedBy(key: string, text: string, signature: string): boolean {
  const known = createPublicKey({
    key: Buffer.from(PUBLIC_PREFIX + key, 'hex'),
    format: 'der',
    type: 'spki',
  });
  return verify(null, Buffer.from(text), known, Buffer.from(signature, 'hex'));
}
