import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { REMOVAL_ORDER, retentionRule } from '#shared/schema/retention.ts';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Row } from '#shared/schema/define.ts';
import { idsIn, removeAllOver, rewrite } from '#server/testing/keeping.suite.ts';
import { insertStatement, sampleRow } from '../schema/sample-rows.ts';
import type { References } from '../schema/sample-rows.ts';
import { openSyncPool } from './support/callers.ts';
import { plantWorld } from './support/world.ts';

/**
 * Whatever names what, and however old each row is: what goes is old and named by nothing that stays,
 * and everything that is so goes. On a real database, over references of every kind: chains of tables,
 * rows that name rows of their own table, and names by table and id.
 */

const RUNS = Number(process.env['KEEPING_RUNS'] ?? 6);

/** Parents first, as everywhere. */
const TABLES = [
  'patients',
  'appointments',
  'vendors',
  'purchase_orders',
  'po_approvals',
  'check_in_records',
  'form_templates',
  'form_template_versions',
  'form_submissions',
  'digital_signatures',
  'signature_invalidations',
  'rocks',
  'comments',
  'authorization_requests',
  'authorization_evidence',
  'evidence_reviews',
  'conflict_log',
] as const satisfies readonly TableName[];
type Used = (typeof TABLES)[number];

let db: TestDatabase;
let sync: pg.Pool;
let world: References;
beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  sync = await openSyncPool(db);
  world = await plantWorld(db.postgres);
  // What is about a child stays for longer.
  await rewrite(db.admin, 'patients', `birth_date = '1950-01-01'`);
});
afterAll(async () => {
  await sync.end();
  await db.close();
});

/** A row to make: of which table, how old, and which of the rows before it names (by lot). */
const Spec = fc.record({
  table: fc.constantFrom<Used>(...TABLES),
  old: fc.boolean(),
  lots: fc.array(fc.nat(1_000), { minLength: 8, maxLength: 8 }),
});
type Spec = typeof Spec extends fc.Arbitrary<infer T> ? T : never;

interface Made {
  readonly table: Used;
  readonly row: Row;
  readonly old: boolean;
}

/** Fields with the table that each names; null: the row itself says which. */
function namesOf(table: TableName): [field: string, parent: string | null][] {
  const { named_id_column: named } = retentionRule(table);
  return [
    ...Object.entries(tableOf(table).fields).flatMap(
      ([field, { references }]): [string, string][] =>
        references === null ? [] : [[field, references]],
    ),
    ...(named === null ? [] : [[named, null] as [string, null]]),
  ];
}

/** Rows in the order in which they can be inserted, each naming some of those before it. */
function make(specs: readonly Spec[]): Made[] {
  const made: Made[] = [];
  const inOrder = specs.toSorted((a, b) => TABLES.indexOf(a.table) - TABLES.indexOf(b.table));
  for (const { table, old, lots } of inOrder) {
    const values: Record<string, unknown> = {};
    namesOf(table).forEach(([field, parent], at) => {
      const lot = lots[at % lots.length] ?? 0;
      const others = made.filter((one) => parent === null || one.table === parent);
      const nullable = tableOf(table).fields[field]?.nullable === true;
      const chosen = others[lot % (others.length + (nullable ? 1 : 0))];
      if (!chosen) return;
      values[field] = chosen.row.id;
      const { named_table_column: column } = retentionRule(table);
      // Comments are about few tables only.
      const allowed = column === null ? null : tableOf(table).fields[column]?.values;
      if (parent !== null || column === null) return;
      if (allowed && !allowed.includes(chosen.table)) delete values[field];
      else values[column] = chosen.table;
    });
    if (table === 'patients') values['birth_date'] = '1950-01-01';
    made.push({ table, old, row: sampleRow(table, world, values) });
  }
  return made;
}

async function insert(made: readonly Made[]): Promise<void> {
  await db.postgres.query(
    made.map(({ table, row }) => insertStatement(table, row)).join(';\n') || 'select 1',
  );
  for (const table of TABLES) {
    const old = made.filter((one) => one.table === table && one.old).map(({ row }) => row.id);
    const young = made.filter((one) => one.table === table && !one.old).map(({ row }) => row.id);
    const { until, ends } = tableOf(table).stays ?? {};
    const sets = [
      `recorded_at = now() - interval '8 years'`,
      ...(until ? [`${until.field} = '${until.is[0]}'`] : []),
      ...(ends ? [`${ends} = now() - interval '8 years'`] : []),
    ];
    const list = (ids: readonly string[]): string => `t.id = any ('{${ids.join(',')}}')`;
    if (old.length > 0) await rewrite(db.admin, table, sets.join(', '), list(old));
    // A visit changed its patient when it was made.
    if (young.length > 0) await rewrite(db.admin, table, 'recorded_at = now()', list(young));
  }
}

test('what is old and named by nothing that stays goes, all of it, and nothing else', async () => {
  const figures = { rows: 0, removed: 0, held: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(Spec, { minLength: 10, maxLength: 45 }), async (specs) => {
      const made = make(specs);
      await insert(made);
      const order = REMOVAL_ORDER.filter((table) => (TABLES as readonly string[]).includes(table));
      await removeAllOver(sync, order);
      const left = new Set<string>();
      for (const table of TABLES) for (const id of await idsIn(db.admin, table)) left.add(id);
      const staying = made.filter(({ row }) => left.has(row.id));
      const named = new Set(
        staying.flatMap(({ table, row }) =>
          namesOf(table).flatMap(([field]) => (row[field] === row.id ? [] : [String(row[field])])),
        ),
      );
      for (const { table, row, old } of made) {
        if (left.has(row.id)) {
          // It is young, or something that stays names it.
          expect([table, row.id, !old || named.has(row.id)]).toEqual([table, row.id, true]);
        } else {
          expect([table, row.id, old, named.has(row.id)]).toEqual([table, row.id, true, false]);
        }
      }
      expect(await removeAllOver(sync, order)).toEqual({});
      const gone = made.filter(({ row }) => !left.has(row.id));
      const ids = gone.map(({ row }) => row.id);
      const { rows } = await db.admin.query<{ n: number; copies: number }>(
        `select (select count(distinct row_id)::int from private.removed_rows
                  where row_id = any ($1)) as n,
                (select count(*)::int from (
                   select id from public.form_submission_summaries union all
                   select id from public.authorization_summaries) c
                  where c.id = any ($1)) as copies`,
        [ids],
      );
      expect(rows).toEqual([{ n: gone.length, copies: 0 }]);
      figures.rows += made.length;
      figures.removed += gone.length;
      figures.held += staying.filter(({ old }) => old).length;
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
  process.stdout.write(`keeping: ${JSON.stringify(figures)}\n`);
  expect(figures.removed).toBeGreaterThan(0);
  expect(figures.held).toBeGreaterThan(0);
}, 300_000);
