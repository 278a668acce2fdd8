import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** An open connection that marks its process as the one that runs the cluster. */
export type Ownership = { release: () => Promise<void> };

/** What became of an attempt to own a running cluster. */
export type Claim =
  | { result: 'owned'; ownership: Ownership }
  | { result: 'busy' }
  | { result: 'no-answer' };

/** The lock's key: any constant that nothing else in the cluster uses. */
const OWNER_LOCK = '7205711964316211';
/** A killed owner's lock goes when the server notices its broken connection. */
const BUSY_RETRY_MS = 2_000;

type Target = { port: number; superuser: string; password: string; dataDir: string };

/**
 * Connects to the server on `port` and takes the owner's lock, which ends with this process
 * however it dies. `no-answer`: nobody there, another password or another data folder.
 */
export async function claim(target: Target): Promise<Claim> {
  const socket = new Socket();
  const client = new pg.Client({
    stream: () => socket,
    host: '127.0.0.1',
    port: target.port,
    user: target.superuser,
    password: target.password,
    database: 'postgres',
    application_name: 'stack owner',
    connectionTimeoutMillis: 3_000,
    query_timeout: 3_000,
  });
  // The server may go away under us, by a test or a crash; that ends the ownership, no more.
  client.on('error', () => {});
  try {
    await client.connect();
    const found = await client.query<{ dir: string }>(
      `select current_setting('data_directory') as dir`,
    );
    if (found.rows[0]?.dir !== target.dataDir) {
      await client.end();
      return { result: 'no-answer' };
    }
    if (!(await takeLock(client))) {
      await client.end();
      return { result: 'busy' };
    }
  } catch {
    await client.end().catch(() => {});
    return { result: 'no-answer' };
  }
  // It must not keep a finished script alive.
  socket.unref();
  const release = async (): Promise<void> => {
    socket.ref();
    await client.end().catch(() => {});
  };
  return { result: 'owned', ownership: { release } };
}

async function takeLock(client: pg.Client): Promise<boolean> {
  const end = performance.now() + BUSY_RETRY_MS;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      'select pg_try_advisory_lock($1) as taken',
      [OWNER_LOCK],
    );
    if (rows[0]?.taken === true) return true;
    if (performance.now() > end) return false;
    await sleep(50);
  }
}
