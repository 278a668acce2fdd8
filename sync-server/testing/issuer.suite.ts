import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { JWTPayload } from 'jose';

/** A sign-in service as far as the sync server sees one: published ES256 keys and signed tokens. */
export interface TestIssuer {
  readonly url: string;
  /** How often the keys were fetched. */
  readonly fetches: () => number;
  /** A token of a person; `over` replaces claims, `expiresIn` is in seconds and may be negative. */
  token(
    userId: string,
    options?: { expiresIn?: number; over?: JWTPayload; audience?: string; issuer?: string },
  ): Promise<string>;
  /** A token like the others, signed with a key that was never published. */
  forged(userId: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const stranger = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test-key', alg: 'ES256', use: 'sig' };
  let fetches = 0;
  const server = createServer((request, response) => {
    if (request.url !== '/auth/v1/.well-known/jwks.json') {
      response.writeHead(404).end();
      return;
    }
    fetches += 1;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/auth/v1`;

  const sign = (
    key: CryptoKey,
    userId: string,
    {
      expiresIn = 3600,
      over = {},
      audience = 'authenticated',
      issuer = url,
    }: Parameters<TestIssuer['token']>[1] = {},
  ): Promise<string> =>
    new SignJWT({ role: 'authenticated', aal: 'aal1', ...over })
      .setProtectedHeader({ alg: 'ES256', kid: 'test-key' })
      .setSubject(userId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + expiresIn)
      .sign(key);

  return {
    url,
    fetches: () => fetches,
    token: (userId, options) => sign(privateKey, userId, options),
    forged: (userId) => sign(stranger.privateKey, userId),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
