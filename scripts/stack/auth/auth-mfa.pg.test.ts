import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import {
  PASSWORD,
  must,
  setUpAuth,
  type AuthClient,
  type AuthSetup,
} from '../test-fixtures/auth-setup.ts';
import { totp } from './totp.ts';

let db: TestDatabase;
let setup: AuthSetup;

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  setup = await setUpAuth(db);
});

afterAll(async () => {
  await setup.stop();
  await db.close();
});

async function signIn(email: string): Promise<AuthClient> {
  const client = setup.client();
  must(await client.auth.signInWithPassword({ email, password: PASSWORD }));
  return client;
}

async function newUser(email: string): Promise<AuthClient> {
  await setup.addUser(email);
  return signIn(email);
}

async function enroll(client: AuthClient, friendlyName = 'phone') {
  const options = { factorType: 'totp', friendlyName, issuer: 'Ganger' } as const;
  const { id, totp: app } = must(await client.auth.mfa.enroll(options));
  return { id, ...app };
}

async function verify(client: AuthClient, factorId: string, code: string) {
  const { id: challengeId } = must(await client.auth.mfa.challenge({ factorId }));
  return client.auth.mfa.verify({ factorId, challengeId, code });
}

const levels = async (client: AuthClient) => {
  const { currentLevel, nextLevel } = must(await client.auth.mfa.getAuthenticatorAssuranceLevel());
  return [currentLevel, nextLevel];
};

describe('a second factor', () => {
  it('raises the session once its first code is right', async () => {
    const client = await newUser('mfa@example.com');
    const factor = await enroll(client);
    expect(factor.uri).toContain(`otpauth://totp/Ganger:mfa%40example.com?`);
    expect(factor.qr_code).toMatch(/^data:image\/svg\+xml;utf-8,<svg /);
    expect(await levels(client)).toEqual(['aal1', 'aal1']);

    must(await verify(client, factor.id, totp(factor.secret, Date.now())));
    expect(await levels(client)).toEqual(['aal2', 'aal2']);
    expect(must(await client.auth.mfa.listFactors()).totp).toMatchObject([
      { id: factor.id, friendly_name: 'phone', status: 'verified' },
    ]);
    const { claims } = must(await client.auth.getClaims());
    expect(claims).toMatchObject({
      aal: 'aal2',
      amr: [{ method: 'totp' }, { method: 'password' }],
    });
  });

  it('is asked for at the next sign-in, and stays over a refresh', async () => {
    const client = await newUser('mfa-next@example.com');
    const { id, secret } = await enroll(client);
    must(await verify(client, id, totp(secret, Date.now())));
    const next = await signIn('mfa-next@example.com');
    expect(await levels(next)).toEqual(['aal1', 'aal2']);
    must(await verify(next, id, totp(secret, Date.now())));
    must(await next.auth.refreshSession());
    expect(await levels(next)).toEqual(['aal2', 'aal2']);
  });

  it('ends the sessions that lack it', async () => {
    const client = await newUser('mfa-others@example.com');
    const weaker = await signIn('mfa-others@example.com');
    const { id, secret } = await enroll(client);
    must(await verify(client, id, totp(secret, Date.now())));
    expect((await weaker.auth.refreshSession()).error?.code).toBe('refresh_token_not_found');
  });

  it('refuses wrong codes, in the end even the right one', async () => {
    const client = await newUser('mfa-wrong@example.com');
    const { id, secret } = await enroll(client);
    for (let i = 0; i < 15; i++) {
      expect((await verify(client, id, '000000')).error?.code).toBe('mfa_verification_failed');
    }
    expect((await verify(client, id, totp(secret, Date.now()))).error).toMatchObject({
      status: 429,
      code: 'over_request_rate_limit',
    });
  });

  it('takes a challenge once and for five minutes', async () => {
    const client = await newUser('mfa-once@example.com');
    const { id: factorId, secret } = await enroll(client);
    const old = must(await client.auth.mfa.challenge({ factorId }));
    await db.postgres.query(
      `update auth.mfa_challenges set created_at = now() - interval '6 minutes' where id = $1`,
      [old.id],
    );
    const answer = async (challengeId: string) =>
      client.auth.mfa.verify({ factorId, challengeId, code: totp(secret, Date.now()) });
    expect((await answer(old.id)).error?.code).toBe('mfa_challenge_expired');
    const challenge = must(await client.auth.mfa.challenge({ factorId }));
    must(await answer(challenge.id));
    expect((await answer(challenge.id)).error?.code).toBe('mfa_factor_not_found');
  });

  it('cannot be used or removed by another user', async () => {
    const owner = await newUser('mfa-owner@example.com');
    const thief = await newUser('mfa-thief@example.com');
    const { id: factorId } = await enroll(owner);
    await enroll(thief);
    expect((await thief.auth.mfa.challenge({ factorId })).error?.code).toBe('mfa_factor_not_found');
    expect((await thief.auth.mfa.unenroll({ factorId })).error?.code).toBe('mfa_factor_not_found');
  });

  it('guards itself, further factors and the password', async () => {
    const client = await newUser('mfa-guard@example.com');
    const { id: factorId, secret } = await enroll(client);
    expect(
      (await client.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'phone' })).error?.code,
    ).toBe('mfa_factor_name_conflict');
    must(await verify(client, factorId, totp(secret, Date.now())));
    const weaker = await signIn('mfa-guard@example.com');
    const refusals = [
      await weaker.auth.mfa.enroll({ factorType: 'totp', friendlyName: 'mine' }),
      await weaker.auth.mfa.unenroll({ factorId }),
      await weaker.auth.updateUser({ password: 'another fine password' }),
    ];
    expect(refusals.map((reply) => reply.error?.code)).toEqual(Array(3).fill('insufficient_aal'));
  });

  it('takes the raised level with it when it is removed', async () => {
    const client = await newUser('mfa-remove@example.com');
    const { id: factorId, secret } = await enroll(client);
    must(await verify(client, factorId, totp(secret, Date.now())));
    must(await client.auth.mfa.unenroll({ factorId }));
    must(await client.auth.refreshSession());
    expect(await levels(client)).toEqual(['aal1', 'aal1']);
  });
});
