import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startRedis } from '#stack/redis.ts';
import type { RunningRedis } from '#stack/redis.ts';
import type { BenchOptions } from '../../bench.ts';
import { describeMachine, markdownTable, rounded } from '../../report.ts';
import type { BenchLine, BenchReport } from '../../report.ts';
import { startChild } from '../child.ts';
import type { Child } from '../child.ts';
import { asAdmin, postgresVersion, withSyncDatabase } from '../database.ts';
import type { SyncDatabase } from '../database.ts';
import { percentile } from '../figures.ts';
import { deviceAt, makePushWorld } from '../push/world.ts';
import { startBenchServer } from '../server.ts';
import type { BenchServer } from '../server.ts';
import { cpuMsOf, cpuMsOfFamily, postmasterOf, watchMemory } from '../usage.ts';
import { MIX } from './mix.ts';
import type { Used, UsersOrder } from './users-process.ts';

const CROWDS: readonly number[] = [100, 1_000];
const EVERY_MS = 5_000;
const SECONDS = 60;
/** Users of the load that does not wait, as many as use up the machine. */
const EAGER = 40;
const POOL = 10;
const SAMPLE_MS = 100;
/** Share of statements that are timed. */
const TIMED = 0.05;
const SLOW_MS = 100;
const GOALS = {
  p95: 500,
  mean: 245,
  errors: 0.001,
  pool: 0.6,
  queries: 1_000,
  quick: 0.95,
  mb: 256,
};

export interface ServerBenchOptions extends BenchOptions {
  /** Where it runs; by default a database of its own, whose statements are timed. */
  readonly database?: SyncDatabase;
  readonly crowds?: readonly number[];
  readonly everyMs?: number;
  readonly seconds?: number;
}

/** A load, and what it took. */
interface Loaded {
  readonly name: string;
  readonly users: number;
  readonly seconds: number;
  readonly used: Used;
  readonly serverCpu: number;
  readonly databaseCpu: number;
  /** Mean and highest share of the pool that was lent out, of samples. */
  readonly pool: { readonly mean: number; readonly most: number };
  readonly mb: number;
  /** Null where statements are not timed. */
  readonly statements: { readonly perSecond: number; readonly quick: number } | null;
}

/**
 * People who use the API of one server, over a real Redis: 100 and 1,000 who ask every five seconds, some who do not
 * wait, and 1,000 while Redis is flushed, killed and started again. Every answer is looked at.
 */
export async function benchServer(options: ServerBenchOptions): Promise<BenchReport> {
  const { crowds = CROWDS, database } = options;
  const run = async (place: SyncDatabase): Promise<BenchReport> => {
    await makePushWorld(place, Math.max(...crowds, EAGER));
    const redis = await startRedis();
    const server = await startBenchServer(place, {
      GANGER_REDIS_URL: redis.url,
      GANGER_CACHE_KEY: 'ab'.repeat(32),
      GANGER_POOL_SIZE: String(POOL),
    });
    const entry = new URL('./users-process.ts', import.meta.url);
    const generator = startChild<UsersOrder, Used>(entry);
    const held = { redis };
    try {
      return await measure(options, place, server, generator, held);
    } finally {
      await generator.kill();
      await server.stop();
      await held.redis.stop();
    }
  };
  if (database) return run(database);
  return withSyncDatabase(async (place) => {
    await timeStatements(place);
    return run(place);
  });
}

async function measure(
  options: ServerBenchOptions,
  place: SyncDatabase,
  server: BenchServer,
  generator: Child<UsersOrder, Used>,
  held: { redis: RunningRedis },
): Promise<BenchReport> {
  const { print, crowds = CROWDS, everyMs = EVERY_MS } = options;
  const seconds =
    options.seconds ?? (options.minutes === undefined ? SECONDS : options.minutes * 60);
  const machine = `${describeMachine()}, ${await postgresVersion(place.adminUrl)}`;
  const mix = Object.entries(MIX).map(([kind, share]) => `${kind} ${share * 100} %`);
  print(`machine: ${machine}`);
  print(
    `server: ${crowds.join(' and ')} people of three sites, each asks every ${everyMs / 1_000} s for ${rounded(seconds)} s ` +
      `(${mix.join(', ')}), one server with a pool of ${POOL}, Redis; then ${EAGER} who do not wait`,
  );
  const people = await Promise.all(
    Array.from({ length: Math.max(...crowds, EAGER) }, async (_, nth) => {
      const device = deviceAt(nth);
      return { ...device, token: await server.issuer.token(device.userId) };
    }),
  );
  const load = async (name: string, users: number, pace: number | null): Promise<Loaded> => {
    const postmaster = await postmasterOf(place.adminUrl);
    const memory = watchMemory(server.pid, 500);
    const pool = watchPool(place);
    const timed = options.database ? null : await statementsSoFar(place);
    const before = { server: cpuMsOf(server.pid), database: cpuMsOfFamily(postmaster) };
    const began = performance.now();
    const used = await generator.run({
      url: server.url,
      users: people.slice(0, users),
      everyMs: pace,
      seconds,
    });
    const took = (performance.now() - began) / 1_000;
    const serverCpu = (cpuMsOf(server.pid) - before.server) / 1_000 / took;
    const databaseCpu = (cpuMsOfFamily(postmaster) - before.database) / 1_000 / took;
    await memory.stop();
    const lent = await pool.stop();
    const after = timed && (await statementsSoFar(place));
    return {
      name,
      users,
      seconds,
      used,
      serverCpu,
      databaseCpu,
      pool: lent,
      mb: memory.peakMb,
      statements:
        timed && after
          ? {
              perSecond: (after.all - timed.all) / TIMED / took,
              quick: 1 - (after.slow - timed.slow) / Math.max(1, after.all - timed.all),
            }
          : null,
    };
  };

  const loads: Loaded[] = [];
  for (const users of crowds) loads.push(await load(`${users} people`, users, everyMs));
  const most = Math.max(...crowds);
  const eager = await load(`${EAGER} who do not wait`, EAGER, null);
  const troubled = load(`${most} people, Redis in trouble`, most, everyMs);
  const troubles = await troubleRedis(held, seconds);
  const faulted = await troubled;
  print(`\n${loadTable([...loads, eager, faulted])}\n`);
  print(`Redis: ${troubles.join(', ')}`);
  const lines = [
    ...loads.flatMap(linesOf),
    ...throughputLines(loads, eager),
    ...troubleLines(faulted),
  ];
  print(`\n${goalTable(lines)}`);
  return { bench: 'server', machine, date: new Date().toISOString(), lines };
}

/** Flushes, kills and starts Redis again in turn. @returns what was done, with the second */
async function troubleRedis(
  held: { redis: RunningRedis },
  seconds: number,
): Promise<readonly string[]> {
  const done: string[] = [];
  const began = performance.now();
  const note = (what: string): void => {
    done.push(`${what} at ${rounded((performance.now() - began) / 1_000)} s`);
  };
  const step = (seconds * 1_000) / 8;
  for (let round = 0; round < 2; round += 1) {
    await sleep(step);
    const raw = new Redis(held.redis.url);
    await raw.flushall();
    raw.disconnect();
    note('flushed');
    await sleep(step);
    const { port, pid } = held.redis;
    process.kill(pid, 'SIGKILL');
    await held.redis.stop();
    note('killed');
    await sleep(step);
    held.redis = await startRedis({ port });
    note('started');
  }
  return done;
}

/** Lets the database write down how long some of the server's statements took, without their values. */
async function timeStatements({ adminUrl }: SyncDatabase): Promise<void> {
  await asAdmin(adminUrl, async (admin) => {
    for (const [name, value] of [
      ['log_min_duration_sample', '0'],
      ['log_statement_sample_rate', String(TIMED)],
      ['log_parameter_max_length', '0'],
    ]) {
      await admin.query(`alter role ganger_sync set ${name} = '${value}'`);
    }
  });
}

async function statementsSoFar({ adminUrl }: SyncDatabase): Promise<{ all: number; slow: number }> {
  const folder = await asAdmin(adminUrl, async (admin) => {
    const { rows } = await admin.query<{ dir: string }>(
      `select current_setting('data_directory') as dir`,
    );
    return rows[0]?.dir ?? '';
  });
  const log = await readFile(`${folder}.log`, 'utf8');
  const times = [...log.matchAll(/duration: ([\d.]+) ms/g)].map(([, ms]) => Number(ms));
  return { all: times.length, slow: times.filter((ms) => ms >= SLOW_MS).length };
}

/** Looks now and then at how much of the pool is lent out. */
function watchPool({ adminUrl }: SyncDatabase): { stop(): Promise<Loaded['pool']> } {
  const shares: number[] = [];
  let stopped = false;
  const watching = asAdmin(adminUrl, async (admin) => {
    while (!stopped) {
      const { rows } = await admin.query<{ lent: number }>(
        `select count(*)::int as lent from pg_stat_activity
          where application_name = 'ganger-sync' and state <> 'idle'`,
      );
      shares.push((rows[0]?.lent ?? 0) / POOL);
      await sleep(SAMPLE_MS);
    }
  });
  return {
    async stop() {
      stopped = true;
      await watching;
      const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
      return { mean, most: Math.max(0, ...shares) };
    },
  };
}

const msOf = ({ used }: Loaded): number[] => used.latencies.map(([, ms]) => ms);
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, times) => total + times, 0);
const errorsOf = ({ used }: Loaded): number => sum(used.failures) / Math.max(1, used.requests);
const wrongOf = ({ used }: Loaded): number => sum(used.wrong) + used.missing;
const meanOf = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / Math.max(1, values.length);
const percent = (share: number): string => `${rounded(share * 100)} %`;

function loadTable(loads: readonly Loaded[]): string {
  return markdownTable(
    [
      'load',
      'requests',
      'a second',
      'mean ms',
      'p95 ms',
      'errors',
      'wrong',
      'pushed',
      'missing',
      'CPU: server, database, generator',
      'pool mean, most',
      'statements/s',
      `under ${SLOW_MS} ms`,
      'MB',
    ],
    loads.map((one) => [
      one.name,
      one.used.requests,
      rounded(one.used.requests / one.seconds),
      rounded(meanOf(msOf(one))),
      rounded(percentile(msOf(one), 0.95)),
      sum(one.used.failures) === 0
        ? '0'
        : `${percent(errorsOf(one))} ${JSON.stringify(one.used.failures)}`,
      sum(one.used.wrong) === 0 ? '0' : JSON.stringify(one.used.wrong),
      one.used.pushed,
      one.used.missing,
      [one.serverCpu, one.databaseCpu, one.used.cpuShare].map(percent).join(', '),
      `${percent(one.pool.mean)}, ${percent(one.pool.most)}`,
      one.statements ? rounded(one.statements.perSecond) : '–',
      one.statements ? percent(one.statements.quick) : '–',
      Math.round(one.mb),
    ]),
  );
}

function goalTable(lines: readonly BenchLine[]): string {
  return markdownTable(
    ['line', 'unit', 'ours', 'goal', 'met'],
    lines.map(({ line, unit, ours, goal, met }) => [
      line,
      unit,
      ours,
      goal ?? '–',
      met === null ? '–' : met ? 'yes' : 'no',
    ]),
  );
}

function lineOf(
  of: Pick<BenchLine, 'line' | 'unit' | 'ours'> & Partial<BenchLine>,
  goal: readonly [words: string, met: boolean] | null,
): BenchLine {
  return {
    better: 'lower',
    limit: null,
    peers: {},
    ratio: null,
    goal: goal?.[0] ?? null,
    met: goal?.[1] ?? null,
    ...of,
  };
}

function linesOf(one: Loaded): BenchLine[] {
  const ms = msOf(one);
  const [p95, mean] = [percentile(ms, 0.95), meanOf(ms)];
  return [
    lineOf({ line: `${one.name}: p95`, unit: 'ms', ours: rounded(p95) }, [
      `under ${GOALS.p95} ms`,
      p95 < GOALS.p95,
    ]),
    lineOf({ line: `${one.name}: mean`, unit: 'ms', ours: rounded(mean) }, [
      `under ${GOALS.mean} ms`,
      mean < GOALS.mean,
    ]),
    lineOf({ line: `${one.name}: errors`, unit: 'share', ours: rounded(errorsOf(one)) }, [
      `under ${GOALS.errors}`,
      errorsOf(one) < GOALS.errors,
    ]),
    lineOf({ line: `${one.name}: wrong answers`, unit: 'answers', ours: wrongOf(one) }, [
      'none',
      wrongOf(one) === 0,
    ]),
    lineOf(
      {
        line: `${one.name}: pool lent out, mean of samples`,
        unit: 'share',
        ours: rounded(one.pool.mean),
      },
      [`under ${GOALS.pool}`, one.pool.mean < GOALS.pool],
    ),
    lineOf(
      { line: `${one.name}: memory of the server at most`, unit: 'MB', ours: Math.round(one.mb) },
      [`≤ ${GOALS.mb} MB`, one.mb <= GOALS.mb],
    ),
    ...(one.statements
      ? [
          lineOf(
            {
              line: `${one.name}: statements under ${SLOW_MS} ms`,
              unit: 'share',
              better: 'higher',
              ours: Number(one.statements.quick.toFixed(4)),
            },
            [`≥ ${GOALS.quick}`, one.statements.quick >= GOALS.quick],
          ),
        ]
      : []),
  ];
}

/** Whether ten times as many people get ten times as many answers, and what the machine gives at most. */
function throughputLines(loads: readonly Loaded[], eager: Loaded): BenchLine[] {
  const [few, many] = [loads[0], loads.at(-1)];
  const rate = (one: Loaded): number => one.used.requests / one.seconds;
  const linear =
    few && many && few !== many ? rate(many) / many.users / (rate(few) / few.users) : null;
  return [
    ...(linear === null
      ? []
      : [
          lineOf(
            {
              line: 'requests a person, many against few',
              unit: 'ratio',
              better: 'higher',
              ours: rounded(linear),
            },
            ['≥ 0.95 (linear)', linear >= 0.95],
          ),
        ]),
    lineOf(
      {
        line: `${eager.name}: requests`,
        unit: 'requests/s',
        better: 'higher',
        ours: rounded(rate(eager)),
      },
      null,
    ),
    ...(eager.statements
      ? [
          lineOf(
            {
              line: `${eager.name}: statements`,
              unit: 'statements/s',
              better: 'higher',
              ours: rounded(eager.statements.perSecond),
            },
            [`≥ ${GOALS.queries}`, eager.statements.perSecond >= GOALS.queries],
          ),
        ]
      : []),
  ];
}

function troubleLines(faulted: Loaded): BenchLine[] {
  return [
    lineOf({ line: `${faulted.name}: errors`, unit: 'share', ours: rounded(errorsOf(faulted)) }, [
      `under ${GOALS.errors}`,
      errorsOf(faulted) < GOALS.errors,
    ]),
    lineOf({ line: `${faulted.name}: wrong answers`, unit: 'answers', ours: wrongOf(faulted) }, [
      'none',
      wrongOf(faulted) === 0,
    ]),
  ];
}
