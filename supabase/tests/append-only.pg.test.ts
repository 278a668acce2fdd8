import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import { APPEND_ONLY, DENIED, attempt, become, installAttempt } from './support/callers.ts';
import { insertStatement, sampleRow } from './support/sample-rows.ts';

const LEDGERS = TABLE_NAMES.filter((name) => ['fact', 'log'].includes(tableOf(name).kind));

/** All roles that statements can run as; those with rights come last. */
const API_ROLES = ['anon', 'authenticated', 'service_role', 'ganger_engine', 'ganger_sync'];
const OWNERS = ['postgres', 'supabase_admin'];

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ seed: true });
  await installAttempt(db);
  // The demo data fills the ledger of stock; the other tables get a row each.
  const one = async (table: string): Promise<string> => {
    const { rows } = await db.postgres.query<{ id: string }>(
      `select id from public.${table} limit 1`,
    );
    return rows[0]?.id ?? '';
  };
  const refs = {
    locations: await one('locations'),
    users: await one('users'),
    inventory_items: await one('inventory_items'),
  };
  const session = sampleRow('count_sessions', refs);
  await db.postgres.query(
    [
      insertStatement('count_sessions', session),
      insertStatement(
        'count_lines',
        sampleRow('count_lines', { ...refs, count_sessions: session.id }),
      ),
      insertStatement('transitions', sampleRow('transitions', refs)),
      insertStatement('conflict_log', sampleRow('conflict_log', refs)),
      insertStatement('audit_logs', sampleRow('audit_logs', refs)),
    ].join(';\n'),
  );
});
afterAll(() => db.close());

const changes = (table: string): string[] => [
  `update public.${table} set created_at = created_at`,
  `update public.${table} set created_at = now() where false`,
  `delete from public.${table}`,
  `delete from public.${table} where false`,
  // Without "cascade" a table that others refer to cannot be emptied anyway.
  `truncate public.${table} cascade`,
  `merge into public.${table} t using (select 1) one on true when matched then delete`,
  `insert into public.${table} select t.* from public.${table} t
     on conflict (id) do update set created_at = now()`,
];

describe.each(LEDGERS)('%s', (table) => {
  it('holds something that could be changed', async () => {
    const { rows } = await db.admin.query(`select count(*)::int > 0 as some from public.${table}`);
    expect(rows).toEqual([{ some: true }]);
  });

  it.each(API_ROLES)('gives %s no right to change it', async (role) => {
    expect(new Set(await attemptAs(role, changes(table)))).toEqual(new Set([DENIED]));
  });

  it.each(API_ROLES)('refuses %s even with all rights granted', async (role) => {
    const results = await attemptAs(role, changes(table), async (client) => {
      await client.query(`grant usage on schema public to ${role}`);
      await client.query(`grant all on all tables in schema public to ${role}`);
      await client.query(`alter table public.${table} disable row level security`);
    });
    expect(new Set(results)).toEqual(new Set([APPEND_ONLY]));
  });

  it.each(OWNERS)('refuses %s, owner or superuser', async (role) => {
    expect(new Set(await attemptAs(role, changes(table)))).toEqual(new Set([APPEND_ONLY]));
  });

  it('refuses a superuser in a session that skips ordinary triggers', async () => {
    const results = await attemptAs('supabase_admin', changes(table), (client) =>
      client.query(`set local session_replication_role = 'replica'`),
    );
    expect(new Set(results)).toEqual(new Set([APPEND_ONLY]));
  });

  it('cannot be emptied through a table that it refers to', async () => {
    const parents = new Set(
      Object.values(tableOf(table).fields).flatMap(({ references }) => references ?? []),
    );
    const results = await attemptAs(
      'supabase_admin',
      [...parents].map((parent) => `truncate public.${parent} cascade`),
    );
    expect(new Set(results)).toEqual(new Set([APPEND_ONLY]));
  });
});

it('a table that is not append-only can be truncated, so the attempts above mean something', async () => {
  expect(await attemptAs('supabase_admin', ['truncate private.push_memory'])).toEqual(['rows:0']);
});

async function attemptAs(
  role: string,
  statements: readonly string[],
  before: (client: pg.PoolClient) => Promise<unknown> = () => Promise.resolve(),
): Promise<string[]> {
  const client = await db.admin.connect();
  try {
    await client.query('begin');
    await before(client);
    if (role === 'ganger_engine' || role === 'anon' || role === 'service_role') {
      await become(client, { role });
    } else {
      await client.query(`set local role ${role}`);
    }
    return await attempt(client, statements);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
