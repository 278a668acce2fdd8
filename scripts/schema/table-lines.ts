import type pg from 'pg';
import { MERGE_RULES } from '#shared/schema/define.ts';
import type { TableDefinition } from '#shared/schema/define.ts';
import { TABLE_NAMES, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { ruleOf } from './parents.ts';

/** What is known of each table, a line a table: of its definition and of the catalogue. */

interface Counts {
  readonly relation: string;
  readonly policies: number;
  readonly indexes: number;
  readonly triggers: number;
  readonly people_insert: number;
  readonly people_update: number;
  readonly engine_insert: number;
  readonly engine_update: number;
}

/** One line for every table, parents first. */
export async function tableLines(pool: pg.Pool | pg.ClientBase): Promise<string[]> {
  const { rows } = await pool.query<Counts>(COUNTS);
  const counts = new Map(rows.map((row) => [row.relation, row]));
  return TABLE_NAMES.map((table) => lineOf(table, counts.get(table)));
}

const COUNTS = `
  select c.relname as relation,
         (select count(*)::int from pg_catalog.pg_policy p where p.polrelid = c.oid) as policies,
         (select count(*)::int from pg_catalog.pg_index i where i.indrelid = c.oid) as indexes,
         (select count(*)::int from pg_catalog.pg_trigger t
           where t.tgrelid = c.oid and not t.tgisinternal) as triggers,
         count(*) filter (where has_column_privilege('authenticated', c.oid, a.attnum, 'insert'))::int
           as people_insert,
         count(*) filter (where has_column_privilege('authenticated', c.oid, a.attnum, 'update'))::int
           as people_update,
         count(*) filter (where has_column_privilege('ganger_engine', c.oid, a.attnum, 'insert'))::int
           as engine_insert,
         count(*) filter (where has_column_privilege('ganger_engine', c.oid, a.attnum, 'update'))::int
           as engine_update
    from pg_catalog.pg_class c
    join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
   group by c.oid, c.relname`;

function lineOf(table: TableName, counts: Counts | undefined): string {
  const definition = tableOf(table);
  const fields = Object.values(definition.fields);
  const { window, machine, retentionYears, stays } = definition;
  const groups = testGroups(definition);
  const parts = [
    `${definition.module} ${definition.kind}`,
    `${fields.length} fields`,
    tally(
      MERGE_RULES,
      fields.map(({ merge }) => merge),
    ),
    tally(
      ['P0', 'P1', 'P2', 'P3', 'PII'],
      fields.map(({ phi }) => phi),
    ),
    `scope ${scopeOf(definition)}`,
    `window ${window === null ? '–' : `${window.subject}.${window.column}`}`,
    retentionYears === null
      ? 'kept for ever'
      : `kept ${retentionYears} y${stays ? ' and while in use' : ''}`,
    counts
      ? `policies ${counts.policies} · people insert ${counts.people_insert} update ` +
        `${counts.people_update} · server insert ${counts.engine_insert} update ` +
        `${counts.engine_update} · indexes ${counts.indexes} · triggers ${counts.triggers}`
      : 'not in the database',
    `machine ${machine?.name ?? '–'}`,
    `tests ${groups.length}: ${groups.join(' ')}`,
    `rule ${ruleOf(table) ?? '?'}`,
  ];
  return `${table}: ${parts.join(' · ')}`;
}

const tally = (names: readonly string[], found: readonly string[]): string =>
  names
    .map((name) => [name, found.filter((one) => one === name).length] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(' ');

function scopeOf({ scope }: TableDefinition): string {
  const parts = Object.entries(scope).map(([kind, column]) => `${kind}=${column}`);
  return parts.length === 0 ? 'all' : parts.join(' ');
}

/** The groups of tests that are made from a definition, chosen as these choose. */
export function testGroups(definition: TableDefinition): string[] {
  const { kind, machine, editableIn, unique, uniqueWhere, identity, projectionOf } = definition;
  return [
    'rights',
    'values',
    ...(kind === 'fact' || kind === 'log' ? ['append-only'] : []),
    ...(kind === 'fact' || kind === 'record' ? ['laws'] : []),
    ...(machine ? ['states'] : []),
    ...(editableIn ? ['editable'] : []),
    ...(unique.length > 0 ? ['unique'] : []),
    ...(uniqueWhere.length > 0 ? ['claims'] : []),
    ...(identity ? ['identity'] : []),
    ...(projectionOf ? ['projection'] : []),
  ];
}
