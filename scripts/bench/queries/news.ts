import type pg from 'pg';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { LIMITS } from '#shared/protocol/messages.ts';
import type { Cursor, PullRequest } from '#shared/protocol/messages.ts';
import { createPool } from '#server/db/pool.ts';
import { pgPull } from '#server/sync/pg-pull-store.ts';
import { pull } from '#server/sync/pull.ts';
import { median, rounded } from '../report.ts';
import type { BenchLine, markdownTable } from '../report.ts';
import { nearlyAll, newsSql, partsOf } from './catalogue.ts';
import type { Statement } from './catalogue.ts';
import type { Loaded } from './load.ts';
import { DEVICE, PERSON } from './people.ts';
import type { BenchPerson } from './people.ts';
import { explain } from './plans.ts';
import { claimsOf, timed, undone } from './sessions.ts';

/** Where the time of a pull goes that finds nothing new in any table. */
export interface NewsCosts {
  readonly table: Parameters<typeof markdownTable>;
  readonly lines: readonly BenchLine[];
}

const RUNS = 31;

/** Takes a pull of all tables apart: building the question, planning and running it, and the whole. */
export async function newsCosts(
  { syncUrl, sync }: { readonly syncUrl: string; readonly sync: pg.ClientBase },
  loaded: Loaded,
  { runs = RUNS }: { runs?: number } = {},
): Promise<NewsCosts> {
  const cursorOf = (table: TableName): Cursor => nearlyAll(loaded, table);
  const rows: (string | number)[][] = [];
  const lines: BenchLine[] = [];
  for (const person of [PERSON.FD, PERSON.CS, PERSON.MG]) {
    const statement = newsSql(person, cursorOf);
    const built = await medianOf(runs, () => Promise.resolve(newsSql(person, cursorOf)));
    const plan = await undone(sync, { person, as: 'person' }, () => explain(sync, statement));
    const asked = await medianInside(sync, person, runs, () => ask(sync, statement));
    const prepared = await preparedMs(sync, person, runs, statement);
    const whole = await wholePull({ syncUrl, person, cursorOf, runs });
    const tables = TABLE_NAMES.filter(
      (table) => partsOf(person, table, cursorOf(table)).length > 0,
    );
    rows.push([
      person.name,
      tables.length,
      rounded(built),
      rounded(plan.planningMs),
      rounded(plan.executionMs),
      rounded(asked),
      rounded(prepared),
      rounded(whole.ms),
      rounded(whole.cpuMs),
    ]);
    lines.push({
      line: `pull of all tables without news, ${person.name}`,
      unit: 'ms',
      better: 'lower',
      ours: rounded(whole.ms),
      limit: rounded(prepared),
      peers: {},
      ratio: rounded(whole.ms / prepared),
      goal: null,
      met: null,
    });
  }
  const head = [
    'role',
    'tables',
    'text built ms',
    'planned ms',
    'executed ms',
    'asked ms',
    'asked, planned before ms',
    'whole pull ms',
    'of it Node CPU ms',
  ];
  return { table: [head, rows], lines };
}

const ask = (client: pg.ClientBase, { text, values }: Statement): Promise<unknown> =>
  client.query(text, [...values]);

async function medianOf(runs: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await timed(work));
  return median(times);
}

const medianInside = (
  client: pg.ClientBase,
  person: BenchPerson,
  runs: number,
  work: () => Promise<unknown>,
): Promise<number> =>
  undone(client, { person, as: 'person' }, async () => {
    await work();
    return medianOf(runs, work);
  });

/** The same question with a plan that the connection keeps. */
async function preparedMs(
  client: pg.ClientBase,
  person: BenchPerson,
  runs: number,
  { text, values }: Statement,
): Promise<number> {
  const name = `news_${person.name.toLowerCase()}`;
  return undone(client, { person, as: 'person' }, async () => {
    await client.query('set local plan_cache_mode = force_generic_plan');
    const work = (): Promise<unknown> => client.query({ name, text, values: [...values] });
    await work();
    const ms = await medianOf(runs, work);
    await client.query(`deallocate ${name}`);
    return ms;
  });
}

/** The server's own pull, over its own pool. */
async function wholePull({
  syncUrl,
  person,
  cursorOf,
  runs,
}: {
  readonly syncUrl: string;
  readonly person: BenchPerson;
  readonly cursorOf: (table: TableName) => Cursor;
  readonly runs: number;
}): Promise<{ ms: number; cpuMs: number }> {
  const log = createLogger({ level: 'error', write: () => undefined });
  const pool = createPool({ databaseUrl: syncUrl, poolSize: 1, namedStatements: true }, log);
  const caller = {
    userId: person.id,
    deviceId: DEVICE(person.id),
    claims: claimsOf(person),
    expiresAt: Date.now() + 3_600_000,
  };
  const request: PullRequest = {
    epoch: null,
    tables: TABLE_NAMES.map((table) => ({
      table,
      limit: LIMITS.pullRows,
      cursors: Object.fromEntries(
        partsOf(person, table, cursorOf(table)).map(({ part, xid, id }) => [part, [xid, id]]),
      ),
    })),
  };
  const once = (): Promise<unknown> =>
    pull({ open: pgPull(pool), clock: { now: Date.now } }, caller, request);
  try {
    await once();
    const before = process.cpuUsage();
    const ms = await medianOf(runs, once);
    const { user, system } = process.cpuUsage(before);
    return { ms, cpuMs: (user + system) / 1_000 / runs };
  } finally {
    await pool.end();
  }
}
