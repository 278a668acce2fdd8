import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findVendorSpec, loadContract, type RecordedReply } from '../openapi-contract.ts';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import {
  PASSWORD,
  PUBLISHABLE_KEY,
  must,
  setUpAuth,
  type AuthSetup,
} from '../test-fixtures/auth-setup.ts';
import { openBrowser } from '../test-fixtures/browser.ts';
import { totp } from './totp.ts';

/** Where the vendor's server and its description differ, seen in the server's own source. */
const DEVIATIONS = {
  errorSchema: '#/components/schemas/ErrorSchema',
  undocumented: {
    '#/components/schemas/AccessTokenResponseSchema': ['provider_token', 'provider_refresh_token'],
    '#/components/responses/RateLimitResponse/content/application~1json/schema': ['error_code'],
    '#/paths/~1factors/post/responses/200/content/application~1json/schema': ['friendly_name'],
  },
  // A provider's id of an account is whatever the provider uses.
  unkeptFormats: ['#/components/schemas/IdentitySchema/properties/id'],
} as const;

let db: TestDatabase;
let setup: AuthSetup;
const recorded: RecordedReply[] = [];

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  setup = await setUpAuth(db, { passwordAttempts: { max: 1, windowMs: 60_000 } });
  await useEverything();
});

afterAll(async () => {
  await setup.stop();
  await db.close();
});

/** Records replies in the format of the first API version, the only one that is described. */
const recordingFetch: typeof fetch = async (input, init) => {
  const request = new Request(input, init);
  request.headers.delete('x-supabase-api-version');
  const reply = await fetch(request);
  const text = await reply.clone().text();
  recorded.push({
    method: request.method,
    path: new URL(request.url).pathname.replace('/auth/v1', ''),
    status: reply.status,
    body: text === '' ? undefined : JSON.parse(text),
  });
  return reply;
};

async function useEverything(): Promise<void> {
  const get = (path: string) =>
    recordingFetch(`${setup.auth.url}/auth/v1${path}`, { headers: { apikey: PUBLISHABLE_KEY } });
  await get('/health');
  await get('/settings');
  await get('/user');
  await setup.addUser('contract@example.com');
  const { auth } = setup.client(new Map(), recordingFetch);
  const login = { email: 'contract@example.com', password: PASSWORD };

  await auth.signInWithPassword({ ...login, password: 'wrong' });
  await auth.signInWithPassword({ ...login, password: 'limited' });
  await auth.refreshSession({ refresh_token: 'made-up' });
  await auth.exchangeCodeForSession('not a code');
  await setup.addUser('contract-2@example.com');
  must(await auth.signInWithPassword({ ...login, email: 'contract-2@example.com' }));
  must(await auth.getUser());
  must(await auth.refreshSession());
  await auth.updateUser({ password: 'short' });
  must(await auth.updateUser({ data: { locale: 'en' } }));

  const { id: factorId, totp: app } = must(
    await auth.mfa.enroll({ factorType: 'totp', friendlyName: 'phone' }),
  );
  await auth.mfa.enroll({ factorType: 'totp', friendlyName: 'phone' });
  const { id: challengeId } = must(await auth.mfa.challenge({ factorId }));
  await auth.mfa.verify({ factorId, challengeId, code: '000000' });
  const code = totp(app.secret, Date.now());
  must(await auth.mfa.verify({ factorId, challengeId, code }));
  must(await auth.getUser());
  must(await auth.mfa.unenroll({ factorId }));
  await auth.mfa.unenroll({ factorId });
  expect((await auth.signOut()).error).toBeNull();

  await setup.addUser('doc@example.com');
  const options = { redirectTo: 'ganger://auth/callback', skipBrowserRedirect: true };
  const { url } = must(await auth.signInWithOAuth({ provider: 'google', options }));
  const end = await openBrowser().open(url, (at) => at.startsWith('ganger:'));
  must(await auth.exchangeCodeForSession(new URL(end.url).searchParams.get('code') ?? ''));
}

describe('the recording', () => {
  it('holds every operation that the product uses, with successes and refusals', () => {
    const seen = recorded.map(({ method, path, status }) => {
      const template = path.replace(/[0-9a-f-]{36}/, '{id}');
      return `${method} ${template} ${status}`;
    });
    expect([...new Set(seen)].toSorted()).toEqual([
      'DELETE /factors/{id} 200',
      'DELETE /factors/{id} 404',
      'GET /health 200',
      'GET /settings 200',
      'GET /user 200',
      'GET /user 401',
      'POST /factors 200',
      'POST /factors 422',
      'POST /factors/{id}/challenge 200',
      'POST /factors/{id}/verify 200',
      'POST /factors/{id}/verify 422',
      'POST /logout 204',
      'POST /token 200',
      'POST /token 400',
      'POST /token 429',
      'PUT /user 200',
      'PUT /user 422',
    ]);
  });
});

const spec = findVendorSpec('supabase-auth-openapi.yaml');
// Without the vendor's description there is nothing to judge by: these checks do not exist then.
if (spec !== undefined) {
  describe("by the vendor's description of the Auth API", () => {
    it('every recorded reply keeps to it', async () => {
      const contract = await loadContract(spec, DEVIATIONS);
      const verdicts = recorded.map((reply) => ({
        reply: `${reply.method} ${reply.path} ${reply.status}`,
        ...contract.judge(reply),
      }));
      expect(verdicts.filter((verdict) => !('kept' in verdict))).toEqual([]);
    });
  });
}
