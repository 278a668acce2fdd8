import pg from 'pg';
import type { BenchOptions } from '../../bench.ts';
import { describeMachine, markdownTable, rounded } from '../../report.ts';
import type { BenchLine, BenchReport } from '../../report.ts';
import { startChild } from '../child.ts';
import type { Child } from '../child.ts';
import { postgresVersion, withSyncDatabase } from '../database.ts';
import type { SyncDatabase } from '../database.ts';
import { percentile } from '../figures.ts';
import { deviceAt } from '../push/world.ts';
import { startBenchServer } from '../server.ts';
import type { BenchServer } from '../server.ts';
import { memoryMb } from '../usage.ts';
import type { LiveOrder, LiveResult } from './devices-process.ts';
import { makeLiveWorld, quietDevice } from './world.ts';

export interface LiveBenchOptions extends BenchOptions {
  /** Where it runs; by default a database of its own. */
  readonly database?: SyncDatabase;
  readonly active?: number;
  /** Connections in all, one measurement each, ascending. */
  readonly connected?: readonly number[];
  readonly everyMs?: number;
  readonly measureMs?: number;
  readonly notifies?: number;
  /** People on one screen, and moves of their cursors that are measured. */
  readonly people?: number;
  readonly moves?: number;
}

const GOALS = { p50: 30, p95: 100, p99: 250 } as const;
const PRESENCE_P95_MS = 150;
const GONE_WITHIN_MS = 10_000;
const MOST_MB = 256;
const CUT_EVERY_MS = 200;
/** Somebody who does nothing but change things, milliseconds from one to the next. */
const EVERY_MS = 5_000;

interface Measured {
  readonly connected: number;
  readonly result: LiveResult;
  readonly serverMb: number;
}

/**
 * How long it takes from a write on one device until the row is on another, while many more hold a
 * connection; how much of it arrives when connections are cut; how soon people see each other type,
 * and go.
 */
export async function benchLive(options: LiveBenchOptions): Promise<BenchReport> {
  const { database, active = 100, connected = [1_000, 5_000] } = options;
  const run = async (place: SyncDatabase): Promise<BenchReport> => {
    const most = Math.max(...connected);
    await makeLiveWorld(place, { active, quiet: most - active });
    const server = await startBenchServer(place, {
      GANGER_MAX_LIVE: String(most + 100),
      GANGER_POOL_SIZE: '8',
    });
    const devices = startChild<LiveOrder, LiveResult>(
      new URL('./devices-process.ts', import.meta.url),
    );
    try {
      return await measure(options, place, server, devices, active);
    } finally {
      await devices.kill();
      await server.stop();
    }
  };
  return database ? run(database) : withSyncDatabase(run);
}

async function measure(
  options: LiveBenchOptions,
  place: SyncDatabase,
  server: BenchServer,
  devices: Child<LiveOrder, LiveResult>,
  active: number,
): Promise<BenchReport> {
  const { print, connected = [1_000, 5_000], everyMs = EVERY_MS, measureMs = 30_000 } = options;
  const { people = 12, moves = 100 } = options;
  const machine = `${describeMachine()}, ${await postgresVersion(place.adminUrl)}`;
  print(`machine: ${machine}`);
  print(
    `live: ${active} devices write one row every ${everyMs} ms at three sites, one of each site reads ` +
      `what it is told of; the others hold a connection at a site where nothing happens; ${measureMs} ms each`,
  );
  const token = ({ userId }: { userId: string }): Promise<string> => server.issuer.token(userId);
  const tokens = await Promise.all(Array.from({ length: active }, (_, n) => token(deviceAt(n))));
  const lines: BenchLine[] = [];
  const measured: Measured[] = [];
  let open = 0;
  const grow = async (to: number): Promise<void> => {
    const first = open === 0;
    const from = Math.max(0, open - active);
    const quiet = await Promise.all(
      Array.from({ length: to - active - from }, (_, n) => token(quietDevice(from + n))),
    );
    const order = { kind: 'connect', url: server.url, active: first ? tokens : [], quiet } as const;
    const { connected: now = 0, connectMs = 0 } = await devices.run(order);
    if (now !== to) throw new Error(`${now} of ${to} devices are connected`);
    print(`${to} connected after ${Math.round(connectMs)} ms more`);
    open = to;
  };

  const notify = await notifyAlone(place.ownerUrl, options.notifies ?? 200);
  for (const to of connected) {
    await grow(to);
    const write = { kind: 'write', everyMs, forMs: measureMs, cutEveryMs: null } as const;
    // Once unmeasured: what is compiled and cached at the first use is.
    await devices.run({ ...write, forMs: Math.min(measureMs, 2_000) });
    const result = await devices.run(write);
    measured.push({ connected: to, result, serverMb: await memoryMb(server.pid) });
    if (to !== connected[0]) continue;
    const cut = await devices.run({ ...write, cutEveryMs: CUT_EVERY_MS });
    lines.push(deliveredLine(to, cut));
    const moved = await devices.run({ kind: 'presence', people, moves });
    lines.push(presenceLine(to, people, moved));
    for (const silently of [false, true]) {
      lines.push(goneLine(silently, await devices.run({ kind: 'gone', silently })));
    }
  }
  await devices.run({ kind: 'stop' });
  const report: BenchReport = {
    bench: 'live',
    machine,
    date: new Date().toISOString(),
    lines: [
      ...measured.flatMap((each) => lagLines(each, notify)),
      ...lines,
      ...memoryLines(measured),
    ],
  };
  printTable(report, print);
  return report;
}

/** A transaction that is committed until another connection hears of it: what Postgres alone takes. */
async function notifyAlone(url: string, times: number): Promise<number[]> {
  const writer = new pg.Client({ connectionString: url });
  const listener = new pg.Client({ connectionString: url });
  await Promise.all([writer.connect(), listener.connect()]);
  const took: number[] = [];
  try {
    await listener.query('listen bench_live');
    for (let n = 0; n < times; n += 1) {
      const heard = new Promise((resolve) => listener.once('notification', resolve));
      await writer.query('begin');
      // With an id of its own it is a write, which waits for the disk.
      await writer.query('select pg_current_xact_id()');
      await writer.query('notify bench_live');
      const began = performance.now();
      await writer.query('commit');
      await heard;
      took.push(performance.now() - began);
    }
  } finally {
    await Promise.all([writer.end(), listener.end()]);
  }
  return took;
}

function lagLines({ connected, result }: Measured, notify: readonly number[]): BenchLine[] {
  const { lags = [], cpuShare = 0 } = result;
  return (
    [
      ['p50', 0.5],
      ['p95', 0.95],
      ['p99', 0.99],
    ] as const
  ).map(([name, share]) => {
    const ours = rounded(percentile(lags, share));
    const limit = rounded(percentile(notify, share));
    return {
      line: `written → seen, ${connected} connected: ${name}`,
      unit: 'ms',
      better: 'lower',
      ours,
      limit,
      peers: { 'generator CPU share': rounded(cpuShare) },
      ratio: rounded(ours / limit),
      goal: `≤ ${GOALS[name]}`,
      met: ours <= GOALS[name],
    };
  });
}

const plain = (
  line: string,
  unit: string,
  ours: number,
  goal: string,
  met: boolean,
): BenchLine => ({
  line,
  unit,
  better: unit === '%' ? 'higher' : 'lower',
  ours,
  limit: null,
  peers: {},
  ratio: null,
  goal,
  met,
});

function deliveredLine(connected: number, result: LiveResult): BenchLine {
  const { writes = 0, unseen = 0, reconnects = 0 } = result;
  const share = (100 * (writes - unseen)) / writes;
  const line = `delivered with ${reconnects} reconnects, ${connected} connected`;
  return plain(line, '%', rounded(share), '100', unseen === 0 && reconnects > 0);
}

function presenceLine(connected: number, people: number, result: LiveResult): BenchLine {
  const { lags = [], writes = 0, unseen = 0 } = result;
  const p95 = rounded(percentile(lags, 0.95));
  const line = `typing seen by ${people - 1} others, ${connected} connected: p95`;
  const peers = { 'p50 ms': rounded(percentile(lags, 0.5)), told: writes, unseen };
  return { ...plain(line, 'ms', p95, `≤ ${PRESENCE_P95_MS}`, p95 <= PRESENCE_P95_MS), peers };
}

function goneLine(silently: boolean, { goneMs = Number.NaN }: LiveResult): BenchLine {
  const line = silently ? 'gone after falling silent' : 'gone after being cut off';
  return plain(line, 'ms', rounded(goneMs), `≤ ${GONE_WITHIN_MS}`, goneMs <= GONE_WITHIN_MS);
}

function memoryLines(measured: readonly Measured[]): BenchLine[] {
  return measured.map(({ connected, serverMb }, index) => {
    const goal = index === 0 ? `≤ ${MOST_MB}` : null;
    const line = plain(`server memory, ${connected} connected`, 'MiB', rounded(serverMb), '', true);
    return { ...line, goal, met: goal === null ? null : serverMb <= MOST_MB };
  });
}

function printTable(report: BenchReport, print: (text: string) => void): void {
  print(
    markdownTable(
      ['line', 'unit', 'ours', 'NOTIFY alone', 'goal', 'met'],
      report.lines.map(({ line, unit, ours, limit, goal, met }) => [
        line,
        unit,
        ours,
        limit ?? '',
        goal ?? '',
        met === null ? '' : met ? 'yes' : 'no',
      ]),
    ),
  );
}
