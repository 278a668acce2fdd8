import path from 'node:path';
import pg from 'pg';
import { startAuth } from '#stack/auth/server.ts';
import { bootstrap } from '#stack/bootstrap.ts';
import { freePort } from '#stack/free-port.ts';
import { startGoogle } from '#stack/google.ts';
import type { RunningGoogle } from '#stack/google.ts';
import { migrate, seed } from '#stack/migrate.ts';
import { startPostgres } from '#stack/postgres.ts';
import type { RunningPostgres } from '#stack/postgres.ts';
import { readOrCreateSecret } from '#stack/secrets.ts';
import { startStripe } from '#stack/stripe/stripe.ts';
import { loadSmallDemo } from '../demo-data/load-demo.ts';
import { DEMO_PEOPLE, NEWCOMER } from './demo-people.ts';
import { startServerProcess } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

/** Publishable key of the embedded environment: not a secret, as the real one is not. */
export const DEMO_AUTH_KEY = 'sb_publishable_demo';

/** With which the stand-in for Stripe signs what it tells, on this machine only. */
const DEMO_HOOK = 'whsec_demo_0000000000';

export interface DevStack {
  readonly serverUrl: string;
  readonly authUrl: string;
  readonly googleUrl: string;
  readonly postgres: RunningPostgres;
  /** Connection as the owner of the tables, for tests and tools. */
  readonly databaseUrl: string;
  readonly google: RunningGoogle;
  server(): ServerProcess;
  /** Starts the sync server again after it was killed or stopped, on the same port. */
  restartServer(): Promise<void>;
  stop(): Promise<void>;
}

export interface DevStackOptions {
  /** Folder of the database and the secrets; made when absent. */
  readonly dataDir: string;
  /** Port of the sync server; the others follow it, or are free ones when it is 0. */
  readonly port: number;
  readonly log: (line: string) => void;
  /** Called after each stage with its name. */
  readonly onStage?: (stage: string) => void;
  readonly tokenLifetimeS?: number;
  /** With some months of a small clinic's life, beside people, sites and catalogue. */
  readonly clinic?: boolean;
}

/**
 * Runs everything but the app: real Postgres with migrations and demo data, the sign-in service,
 * the stand-in for Google and the sync server. Stops in reverse order.
 */
export async function startDevStack(options: DevStackOptions): Promise<DevStack> {
  const { dataDir, port, log, onStage = () => undefined, tokenLifetimeS, clinic } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0).toReversed()) await step();
  };
  try {
    const secret = (name: string): Promise<string> =>
      readOrCreateSecret(path.join(dataDir, 'secrets', name));
    const passwords = { postgres: await secret('postgres'), authenticator: await secret('api') };
    const syncPassword = await secret('sync');
    const auditKey = Buffer.from(await secret('audit-key'), 'base64url').toString('hex');

    const postgres = await startPostgres({
      dir: path.join(dataDir, 'postgres', 'data'),
      log: (line) => log(`postgres: ${line}`),
    });
    stops.push(() => postgres.stop());
    onStage('postgres');

    await bootstrap(postgres.url(), passwords);
    const databaseUrl = postgres.url('postgres', 'postgres', passwords.postgres);
    await migrate(databaseUrl);
    onStage('migrations');
    await seed(databaseUrl);
    if (clinic) await loadSmallDemo(databaseUrl, Date.now());
    await setLoginPassword(databaseUrl, 'ganger_sync', syncPassword);
    onStage('demo data');

    const ports = await choosePorts(port);
    const google = await startGoogle({
      port: ports.google,
      accounts: [...DEMO_PEOPLE, NEWCOMER],
      client: {
        id: 'ganger-demo',
        secret: await secret('google'),
        redirectUris: [`http://127.0.0.1:${ports.auth}/auth/v1/callback`],
      },
    });
    stops.push(() => google.stop());
    const pool = new pg.Pool({ connectionString: postgres.url(), max: 5 });
    // A dropped idle connection is replaced at the next query; unheard it would end the process.
    pool.on('error', () => undefined);
    stops.push(() => pool.end());
    const auth = await startAuth({
      pool,
      port: ports.auth,
      keyFile: path.join(dataDir, 'secrets', 'auth-key.json'),
      serviceKey: await secret('service-key'),
      publishableKey: DEMO_AUTH_KEY,
      google: {
        issuer: google.issuer,
        clientId: 'ganger-demo',
        clientSecret: await secret('google'),
      },
      redirectAllow: ['ganger://auth/**'],
      log: (line) => log(`auth: ${line}`),
      ...(tokenLifetimeS === undefined ? {} : { tokenLifetimeS }),
    });
    stops.push(() => auth.stop());
    onStage('sign-in service');

    // A card is held against every reader that asks for one: nobody has to own a reader to try it.
    const stripe = await startStripe({
      port: ports.stripe,
      secret: `rk_test_${(await secret('stripe')).replaceAll(/\W/g, '0')}`,
      autoCardMs: 1_500,
      hook: { url: `http://127.0.0.1:${ports.server}/v1/webhooks/stripe`, secret: DEMO_HOOK },
    });
    stops.push(() => stripe.stop());

    const serviceKey = await secret('service-key');
    const start = (): Promise<ServerProcess> =>
      startServerProcess({
        port: ports.server,
        log,
        env: {
          GANGER_DATABASE_URL: postgres.url('postgres', 'ganger_sync', syncPassword),
          GANGER_OUTBOX: 'record',
          GANGER_STRIPE_SECRET: stripe.secret,
          GANGER_STRIPE_URL: stripe.url,
          GANGER_STRIPE_HOOK_SECRET: DEMO_HOOK,
          GANGER_AUDIT_KEY: auditKey,
          GANGER_AUTH_URL: `${auth.url}/auth/v1`,
          GANGER_AUTH_ADMIN_KEY: serviceKey,
          GANGER_FILES_DIR: path.resolve(dataDir, 'files'),
          GANGER_NAMED_STATEMENTS: 'on',
          GANGER_LOG_LEVEL: process.env['GANGER_LOG_LEVEL'] ?? 'warn',
        },
      });
    let server = await start();
    stops.push(() => server.stop());
    onStage('sync server');

    return {
      serverUrl: server.url,
      authUrl: auth.url,
      googleUrl: google.issuer,
      postgres,
      databaseUrl,
      google,
      server: () => server,
      async restartServer() {
        server = await start();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Ports = Record<'server' | 'auth' | 'google' | 'stripe', number>;

async function choosePorts(server: number): Promise<Ports> {
  if (server > 0) return { server, auth: server + 1, google: server + 2, stripe: server + 3 };
  const [free, auth, google, stripe] = [freePort(), freePort(), freePort(), freePort()];
  return { server: await free, auth: await auth, google: await google, stripe: await stripe };
}

async function setLoginPassword(url: string, role: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { escapeIdentifier, escapeLiteral } = client;
    await client.query(
      `alter role ${escapeIdentifier.call(client, role)} password ${escapeLiteral.call(client, password)}`,
    );
  } finally {
    await client.end();
  }
}
