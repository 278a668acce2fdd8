import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { startAuth, type RunningAuth, type StartAuthOptions } from '../auth/server.ts';
import { freePort } from '../free-port.ts';
import { startGoogle, type GoogleAccountOptions, type RunningGoogle } from '../google.ts';
import type { TestDatabase } from '../test-database.ts';

export const SERVICE_KEY = 'sb_secret_test-only';
export const PUBLISHABLE_KEY = 'sb_publishable_test-only';
export const PASSWORD = 'correct horse battery';

export const ACCOUNTS: readonly GoogleAccountOptions[] = [
  { email: 'Doc@example.com', name: 'Dora Doc', note: 'Provider, Northside' },
  { email: 'stranger@example.com', name: 'Sam <Stranger>' },
  { email: 'unverified@example.com', name: 'Una', emailVerified: false },
];

/** The part of Supabase's client that signs people in. */
export type AuthClient = Pick<SupabaseClient, 'auth'>;

export type AuthSetup = {
  auth: RunningAuth;
  google: RunningGoogle;
  keyFile: string;
  options: StartAuthOptions;
  /** A client as the app uses it, with a storage of its own or a given one. */
  client: (storage?: Map<string, string>, fetchWith?: typeof fetch) => AuthClient;
  admin: AuthClient;
  /** Creates a user who can sign in with `PASSWORD`; returns the id. */
  addUser: (email: string) => Promise<string>;
  stop: () => Promise<void>;
};

/** Starts the sign-in service and the stand-in for Google on a test database. */
export async function setUpAuth(
  db: TestDatabase,
  overrides: Partial<StartAuthOptions> = {},
  at: { accounts: readonly GoogleAccountOptions[]; auto: { email: string } } = {
    accounts: ACCOUNTS,
    auto: { email: 'Doc@example.com' },
  },
): Promise<AuthSetup> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ganger-auth-'));
  const keyFile = path.join(folder, 'keys', 'signing.jwk');
  const port = await freePort();
  const google = await startGoogle({
    ...at,
    client: {
      id: 'ganger-test',
      secret: 'test-only',
      redirectUris: [`http://127.0.0.1:${port}/auth/v1/callback`],
    },
  });
  const options: StartAuthOptions = {
    pool: db.postgres,
    port,
    keyFile,
    serviceKey: SERVICE_KEY,
    publishableKey: PUBLISHABLE_KEY,
    google: { issuer: google.issuer, clientId: 'ganger-test', clientSecret: 'test-only' },
    siteUrl: 'http://127.0.0.1/signed-in',
    redirectAllow: ['ganger://auth/**'],
    ...overrides,
  };
  const auth = await startAuth(options);
  const client: AuthSetup['client'] = (storage = new Map(), fetchWith = fetch) =>
    createClient(auth.url, PUBLISHABLE_KEY, {
      auth: {
        flowType: 'pkce',
        storage: {
          getItem: (key) => storage.get(key) ?? null,
          setItem: (key, value) => void storage.set(key, value),
          removeItem: (key) => void storage.delete(key),
        },
        persistSession: true,
        autoRefreshToken: false,
        detectSessionInUrl: false,
      },
      global: { fetch: fetchWith },
    });
  const admin = createClient(auth.url, SERVICE_KEY, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  return {
    auth,
    google,
    keyFile,
    options,
    client,
    admin,
    async addUser(email) {
      const { data, error } = await admin.auth.admin.createUser({
        email,
        password: PASSWORD,
        email_confirm: true,
        app_metadata: { team: 'front-desk' },
      });
      if (error !== null) throw error;
      return data.user.id;
    },
    async stop() {
      await auth.stop();
      await google.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Reply = { data: unknown; error: unknown };
type DataOf<R extends Reply> = NonNullable<Extract<R, { error: null }>['data']>;

/** The data of a reply of the client; throws its error. */
export function must<R extends Reply>(reply: R): DataOf<R> {
  if (reply.error !== null) throw reply.error;
  if (reply.data === null || reply.data === undefined) throw new Error('no data');
  return reply.data as DataOf<R>;
}
