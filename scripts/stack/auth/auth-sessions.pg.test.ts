import { stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import {
  PASSWORD,
  PUBLISHABLE_KEY,
  must,
  setUpAuth,
  type AuthSetup,
} from '../test-fixtures/auth-setup.ts';
import { startAuth } from './server.ts';

let db: TestDatabase;
let setup: AuthSetup;
let clockOffsetMs = 0;

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  setup = await setUpAuth(db, { now: () => Date.now() + clockOffsetMs });
});

afterAll(async () => {
  await setup.stop();
  await db.close();
});

async function signIn(email: string) {
  const client = setup.client();
  const { session } = must(await client.auth.signInWithPassword({ email, password: PASSWORD }));
  return { client, session };
}

const refresh = (token: string) => setup.client().auth.refreshSession({ refresh_token: token });

describe('signing in with a password', () => {
  it('opens a session whose token carries what Supabase puts into it', async () => {
    const id = await setup.addUser('claims@example.com');
    const { client, session } = await signIn('Claims@Example.com');
    const { claims, header } = must(await client.auth.getClaims());
    expect(header).toMatchObject({ alg: 'ES256', kid: setup.auth.publicJwk.kid });
    expect(claims).toEqual({
      iss: `${setup.auth.url}/auth/v1`,
      sub: id,
      aud: 'authenticated',
      exp: session.expires_at,
      iat: (session.expires_at ?? 0) - 3600,
      email: 'claims@example.com',
      phone: '',
      app_metadata: { team: 'front-desk', provider: 'email', providers: ['email'] },
      user_metadata: {},
      role: 'authenticated',
      aal: 'aal1',
      amr: [{ method: 'password', timestamp: expect.any(Number) }],
      session_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      is_anonymous: false,
    });
  });

  it.each([
    ['a wrong password', 'wrong@example.com', 'not it'],
    ['an unknown address', 'nobody@example.com', PASSWORD],
  ])('refuses %s with the same words', async (_, email, password) => {
    await setup.addUser('wrong@example.com').catch(() => {});
    const { error } = await setup.client().auth.signInWithPassword({ email, password });
    expect(error).toMatchObject({
      status: 400,
      code: 'invalid_credentials',
      message: 'Invalid login credentials',
    });
  });

  it('stops guessing after ten failures, for that address alone, and for five minutes', async () => {
    await setup.addUser('guessed@example.com');
    await setup.addUser('neighbour@example.com');
    const guess = (password: string) =>
      setup.client().auth.signInWithPassword({ email: 'guessed@example.com', password });
    for (let i = 0; i < 10; i++) {
      expect((await guess('nope')).error?.code).toBe('invalid_credentials');
    }
    expect((await guess(PASSWORD)).error).toMatchObject({
      status: 429,
      code: 'over_request_rate_limit',
    });
    await signIn('neighbour@example.com');
    clockOffsetMs = 5 * 60_000;
    try {
      expect((await guess(PASSWORD)).error).toBeNull();
    } finally {
      clockOffsetMs = 0;
    }
  });

  it('refuses a banned user, who cannot refresh either, until the ban is lifted', async () => {
    const id = await setup.addUser('banned@example.com');
    const { session } = await signIn('banned@example.com');
    must(await setup.admin.auth.admin.updateUserById(id, { ban_duration: '24h' }));
    const again = await setup
      .client()
      .auth.signInWithPassword({ email: 'banned@example.com', password: PASSWORD });
    expect(again.error?.code).toBe('user_banned');
    expect((await refresh(session.refresh_token)).error?.code).toBe('user_banned');
    must(await setup.admin.auth.admin.updateUserById(id, { ban_duration: 'none' }));
    await signIn('banned@example.com');
  });

  it('refuses a user whose address is not confirmed', async () => {
    const email = 'unconfirmed@example.com';
    must(await setup.admin.auth.admin.createUser({ email, password: PASSWORD }));
    const { error } = await setup.client().auth.signInWithPassword({ email, password: PASSWORD });
    expect(error?.code).toBe('email_not_confirmed');
  });
});

describe('refreshing a session', () => {
  it('gives a new token, and ends the session when an old one comes again later', async () => {
    await setup.addUser('rotate@example.com');
    const { session } = await signIn('rotate@example.com');
    const second = must(await refresh(session.refresh_token)).session;
    const third = must(await refresh(second?.refresh_token ?? '')).session;
    expect(new Set([session, second, third].map((each) => each?.refresh_token)).size).toBe(3);

    await db.postgres.query(
      `update auth.refresh_tokens set updated_at = now() - interval '1 minute' where token = $1`,
      [session.refresh_token],
    );
    expect((await refresh(session.refresh_token)).error).toMatchObject({
      status: 400,
      code: 'refresh_token_already_used',
    });
    expect((await refresh(third?.refresh_token ?? '')).error?.code).toBe(
      'refresh_token_already_used',
    );
  });

  it('gives the same new token again to a client that never got the answer', async () => {
    await setup.addUser('lost@example.com');
    const { session } = await signIn('lost@example.com');
    const first = must(await refresh(session.refresh_token)).session;
    await db.postgres.query(
      `update auth.refresh_tokens set updated_at = now() - interval '1 hour' where token = $1`,
      [session.refresh_token],
    );
    const again = must(await refresh(session.refresh_token)).session;
    expect(again?.refresh_token).toBe(first?.refresh_token);
  });

  it('serves two windows that refresh together from one session', async () => {
    await setup.addUser('together@example.com');
    const { session } = await signIn('together@example.com');
    // With connections open already, the four really meet in the database.
    await Promise.all([1, 2, 3, 4].map(() => db.postgres.query('select pg_sleep(0.1)')));
    const replies = await Promise.all([1, 2, 3, 4].map(() => refresh(session.refresh_token)));
    const tokens = replies.map((reply) => must(reply).session?.refresh_token);
    expect(new Set(tokens).size).toBe(1);
    must(await refresh(tokens[0] ?? ''));
  });

  it('takes up what changed about the user in the meantime', async () => {
    const id = await setup.addUser('promoted@example.com');
    const { client } = await signIn('promoted@example.com');
    must(
      await setup.admin.auth.admin.updateUserById(id, {
        app_metadata: { team: null, site: 'north' },
      }),
    );
    const { user } = must(await client.auth.refreshSession());
    expect(user?.app_metadata).toEqual({ provider: 'email', providers: ['email'], site: 'north' });
  });

  it('refuses a token that was never given', async () => {
    expect((await refresh('made-up')).error?.code).toBe('refresh_token_not_found');
  });

  it('refuses a session past its end', async () => {
    await setup.addUser('timed@example.com');
    const { session } = await signIn('timed@example.com');
    await db.postgres.query(
      `update auth.sessions set not_after = now() - interval '1 second'
        where user_id = (select id from auth.users where email = 'timed@example.com')`,
    );
    expect((await refresh(session.refresh_token)).error?.code).toBe('session_expired');
  });

  it('keeps sessions over a restart, whose key only its owner can read', async () => {
    await setup.addUser('restart@example.com');
    const { session } = await signIn('restart@example.com');
    expect((await stat(setup.keyFile)).mode & 0o777).toBe(0o600);
    await setup.auth.stop();
    const { stop, publicJwk } = await startAuth(setup.options);
    setup.auth.stop = stop;
    expect(publicJwk).toEqual(setup.auth.publicJwk);
    must(await setup.client().auth.getUser(session.access_token));
    must(await refresh(session.refresh_token));
  });
});

describe('signing out', () => {
  const sessionsOf = async (email: string): Promise<number> => {
    const { rows } = await db.postgres.query<{ count: number }>(
      `select count(*)::int as count from auth.sessions
        where user_id = (select id from auth.users where email = $1)`,
      [email],
    );
    return rows[0]?.count ?? -1;
  };

  it.each([
    ['local', 2],
    ['others', 1],
    ['global', 0],
  ] as const)('with scope %s leaves %d of three sessions', async (scope, left) => {
    const email = `out-${scope}@example.com`;
    await setup.addUser(email);
    const { client, session } = await signIn(email);
    await signIn(email);
    await signIn(email);
    expect((await client.auth.signOut({ scope })).error).toBeNull();
    expect(await sessionsOf(email)).toBe(left);
    const after = await setup.client().auth.getUser(session.access_token);
    expect(after.error === null).toBe(scope === 'others');
  });
});

describe('changing the own account', () => {
  it('merges metadata by key and drops a key set to null', async () => {
    await setup.addUser('meta@example.com');
    const { client } = await signIn('meta@example.com');
    must(await client.auth.updateUser({ data: { locale: 'es', theme: { dark: null } } }));
    const { user } = must(await client.auth.updateUser({ data: { locale: null, size: 2 } }));
    expect(user.user_metadata).toEqual({ theme: { dark: null }, size: 2 });
  });

  it('ends the other sessions with the old password', async () => {
    await setup.addUser('change@example.com');
    const { client } = await signIn('change@example.com');
    const other = await signIn('change@example.com');
    must(await client.auth.updateUser({ password: 'another fine password' }));
    must(await client.auth.refreshSession());
    expect((await refresh(other.session.refresh_token)).error?.code).toBe(
      'refresh_token_not_found',
    );
    const old = { email: 'change@example.com', password: PASSWORD };
    expect((await setup.client().auth.signInWithPassword(old)).error?.code).toBe(
      'invalid_credentials',
    );
  });

  it('refuses a password that is short or the same, and rights given to oneself', async () => {
    await setup.addUser('weak@example.com');
    const { client, session } = await signIn('weak@example.com');
    const weak = await client.auth.updateUser({ password: 'short' });
    expect(weak.error).toMatchObject({ code: 'weak_password', reasons: ['length'] });
    const same = await client.auth.updateUser({ password: PASSWORD });
    expect(same.error?.code).toBe('same_password');
    const reply = await fetch(`${setup.auth.url}/auth/v1/user`, {
      method: 'PUT',
      headers: {
        apikey: PUBLISHABLE_KEY,
        authorization: `Bearer ${session.access_token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ app_metadata: { role: 'admin' } }),
    });
    expect(reply.status).toBe(403);
  });
});
