import type { BenchOptions } from '../../bench.ts';
import { describeMachine, markdownTable, rounded } from '../../report.ts';
import type { BenchLine, BenchReport } from '../../report.ts';
import { startChild } from '../child.ts';
import type { Child } from '../child.ts';
import { postgresVersion, withSyncDatabase } from '../database.ts';
import type { SyncDatabase } from '../database.ts';
import { percentile, slopeOf } from '../figures.ts';
import type { Slope } from '../figures.ts';
import { deviceAt, makePushWorld } from '../push/world.ts';
import { startBenchServer } from '../server.ts';
import type { BenchServer } from '../server.ts';
import { watchMemory } from '../usage.ts';
import type { Held, HoldOrder } from './generator-process.ts';

const DEVICES = 60;
const ROWS = 4;
const CONFLICTING = 0.05;
const RECONNECT_SECONDS = 60;
const MINUTES = 10;
const PROBE_SECONDS = 10;
const FIRST_RATE = 4;
const HIGHEST_RATE = 512;
/** Halvings between the highest rate that held and the lowest that did not. */
const NARROWINGS = 3;
/** Long runs at most, each at so much of the rate before. */
const LONG_RUNS = 3;
const LESS = 0.75;
const MOST_LAG_MS = 2_000;
/** Of the run before its slope is judged: what is new at the start is being warmed up. */
const WARM_UP = 0.1;

export interface HoldBenchOptions extends BenchOptions {
  /** Where it runs; by default a database of its own. */
  readonly database?: SyncDatabase;
  readonly devices?: number;
  readonly minutes?: number | undefined;
  readonly probeSeconds?: number;
  readonly highestRate?: number;
}

/** A load that was tried, and whether it held. */
interface Tried {
  readonly perSecond: number;
  readonly held: Held;
  readonly p50: number;
  readonly p99: number;
  readonly holds: boolean;
}

/** A rate that was kept up for minutes. */
interface Long {
  readonly run: Tried;
  readonly lag: Slope;
  readonly mb: Slope;
  readonly peakMb: number;
}

/**
 * Devices that push, hear of each other, fetch and reconnect: first the highest rate is looked for at
 * which what one did is on the others in time, then that rate is kept up for minutes.
 */
export async function benchHold(options: HoldBenchOptions): Promise<BenchReport> {
  const { database, devices = DEVICES } = options;
  const run = async (place: SyncDatabase): Promise<BenchReport> => {
    await makePushWorld(place, devices);
    const server = await startBenchServer(place);
    const entry = new URL('./generator-process.ts', import.meta.url);
    const generator = startChild<HoldOrder, Held>(entry);
    try {
      return await measure(options, place, server, generator);
    } finally {
      await generator.kill();
      await server.stop();
    }
  };
  return database ? run(database) : withSyncDatabase(run);
}

async function measure(
  options: HoldBenchOptions,
  place: SyncDatabase,
  server: BenchServer,
  generator: Child<HoldOrder, Held>,
): Promise<BenchReport> {
  const { print, devices = DEVICES, minutes = MINUTES, probeSeconds = PROBE_SECONDS } = options;
  const machine = `${describeMachine()}, ${await postgresVersion(place.adminUrl)}`;
  print(`machine: ${machine}`);
  print(
    `hold: ${devices} connected devices of three sites, batches of ${ROWS} rows (half acts), ` +
      `${CONFLICTING * 100} % conflicting, each device reconnects about every ${RECONNECT_SECONDS} s`,
  );
  const known = await Promise.all(
    Array.from({ length: devices }, async (_, nth) => {
      const device = deviceAt(nth);
      return { ...device, token: await server.issuer.token(device.userId) };
    }),
  );
  const attempt = async (perSecond: number, seconds: number): Promise<Tried> => {
    const held = await generator.run({
      url: server.url,
      devices: known,
      perSecond,
      rows: ROWS,
      conflicting: CONFLICTING,
      seconds,
      reconnectSeconds: RECONNECT_SECONDS,
    });
    const ms = held.lags.map(([, lag]) => lag);
    const p99 = percentile(ms, 0.99);
    const sent = held.pushes >= perSecond * seconds * 0.95;
    const failed = Object.keys(held.failures).length > 0;
    const holds = sent && !failed && p99 < MOST_LAG_MS && held.missing === 0;
    return { perSecond, held, p50: percentile(ms, 0.5), p99, holds };
  };

  const lookedFor = async (): Promise<number> => {
    const { tried, highest } = await search(
      (perSecond) => attempt(perSecond, probeSeconds),
      options.highestRate ?? HIGHEST_RATE,
    );
    print(`\n${triedTable(tried)}\n`);
    return highest;
  };
  const long = async (perSecond: number): Promise<Long> => {
    const memory = watchMemory(server.pid);
    const run = await attempt(perSecond, Math.round(minutes * 60));
    await memory.stop();
    const lag = slopeOf(lagsByMinute(run.held, minutes));
    const late = memory.samples.slice(Math.floor(memory.samples.length * WARM_UP));
    const mb = slopeOf(late.map((sample) => [sample.ms / 60_000, sample.mb] as const));
    print(
      `${perSecond} batches/s for ${rounded(minutes)} min: ${run.held.pushes} pushes, ` +
        `${run.held.pulls} pulls, ${run.held.notices} notices, ${run.held.reconnects} reconnects, ` +
        `${run.held.turnedAway} turned away, ${run.held.missing} acts missing somewhere; lag p50 ` +
        `${Math.round(run.p50)} ms, p99 ${Math.round(run.p99)} ms, slope ${said(lag, 'ms')}; server at ` +
        `most ${Math.round(memory.peakMb)} MB, slope ${said(mb, 'MB')}; generator CPU ` +
        `${Math.round(run.held.cpuShare * 100)} %`,
    );
    return { run, lag, mb, peakMb: memory.peakMb };
  };

  // What holds for seconds need not hold for minutes: a lag that keeps growing does not.
  let last = await long(options.rate ?? (await lookedFor()));
  for (let less = 1; less < LONG_RUNS && (!last.run.holds || isRising(last.lag)); less += 1) {
    last = await long(rounded(last.run.perSecond * LESS));
  }
  return {
    bench: 'hold',
    machine,
    date: new Date().toISOString(),
    lines: linesOf(last),
  };
}

/** Doubles the rate until it does not hold, then halves the gap. */
export async function search(
  attempt: (perSecond: number) => Promise<Tried>,
  most: number,
): Promise<{ readonly tried: readonly Tried[]; readonly highest: number }> {
  const tried: Tried[] = [];
  const holds = async (perSecond: number): Promise<boolean> => {
    const one = await attempt(perSecond);
    tried.push(one);
    return one.holds;
  };
  let good = 0;
  let bad = FIRST_RATE;
  while (bad <= most && (await holds(bad))) {
    good = bad;
    bad *= 2;
  }
  for (let step = 0; step < NARROWINGS && bad <= most; step += 1) {
    const middle = (good + bad) / 2;
    if (await holds(middle)) good = middle;
    else bad = middle;
  }
  return { tried, highest: good === 0 ? FIRST_RATE / 2 ** NARROWINGS : good };
}

const isRising = ({ slope, error }: Slope): boolean => slope > 2 * error;

const said = ({ slope, error }: Slope, unit: string): string =>
  `${rounded(slope)} ± ${rounded(error)} ${unit} a minute`;

/** Mean lag of each second, by minutes since the start, without the warm-up. */
function lagsByMinute({ lags }: Held, minutes: number): (readonly [number, number])[] {
  const bySecond = Map.groupBy(lags, ([second]) => second);
  return [...bySecond]
    .filter(([second]) => second >= minutes * 60 * WARM_UP)
    .map(([second, ofSecond]) => {
      const mean = ofSecond.reduce((sum, [, ms]) => sum + ms, 0) / ofSecond.length;
      return [second / 60, mean] as const;
    });
}

function triedTable(tried: readonly Tried[]): string {
  return markdownTable(
    ['batches/s', 'lag p50 ms', 'lag p99 ms', 'turned away', 'missing', 'generator CPU', 'holds'],
    tried.map(({ perSecond, held, p50, p99, holds }) => [
      perSecond,
      Math.round(p50),
      Math.round(p99),
      held.turnedAway,
      held.missing,
      `${Math.round(held.cpuShare * 100)} %`,
      holds ? 'yes' : 'no',
    ]),
  );
}

function linesOf({ run, lag, mb, peakMb }: Long): BenchLine[] {
  const line = (of: Partial<BenchLine> & Pick<BenchLine, 'line' | 'unit' | 'ours'>): BenchLine => ({
    better: 'lower',
    limit: null,
    peers: {},
    ratio: null,
    goal: null,
    met: null,
    ...of,
  });
  const { pushes, pulls, notices, reconnects, missing } = run.held;
  const counts = { pushes, pulls, notices, reconnects };
  return [
    line({
      line: 'highest rate that holds',
      unit: 'batches/s',
      better: 'higher',
      ours: run.perSecond,
      peers: counts,
    }),
    line({
      line: 'lag p99, from due to on another device',
      unit: 'ms',
      ours: Math.round(run.p99),
      peers: { 'p50 ms': Math.round(run.p50) },
      goal: `under ${MOST_LAG_MS} ms`,
      met: run.p99 < MOST_LAG_MS,
    }),
    line({
      line: 'acts missing on some device at the end',
      unit: 'acts',
      ours: missing,
      goal: 'none',
      met: missing === 0,
    }),
    line({
      line: 'slope of the lag',
      unit: 'ms a minute',
      ours: rounded(lag.slope),
      peers: { 'standard error': rounded(lag.error) },
      goal: 'not above zero by two standard errors',
      met: !isRising(lag),
    }),
    line({
      line: `slope of the server's memory (at most ${Math.round(peakMb)} MB)`,
      unit: 'MB a minute',
      ours: rounded(mb.slope),
      peers: { 'standard error': rounded(mb.error) },
      goal: 'not above zero by two standard errors',
      met: !isRising(mb),
    }),
  ];
}
