import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../test-database.ts';
import { must, setUpAuth, type AuthClient, type AuthSetup } from '../test-fixtures/auth-setup.ts';
import { openBrowser } from '../test-fixtures/browser.ts';

const DEEP_LINK = 'ganger://auth/callback';

let db: TestDatabase;
let setup: AuthSetup;

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  setup = await setUpAuth(db);
  await setup.addUser('doc@example.com');
});

afterEach(() => {
  setup.google.setAuto({ email: 'doc@example.com' });
});

afterAll(async () => {
  await setup.stop();
  await db.close();
});

/** What the app does: asks for the address, and hands it to the system's browser. */
async function startSignIn(client: AuthClient, redirectTo = DEEP_LINK): Promise<string> {
  const options = { redirectTo, skipBrowserRedirect: true };
  return must(await client.auth.signInWithOAuth({ provider: 'google', options })).url;
}

const isDeepLink = (url: string): boolean => url.startsWith('ganger:');
const isSite = (url: string): boolean => url.startsWith('http://127.0.0.1/');

async function codeFor(client: AuthClient): Promise<string> {
  const { url } = await openBrowser().open(await startSignIn(client), isDeepLink);
  return new URL(url).searchParams.get('code') ?? '';
}

describe('signing in with Google', () => {
  it('comes back over a loopback address and links the user of the same address', async () => {
    const seen = Promise.withResolvers<string>();
    const listener = createServer((request, response) => {
      response.end('You may close this window.');
      seen.resolve(request.url ?? '');
    }).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;

    const client = setup.client();
    await openBrowser().open(await startSignIn(client, `http://127.0.0.1:${port}/done`));
    const code = new URL(await seen.promise, 'http://127.0.0.1').searchParams.get('code') ?? '';
    listener.close();
    const { user, session } = must(await client.auth.exchangeCodeForSession(code));

    expect(user.email).toBe('doc@example.com');
    expect(user.app_metadata).toMatchObject({ provider: 'email', providers: ['email', 'google'] });
    expect(user.user_metadata).toMatchObject({ full_name: 'Dora Doc', email_verified: true });
    expect(user.identities?.map((identity) => identity.provider)).toEqual(['email', 'google']);
    const claims = must(await client.auth.getClaims(session.access_token)).claims;
    expect(claims.amr).toMatchObject([{ method: 'oauth' }]);
  });

  it('comes back over the deep link to an app that was restarted meanwhile', async () => {
    const storage = new Map<string, string>();
    const code = await codeFor(setup.client(storage));
    const { user } = must(await setup.client(storage).auth.exchangeCodeForSession(code));
    expect(user.email).toBe('doc@example.com');
  });

  it('keeps one user and one identity over many sign-ins', async () => {
    for (let i = 0; i < 2; i++) {
      const client = setup.client();
      must(await client.auth.exchangeCodeForSession(await codeFor(client)));
    }
    const { rows } = await db.postgres.query(
      `select count(*)::int as count from auth.identities
        where provider = 'google' and email = 'doc@example.com'`,
    );
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('takes a code once, and only from the app that began', async () => {
    const client = setup.client();
    const thief = setup.client();
    const code = await codeFor(client);
    await startSignIn(thief);
    expect((await thief.auth.exchangeCodeForSession(code)).error?.code).toBe('bad_code_verifier');
    must(await client.auth.exchangeCodeForSession(code));
    await startSignIn(client);
    expect((await client.auth.exchangeCodeForSession(code)).error?.code).toBe(
      'flow_state_not_found',
    );
  });

  it('takes a code for five minutes', async () => {
    const client = setup.client();
    const code = await codeFor(client);
    await db.postgres.query(
      `update auth.flow_state set auth_code_issued_at = now() - interval '6 minutes'
        where auth_code = $1`,
      [code],
    );
    expect((await client.auth.exchangeCodeForSession(code)).error?.code).toBe('flow_state_expired');
  });

  it.each([
    'https://evil.example/take',
    'http://127.0.0.1.evil.example/',
    'http://127.0.0.1@evil.example/',
    'ganger://other/callback',
    'javascript:alert(1)',
  ])('does not go back to %s but to the site', async (redirectTo) => {
    const url = await startSignIn(setup.client(), redirectTo);
    const end = await openBrowser().open(
      url,
      (at) => isSite(at) || (!at.startsWith('http://127.0.0.1:') && at !== url),
    );
    expect(new URL(end.url).origin + new URL(end.url).pathname).toBe('http://127.0.0.1/signed-in');
  });

  it('tells the app when the person says no', async () => {
    setup.google.setAuto('deny');
    const end = await openBrowser().open(await startSignIn(setup.client()), isDeepLink);
    expect(new URL(end.url).searchParams.get('error')).toBe('access_denied');
  });

  it.each([
    ['an account without a user', 'stranger@example.com', 'signup_disabled'],
    [
      'an address that Google does not vouch for',
      'unverified@example.com',
      'provider_email_needs_verification',
    ],
  ])('refuses %s', async (_, email, code) => {
    setup.google.setAuto({ email });
    const end = await openBrowser().open(await startSignIn(setup.client()), isDeepLink);
    expect(new URL(end.url).searchParams.get('error_code')).toBe(code);
  });

  it('refuses an answer that nobody asked for', async () => {
    const url = `${setup.auth.url}/auth/v1/callback?state=made-up&code=x`;
    const end = await openBrowser().open(url, isSite);
    expect(new URL(end.url).searchParams.get('error_code')).toBe('bad_oauth_state');
  });

  it('takes the password from an account whose address was never confirmed', async () => {
    const email = 'squatter@example.com';
    must(
      await setup.admin.auth.admin.createUser({
        email: 'squatter@example.com',
        password: 'set by a squatter',
      }),
    );
    await db.postgres.query(
      `update auth.users set email = 'stranger@example.com' where email = $1`,
      [email],
    );
    setup.google.setAuto({ email: 'stranger@example.com' });
    const client = setup.client();
    must(await client.auth.exchangeCodeForSession(await codeFor(client)));
    const squatter = { email: 'stranger@example.com', password: 'set by a squatter' };
    expect((await setup.client().auth.signInWithPassword(squatter)).error?.code).toBe(
      'invalid_credentials',
    );
  });
});

describe('the page that stands in for Google', () => {
  it('lets a person choose an account, and asks again the next time', async () => {
    setup.google.setAuto(undefined);
    const browser = openBrowser();
    const client = setup.client();
    const shown = await browser.open(await startSignIn(client));
    expect(shown.page).toContain('<h1>Choose a demo account</h1>');
    expect(shown.page).toContain('Provider, Northside');
    expect(shown.page).toContain('Sam &lt;Stranger&gt;');

    const [, account = ''] = /value="(\d{21})">Dora Doc/.exec(shown.page) ?? [];
    const end = await browser.post(shown.url, { account }, isDeepLink);
    const code = new URL(end.url).searchParams.get('code') ?? '';
    expect(must(await client.auth.exchangeCodeForSession(code)).user.email).toBe('doc@example.com');

    const again = await browser.open(await startSignIn(setup.client()));
    expect(again.page).toContain('Choose a demo account');
  });

  it('lets a person cancel', async () => {
    setup.google.setAuto(undefined);
    const browser = openBrowser();
    const shown = await browser.open(await startSignIn(setup.client()));
    const end = await browser.post(shown.url, { cancel: 'yes' }, isDeepLink);
    expect(new URL(end.url).searchParams.get('error')).toBe('access_denied');
  });

  it('refuses a choice from another browser', async () => {
    setup.google.setAuto(undefined);
    const shown = await openBrowser().open(await startSignIn(setup.client()));
    const other = await openBrowser().post(shown.url, { account: '1' });
    expect(other.page).toContain('Sign-in did not work');
  });
});
