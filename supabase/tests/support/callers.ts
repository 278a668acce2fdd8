import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { TestDatabase } from '#stack/test-database.ts';

/** Whose statements these are: a person by id, the server itself, or one of the API's other roles. */
export type Caller =
  | { readonly user: string; readonly aal?: 'aal1' | 'aal2' }
  | {
      readonly role: 'ganger_engine' | 'anon' | 'service_role';
      readonly user?: string;
      readonly aal?: 'aal2';
    };

/** SQLSTATEs of refusals. */
export const DENIED = '42501';
export const APPEND_ONLY = 'GN001';
export const STEP_REFUSED = 'GN002';
export const NOT_ONESELF = 'GN003';
export const COUNT_CLOSED = 'GN004';
export const NOT_EDITED = 'GN005';
export const DUTY = 'GN006';

const WRONG_PASSWORD = '28P01';

/**
 * The connection string of the sync server's login. Roles belong to the whole cluster and test files
 * run side by side, so all give it one password: that of the other login roles.
 */
export async function syncUrl(db: TestDatabase): Promise<string> {
  const { password } = new URL(db.url('authenticator'));
  const url = db.url('ganger_sync', decodeURIComponent(password));
  const sql = `alter role ganger_sync password ${pg.escapeLiteral(decodeURIComponent(password))}`;
  for (let attempt = 1; ; attempt += 1) {
    const code = await codeOf(connectOnce(url));
    if (code === null) return url;
    if (code !== WRONG_PASSWORD || attempt > 20) throw new Error(`no login: ${code}`);
    // Another file may be setting it at this very moment.
    await db.postgres.query(sql).catch(() => sleep(50));
  }
}

/** A pool of connections of the sync server's login. The caller ends it. */
export async function openSyncPool(db: TestDatabase, max = 5): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: await syncUrl(db), max });
  // The database is dropped at the end, maybe before the last connection has said goodbye.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {});
  return pool;
}

/** Runs work as a caller, in one transaction that is undone afterwards unless `keep` is set. */
export async function asCaller<T>(
  pool: pg.Pool,
  caller: Caller,
  work: (tx: pg.PoolClient) => Promise<T>,
  { keep = false } = {},
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await become(client, caller);
    const result = await work(client);
    await client.query(keep ? 'commit' : 'rollback');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** Changes role and claims within a transaction. */
export async function become(client: pg.ClientBase, caller: Caller): Promise<void> {
  const role = 'role' in caller ? caller.role : 'authenticated';
  await client.query(`set local role ${role}`);
  const aal = 'aal' in caller ? { aal: caller.aal } : {};
  const claims = caller.user === undefined ? {} : { sub: caller.user, role, ...aal };
  await client.query(`select set_config('request.jwt.claims', $1, true)`, [JSON.stringify(claims)]);
}

/** The SQLSTATE with which something fails, or null when it succeeds. */
export async function codeOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof pg.DatabaseError) return error.code ?? 'no code';
    throw error;
  }
}

/**
 * Adds `test.attempt(statements)`: runs each statement with the rights of the caller, undoes it, and
 * tells `rows:<n>` or the SQLSTATE. One trip for hundreds of attempts.
 */
export async function installAttempt(db: TestDatabase): Promise<void> {
  await db.admin.query(`
    create schema test;
    grant usage on schema test to public;
    create function test.attempt(statements text[]) returns text[] language plpgsql as $$
    declare
      statement text;
      affected bigint;
      results text[] := '{}';
    begin
      foreach statement in array statements loop
        begin
          execute statement;
          get diagnostics affected = row_count;
          raise exception using errcode = 'TT000', message = 'rows:' || affected;
        exception
          when sqlstate 'TT000' then results := results || sqlerrm;
          when others then results := results || sqlstate::text;
        end;
      end loop;
      return results;
    end $$`);
}

/** What became of each statement, see `installAttempt`. */
export async function attempt(
  client: pg.ClientBase,
  statements: readonly string[],
): Promise<string[]> {
  const { rows } = await client.query<{ results: string[] }>(
    'select test.attempt($1::text[]) as results',
    [statements],
  );
  return rows[0]?.results ?? [];
}

async function connectOnce(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.end();
}
