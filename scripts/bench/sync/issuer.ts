import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';

/** A sign-in service as far as the sync server sees one: published keys and signed tokens. */
export interface Issuer {
  readonly url: string;
  /** A person's token, good for a day. */
  token(userId: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' };
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/auth/v1`;
  return {
    url,
    token: (userId) =>
      new SignJWT({ role: 'authenticated', aal: 'aal1' })
        .setProtectedHeader({ alg: 'ES256', kid: 'bench' })
        .setSubject(userId)
        .setIssuer(url)
        .setAudience('authenticated')
        .setIssuedAt()
        .setExpirationTime('24h')
        .sign(privateKey),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
