import type pg from 'pg';
import { matrixRows } from '#shared/access/matrix.ts';
import { WINDOWS } from '#shared/access/windows.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { MINORS_UNTIL_AGE, RETENTION_RULES, TAKEN_BACK_DAYS } from '#shared/schema/retention.ts';
import { RECORD_MACHINES } from '#shared/schema/machines.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { buildExpected, catalogueDifferences } from '../../supabase/schema/catalogue.ts';
import type { Finding } from './definition-checks.ts';

/** What the database has against what the definitions say, in both directions. */

/**
 * All findings about a database that has the migrations. Leaves a schema `expected` behind, with the
 * tables as the definitions have them.
 * @param change a statement run first, to see what is found; undone like all else
 */
export async function databaseFindings(pool: pg.Pool, change = 'select 1'): Promise<Finding[]> {
  const { rows } = await pool.query<{ built: string | null }>(
    `select to_regnamespace('expected') as built`,
  );
  if (rows[0]?.built === null) await buildExpected(pool);
  const differences = await catalogueDifferences(pool, change);
  const client = await pool.connect();
  try {
    await client.query(`begin; ${change}`);
    return [...byTable(differences), ...(await unindexed(client)), ...(await repeated(client))];
  } finally {
    await client.query('rollback');
    client.release();
  }
}

/** A finding a table, and one for what belongs to none. */
function byTable(differences: readonly string[]): Finding[] {
  const names = new Set<string>(TABLE_NAMES);
  const tableIn = (line: string): string =>
    (line.match(/[a-z0-9_]+/g) ?? []).slice(2).find((word) => names.has(word)) ??
    // A constraint begins with the name of its table.
    TABLE_NAMES.filter((name) => line.includes(` ${name}_`)).at(-1) ??
    '';
  return [...TABLE_NAMES, ''].map((table) => ({
    what: table === '' ? 'catalogue: beside the tables' : `${table}: catalogue`,
    problems: differences.filter((line) => tableIn(line) === table),
  }));
}

/** References whose columns lead no index: each change of the parent would read the whole table. */
async function unindexed(client: pg.ClientBase): Promise<Finding[]> {
  const { rows } = await client.query<{ relation: string; columns: string }>(`
    select c.relname as relation,
           (select string_agg(a.attname, ', ' order by k.at)
              from unnest(f.conkey) with ordinality k (attnum, at)
              join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum) as columns
      from pg_catalog.pg_constraint f join pg_catalog.pg_class c on c.oid = f.conrelid
     where f.contype = 'f' and c.relnamespace = 'public'::regnamespace
       and not exists (
         select from pg_catalog.pg_index i
          where i.indrelid = c.oid and i.indisvalid
            and (i.indkey::int2[])[0:cardinality(f.conkey) - 1] = f.conkey
            -- A part of the rows is enough where it is those that refer to something.
            and (i.indpred is null or pg_catalog.pg_get_expr(i.indpred, c.oid) =
                 format('(%I IS NOT NULL)', (
                   select a.attname from pg_catalog.pg_attribute a
                    where a.attrelid = c.oid and a.attnum = f.conkey[1]))))`);
  return TABLE_NAMES.map((table) => ({
    what: `${table}: references`,
    problems: rows
      .filter(({ relation }) => relation === table)
      .map(({ columns }) => `no index begins with ${columns}`),
  }));
}

/** What private tables repeat of the code: rights, machines, scopes, windows, retention. */
async function repeated(client: pg.ClientBase): Promise<Finding[]> {
  const compare = async (
    what: string,
    sql: string,
    expected: readonly unknown[],
  ): Promise<Finding> => {
    const { rows } = await client.query<{ line: unknown }>(sql);
    const there = new Set(rows.map(({ line }) => canonicalJson(line)));
    const known = new Set(expected.map(canonicalJson));
    return {
      what: `code in the database: ${what}`,
      problems: [
        ...[...known].filter((line) => !there.has(line)).map((line) => `missing ${line}`),
        ...[...there].filter((line) => !known.has(line)).map((line) => `surplus ${line}`),
      ],
    };
  };
  return [
    await compare(
      'rights',
      `select jsonb_build_array(role, table_name, operation, reach, only_field, only_values) as line
         from private.access_matrix`,
      matrixRows().map((row) => [
        row.role,
        row.table,
        row.operation,
        row.reach,
        row.only?.field ?? null,
        row.only?.values ?? null,
      ]),
    ),
    await compare(
      'machines',
      `select jsonb_build_array(table_name, field, initial_state, author, open_fields) as line
         from private.machines`,
      RECORD_MACHINES.map(({ table, field, initial, author }) => [
        table,
        field,
        initial,
        author,
        tableOf(table as TableName).openFields,
      ]),
    ),
    await compare(
      'steps',
      `select jsonb_build_array(table_name, from_state, to_state, needs, guard) as line
         from private.allowed_transitions`,
      RECORD_MACHINES.flatMap(({ table, transitions }) =>
        transitions.map(({ from, to, needs, guard }) => [table, from, to, needs, guard]),
      ),
    ),
    await compare(
      'scopes',
      `select jsonb_build_array(table_name, location_column, sites_column, team_column, own_column)
                as line
         from private.scopes`,
      TABLE_NAMES.map((table) => {
        const { location, sites, team, own } = tableOf(table).scope;
        return [table, location ?? null, sites ?? null, team ?? null, own ?? null];
      }),
    ),
    await compare(
      'retention',
      `select jsonb_strip_nulls(to_jsonb(r)) as line from private.retention_rules r`,
      RETENTION_RULES.map((rule) =>
        Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null)),
      ),
    ),
    await compare(
      'ages of retention',
      `select jsonb_build_array(private.minors_until_age(),
                extract(day from private.taken_back_for())) as line`,
      [[MINORS_UNTIL_AGE, TAKEN_BACK_DAYS]],
    ),
    await compare(
      'windows',
      'select jsonb_build_array(name, days_before, days_after) as line from private.windows()',
      Object.entries(WINDOWS).map(([name, { daysBefore, daysAfter }]) => [
        name,
        daysBefore,
        daysAfter,
      ]),
    ),
  ];
}
