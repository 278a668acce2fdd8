import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { NoRowError, fillTable } from './fill-rows.ts';
import { readTables } from './kept-catalogue.ts';
import type { KeptTable } from './kept-catalogue.ts';
import { dumpTables } from './kept-dump.ts';

let db: TestDatabase;
let client: pg.PoolClient;
beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
});
afterAll(() => db.close());
beforeEach(async () => {
  client = await db.admin.connect();
  await client.query(`begin; set local session_replication_role = 'replica'`);
});
afterEach(async () => {
  await client.query('rollback');
  client.release();
});

async function tablesNamed(...names: string[]): Promise<KeptTable[]> {
  return (await readTables(client)).filter(({ name }) => names.includes(name));
}

async function make(sql: string): Promise<KeptTable> {
  await client.query(`create table public.made (${sql})`);
  const [table] = await tablesNamed('public.made');
  if (!table) throw new Error('no table');
  return table;
}

async function onlyRow(): Promise<Record<string, unknown>> {
  const { rows } = await client.query<{ row: Record<string, unknown> }>(
    'select to_jsonb(m) as row from public.made m',
  );
  expect(rows).toHaveLength(1);
  return rows[0]?.row ?? {};
}

it('a row meets the checks of its columns, alone and together', async () => {
  await fillTable(
    client,
    await make(`
      id uuid primary key,
      kind text not null check (kind in ('x', 'y')),
      stamp text not null check (stamp ~ '^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{12}$'),
      code text not null check (char_length(code) = 17),
      age integer not null check (age between 40 and 50),
      low integer, high integer, check (low > high),
      items jsonb not null check (jsonb_typeof(items) = 'array'),
      note text check (note is null)`),
  );
  expect(await onlyRow()).toMatchObject({
    kind: 'x',
    stamp: '0199aaaaaaaa-0000-0000000000aa',
    code: 'k'.repeat(17),
    age: 40,
    items: [],
    note: null,
  });
});

it('a column that may be null has a value where its checks allow one', async () => {
  await fillTable(client, await make('id uuid primary key, note text, n integer'));
  expect(await onlyRow()).toMatchObject({ note: 'Kept note', n: 1 });
});

it('a reference is to a row that is there', async () => {
  await client.query(`create table public.parent (id uuid primary key)`);
  await client.query(`insert into public.parent values ('5a000000-0000-4000-8000-000000000009')`);
  await fillTable(
    client,
    await make(`id uuid primary key, up uuid references public.made,
      parent_id uuid not null references public.parent (id)`),
  );
  expect(await onlyRow()).toMatchObject({
    up: null,
    parent_id: '5a000000-0000-4000-8000-000000000009',
  });
});

it('references that must differ are to different rows, or to none', async () => {
  await client.query('create table public.parent (id integer primary key)');
  await client.query('insert into public.parent values (1), (2)');
  const columns = `id uuid primary key, a integer not null references public.parent (id),
    b integer references public.parent (id), check (a <> b)`;
  await fillTable(client, await make(columns));
  expect(await onlyRow()).toMatchObject({ a: 2, b: 1 });
  await client.query('drop table public.made; delete from public.parent where id = 2');
  await fillTable(client, await make(columns));
  expect(await onlyRow()).toMatchObject({ a: 1, b: null });
});

it('the same table gets the same row', async () => {
  const sql = 'id uuid primary key, note text, at timestamptz not null';
  await fillTable(client, await make(sql));
  const first = await onlyRow();
  await client.query('drop table public.made');
  await fillTable(client, await make(sql));
  expect(await onlyRow()).toEqual(first);
});

it.each([
  [
    'a check that takes nothing',
    `id uuid primary key, n integer constraint odd check (n is null and id is null)`,
    'odd',
  ],
  [
    'a required column of a type that nobody thought of',
    'id uuid primary key, place point not null',
    'place',
  ],
])('%s is told by name', async (_, sql, named) => {
  const refused = fillTable(client, await make(sql));
  await expect(refused).rejects.toThrow(NoRowError);
  await expect(refused).rejects.toThrow(named);
});

it('a reference to a table without rows is told by name', async () => {
  await client.query(`create table public.parent (id uuid primary key)`);
  const table = await make('id uuid primary key, p uuid not null references public.parent (id)');
  await expect(fillTable(client, table)).rejects.toThrow('public.parent, which has no row');
});

it('a dump gives the rows back, some of each table and all that they refer to', async () => {
  const since = new Date();
  await client.query(`
    create table public.parent (id integer primary key, note text, made_at timestamptz);
    create table public.made (
      id integer primary key, parent_id integer references public.parent (id), xid xid8,
      twice integer generated always as (2 * id) stored, doc jsonb);
    insert into public.parent
      select n, 'it''s \\ ' || n, clock_timestamp() from generate_series(1, 100) n;
    insert into public.made (id, parent_id, xid, doc)
      select n, 100 - n, pg_current_xact_id(), '{"a": [1.50, null]}' from generate_series(1, 50) n`);
  const tables = await tablesNamed('public.made', 'public.parent');
  const dump = await dumpTables(client, tables, since);
  await client.query('delete from public.made; delete from public.parent');
  await client.query(dump);
  const { rows } = await client.query(`
    select (select json_agg(p.id order by p.id) from public.parent p) as parents,
           (select json_agg(m.id order by m.id) from public.made m) as made,
           (select count(*)::int from public.made m left join public.parent p on p.id = m.parent_id
             where p.id is null) as dangling,
           (select min(p.note) from public.parent p) as note,
           (select array_agg(distinct p.made_at) from public.parent p) as instants`);
  expect(rows).toEqual([
    {
      parents: [1, 2, 3, 4, 5, 6, 94, 95, 96, 97, 98, 99],
      made: [1, 2, 3, 4, 5, 6],
      dangling: 0,
      note: String.raw`it's \ 1`,
      instants: [new Date('2026-11-20T12:00:00.000Z')],
    },
  ]);
  expect(await dumpTables(client, tables, since)).toBe(dump);
});
