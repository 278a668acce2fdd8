import { describe, expect, it } from 'vitest';
import { lintMigration } from './lint-migrations.ts';
import { RULES } from './lint-rules.ts';

const BEFORE = new Set(['public.people', 'public.sites', 'private.notes']);

/** A table as every migration has to make one. */
const made = (name: string): string => `create table ${name} (id uuid primary key, n integer);
  alter table ${name} enable row level security;
  alter table ${name} force row level security;`;

const rulesOf = (sql: string, tables = BEFORE): string[] => [
  ...new Set(lintMigration('x.sql', sql, tables).map(({ rule }) => rule)),
];

/** For every rule what it refuses and, next to it, what is free. */
const CASES: Record<string, { refused: readonly string[]; free: readonly string[] }> = {
  'drop-table': {
    refused: ['drop table people', 'drop table if exists public.people cascade', 'drop owned by x'],
    free: [`${made('public.scratch')} drop table scratch`],
  },
  'drop-column': {
    refused: ['alter table people drop column name', 'alter type pair drop attribute a'],
    free: [`${made('public.scratch')} alter table scratch drop column n`],
  },
  'drop-constraint': {
    refused: [
      'alter table people drop constraint people_kind_check',
      `alter table people drop constraint people_kind_check,
         add constraint people_kind_check check (kind in ('a', 'b')) not valid`,
    ],
    free: [`${made('public.scratch')} alter table scratch drop constraint scratch_pkey`],
  },
  'drop-type': {
    refused: ['drop type mood', 'drop domain private.short'],
    free: [`create type mood as enum ('good'); drop type mood`],
  },
  'drop-function': {
    refused: [
      'drop function private.may(text, text, uuid)',
      'drop procedure clean()',
      `create function private.may(a text) returns integer language sql as 'select 1';
       drop function private.may(text, uuid[])`,
    ],
    free: [
      `create function private.once() returns integer language sql as 'select 1';
       select private.once(); drop function private.once()`,
      `create function once(a int, b text[], out c integer) language sql as 'select 1';
       drop function public.once(integer, text[])`,
      `create or replace function private.may() returns integer language sql as 'select 1'`,
    ],
  },
  'drop-view': {
    refused: ['drop view on_hand', 'drop materialized view sums'],
    free: [`create view v with (security_invoker = true) as select 1; drop view v`],
  },
  'drop-schema': {
    refused: ['drop schema private cascade'],
    free: ['create schema scratch; drop schema scratch'],
  },
  'drop-extension': { refused: ['drop extension pgcrypto'], free: ['select 1'] },
  'drop-trigger': {
    refused: ['drop trigger append_only on people'],
    free: [
      `${made('public.scratch')} create trigger touch before update on public.scratch
         for each row execute function private.touch(); drop trigger touch on scratch`,
    ],
  },
  'drop-policy': {
    refused: [
      'drop policy people_read on people',
      `drop policy people_read on public.people;
       create policy people_read on people for select to authenticated using (id = auth.uid())`,
    ],
    free: [
      `${made('public.scratch')} create policy p on scratch using (id = auth.uid());
       drop policy p on public.scratch`,
      'alter policy people_read on people to authenticated using (id = auth.uid())',
    ],
  },
  'rename-table': {
    refused: [
      'alter table people rename to persons',
      'alter view on_hand rename to stock',
      'alter table people set schema private',
    ],
    free: [
      `${made('public.scratch')} alter table scratch rename to s`,
      'alter index people_pkey rename to people_key',
    ],
  },
  'rename-column': {
    refused: ['alter table people rename column name to full_name'],
    free: [
      `${made('public.scratch')} alter table scratch rename column n to m`,
      'alter table people rename constraint a to b',
    ],
  },
  'rename-object': {
    refused: [
      'alter function private.may(text) rename to might',
      'alter type mood rename to humour',
      `alter type mood rename value 'good' to 'well'`,
      'alter function private.may(text) set schema public',
    ],
    free: [`alter type mood add value 'well'`],
  },
  'change-column-type': {
    refused: [
      'alter table people alter column age type bigint',
      'alter type pair alter attribute a type int',
    ],
    free: [`${made('public.scratch')} alter table scratch alter column n type bigint`],
  },
  'set-not-null': {
    refused: ['alter table people alter column name set not null'],
    free: [
      `${made('public.scratch')} alter table scratch alter column n set not null`,
      'alter table people alter column name drop not null',
    ],
  },
  'add-column-not-null': {
    refused: ['alter table people add column age integer not null'],
    free: [
      'alter table people add column age integer',
      'alter table people add column age integer not null default 0',
      `${made('public.scratch')} alter table scratch add column age integer not null`,
    ],
  },
  'add-column-volatile-default': {
    refused: [
      'alter table people add column key uuid not null default gen_random_uuid()',
      'alter table people add column key uuid default private.next_key()',
      'alter table people add column nr integer generated always as identity',
      'alter table people add column nr bigserial',
      'alter table people add column twice integer generated always as (2 * age) stored',
    ],
    free: [
      'alter table people add column seen_at timestamptz not null default now()',
      `alter table people add column field_by jsonb not null default '{}'::jsonb`,
      'alter table people add column row_xid xid8 not null default pg_current_xact_id()',
      `${made('public.scratch')} alter table scratch add column k uuid default gen_random_uuid()`,
    ],
  },
  'constraint-not-valid': {
    refused: [
      'alter table people add constraint people_age_check check (age > 0)',
      'alter table people add constraint p foreign key (site_id) references sites (id)',
      'alter table people add column age integer check (age > 0)',
      'alter table people add column site_id uuid default null references sites (id)',
      `alter table people add constraint c check (age > 0) not valid;
       alter table people validate constraint c`,
    ],
    free: [
      'alter table people add constraint people_age_check check (age > 0) not valid',
      'alter table people validate constraint people_age_check',
      'alter table people add column site_id uuid references sites (id)',
      `${made('public.scratch')} alter table scratch add check (n > 0)`,
    ],
  },
  'constraint-builds-index': {
    refused: [
      'alter table people add constraint people_name_key unique (name)',
      'alter table people add column nr integer unique',
    ],
    free: [
      'alter table people add constraint people_name_key unique using index people_name_idx',
      `${made('public.scratch')} alter table scratch add unique (n)`,
    ],
  },
  'create-index': {
    refused: ['create index on people (name)', 'create unique index i on private.notes (a)'],
    free: [`${made('public.scratch')} create index scratch_n_idx on public.scratch (n)`],
  },
  concurrently: {
    refused: [
      `${made('public.scratch')} create index concurrently i on public.scratch (n)`,
      'drop index concurrently i',
      'reindex table concurrently people',
    ],
    free: ['drop index i'],
  },
  'update-without-where': {
    refused: [
      `update people set status = 'left'`,
      `update people set status = 'left' where true`,
      `with gone as (update people set age = 1 returning id) select id from gone`,
    ],
    free: [
      `update people set status = 'left' where status = 'gone'`,
      `${made('public.scratch')} update scratch set n = 1`,
      `create function private.all_left() returns void language sql
         begin atomic; update public.people set status = 'left'; end`,
    ],
  },
  'delete-without-where': {
    refused: ['delete from people', 'delete from people where 1 = 1'],
    free: ['delete from people where id is null', `${made('public.scratch')} delete from scratch`],
  },
  truncate: {
    refused: ['truncate people', 'truncate public.sites, people cascade'],
    free: [`${made('public.scratch')} truncate scratch`],
  },
  'disable-row-security': {
    refused: [
      'alter table people disable row level security',
      'alter table people no force row level security',
      `${made('public.scratch')} alter table scratch disable row level security`,
      'create role reader bypassrls',
      'alter role reader superuser',
    ],
    free: ['alter table people force row level security', 'create role reader nobypassrls'],
  },
  'disable-trigger': {
    refused: [
      'alter table people disable trigger touch',
      'alter table people disable trigger all',
      'alter table people enable replica trigger touch',
      'set session_replication_role = replica',
      `select set_config('session_replication_role', 'replica', true)`,
      'alter role ganger_sync set session_replication_role = replica',
    ],
    free: ['alter table people enable always trigger touch', `set local lock_timeout = '5s'`],
  },
  'grant-to-outsiders': {
    refused: [
      'grant select on people to anon',
      'grant usage on schema private to public',
      'grant execute on all functions in schema private to authenticated, service_role',
      'alter default privileges in schema public grant select on tables to anon',
      'grant ganger_engine to service_role',
    ],
    free: [
      'grant select on people to authenticated, ganger_engine',
      'revoke all on people from public, anon, service_role',
    ],
  },
  'table-without-row-security': {
    refused: [
      'create table bare (id uuid)',
      'create table bare (id uuid); alter table bare enable row level security',
      'create table bare as select 1 as n',
      'create table private.bare (id uuid)',
    ],
    free: [
      made('public.whole'),
      'create table private.kept (id uuid); alter table private.kept enable row level security',
      'create temporary table passing (id uuid)',
      'create table if not exists people (id uuid)',
    ],
  },
  'policy-open': {
    refused: [
      'create policy p on people for select to authenticated using (true)',
      'create policy p on people using (1 = 1)',
      'create policy p on people for insert to authenticated with check (true)',
      'alter policy p on people using (true)',
    ],
    free: [
      'create policy p on people for select to ganger_engine using (true)',
      `create policy p on people to authenticated using ((select private.reaches_all('a', 'b')))`,
      'create policy p on people as restrictive for select to authenticated using (true)',
      'create policy p on people to authenticated using (id = (select auth.uid()))',
    ],
  },
  'definer-search-path': {
    refused: [
      `create function f() returns integer language sql security definer as 'select 1'`,
      `create function f() returns integer language sql security definer
         set search_path = public as 'select 1'`,
      `create function f() returns integer language sql security definer
         set search_path = '', public as 'select 1'`,
      'alter function f() security definer',
      'alter function f() reset search_path',
      'alter function f() reset all',
    ],
    free: [
      `create function f() returns integer language sql security definer
         set search_path = '' as 'select 1'`,
      `create function f() returns integer language sql as 'select 1'`,
      `alter function f() security definer set search_path = ''`,
      'alter function f() security invoker',
      'alter function f() stable',
    ],
  },
  'view-runs-as-owner': {
    refused: [
      'create view v as select 1',
      'create view v with (security_invoker = off) as select 1',
    ],
    free: [
      'create view v with (security_invoker = true) as select 1',
      'create view v with (security_invoker) as select 1',
    ],
  },
  'transaction-control': {
    refused: ['begin', 'commit', 'select 1; rollback', 'savepoint a'],
    free: [`do $$ begin perform 1; end $$`],
  },
  'extension-outside': {
    refused: [
      'create extension hstore',
      'create extension hstore with schema public',
      'alter extension hstore set schema public',
    ],
    free: [
      'create extension if not exists hstore with schema extensions',
      'alter extension hstore set schema extensions',
    ],
  },
};

it('every rule has something that it refuses and something that it leaves free', () => {
  expect(new Set(Object.keys(CASES))).toEqual(RULES);
});

describe.each(Object.entries(CASES))('%s', (rule, { refused, free }) => {
  it.each(refused)('refuses %s', (sql) => {
    expect(rulesOf(sql)).toContain(rule);
  });

  it.each(free)('leaves free %s', (sql) => {
    expect(rulesOf(sql)).not.toContain(rule);
  });
});

describe('a table of the same file', () => {
  it('is one that is not there before, however "if not exists" is written', () => {
    const sql = `create table if not exists people (id uuid);
      create index people_name_idx on people (name)`;
    expect(rulesOf(sql)).toEqual(['create-index']);
    expect(rulesOf(sql, new Set())).toEqual(['table-without-row-security']);
  });

  it('is known with and without its schema', () => {
    expect(rulesOf(`${made('scratch')} create index i on public.scratch (n)`)).toEqual([]);
    expect(rulesOf(`${made('public.scratch')} create index i on private.scratch (n)`)).toEqual([
      'create-index',
    ]);
  });
});
