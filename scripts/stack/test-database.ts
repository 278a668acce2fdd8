import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { clusterUrl, createDatabase, dropDatabase } from './templates.ts';
// Types only: declares what `inject` returns.
import type {} from './vitest-postgres.ts';

export type TestDatabase = {
  name: string;
  /** A connection string for a role; the password is known for the two log-in roles and admin. */
  url: (
    user?: 'postgres' | 'authenticator' | 'supabase_admin' | (string & {}),
    password?: string,
  ) => string;
  /** A pool of the cluster's superuser, for arranging and looking behind the scenes. */
  admin: pg.Pool;
  /** A pool of `postgres`, the owner of the tables. */
  postgres: pg.Pool;
  /** Closes the pools and drops the database. */
  close: () => Promise<void>;
};

/**
 * Gives a test file a database of its own: a clone of the template with all migrations, and with
 * the demo data where `seed` is set. Needs the global set-up of `vitest-postgres.ts`. Call it in
 * `beforeAll`, and `close()` in `afterAll`.
 */
export async function openTestDatabase({ seed }: { seed: boolean }): Promise<TestDatabase> {
  const cluster = inject('testCluster');
  const name = `test_${randomBytes(6).toString('hex')}`;
  await createDatabase(cluster, name, seed ? cluster.templates.seeded : cluster.templates.empty);

  const passwords = new Map<string, string>([
    [cluster.admin.user, cluster.admin.password],
    ...Object.entries(cluster.passwords),
  ]);
  const url: TestDatabase['url'] = (user = 'postgres', password = passwords.get(user)) => {
    if (password === undefined) throw new Error(`no password is known for the role ${user}`);
    return clusterUrl(cluster, name, user, password);
  };
  const admin = openPool(url(cluster.admin.user));
  const postgres = openPool(url('postgres'));
  return {
    name,
    url,
    admin,
    postgres,
    async close() {
      await Promise.all([admin.end(), postgres.end()]);
      await dropDatabase(cluster, name);
    },
  };
}

function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 5 });
  // An idle connection that a test kills on purpose must not end the run.
  pool.on('error', () => {});
  return pool;
}
