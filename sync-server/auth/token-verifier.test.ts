import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { freePort } from '#stack/free-port.ts';
import { startIssuer } from '../testing/issuer.suite.ts';
import type { TestIssuer } from '../testing/issuer.suite.ts';
import { openCache } from '../cache/cache.ts';
import { createTokenVerifier } from './token-verifier.ts';

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.stop());

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof AppError ? error.code : error),
  );

const verifierOf = ({ authUrl, clock }: { authUrl: string; clock: Clock }) =>
  createTokenVerifier({
    authUrl,
    clock,
    cache: openCache({ redis: null, sealKey: null, clock, log: silentLogger }),
  });

describe('the token verifier', () => {
  test('reads who somebody is, with all claims for the policies', async () => {
    const user = newId();
    const verifier = verifierOf({ authUrl: issuer.url, clock: { now: Date.now } });
    const identity = await verifier.verify(await issuer.token(user, { over: { aal: 'aal2' } }));
    expect(identity).toMatchObject({
      userId: user,
      claims: { sub: user, role: 'authenticated', aal: 'aal2', iss: issuer.url },
    });
    expect(identity.expiresAt).toBeGreaterThan(Date.now());
  });

  test('fetches the keys once for many tokens', async () => {
    const verifier = verifierOf({ authUrl: issuer.url, clock: { now: Date.now } });
    const before = issuer.fetches();
    for (let n = 0; n < 5; n += 1) await verifier.verify(await issuer.token(newId()));
    expect(issuer.fetches() - before).toBe(1);
  });

  test('refuses a remembered token from the moment it expires', async () => {
    let now = Date.now();
    const verifier = verifierOf({ authUrl: issuer.url, clock: { now: () => now } });
    const token = await issuer.token(newId(), { expiresIn: 60 });
    const { expiresAt } = await verifier.verify(token);
    now = expiresAt - 1;
    expect(await codeOf(verifier.verify(token))).toBe('accepted');
    now = expiresAt;
    expect(await codeOf(verifier.verify(token))).toBe('AUTH_TOKEN_EXPIRED');
    expect(await codeOf(verifier.verify(token))).toBe('AUTH_TOKEN_EXPIRED');
  });

  test('does not call a token bad because its keys cannot be fetched', async () => {
    const token = await issuer.token(newId());
    const away = `http://127.0.0.1:${await freePort()}/auth/v1`;
    const nowhere = verifierOf({ authUrl: away, clock: { now: Date.now } });
    expect(await codeOf(nowhere.verify(token))).toBe('SERVER_BUSY');
    const wrongPath = verifierOf({
      authUrl: `${issuer.url}/other`,
      clock: { now: Date.now },
    });
    expect(await codeOf(wrongPath.verify(token))).toBe('SERVER_BUSY');
  });

  test('takes nothing that is far too long to be a token', async () => {
    const verifier = verifierOf({ authUrl: issuer.url, clock: { now: Date.now } });
    expect(await codeOf(verifier.verify('a'.repeat(10_000)))).toBe('AUTH_TOKEN_INVALID');
  });
});
