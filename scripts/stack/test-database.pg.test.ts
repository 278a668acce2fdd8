import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

describe('a test database', () => {
  let one: TestDatabase;
  let two: TestDatabase;

  beforeAll(async () => {
    [one, two] = await Promise.all([
      openTestDatabase({ seed: false }),
      openTestDatabase({ seed: false }),
    ]);
  });

  afterAll(async () => {
    await Promise.all([one.close(), two.close()]);
  });

  it('keeps what one file writes from another', async () => {
    await one.postgres.query('create table public.notes (body text)');
    const { rows } = await two.postgres.query(`select to_regclass('public.notes') as found`);
    expect(rows).toEqual([{ found: null }]);
  });

  it('runs as the owner of the migrations, who is not a superuser', async () => {
    const { rows } = await one.postgres.query(
      'select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user',
    );
    expect(rows).toEqual([{ rolname: 'postgres', rolsuper: false, rolbypassrls: true }]);
  });

  it('finds extensions without naming their schema, as in a Supabase project', async () => {
    const { rows } = await one.postgres.query(`select crypt('a', gen_salt('bf', 4)) is null as no`);
    expect(rows).toEqual([{ no: false }]);
  });

  it('gives no right on a new table to the roles of the API', async () => {
    await one.postgres.query('create table public.secrets (body text)');
    const { rows } = await one.admin.query(
      `select role, has_table_privilege(role, 'public.secrets', 'select, insert') as may
         from unnest(array['anon', 'authenticated', 'service_role']) as role`,
    );
    expect(rows.map((row: { may: boolean }) => row.may)).toEqual([false, false, false]);
  });

  it('lets the authenticator become a caller, whose claims the policies see', async () => {
    const client = new pg.Client(one.url('authenticator'));
    await client.connect();
    try {
      await client.query('begin; set local role authenticated');
      await client.query(`select set_config('request.jwt.claims', $1, true)`, [
        '{"sub": "0190aaaa-0000-7000-8000-000000000001", "role": "authenticated"}',
      ]);
      const { rows } = await client.query(
        `select current_user::text as who, auth.uid() as uid, auth.role() as role,
                auth.jwt() ->> 'sub' as sub`,
      );
      const id = '0190aaaa-0000-7000-8000-000000000001';
      expect(rows).toEqual([{ who: 'authenticated', uid: id, role: 'authenticated', sub: id }]);
    } finally {
      await client.end();
    }
  });

  it('is gone after close, even while somebody is connected', async () => {
    const short = await openTestDatabase({ seed: true });
    const client = new pg.Client(short.url());
    client.on('error', () => {});
    await client.connect();
    await short.close();
    const { rows } = await one.admin.query('select from pg_database where datname = $1', [
      short.name,
    ]);
    expect(rows).toEqual([]);
  });
});
