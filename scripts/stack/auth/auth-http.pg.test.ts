import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import {
  PASSWORD,
  PUBLISHABLE_KEY,
  SERVICE_KEY,
  must,
  setUpAuth,
  type AuthSetup,
} from '../test-fixtures/auth-setup.ts';
import { loadSigningKey } from './signing-key.ts';

let db: TestDatabase;
let setup: AuthSetup;
const logged: string[] = [];

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  setup = await setUpAuth(db, { log: (line) => logged.push(line) });
});

afterAll(async () => {
  await setup.stop();
  await db.close();
});

type Call = { method?: string; headers?: Record<string, string>; body?: string };

async function call(path: string, { method = 'GET', headers = {}, body }: Call = {}) {
  const reply = await fetch(`${setup.auth.url}/auth/v1${path}`, {
    method,
    headers: { apikey: PUBLISHABLE_KEY, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await reply.text();
  const json: unknown = text === '' ? undefined : JSON.parse(text);
  return { status: reply.status, headers: reply.headers, json };
}

const NAMED = { 'x-supabase-api-version': '2024-01-01' };

describe('the format of errors', () => {
  const body = JSON.stringify({ email: 'a@example.com', password: 'x' });
  const path = '/token?grant_type=password';

  it('is a number, a code and a message at first', async () => {
    const reply = await call(path, { method: 'POST', body });
    expect(reply.json).toEqual({
      code: 400,
      error_code: 'invalid_credentials',
      msg: 'Invalid login credentials',
    });
    expect(reply.headers.get('x-supabase-api-version')).toBeNull();
  });

  it('is a code and a message since 2024-01-01', async () => {
    const reply = await call(path, { method: 'POST', body, headers: NAMED });
    expect(reply.json).toEqual({
      code: 'invalid_credentials',
      message: 'Invalid login credentials',
    });
    expect(reply.headers.get('x-supabase-api-version')).toBe('2024-01-01');
    expect(reply.headers.get('x-sb-error-code')).toBe('invalid_credentials');
  });
});

describe('input', () => {
  it.each([
    ['no JSON', '/token?grant_type=password', '{"email":', 'bad_json'],
    [
      'a field of another type',
      '/token?grant_type=password',
      '{"email":1,"password":"x"}',
      'validation_failed',
    ],
    ['a missing field', '/token?grant_type=refresh_token', '{}', 'validation_failed'],
    ['an array', '/token?grant_type=pkce', '[]', 'validation_failed'],
    ['null', '/token?grant_type=pkce', 'null', 'validation_failed'],
    ['an unknown grant', '/token?grant_type=constructor', '{}', 'invalid_credentials'],
    ['two grants', '/token?grant_type=password&grant_type=pkce', '{}', 'validation_failed'],
  ])('is refused when it is %s', async (_, path, body, code) => {
    const reply = await call(path, { method: 'POST', body, headers: NAMED });
    expect([reply.status, reply.json]).toMatchObject([400, { code }]);
  });

  it('is refused when it is too large, or of another kind', async () => {
    const large = await call('/token?grant_type=password', {
      method: 'POST',
      body: JSON.stringify({ email: 'a'.repeat(70_000), password: 'x' }),
    });
    expect(large.status).toBe(413);
    const form = await call('/token?grant_type=password', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'email=a',
    });
    expect(form.status).toBe(415);
  });

  it('is not repeated in the error', async () => {
    const body = JSON.stringify({ email: 'a@example.com', password: { secret: 'hunter2' } });
    const reply = await call('/token?grant_type=password', { method: 'POST', body });
    expect(JSON.stringify(reply.json)).not.toContain('hunter2');
  });

  it('without a challenge does not begin a sign-in at Google', async () => {
    const reply = await call('/authorize?provider=google');
    expect([reply.status, reply.json]).toMatchObject([400, { error_code: 'validation_failed' }]);
  });
});

describe('rights', () => {
  it('need an API key, except where a browser comes by itself', async () => {
    const without = { headers: { apikey: '' } };
    expect((await call('/user', without)).status).toBe(401);
    expect((await call('/settings', without)).status).toBe(401);
    expect((await call('/.well-known/jwks.json', without)).status).toBe(200);
    expect((await call('/health', without)).status).toBe(200);
  });

  it.each([
    ['none', {}, 401, 'no_authorization'],
    ['one that is no token', { authorization: 'Bearer nonsense' }, 403, 'bad_jwt'],
    ['the service key', { authorization: `Bearer ${SERVICE_KEY}` }, 403, 'bad_jwt'],
  ])('of a user need a token, not %s', async (_, headers, status, code) => {
    const reply = await call('/user', { headers: { ...NAMED, ...headers } });
    expect([reply.status, reply.json]).toMatchObject([status, { code }]);
  });

  it('of a user are not given for a token that another key signed', async () => {
    await setup.addUser('forged@example.com');
    const signIn = { email: 'forged@example.com', password: PASSWORD };
    const { session } = must(await setup.client().auth.signInWithPassword(signIn));
    const [header = '', payload = '', signature = ''] = session.access_token.split('.');
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const raised = Buffer.from(JSON.stringify({ ...(claims as object), aal: 'aal2' }));
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const token of [
      `${header}.${raised.toString('base64url')}.${signature}`,
      `${none}.${payload}.`,
    ]) {
      const reply = await call('/user', { headers: { authorization: `Bearer ${token}` } });
      expect(reply.status).toBe(403);
    }
  });

  it('of a user are given only for a token that is for here, for now, and of one piece', async () => {
    const [id, otherId] = [
      await setup.addUser('one@example.com'),
      await setup.addUser('two@example.com'),
    ];
    const signIn = { email: 'one@example.com', password: PASSWORD };
    const { session } = must(await setup.client().auth.signInWithPassword(signIn));
    const key = await loadSigningKey(setup.keyFile);
    const claims = decodeJwt(session.access_token);
    expect(claims.sub).toBe(id);
    const statusWith = async (changes: object): Promise<number> => {
      const token = await key.sign({ ...claims, ...changes });
      return (await call('/user', { headers: { authorization: `Bearer ${token}` } })).status;
    };
    expect(await statusWith({})).toBe(200);
    for (const changes of [
      { iss: 'https://other.example/auth/v1' },
      { aud: 'other' },
      { exp: Math.floor(Date.now() / 1000) - 1 },
      { sub: otherId },
      { session_id: undefined },
    ]) {
      expect([changes, await statusWith(changes)]).toEqual([changes, 403]);
    }
  });

  it('of the administrator need the service key, whatever the request says', async () => {
    for (const key of [PUBLISHABLE_KEY, `${SERVICE_KEY}x`, '']) {
      const reply = await call('/admin/users', {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: '{}',
      });
      expect([401, 403]).toContain(reply.status);
    }
  });

  it('are not given to pages of any origin', async () => {
    const preflight = await fetch(`${setup.auth.url}/auth/v1/token`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    const simple = await fetch(`${setup.auth.url}/auth/v1/settings`, {
      headers: { origin: 'https://evil.example', apikey: PUBLISHABLE_KEY },
    });
    expect(preflight.status).toBe(404);
    for (const reply of [preflight, simple]) {
      expect(reply.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('the administrator', () => {
  it('cannot give an address twice, in whatever letters', async () => {
    await setup.addUser('twice@example.com');
    const { error } = await setup.admin.auth.admin.createUser({ email: 'Twice@Example.com' });
    expect(error).toMatchObject({ status: 422, code: 'email_exists' });
  });

  it('reads and deletes users, whose tokens end with them', async () => {
    const id = await setup.addUser('deleted@example.com');
    const signIn = { email: 'deleted@example.com', password: PASSWORD };
    const { session } = must(await setup.client().auth.signInWithPassword(signIn));
    expect(must(await setup.admin.auth.admin.getUserById(id)).user.email).toBe(signIn.email);
    must(await setup.admin.auth.admin.deleteUser(id));
    expect((await setup.admin.auth.admin.getUserById(id)).error?.code).toBe('user_not_found');
    const reply = await call('/user', {
      headers: { ...NAMED, authorization: `Bearer ${session.access_token}` },
    });
    expect(reply.json).toMatchObject({ code: 'user_not_found' });
  });
});

describe('an unexpected failure', () => {
  it('says nothing to the client and no data to the log', async () => {
    await db.admin.query('alter table auth.users rename to users_gone');
    try {
      const reply = await call('/token?grant_type=password', {
        method: 'POST',
        headers: NAMED,
        body: JSON.stringify({ email: 'quiet@example.com', password: 'x' }),
      });
      expect([reply.status, reply.json]).toMatchObject([500, { code: 'unexpected_failure' }]);
      expect(JSON.stringify(reply.json)).not.toMatch(/users|relation/);
    } finally {
      await db.admin.query('alter table auth.users_gone rename to users');
    }
    expect(logged).toEqual([
      expect.stringMatching(/^auth: POST \/auth\/v1\/token failed: error 42P01 \([0-9a-f-]{36}\)$/),
    ]);
  });
});
