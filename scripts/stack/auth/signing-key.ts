import { readFile, writeFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  jwtVerify,
  SignJWT,
  type JWTPayload,
} from 'jose';
import { z } from 'zod';
import { StackError, errorCode } from '../stack-error.ts';

const ALGORITHM = 'ES256';

const PrivateJwk = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});

/** The public half of the key as the JWKS endpoint shows it. */
export type PublicJwk = {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  alg: 'ES256';
  use: 'sig';
  key_ops: ['verify'];
  kid: string;
};

export type SigningKey = {
  publicJwk: PublicJwk;
  /** Signs claims; the caller gives them all, with issuer and times. */
  sign(claims: JWTPayload): Promise<string>;
  /** Checks signature, times, audience and issuer; throws a `jose` error when one is wrong. */
  verify(token: string, expected: { audience: string; issuer: string }): Promise<JWTPayload>;
};

/**
 * Loads the key pair that signs access tokens, making it at the first call. It is kept in `file`,
 * readable by its owner only, so that sessions outlive a restart.
 */
export async function loadSigningKey(file: string): Promise<SigningKey> {
  await mkdir(path.dirname(file), { recursive: true });
  const jwk = (await readKey(file)) ?? (await makeKey(file));
  const { d, ...shared } = jwk;
  const kid = await calculateJwkThumbprint(shared);
  const publicJwk: PublicJwk = { ...shared, alg: ALGORITHM, use: 'sig', key_ops: ['verify'], kid };
  const privateKey = await importJWK({ ...shared, d }, ALGORITHM);
  const publicKey = await importJWK(shared, ALGORITHM);
  return {
    publicJwk,
    sign: (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' }).sign(privateKey),
    verify: async (token, { audience, issuer }) =>
      (await jwtVerify(token, publicKey, { algorithms: [ALGORITHM], audience, issuer })).payload,
  };
}

async function readKey(file: string): Promise<z.infer<typeof PrivateJwk> | undefined> {
  try {
    return PrivateJwk.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new StackError(`The signing key ${file} is damaged: restore or remove it.`, error);
  }
}

async function makeKey(file: string): Promise<z.infer<typeof PrivateJwk>> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = PrivateJwk.parse(await exportJWK(privateKey));
  // Not over an existing file: two first starts must end up with one key.
  await writeFile(file, JSON.stringify(jwk), { mode: 0o600, flag: 'wx' }).catch(
    (error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error;
    },
  );
  return (await readKey(file)) ?? jwk;
}
