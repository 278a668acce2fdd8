import type pg from 'pg';
import { systemColumns } from '#shared/schema/rows.ts';
import { mayMove } from '#shared/schema/moving.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import {
  changeableActors,
  engineInsertableColumns,
  engineInserts,
  engineUpdatableColumns,
  insertableColumns,
  peopleInsert,
  peopleUpdate,
  updatableColumns,
} from './contract.ts';
import { allTablesSql, serverColumns } from './table-sql.ts';

/** Checks that no definition tells; each has a test of what it refuses. */
export const EXTRA_CHECKS = [
  'audit_logs_field_names_shape_check',
  'inventory_items_packs_shape_check',
  'stock_acts_lines_shape_check',
  'stock_acts_no_patient_check',
  'stock_movements_no_patient_check',
  'stock_movements_sign_check',
  'user_roles_granter_check',
  'users_email_case_check',
];

const VIEWS = ['on_hand'];

/** Makes the tables as the definitions have them, in a schema of their own to compare with. */
export async function buildExpected(pool: pg.Pool): Promise<void> {
  await pool.query(`create schema expected; ${allTablesSql('expected')}`);
}

/**
 * Compares the definitions with the catalogue, in both directions: `missing` is what a definition
 * asks for and the database lacks, `surplus` what the database has and no definition asks for.
 * Needs `buildExpected`.
 * @param change a statement run first, to see what it does; undone at the end like all else
 */
export async function catalogueDifferences(pool: pg.Pool, change = 'select 1'): Promise<string[]> {
  const client = await pool.connect();
  try {
    await client.query(`begin; ${change}; set local search_path = ''`);
    const differences: string[] = [];
    const compare = (what: string, expected: string[], found: string[]): void => {
      const known = new Set(expected);
      const there = new Set(found);
      for (const line of known) if (!there.has(line)) differences.push(`missing ${what}: ${line}`);
      for (const line of there) if (!known.has(line)) differences.push(`surplus ${what}: ${line}`);
    };
    const lines = async (sql: string, values: unknown[] = []): Promise<string[]> => {
      const { rows } = await client.query<{ line: string }>(sql, values);
      return rows.map(({ line }) => line);
    };
    compare(
      'relation',
      [...TABLE_NAMES.map((name) => `r ${name}`), ...VIEWS.map((name) => `v ${name}`)],
      await lines(RELATIONS),
    );
    compare('column', await lines(COLUMNS, ['expected']), await lines(COLUMNS, ['public']));
    compare(
      'constraint',
      [...(await lines(CONSTRAINTS, ['expected'])), ...EXTRA_CHECKS],
      await lines(CONSTRAINTS, ['public']).then((found) =>
        found.map((line) => EXTRA_CHECKS.find((name) => line.startsWith(`${name} `)) ?? line),
      ),
    );
    compare('row security', securedTables(), await lines(ROW_SECURITY));
    compare('grant', expectedGrants(), await lines(GRANTS));
    compare('policy', expectedPolicies(), await lines(POLICIES));
    compare('trigger', expectedTriggers(), await lines(TRIGGERS));
    differences.push(...indexDifferences(await lines(INDEXES)));
    return differences;
  } finally {
    await client.query('rollback');
    client.release();
  }
}

const RELATIONS = `
  select format('%s %s', c.relkind, c.relname) as line from pg_catalog.pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')`;

const COLUMNS = `
  select format('%s.%s %s%s%s%s', c.relname, a.attname,
           pg_catalog.format_type(a.atttypid, a.atttypmod),
           case when a.attnotnull then ' not null' end,
           case when a.attcollation not in (0, 100) then ' collation ' || a.attcollation end,
           ' default ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid)) as line
    from pg_catalog.pg_class c
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_catalog.pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relnamespace = $1::text::regnamespace and c.relkind = 'r'`;

const CONSTRAINTS = `
  select format('%s on %s: %s', k.conname, c.relname,
           replace(pg_catalog.pg_get_constraintdef(k.oid), 'expected.', 'public.')) as line
    from pg_catalog.pg_constraint k
    join pg_catalog.pg_class c on c.oid = k.conrelid
   where c.relnamespace = $1::text::regnamespace and k.contype in ('c', 'f', 'p', 'u', 'x')
     and k.convalidated`;

const ROW_SECURITY = `
  select c.relname || ' enabled ' || c.relrowsecurity || ' forced ' || c.relforcerowsecurity as line
    from pg_catalog.pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')`;

const GRANTS = `
  with held as (
    select c.relname, c.relowner, null::name as attname, a.grantee, a.privilege_type, a.is_grantable
      from pg_catalog.pg_class c cross join pg_catalog.aclexplode(c.relacl) a
     where c.relnamespace = 'public'::regnamespace
    union all
    select c.relname, c.relowner, t.attname, a.grantee, a.privilege_type, a.is_grantable
      from pg_catalog.pg_class c
      join pg_catalog.pg_attribute t on t.attrelid = c.oid
     cross join pg_catalog.aclexplode(t.attacl) a
     where c.relnamespace = 'public'::regnamespace)
  select format('%s may %s %s%s%s', coalesce(r.rolname, 'public'), lower(h.privilege_type),
           h.relname, '.' || h.attname, case when h.is_grantable then ' with grant option' end) as line
    from held h left join pg_catalog.pg_roles r on r.oid = h.grantee
   where h.grantee <> h.relowner`;

const POLICIES = `
  select format('%s %s %s to %s', p.tablename, lower(p.permissive), lower(p.cmd),
           array_to_string(p.roles, ', ')) as line
    from pg_catalog.pg_policies p where p.schemaname = 'public'`;

const TRIGGERS = `
  select format('%s %s %s', c.relname, t.tgname, t.tgenabled) as line
    from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
   where c.relnamespace = 'public'::regnamespace and not t.tgisinternal`;

const INDEXES = `
  select c.relname || ': ' || (
           select string_agg(a.attname, ', ' order by k.at)
             from unnest(i.indkey) with ordinality k (attnum, at)
             join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum) ||
         case when i.indpred is null then '' else ' partial' end as line
    from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indrelid
   where c.relnamespace = 'public'::regnamespace and i.indisvalid`;

const securedTables = (): string[] => TABLE_NAMES.map((name) => `${name} enabled true forced true`);

function expectedGrants(): string[] {
  const all = [...TABLE_NAMES, ...VIEWS];
  const lines = all.map((name) => `ganger_engine may select ${name}`);
  lines.push(...VIEWS.map((name) => `authenticated may select ${name}`));
  const columns = (role: string, right: string, table: TableName, names: readonly string[]) =>
    lines.push(...names.map((column) => `${role} may ${right} ${table}.${column}`));
  for (const table of TABLE_NAMES) {
    const definition = tableOf(table);
    const fields = Object.entries(definition.fields);
    if (fields.every(([, { onDevice }]) => onDevice)) {
      lines.push(`authenticated may select ${table}`);
    } else {
      columns('authenticated', 'select', table, [
        ...systemColumns(definition),
        ...fields.filter(([, { onDevice }]) => onDevice).map(([name]) => name),
        ...Object.keys(serverColumns(definition)),
      ]);
    }
    columns('authenticated', 'insert', table, insertableColumns(table));
    columns('authenticated', 'update', table, updatableColumns(table));
    columns('ganger_engine', 'insert', table, engineInsertableColumns(table));
    columns('ganger_engine', 'update', table, engineUpdatableColumns(table));
  }
  return lines;
}

function expectedPolicies(): string[] {
  return TABLE_NAMES.flatMap((table) => [
    `${table} permissive select to authenticated`,
    `${table} permissive select to ganger_engine`,
    ...(peopleInsert(table)
      ? ['permissive', 'restrictive'].map((kind) => `${table} ${kind} insert to authenticated`)
      : []),
    ...(peopleUpdate(table)
      ? ['permissive', 'restrictive'].map((kind) => `${table} ${kind} update to authenticated`)
      : []),
    ...(engineInserts(table) ? [`${table} permissive insert to ganger_engine`] : []),
    ...(engineUpdatableColumns(table).length > 0
      ? [`${table} permissive update to ganger_engine`]
      : []),
  ]);
}

/** Triggers that no definition tells; each has a test of what it refuses or does. */
export const EXTRA_TRIGGERS: readonly string[] = [
  'count_lines guard_count O',
  'inventory_items index_gtins O',
  'handout_packs project O',
  'appointments project O',
  'form_submissions project O',
  'authorization_requests project O',
  'insurance_responses project O',
  'appointments know_patient O',
  'po_approvals guard_duty O',
  'payment_transactions guard_duty O',
  'ai_reviews guard_duty O',
  'review_decisions guard_undo O',
  'inventory_items guard_merge O',
  'appointments place O',
  'patients place O',
  'authorization_requests place O',
  'file_uploads guard_new O',
];

/** O fires in ordinary sessions, A in every session. */
function expectedTriggers(): string[] {
  const own = TABLE_NAMES.flatMap((table) => {
    const { kind, machine, editableIn } = tableOf(table);
    if (kind === 'fact' || kind === 'log') {
      return [`${table} append_only A`, `${table} append_only_truncate A`];
    }
    return [
      ...(mayMove(table) ? [`${table} depart O`] : []),
      `${table} touch O`,
      ...(kind === 'record' ? [`${table} sign_fields O`] : []),
      ...(machine ? [`${table} guard_state O`] : []),
      ...(editableIn ? [`${table} guard_editable O`] : []),
      ...changeableActors(table).map(() => `${table} guard_actor O`),
    ];
  });
  return [...own, ...EXTRA_TRIGGERS];
}

/** Every wanted list of columns leads some index, and every index is there for one of them. */
function indexDifferences(found: readonly string[]): string[] {
  const leads = (wanted: string, index: string): boolean =>
    index === wanted || index.startsWith(`${wanted}, `);
  return TABLE_NAMES.flatMap((table) => {
    const wanted = wantedIndexes(table);
    const indexes = found
      .filter((line) => line.startsWith(`${table}: `))
      .map((line) => line.slice(table.length + 2));
    return [
      ...wanted
        .filter((columns) => !indexes.some((index) => leads(columns, index)))
        .map((columns) => `missing index: ${table}: ${columns}`),
      ...indexes
        .filter((index) => !wanted.some((columns) => leads(columns, index)))
        .map((index) => `surplus index: ${table}: ${index}`),
    ];
  });
}

function wantedIndexes(table: TableName): string[] {
  const { fields, indexes, kind, scope, unique, uniqueWhere, window } = tableOf(table);
  const feeds = ['row_xid, id'];
  if (scope.location) feeds.push(`${scope.location}, row_xid, id`);
  if (scope.team && scope.team !== 'id') feeds.push(`${scope.team}, row_xid, id`);
  // A row that is its own owner is found by its key.
  if (scope.own && scope.own !== 'id') feeds.push(`${scope.own}, row_xid, id`);
  if (window && window.column !== 'id') feeds.push(`${window.column}, row_xid, id`);
  return [
    'id',
    ...feeds,
    ...(scope.sites ? [scope.sites] : []),
    ...[...indexes, ...unique].map((columns) => columns.join(', ')),
    ...Object.entries(fields).flatMap(([name, { references }]) =>
      references && !isFoundByUnique(table, name) ? [name] : [],
    ),
    ...uniqueWhere.map(({ columns }) => `${columns.join(', ')} partial`),
    ...(kind === 'fact' ? ['device_id, origin_seq partial'] : []),
    ...(kind === 'record' ? ['deleted_at partial'] : []),
    ...(EXTRA_INDEXES[table] ?? []),
  ];
}

/** A unique index over the rows where a column is set finds them as well as one over all. */
const isFoundByUnique = (table: TableName, column: string): boolean =>
  tableOf(table).uniqueWhere.some(
    ({ columns, field, values }) => columns[0] === column && field === column && values === null,
  );

/** Indexes for questions that no definition tells. */
const EXTRA_INDEXES: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  stock_movements: ['ref_id'],
  // Who looked at what about one patient: few entries of many.
  // Refused acts of the last minutes, counted for the alerts.
  audit_logs: ['patient_ref, row_xid, id partial', 'recorded_at partial'],
  patient_uses: ['act_id'],
};
