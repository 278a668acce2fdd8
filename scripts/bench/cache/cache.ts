import pg from 'pg';
import { Redis } from 'ioredis';
import { openCache } from '#server/cache/cache.ts';
import type { CacheManager } from '#server/cache/cache-manager.ts';
import { openRedis } from '#server/cache/redis-link.ts';
import { oneRedis } from '#server/config/redis-config.ts';
import { createPool } from '#server/db/pool.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { seed } from '#stack/migrate.ts';
import { startRedis } from '#stack/redis.ts';
import { loadDemo } from '../../demo-data/load-demo.ts';
import type { BenchOptions } from '../bench.ts';
import { describeMachine, markdownTable, rounded } from '../report.ts';
import type { BenchLine, BenchReport } from '../report.ts';
import { postgresVersion, withSyncDatabase } from '../sync/database.ts';
import type { SyncDatabase } from '../sync/database.ts';
import { percentile } from '../sync/figures.ts';
import { cpuMsOfFamily, memoryMb, postmasterOf } from '../sync/usage.ts';
import { keepLevels, readClinic, readOf, stateOf, write } from './clinic.ts';
import type { Clinic } from './clinic.ts';
import { EVERY_MS, MIX, WRITES, ZIPF, traceOf } from './trace.ts';
import type { TraceEvent } from './trace.ts';

const SEED = 7;
const DEVICES = 50;
const HOURS = 10;
const PATIENTS = 2_000;
/** Requests under way at once. */
const LANES = 8;
const LEAST_HITS = 0.78;
const MOST_P95_MS = 5;
const LEAST_RELIEF = 0.35;
const MOST_MB = 256;

export interface CacheBenchOptions extends BenchOptions {
  /** Where it runs, with its seed; by default a database of its own. */
  readonly database?: SyncDatabase;
  readonly patients?: number;
}

/** A day that was replayed one way. */
interface Replayed {
  readonly reads: number;
  readonly writes: number;
  readonly seconds: number;
  readonly readMs: readonly number[];
  /** Answers that were older than a write that was done before they were asked for. */
  readonly stale: number;
  readonly statements: number;
  readonly databaseMs: number;
  readonly hitRate: number | null;
  readonly types: string;
  readonly mb: number;
}

/**
 * A day of a clinic, read with the statements of the server: without a cache, through the cache in this process,
 * and through the cache in a real Redis, patients and schedules sealed. The clock of the cache is that of the day.
 * Every answer is compared with what was written before it was asked for.
 */
export async function benchCache(options: CacheBenchOptions): Promise<BenchReport> {
  const { print, rows, patients = PATIENTS } = options;
  const events = rows ?? (HOURS * 3_600_000 * DEVICES) / EVERY_MS;
  const run = async (database: SyncDatabase): Promise<BenchReport> => {
    await loadDemo(database.ownerUrl, {
      patients,
      months: 2,
      seed: SEED,
      today: new Date().toISOString().slice(0, 10),
    });
    const clinic = await readClinic(database);
    await keepLevels(database, clinic);
    const machine = `${describeMachine()}, ${await postgresVersion(database.adminUrl)}`;
    print(`machine: ${machine}`);
    print(
      `cache: seed ${SEED}, ${DEVICES} devices of ${clinic.sites.length} sites, ${events} requests in ` +
        `${rounded((events * EVERY_MS) / DEVICES / 3_600_000)} h of the day, Zipf ${ZIPF} over ` +
        `${clinic.patients.length} patients and ${clinic.items.length} items, ${WRITES * 100} % writes, ` +
        `${Object.entries(MIX)
          .map(([kind, share]) => `${kind} ${share * 100} %`)
          .join(', ')}; ${LANES} at once`,
    );
    const redis = await startRedis();
    try {
      const day = (cache: ((now: () => number) => CacheManager) | null): Promise<Replayed> =>
        replay(database, clinic, events, cache);
      const bare = await day(null);
      const memory = await day((now) =>
        openCache({ redis: null, sealKey: null, clock: { now }, log: silentLogger }),
      );
      const link = openRedis(oneRedis(redis.url));
      const shared = await day((now) =>
        openCache({ redis: link, sealKey: 'ab'.repeat(32), clock: { now }, log: silentLogger }),
      );
      link.disconnect();
      const getMs = await bareGets(redis.url);
      print(`\n${table({ 'no cache': bare, 'in process': memory, 'in Redis': shared })}\n`);
      print(`hits by type, in Redis: ${shared.types}`);
      const lines = linesOf(bare, memory, shared, getMs);
      print(`\n${goals(lines)}`);
      return { bench: 'cache', machine, date: new Date().toISOString(), lines };
    } finally {
      await redis.stop();
    }
  };
  if (options.database) return run(options.database);
  return withSyncDatabase(async (database) => {
    await seed(database.ownerUrl);
    return run(database);
  });
}

async function replay(
  database: SyncDatabase,
  clinic: Clinic,
  events: number,
  open: ((now: () => number) => CacheManager) | null,
): Promise<Replayed> {
  const pool = createPool({ databaseUrl: database.syncUrl, poolSize: LANES }, silentLogger);
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: LANES });
  const postmaster = await postmasterOf(database.adminUrl);
  let now = 0;
  const cache = open?.(() => now) ?? null;
  let statements = 0;
  pool.on('acquire', () => (statements += 1));
  owner.on('acquire', () => (statements += 1));
  /** What was last written and told of, by the key of the reads that show it. */
  const written = new Map<string, number>();
  const turns = new Map<string, Promise<void>>();
  const readMs: number[] = [];
  let [state, stale, writes] = [0, 0, 0];

  const one = async (event: TraceEvent): Promise<void> => {
    const read = readOf(pool, clinic, event);
    const place = `${read.type} ${read.key}`;
    if (event.write) {
      writes += 1;
      // One after the other on the same, so that it is known which state is the last.
      const turn = (turns.get(place) ?? Promise.resolve()).then(async () => {
        state += 1;
        const mine = state;
        const changes = await write(owner, clinic, event, mine);
        await cache?.committed(changes);
        written.set(place, mine);
      });
      turns.set(place, turn);
      return turn;
    }
    const least = written.get(place) ?? 0;
    const began = performance.now();
    const value = await (cache ? cache.through(read.type, read) : read.load());
    readMs.push(performance.now() - began);
    if (stateOf(value) < least) stale += 1;
  };
  try {
    // Warm connections and, of a cache outside, one that is trusted.
    await pool.query('select 1');
    if (cache) await untilUsed(cache);
    const before = cache?.stats();
    statements = 0;
    const cpu = cpuMsOfFamily(postmaster);
    const began = performance.now();
    const trace = traceOf({
      seed: SEED,
      devices: DEVICES,
      events,
      patients: clinic.patients.length,
      items: clinic.items.length,
    });
    const lane = async (): Promise<void> => {
      for (const event of trace) {
        now = Math.max(now, event.at);
        await one(event);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    const seconds = (performance.now() - began) / 1_000;
    const databaseMs = cpuMsOfFamily(postmaster) - cpu;
    const after = cache?.stats();
    const hits = (after?.hits ?? 0) - (before?.hits ?? 0);
    return {
      reads: readMs.length,
      writes,
      seconds,
      readMs,
      stale,
      statements,
      databaseMs,
      hitRate: cache ? hits / readMs.length : null,
      types: Object.entries(after?.types ?? {})
        .filter(([, { hits: some }]) => some > 0)
        .map(([type, { hitRate }]) => `${type} ${rounded((hitRate ?? 0) * 100)} %`)
        .join(', '),
      mb: await memoryMb(process.pid),
    };
  } finally {
    cache?.stop();
    await pool.end();
    await owner.end();
  }
}

/** Until the cache gives back what was put into it. */
async function untilUsed(cache: CacheManager): Promise<void> {
  const at = { key: 'warm', tags: ['warm'], load: async () => 'warm' };
  for (let tries = 0; tries < 500; tries += 1) {
    await cache.through('patient', at);
    if ((await cache.get('patient', at)) === 'warm') return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the cache is not used');
}

/** Times of the bare resource: GET of a kilobyte, as many at once. */
async function bareGets(url: string): Promise<readonly number[]> {
  const redis = new Redis(url);
  await redis.set('bare', 'x'.repeat(1_024));
  const times: number[] = [];
  const lane = async (): Promise<void> => {
    for (let n = 0; n < 1_000; n += 1) {
      const began = performance.now();
      await redis.get('bare');
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  redis.disconnect();
  return times;
}

function table(runs: Readonly<Record<string, Replayed>>): string {
  return markdownTable(
    [
      'run',
      'reads',
      'writes',
      's',
      'hit rate',
      'p50 ms',
      'p95 ms',
      'borrowed connections',
      'database CPU s',
      'stale',
      'MB',
    ],
    Object.entries(runs).map(([name, run]) => [
      name,
      run.reads,
      run.writes,
      rounded(run.seconds),
      run.hitRate === null ? '–' : `${rounded(run.hitRate * 100)} %`,
      rounded(percentile(run.readMs, 0.5)),
      rounded(percentile(run.readMs, 0.95)),
      run.statements,
      rounded(run.databaseMs / 1_000),
      run.stale,
      Math.round(run.mb),
    ]),
  );
}

function goals(lines: readonly BenchLine[]): string {
  return markdownTable(
    ['line', 'unit', 'ours', 'beside', 'goal', 'met'],
    lines.map(({ line, unit, ours, limit, peers, goal, met }) => [
      line,
      unit,
      ours,
      [
        ...(limit === null ? [] : [`bare ${limit}`]),
        ...Object.entries(peers).map(([name, value]) => `${name} ${value}`),
      ].join(', '),
      goal ?? '',
      met === null ? '' : met ? 'yes' : 'no',
    ]),
  );
}

function linesOf(
  bare: Replayed,
  memory: Replayed,
  shared: Replayed,
  getMs: readonly number[],
): BenchLine[] {
  const relief = (run: Replayed): number =>
    bare.databaseMs === 0 ? 0 : 1 - run.databaseMs / bare.databaseMs;
  const fewer = (run: Replayed): number => 1 - run.statements / bare.statements;
  const line = (
    of: Pick<BenchLine, 'line' | 'unit' | 'better' | 'ours' | 'peers'> & { limit?: number },
    goal: readonly [words: string, met: boolean] | null,
  ): BenchLine => ({
    ...of,
    limit: of.limit ?? null,
    ratio: of.limit ? rounded(of.ours / of.limit) : null,
    goal: goal?.[0] ?? null,
    met: goal?.[1] ?? null,
  });
  const p95 = (run: Replayed): number => percentile(run.readMs, 0.95);
  const percent = (share: number): number => rounded(share * 100);
  const hit = shared.hitRate ?? 0;
  const staleIn = memory.stale + shared.stale;
  return [
    line(
      {
        line: 'hit rate, in Redis',
        unit: '%',
        better: 'higher',
        ours: percent(hit),
        peers: { 'in process': percent(memory.hitRate ?? 0) },
      },
      [`≥ ${LEAST_HITS * 100} %`, hit >= LEAST_HITS],
    ),
    line(
      {
        line: 'read, p95, in Redis',
        unit: 'ms',
        better: 'lower',
        ours: rounded(p95(shared)),
        limit: rounded(percentile(getMs, 0.95)),
        peers: { 'in process': rounded(p95(memory)), 'no cache': rounded(p95(bare)) },
      },
      [`≤ ${MOST_P95_MS} ms`, p95(shared) <= MOST_P95_MS],
    ),
    line(
      {
        line: 'CPU of the database less than without, in Redis',
        unit: '%',
        better: 'higher',
        ours: percent(relief(shared)),
        peers: { 'in process': percent(relief(memory)), transactions: percent(fewer(shared)) },
      },
      [`≥ ${LEAST_RELIEF * 100} %`, relief(shared) >= LEAST_RELIEF],
    ),
    line(
      {
        line: 'answers older than a write before them',
        unit: 'answers',
        better: 'lower',
        ours: staleIn,
        peers: { reads: memory.reads + shared.reads, 'no cache': bare.stale },
      },
      ['none', staleIn === 0],
    ),
    line(
      {
        line: 'memory of this process, generator included',
        unit: 'MB',
        better: 'lower',
        ours: Math.round(Math.max(memory.mb, shared.mb)),
        peers: { 'no cache': Math.round(bare.mb) },
      },
      [`≤ ${MOST_MB} MB`, Math.max(memory.mb, shared.mb) <= MOST_MB],
    ),
  ];
}
