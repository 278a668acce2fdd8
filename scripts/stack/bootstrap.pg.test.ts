import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { bootstrap } from './bootstrap.ts';
import { adminUrl, createDatabase, dropDatabase } from './templates.ts';
import type {} from './vitest-postgres.ts';

describe('bootstrap', () => {
  const cluster = inject('testCluster');
  const name = 'bootstrap_test';
  let admin: pg.Client;

  beforeAll(async () => {
    await createDatabase(cluster, name);
    await bootstrap(adminUrl(cluster, name), cluster.passwords);
    admin = new pg.Client(adminUrl(cluster, name));
    await admin.connect();
  });

  afterAll(async () => {
    await admin.end();
    await dropDatabase(cluster, name);
  });

  it('may be applied again', async () => {
    await expect(bootstrap(adminUrl(cluster, name), cluster.passwords)).resolves.toBeUndefined();
  });

  it('makes roles with the rights that Supabase gives them', async () => {
    const { rows } = await admin.query(
      `select rolname as role, rolcanlogin as login, rolinherit as inherits,
              rolbypassrls as bypasses, rolsuper as super
         from pg_roles
        where rolname in ('anon', 'authenticated', 'service_role', 'authenticator', 'postgres')
        order by rolname`,
    );
    const no = { login: false, inherits: true, bypasses: false, super: false };
    expect(rows).toEqual([
      { ...no, role: 'anon' },
      { ...no, role: 'authenticated' },
      { ...no, role: 'authenticator', login: true, inherits: false },
      { ...no, role: 'postgres', login: true, bypasses: true },
      { ...no, role: 'service_role', bypasses: true },
    ]);
  });

  it('grants no rights on new tables by default', async () => {
    const { rows } = await admin.query('select defaclrole::regrole::text from pg_default_acl');
    expect(rows).toEqual([]);
  });

  it('lets callers use auth functions but not read auth tables', async () => {
    const { rows } = await admin.query(
      `select has_function_privilege('authenticated', 'auth.uid()', 'execute') as uid,
              has_table_privilege('authenticated', 'auth.users', 'select') as users,
              has_table_privilege('anon', 'auth.refresh_tokens', 'select') as tokens`,
    );
    expect(rows).toEqual([{ uid: true, users: false, tokens: false }]);
  });

  it('reads the caller from the claims, and nobody where there are none', async () => {
    const { rows } = await admin.query('select auth.uid() as uid, auth.role() as role');
    expect(rows).toEqual([{ uid: null, role: null }]);
  });

  it('owns the publication that realtime listens to as postgres', async () => {
    const { rows } = await admin.query(
      `select pg_get_userbyid(pubowner)::text as owner, puballtables as everything
         from pg_publication where pubname = 'supabase_realtime'`,
    );
    expect(rows).toEqual([{ owner: 'postgres', everything: false }]);
  });
});
