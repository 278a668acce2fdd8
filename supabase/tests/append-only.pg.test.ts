import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import { APPEND_ONLY, DENIED, attempt, become, installAttempt } from './support/callers.ts';
import { plantWorld } from './support/world.ts';

const LEDGERS = TABLE_NAMES.filter((name) => ['fact', 'log'].includes(tableOf(name).kind));

/** All roles that statements can run as; those with rights come last. */
const API_ROLES = [
  'anon',
  'authenticated',
  'service_role',
  'ganger_engine',
  'ganger_sync',
  // Removes what is over by its function; by itself it is refused like everybody else.
  'ganger_retention',
];
const OWNERS = ['postgres', 'supabase_admin'];

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  await installAttempt(db);
  await plantWorld(db.postgres);
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

it('every fact and every log holds something that could be changed', async () => {
  const { rows } = await db.admin.query<{ empty: string }>(
    LEDGERS.map(
      (table) => `select '${table}' as empty where not exists (select from public.${table})`,
    ).join(' union all '),
  );
  expect(rows).toEqual([]);
  expect(LEDGERS.length).toBeGreaterThan(50);
});

describe('no fact and no log is changed', () => {
  it.each(API_ROLES)('by %s, who has no right to', async (role) => {
    expect(await answers(role)).toEqual(allOf(DENIED));
  });

  it.each(API_ROLES)('by %s, even with all rights granted', async (role) => {
    const found = await answers(role, async (client) => {
      await client.query(`grant usage on schema public to ${role}`);
      await client.query(`grant all on all tables in schema public to ${role}`);
      await client.query(
        LEDGERS.map((t) => `alter table public.${t} disable row level security`).join(';'),
      );
    });
    expect(found).toEqual(allOf(APPEND_ONLY));
  });

  it.each(OWNERS)('by %s, owner or superuser', async (role) => {
    expect(await answers(role)).toEqual(allOf(APPEND_ONLY));
  });

  it.each(OWNERS)('by %s in a session that skips ordinary triggers', async (role) => {
    const found = await answers(role, async (client) => {
      await client.query(`set local session_replication_role = 'replica'`);
    });
    expect(found).toEqual(allOf(APPEND_ONLY));
  });

  it('through a table that it refers to, emptied with all that hangs on it', async () => {
    const parents = new Set(
      LEDGERS.flatMap((table) =>
        Object.values(tableOf(table).fields).flatMap(({ references }) => references ?? []),
      ),
    );
    const results = await attemptAs(
      'supabase_admin',
      [...parents].map((parent) => `truncate public.${parent} cascade`),
    );
    expect(new Set(results)).toEqual(new Set([APPEND_ONLY]));
  });
});

/** What each attempt on each table came to, by table: one answer for all, or all of them. */
async function answers(
  role: string,
  before?: (client: pg.PoolClient) => Promise<unknown>,
): Promise<Record<string, string>> {
  const each = LEDGERS.map(changes);
  const results = await attemptAs(role, each.flat(), before);
  expect(results).toHaveLength(each.flat().length);
  let at = 0;
  return Object.fromEntries(
    LEDGERS.map((table, index) => {
      const own = results.slice(at, (at += each[index]?.length ?? 0));
      return [table, [...new Set(own)].join()];
    }),
  );
}

const allOf = (answer: string): Record<string, string> =>
  Object.fromEntries(LEDGERS.map((table) => [table, answer]));

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
