import type { BenchOptions } from '../../bench.ts';
import { describeMachine, markdownTable, rounded } from '../../report.ts';
import type { BenchLine, BenchReport } from '../../report.ts';
import { startChild } from '../child.ts';
import type { Child } from '../child.ts';
import { postgresVersion, withSyncDatabase } from '../database.ts';
import type { SyncDatabase } from '../database.ts';
import { percentile } from '../figures.ts';
import { startBenchServer } from '../server.ts';
import type { BenchServer } from '../server.ts';
import { cpuMsOf, cpuMsOfFamily, memoryMb, postmasterOf } from '../usage.ts';
import { recordPushes, replay } from './bare.ts';
import type { PushOrder, PushedResult } from './generator-process.ts';
import { deviceAt, makePushWorld } from './world.ts';

const DEVICES = [10, 100, 1_000];
const CONFLICTING = [0, 0.05, 0.5];
const BATCH_ROWS = 50;
/** What somebody at work has changed since a second ago, and a bit more. */
const PACED_ROWS = 5;
const PACED_MS = 1_000;
const PACED_DEVICES = 100;
const WARM_UP_MS = 1_500;
const MEASURE_MS = 6_000;
/** Once, before anything is measured: what a server is that has run for a while. */
const FIRST_MS = 8_000;
const BARE_BATCHES = 300;
const BARE_WARM_UP = 100;
/** As many as the server's pool has. */
const CONNECTIONS = 10;
const LEAST_RATIO = 0.7;
const MOST_P95_MS = 100;

export interface PushBenchOptions extends BenchOptions {
  /** Where it runs; by default a database of its own. */
  readonly database?: SyncDatabase;
  readonly devices?: readonly number[];
  readonly conflicting?: readonly number[];
  readonly warmUpMs?: number;
  readonly measureMs?: number;
  readonly firstMs?: number;
  readonly bareBatches?: number;
  readonly bareWarmUp?: number;
}

/** The same statements without the server. */
interface Bare {
  readonly rowsPerSecond: number;
  readonly databaseCpuMs: number;
  /** Of the process that sends them. */
  readonly clientCpuMs: number;
}

/** Sums of one replay. */
interface BareRun {
  readonly transactions: number;
  readonly ms: number;
  readonly databaseCpuMs: number;
  readonly clientCpuMs: number;
}

/** One load of devices, measured. */
interface Pushed {
  readonly devices: number;
  readonly conflicting: number;
  /** Rows of a batch, and how often each device sends one; null: without pause. */
  readonly batchRows: number;
  readonly everyMs: number | null;
  readonly rowsPerSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly serverCpuMs: number;
  readonly databaseCpuMs: number;
  readonly result: PushedResult;
  readonly serverMb: number;
}

/**
 * Devices that push batches of changes and acts: as fast as they can (what the server lets through,
 * beside the bare database with the same statements), and each a batch a second (how long one waits).
 */
export async function benchPush(options: PushBenchOptions): Promise<BenchReport> {
  const { database, devices = DEVICES } = options;
  const most = Math.max(PACED_DEVICES, ...devices);
  const run = async (place: SyncDatabase): Promise<BenchReport> => {
    await makePushWorld(place, most);
    const server = await startBenchServer(place);
    const generator = startChild<PushOrder, PushedResult>(
      new URL('./generator-process.ts', import.meta.url),
    );
    try {
      return await measure(options, place, server, generator, most);
    } finally {
      await generator.kill();
      await server.stop();
    }
  };
  return database ? run(database) : withSyncDatabase(run);
}

async function measure(
  options: PushBenchOptions,
  place: SyncDatabase,
  server: BenchServer,
  generator: Child<PushOrder, PushedResult>,
  most: number,
): Promise<BenchReport> {
  const { print, devices = DEVICES, conflicting = CONFLICTING } = options;
  const { warmUpMs = WARM_UP_MS, measureMs = MEASURE_MS, firstMs = FIRST_MS } = options;
  const { bareBatches = BARE_BATCHES, bareWarmUp = BARE_WARM_UP } = options;
  const machine = `${describeMachine()}, ${await postgresVersion(place.adminUrl)}`;
  print(`machine: ${machine}`);
  print(
    `push: batches of ${BATCH_ROWS} rows without pause, and ${PACED_ROWS} rows every ${PACED_MS} ms ` +
      `from ${PACED_DEVICES} devices; half acts of two lines, half changes; measured ${measureMs} ms each`,
  );
  const tokens = await Promise.all(
    Array.from({ length: most }, (_, nth) => server.issuer.token(deviceAt(nth).userId)),
  );
  const postmaster = await postmasterOf(place.adminUrl);
  let runs = 0;
  const nextNumber = (): number => (runs += 1) * 1_000_000;

  const load = async (
    of: Pick<Pushed, 'devices' | 'conflicting' | 'batchRows' | 'everyMs'>,
    forMs = measureMs,
  ): Promise<Pushed> => {
    const before = { server: cpuMsOf(server.pid), database: cpuMsOfFamily(postmaster) };
    const result = await generator.run({
      url: server.url,
      devices: Array.from({ length: of.devices }, (_, nth) => ({
        ...deviceAt(nth),
        token: tokens[nth] ?? '',
      })),
      rows: of.batchRows,
      conflicting: of.conflicting,
      everyMs: of.everyMs,
      warmUpMs,
      measureMs: forMs,
      firstNumber: nextNumber(),
    });
    // Processor time is of the whole run, so it is told by the batches of the whole run.
    const { batches } = result;
    return {
      ...of,
      result,
      rowsPerSecond: (result.rows / forMs) * 1_000,
      p50: percentile(result.latencies, 0.5),
      p95: percentile(result.latencies, 0.95),
      serverCpuMs: (cpuMsOf(server.pid) - before.server) / batches,
      databaseCpuMs: (cpuMsOfFamily(postmaster) - before.database) / batches,
      serverMb: await memoryMb(server.pid),
    };
  };

  const runBare = async (share: number): Promise<BareRun> => {
    const recorded = await recordPushes(place, {
      devices: Math.min(PACED_DEVICES, most),
      known: most,
      batches: bareWarmUp + bareBatches,
      rows: BATCH_ROWS,
      conflicting: share,
      firstNumber: nextNumber(),
    });
    let before = { client: process.cpuUsage(), database: 0 };
    const { ms, transactions } = await replay(place, recorded, {
      connections: CONNECTIONS,
      warmUp: bareWarmUp,
      onMeasured() {
        before = { client: process.cpuUsage(), database: cpuMsOfFamily(postmaster) };
      },
    });
    const { user, system } = process.cpuUsage(before.client);
    return {
      transactions,
      ms,
      databaseCpuMs: cpuMsOfFamily(postmaster) - before.database,
      clientCpuMs: (user + system) / 1_000,
    };
  };

  const bare = new Map<number, Bare>();
  const pushed: Pushed[] = [];
  await load(
    { devices: most, conflicting: conflicting[0] ?? 0, batchRows: BATCH_ROWS, everyMs: null },
    firstMs,
  );
  for (const share of conflicting) {
    // Before and after: tables grow meanwhile, and others may take the machine.
    const before = await runBare(share);
    for (const count of devices) {
      pushed.push(
        await load({
          devices: count,
          conflicting: share,
          batchRows: BATCH_ROWS,
          everyMs: null,
        }),
      );
    }
    pushed.push(
      await load({
        devices: PACED_DEVICES,
        conflicting: share,
        batchRows: PACED_ROWS,
        everyMs: PACED_MS,
      }),
    );
    bare.set(share, bareOf([before, await runBare(share)]));
  }
  print(`\n${table(pushed, bare)}\n\n${bareTable(bare)}`);
  const lines = pushed.map((one) => lineOf(one, bare.get(one.conflicting) ?? NO_BARE));
  return { bench: 'push', machine, date: new Date().toISOString(), lines };
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function bareOf(runs: readonly BareRun[]): Bare {
  const sum = (of: (run: BareRun) => number): number =>
    runs.reduce((total, run) => total + of(run), 0);
  const transactions = sum((run) => run.transactions);
  return {
    rowsPerSecond: ((transactions * BATCH_ROWS) / sum((run) => run.ms)) * 1_000,
    databaseCpuMs: sum((run) => run.databaseCpuMs) / transactions,
    clientCpuMs: sum((run) => run.clientCpuMs) / transactions,
  };
}

const NO_BARE: Bare = {
  rowsPerSecond: Number.NaN,
  databaseCpuMs: Number.NaN,
  clientCpuMs: Number.NaN,
};

function bareTable(bare: ReadonlyMap<number, Bare>): string {
  return markdownTable(
    ['bare, conflicting', 'rows/s', 'database CPU ms/batch', 'client CPU ms/batch'],
    [...bare].map(([share, { rowsPerSecond, databaseCpuMs, clientCpuMs }]) => [
      percent(share),
      Math.round(rowsPerSecond),
      rounded(databaseCpuMs),
      rounded(clientCpuMs),
    ]),
  );
}

function table(pushed: readonly Pushed[], bare: ReadonlyMap<number, Bare>): string {
  return markdownTable(
    [
      'devices',
      'conflicting',
      'batch',
      'rows/s',
      'bare rows/s',
      'ratio',
      'p50 ms',
      'p95 ms',
      'server CPU ms/batch',
      'database CPU ms/batch',
      'generator CPU',
      'merged',
      'turned away',
      'server MB',
    ],
    pushed.map((one) => {
      const limit = (bare.get(one.conflicting) ?? NO_BARE).rowsPerSecond;
      return [
        one.devices,
        percent(one.conflicting),
        one.everyMs === null
          ? `${one.batchRows}, no pause`
          : `${one.batchRows} every ${one.everyMs} ms`,
        Math.round(one.rowsPerSecond),
        one.everyMs === null ? Math.round(limit) : '–',
        one.everyMs === null ? rounded(one.rowsPerSecond / limit) : '–',
        rounded(one.p50),
        rounded(one.p95),
        rounded(one.serverCpuMs),
        rounded(one.databaseCpuMs),
        percent(one.result.cpuShare),
        one.result.outcomes['master'] ?? 0,
        one.result.turnedAway,
        Math.round(one.serverMb),
      ];
    }),
  );
}

function lineOf(one: Pushed, bare: Bare): BenchLine {
  const limit = bare.rowsPerSecond;
  const who = `${one.devices} devices, ${percent(one.conflicting)} conflicting`;
  const peers = {
    'p50 ms': rounded(one.p50),
    'p95 ms': rounded(one.p95),
    'generator CPU share': rounded(one.result.cpuShare),
    'server MB': Math.round(one.serverMb),
    'server CPU ms/batch': rounded(one.serverCpuMs),
    'database CPU ms/batch': rounded(one.databaseCpuMs),
  };
  if (one.everyMs === null) {
    const ratio = one.rowsPerSecond / limit;
    return {
      line: `${who}: batches of ${one.batchRows} without pause`,
      unit: 'rows/s',
      better: 'higher',
      ours: rounded(one.rowsPerSecond),
      limit: rounded(limit),
      peers: { ...peers, 'bare database CPU ms/batch': rounded(bare.databaseCpuMs) },
      ratio: rounded(ratio),
      goal: `at least ${LEAST_RATIO} of the bare database`,
      met: ratio >= LEAST_RATIO,
    };
  }
  return {
    line: `${who}: ${one.batchRows} rows every ${one.everyMs} ms, p95`,
    unit: 'ms',
    better: 'lower',
    ours: rounded(one.p95),
    limit: null,
    peers: { ...peers, 'rows/s': rounded(one.rowsPerSecond) },
    ratio: null,
    goal: `at most ${MOST_P95_MS} ms`,
    met: one.p95 <= MOST_P95_MS,
  };
}
