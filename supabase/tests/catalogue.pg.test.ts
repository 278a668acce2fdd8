import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { matrixRows } from '#shared/access/matrix.ts';
import { RECORD_MACHINES } from '#shared/schema/machines.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { onHandSql } from '#shared/schema/on-hand.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { buildExpected, catalogueDifferences } from '../schema/catalogue.ts';

/** The only way in which people, their roles and sites are written. */
const ADMINISTRATION = [
  'accept_invitation',
  'decide_role',
  'edit_person',
  'end_role',
  'give_role',
  'invite_person',
  'require_strong',
  'save_site',
  'set_person',
];

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  await buildExpected(db.postgres);
});
afterAll(() => db.close());

describe('the catalogue', () => {
  it('is what the table definitions say, and nothing beside', async () => {
    expect(await catalogueDifferences(db.postgres)).toEqual([]);
  });

  it.each([
    ['surplus relation', 'create table public.notes (id uuid primary key)'],
    ['surplus relation', 'create view public.everyone as select id from public.users'],
    ['surplus relation', 'create sequence public.numbers'],
    ['missing column', 'alter table public.count_sessions drop column note'],
    ['surplus column', 'alter table public.users add column pin text'],
    ['missing column', 'alter table public.count_lines alter pass type bigint'],
    ['missing column', 'alter table public.stock_acts alter hlc type text collate "default"'],
    ['missing column', 'alter table public.locations alter name drop not null'],
    ['missing constraint', 'alter table public.devices drop constraint devices_kind_check'],
    [
      'surplus constraint',
      `alter table public.devices drop constraint devices_kind_check,
         add constraint devices_kind_check check (kind in ('desktop', 'kiosk', 'tablet', 'phone'))`,
    ],
    ['missing constraint', 'alter table public.users drop constraint users_home_location_id_fkey'],
    ['missing constraint', 'alter table public.users drop constraint users_email_key'],
    ['missing row security', 'alter table public.users disable row level security'],
    ['missing row security', 'alter table public.users no force row level security'],
    ['surplus grant', 'grant delete on public.stock_acts to authenticated'],
    ['surplus grant', 'grant select on public.locations to public'],
    ['surplus grant', 'grant insert on public.audit_logs to service_role'],
    ['surplus grant', 'grant update (location_id) on public.item_locations to authenticated'],
    ['surplus grant', 'grant select (email) on public.users to authenticated'],
    ['missing grant', 'revoke insert on public.stock_movements from ganger_engine'],
    ['missing policy', 'drop policy count_lines_create_as_oneself on public.count_lines'],
    ['surplus policy', 'create policy open on public.users for select to anon using (true)'],
    ['missing index', 'drop index public.stock_acts_location_id_feed_idx'],
    ['missing index', 'drop index public.stock_acts_origin_key'],
    ['surplus index', 'create index on public.stock_acts (note)'],
    ['missing trigger', 'drop trigger append_only on public.stock_movements'],
    ['missing trigger', 'alter table public.audit_logs enable trigger append_only'],
  ])('shows a %s: %s', async (difference, change) => {
    const found = await catalogueDifferences(db.postgres, change);
    expect(found.map((line) => line.slice(0, difference.length))).toContain(difference);
  });
});

describe('functions', () => {
  it('lie in the private schema, which anonymous and service callers cannot enter', async () => {
    const { rows } = await db.postgres.query(`
      select (select count(*)::int from pg_proc where pronamespace = 'public'::regnamespace)
               as in_public,
             has_schema_privilege('anon', 'private', 'usage, create') as anon,
             has_schema_privilege('service_role', 'private', 'usage, create') as service,
             has_schema_privilege('authenticated', 'private', 'create') as person,
             has_schema_privilege('ganger_engine', 'private', 'create') as engine`);
    expect(rows).toEqual([
      { in_public: 0, anon: false, service: false, person: false, engine: false },
    ]);
  });

  it('may be called only by those who are named', async () => {
    const { rows } = await db.postgres.query<{ may: string }>(`
      select p.proname || ': ' || coalesce(r.rolname, 'public') as may
        from pg_proc p cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        left join pg_roles r on r.oid = a.grantee
       where p.pronamespace = 'private'::regnamespace and a.grantee <> p.proowner`);
    const both = [
      'epoch',
      'is_sorted',
      'judge_step',
      'limited_values',
      'lines_are_whole',
      'machine_of',
      'may_row',
      'metadata',
      'packs_are_whole',
      'reaches_all',
      'reaches_own',
      'sites',
      'teams',
    ];
    expect(rows.map(({ may }) => may).toSorted()).toEqual(
      [
        ...both.flatMap((name) => [`${name}: authenticated`, `${name}: ganger_engine`]),
        'append_audit: ganger_engine',
        'lacks_factor: ganger_engine',
        'setting: ganger_engine',
        'append_device_entries: ganger_engine',
        'verify_device_chain: ganger_engine',
        ...ADMINISTRATION.map((name) => `${name}: ganger_engine`),
        'file_facts: authenticated',
        'file_right: authenticated',
        'insert_released: ganger_engine',
        'update_released: ganger_engine',
        'move_windows: ganger_engine',
        'remove_over: ganger_retention',
        'verify_audit: ganger_engine',
      ].toSorted(),
    );
  });

  it('take nothing from the search path of their caller', async () => {
    const { rows } = await db.postgres.query(`
      select p.proname from pg_proc p
       where p.pronamespace = 'private'::regnamespace
         -- What was parsed when it was made looks nothing up any more.
         and p.prosqlbody is null and not coalesce(p.proconfig @> array['search_path=""'], false)`);
    expect(rows).toEqual([]);
  });

  it('read private tables, of which only the engine writes any: its own memory', async () => {
    const { rows } = await db.postgres.query<{ line: string }>(`
      select format('%s %s %s %s', c.relname, c.relrowsecurity, r.rolname, a.privilege_type) as line
        from pg_class c
        left join lateral aclexplode(c.relacl) a on a.grantee <> c.relowner
        left join pg_roles r on r.oid = a.grantee
       where c.relnamespace = 'private'::regnamespace and c.relkind = 'r'`);
    expect(rows.map(({ line }) => line.trim()).toSorted()).toEqual(
      [
        'access_matrix t',
        'allowed_transitions t',
        'audit_heads t',
        'device_chains t ganger_engine SELECT',
        'device_entries t authenticated SELECT',
        'device_entries t ganger_engine SELECT',
        ...['INSERT', 'SELECT', 'UPDATE'].map((r) => `device_reports t ganger_engine ${r}`),
        'role_proposals t ganger_engine SELECT',
        'feed_epoch t',
        ...['file_blobs', 'file_fetches', 'file_parts', 'file_sends'].flatMap((table) =>
          ['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((r) => `${table} t ganger_engine ${r}`),
        ),
        'item_gtins t',
        // What came before its message, what was to be paid, and both books compared.
        ...['DELETE', 'INSERT', 'SELECT'].flatMap((r) => [
          `early_reports t ganger_engine ${r}`,
          `payment_comparisons t ganger_engine ${r}`,
        ]),
        ...['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map(
          (r) => `payment_differences t ganger_engine ${r}`,
        ),
        ...['INSERT', 'SELECT'].map((r) => `payment_notices t ganger_engine ${r}`),
        ...['INSERT', 'SELECT', 'UPDATE'].map((r) => `payment_commands t ganger_engine ${r}`),
        // What the servers see of themselves, and of whom they have told.
        ...[
          'alerts',
          'alert_notices',
          'alert_silences',
          'health_samples',
          'monitor',
          'replicas',
        ].flatMap((table) =>
          ['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((r) => `${table} t ganger_engine ${r}`),
        ),
        'machines t',
        // What leaves the house, and who is at it.
        ...['job_workers', 'outbox', 'outbox_recorded', 'sandbox'].flatMap((table) =>
          ['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((r) => `${table} t ganger_engine ${r}`),
        ),
        // Ids only: a pull asks in the person's name for those that left a part of theirs.
        'part_departures t authenticated SELECT',
        ...['DELETE', 'SELECT', 'UPDATE'].map((r) => `part_departures t ganger_engine ${r}`),
        ...['DELETE', 'INSERT', 'SELECT', 'UPDATE'].map((r) => `push_memory t ganger_engine ${r}`),
        ...['DELETE', 'SELECT', 'UPDATE'].map((r) => `removed_rows t ganger_engine ${r}`),
        ...['INSERT', 'SELECT', 'UPDATE'].map((r) => `retention_runs t ganger_retention ${r}`),
        'retention_rules t',
        'quarantine t ganger_engine INSERT',
        'quarantine t ganger_engine SELECT',
        'scope_members t authenticated SELECT',
        'scope_members t ganger_engine SELECT',
        'scopes t',
      ].toSorted(),
    );
  });
});

describe('the sync server’s login', () => {
  it('owns nothing, inherits nothing, and is no member of more than it needs', async () => {
    const { rows } = await db.admin.query(`
      select r.rolsuper, r.rolinherit, r.rolbypassrls, r.rolcreaterole, r.rolcreatedb,
             (select count(*)::int from pg_class where relowner = r.oid) as owns,
             (select array_agg(m.roleid::regrole::text || m.inherit_option::text order by 1)
                from pg_auth_members m where m.member = r.oid) as member_of
        from pg_roles r where r.rolname = 'ganger_sync'`);
    expect(rows).toEqual([
      {
        rolsuper: false,
        rolinherit: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        owns: 0,
        member_of: ['authenticatedfalse', 'ganger_enginefalse', 'ganger_retentionfalse'],
      },
    ]);
  });

  it('has limits on statements, locks and open transactions, and a price of reading', async () => {
    const { rows } = await db.admin.query<{ setting: string }>(`
      select split_part(unnest(setconfig), '=', 1) as setting
        from pg_db_role_setting where setrole = 'ganger_sync'::regrole`);
    expect(rows.map(({ setting }) => setting).toSorted()).toEqual([
      'idle_in_transaction_session_timeout',
      'lock_timeout',
      // Tables are asked by their keys, however small they are.
      'random_page_cost',
      'statement_timeout',
      'transaction_timeout',
    ]);
  });
});

describe('what the database holds of the code', () => {
  it('is the access matrix, cell by cell', async () => {
    const { rows } = await db.postgres.query(`
      select role, table_name as "table", operation, reach,
             case when only_field is not null
                  then jsonb_build_object('field', only_field, 'values', only_values) end as only
        from private.access_matrix`);
    const sorted = (list: readonly unknown[]): string[] =>
      list.map((row) => JSON.stringify(row)).toSorted();
    expect(sorted(rows)).toEqual(sorted(matrixRows()));
  });

  it('are the state machines, step by step', async () => {
    const machines = await db.postgres.query(`
      select table_name, field, initial_state, author, open_fields from private.machines order by table_name`);
    const steps = await db.postgres.query<Record<string, string>>(`
      select table_name, from_state, to_state, needs, guard from private.allowed_transitions`);
    const known = RECORD_MACHINES;
    expect(machines.rows).toEqual(
      known
        .map(({ table, field, initial, author }) => ({
          table_name: table,
          field,
          initial_state: initial,
          author,
          open_fields: tableOf(table as TableName).openFields,
        }))
        .toSorted((a, b) => a.table_name.localeCompare(b.table_name)),
    );
    const line = (...parts: (string | undefined)[]): string => parts.join(' ');
    expect(
      steps.rows
        .map((s) => line(s['table_name'], s['from_state'], s['to_state'], s['needs'], s['guard']))
        .toSorted(),
    ).toEqual(
      known
        .flatMap(({ table, transitions }) =>
          transitions.map((t) => line(table, t.from, t.to, t.needs, t.guard)),
        )
        .toSorted(),
    );
  });

  it('are the columns that say whose a row is', async () => {
    const { rows } = await db.postgres.query(`
      select table_name, location_column as location, sites_column as sites, team_column as team,
             own_column as own, everywhere from private.scopes`);
    const lines = (list: readonly unknown[]): string[] =>
      list.map((row) => canonicalJson(row)).toSorted();
    expect(lines(rows)).toEqual(
      lines(TABLE_NAMES.map((name) => ({ table_name: name, ...tableOf(name).scope }))),
    );
  });

  it('is the reckoning of on-hand that devices use', async () => {
    const body = onHandSql((table) => `public.${table}`);
    await db.postgres.query(`create schema scratch; create view scratch.on_hand as ${body}`);
    const { rows } = await db.postgres.query(`
      select pg_get_viewdef('public.on_hand'::regclass) = pg_get_viewdef('scratch.on_hand'::regclass)
               as same,
             (select reloptions from pg_class where oid = 'public.on_hand'::regclass) as options`);
    await db.postgres.query('drop schema scratch cascade');
    expect(rows).toEqual([{ same: true, options: ['security_invoker=true'] }]);
  });
});
