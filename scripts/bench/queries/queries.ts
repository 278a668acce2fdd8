import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '#stack/migrate.ts';
import { connectForScripts } from '#stack/sql-file.ts';
import { withScratchPostgres } from '../../schema/scratch-postgres.ts';
import type { BenchOptions } from '../bench.ts';
import { describeMachine, markdownTable, median, rounded } from '../report.ts';
import type { BenchLine, BenchReport } from '../report.ts';
import { hottestQueries } from './catalogue.ts';
import type { BenchQuery } from './catalogue.ts';
import { load } from './load.ts';
import type { Loaded } from './load.ts';
import { newsCosts } from './news.ts';
import { explain } from './plans.ts';
import type { PlanSummary } from './plans.ts';
import { policyCosts } from './row-security.ts';
import { timed, undone } from './sessions.ts';

const ROWS = 1_000_000;
const RUNS = 7;
/** A table of fewer rows may be read from end to end. */
const LONG_TABLE = 10_000;
const MOST_RATIO = 2;
const MOST_MS = 100;

/** One query with its plan and its time. */
export interface MeasuredQuery {
  readonly query: BenchQuery;
  readonly plan: PlanSummary;
  /** Median of the runs at the client, milliseconds. */
  readonly ms: number;
  /** Long tables that it reads from end to end without having to. */
  readonly scanned: readonly string[];
  /** Indexes that it should have used and did not. */
  readonly missed: readonly RegExp[];
}

/**
 * The hottest queries of the product at full size, what the policies cost, and what a pull costs that
 * finds nothing new.
 */
export async function benchQueries({ rows = ROWS, print }: BenchOptions): Promise<BenchReport> {
  return withScratchPostgres(async ({ adminUrl, ownerUrl }) => {
    await migrate(ownerUrl);
    const admin = await connectForScripts(adminUrl, 'bench');
    const syncUrl = await openSyncLogin(admin, adminUrl);
    const sync = await connectForScripts(syncUrl, 'bench');
    try {
      const begun = performance.now();
      const loaded = await load(admin, rows);
      const { rows: version } = await admin.query<{ server_version: string }>(
        'show server_version',
      );
      const machine = `${describeMachine()}, Postgres ${version[0]?.server_version ?? ''}`;
      print(
        `queries: ${rows} movements, loaded in ${Math.round((performance.now() - begun) / 1_000)} s`,
      );
      print(`machine: ${machine}\n`);
      const measured = await measureQueries(sync, loaded, await longTables(admin));
      print(`${queryTable(measured)}\n`);
      const policies = await policyCosts({ sync, admin }, loaded);
      print(`${policyTable(policies)}\n`);
      const news = await newsCosts({ syncUrl, sync }, loaded);
      print(markdownTable(...news.table));
      return {
        bench: 'queries',
        machine,
        date: new Date().toISOString(),
        lines: [...measured.map(queryLine), ...policies.map(policyLine), ...news.lines],
      };
    } finally {
      await Promise.all([sync.end(), admin.end()]);
    }
  });
}

/** Gives the server's login a password. @returns its connection string */
export async function openSyncLogin(admin: pg.ClientBase, adminUrl: string): Promise<string> {
  const password = randomBytes(18).toString('base64url');
  await admin.query(`alter role ganger_sync password ${pg.escapeLiteral(password)}`);
  const url = new URL(adminUrl);
  url.username = 'ganger_sync';
  url.password = password;
  return url.href;
}

/** Names of tables that no hot query may read from end to end. */
export async function longTables(
  admin: pg.ClientBase,
  least: number = LONG_TABLE,
): Promise<ReadonlySet<string>> {
  const { rows } = await admin.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
       and c.reltuples > $1`,
    [least],
  );
  return new Set(rows.map(({ name }) => name));
}

/** Runs every query in its person's name, undone each time, and reads its plan. */
export async function measureQueries(
  client: pg.ClientBase,
  loaded: Loaded,
  long: ReadonlySet<string>,
  { runs = RUNS }: { runs?: number } = {},
): Promise<MeasuredQuery[]> {
  const measured: MeasuredQuery[] = [];
  for (const query of await hottestQueries(loaded)) {
    const once = (): Promise<number> =>
      undone(client, query, () => timed(() => client.query(query.text, [...query.values])));
    await once();
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) times.push(await once());
    const plan = await undone(client, query, () => explain(client, query));
    measured.push({
      query,
      plan,
      ms: median(times),
      scanned: plan.scanned.filter((table) => long.has(table) && !query.whole.includes(table)),
      missed: query.indexes.filter((wanted) => !plan.indexes.some((index) => wanted.test(index))),
    });
  }
  return measured;
}

function queryTable(measured: readonly MeasuredQuery[]): string {
  return markdownTable(
    ['query', 'as', 'ms', 'planning ms', 'rows', 'pages', 'long tables scanned', 'indexes'],
    measured.map(({ query, plan, ms, scanned }) => [
      query.name,
      query.as === 'engine' ? 'engine' : query.person.name,
      rounded(ms),
      rounded(plan.planningMs),
      plan.rows,
      plan.pages,
      scanned.join(', ') || 'none',
      // Questions over all tables use one index apiece.
      plan.indexes.length > 6 ? `${plan.indexes.length} indexes` : plan.indexes.join(', '),
    ]),
  );
}

function queryLine({ query, ms, scanned }: MeasuredQuery): BenchLine {
  return {
    line: query.name,
    unit: 'ms',
    better: 'lower',
    ours: rounded(ms),
    limit: null,
    peers: {},
    ratio: null,
    goal: `under ${MOST_MS} ms, no long table read from end to end`,
    met: scanned.length === 0 && ms < MOST_MS,
  };
}

type PolicyCosts = Awaited<ReturnType<typeof policyCosts>>;

function policyTable(costs: PolicyCosts): string {
  return markdownTable(
    [
      'role',
      'page of 100 of',
      'ms',
      'without policies',
      'ratio',
      'planning ms',
      'without policies',
    ],
    costs.map((cost) => [
      cost.role,
      cost.table,
      rounded(cost.personMs),
      rounded(cost.ownerMs),
      rounded(cost.ratio),
      rounded(cost.personPlanningMs),
      rounded(cost.ownerPlanningMs),
    ]),
  );
}

function policyLine(cost: PolicyCosts[number]): BenchLine {
  return {
    line: `policies: ${cost.role} pulls 100 of ${cost.table}`,
    unit: 'ms',
    better: 'lower',
    ours: rounded(cost.personMs),
    limit: rounded(cost.ownerMs),
    peers: {},
    ratio: rounded(cost.ratio),
    goal: `at most ${MOST_RATIO} × the same without row security`,
    met: cost.ratio <= MOST_RATIO,
  };
}
