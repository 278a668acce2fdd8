import { median, rounded } from '../report.ts';
import type { BenchLine } from '../report.ts';
import type { Figures, Measured } from './measure.ts';
import type { MemoryReply } from './memory-process.ts';
import { STEPS } from './steps.ts';
import type { StepName } from './steps.ts';
import { ABOUT } from './subject.ts';
import type { SubjectName } from './subject.ts';

/** Share of the limit's speed that ours has to have. */
const LEAST_SPEED = 0.7;
const LEAST_LAST_TENTH = 0.9;
const LONG_LOAD = 50_000;
const MOST_ONE_MS = 2;
const MOST_PAGE_MS = 16;
const MOST_MEMORY = 250e6;
const WINDOW_STEPS: ReadonlySet<StepName> = new Set(['one document', '1,000 documents']);

/** How a line is read out of a store's figures. */
interface Reading {
  readonly name: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly of: (figures: Figures) => readonly number[];
}

const READINGS: readonly Reading[] = [
  {
    name: 'bulk insert',
    unit: 'documents/s',
    better: 'higher',
    of: ({ bulkPerSecond }) => bulkPerSecond,
  },
  ...STEPS.filter((step) => !WINDOW_STEPS.has(step)).map((step): Reading => ({
    name: step,
    unit: 'ms',
    better: 'lower',
    of: ({ steps }) => steps.get(step) ?? [],
  })),
];

/** The lines of one size: in process against the limit, over the port against the peers. */
export function linesOf(measured: Measured, rows: number): BenchLine[] {
  const lines = READINGS.flatMap((reading) => [
    inProcess(measured, reading, rows),
    overPort(measured, reading, rows),
  ]);
  const isLong = rows >= LONG_LOAD;
  const decay = (['ours', 'port'] as const).map((name): BenchLine => {
    const limit = measured.get('limit')?.lastByFirst ?? [];
    const ours = rounded(median(measured.get(name)?.lastByFirst ?? []));
    return {
      line: `${rows} documents, last tenth of the load by the first, ${placeOf(name)}`,
      unit: 'ratio',
      better: 'higher',
      ours,
      limit: rounded(median(limit)),
      peers: {},
      ratio: null,
      // A short load is over before its code is compiled.
      goal: isLong ? `at least ${LEAST_LAST_TENTH}` : null,
      met: isLong ? ours >= LEAST_LAST_TENTH : null,
    };
  });
  return [...lines, ...decay];
}

const placeOf = (name: 'ours' | 'port'): string =>
  name === 'ours' ? 'in process' : 'over the port';

function inProcess(measured: Measured, reading: Reading, rows: number): BenchLine {
  const { ratio, ...line } = lineOf(measured, reading, 'ours', ['memory']);
  const speed = ratio === null ? null : speedOf(ratio, reading);
  return {
    ...line,
    ratio,
    line: `${rows} in process: ${reading.name}`,
    goal: `at least ${LEAST_SPEED} of the limit's speed`,
    met: speed === null ? null : speed >= LEAST_SPEED,
  };
}

function overPort(measured: Measured, reading: Reading, rows: number): BenchLine {
  const line = lineOf(measured, reading, 'port', ['powersync', 'pouchdb']);
  const peers = Object.values(line.peers);
  const best = reading.better === 'lower' ? Math.min(...peers) : Math.max(...peers);
  const isAhead = reading.better === 'lower' ? line.ours < best : line.ours > best;
  return {
    ...line,
    line: `${rows} over the port: ${reading.name}`,
    goal: 'ahead of PowerSync and PouchDB',
    met: peers.length === 0 ? null : isAhead,
  };
}

function lineOf(
  measured: Measured,
  { unit, better, of }: Reading,
  name: SubjectName,
  peers: readonly SubjectName[],
): Omit<BenchLine, 'line' | 'goal' | 'met'> {
  const valueOf = (subject: SubjectName): readonly number[] => {
    const figures = measured.get(subject);
    return figures ? of(figures) : [];
  };
  const [ours, limit] = [valueOf(name), valueOf('limit')];
  // Each round against the same round of the limit: what slows the machine down slows both.
  const ratios = ours.flatMap((value, at) => (limit[at] === undefined ? [] : [value / limit[at]]));
  const present = peers.filter((peer) => valueOf(peer).length > 0);
  return {
    unit,
    better,
    ours: rounded(median(ours)),
    limit: limit.length === 0 ? null : rounded(median(limit)),
    peers: Object.fromEntries(
      present.map((peer) => [ABOUT[peer].title, rounded(median(valueOf(peer)))]),
    ),
    ratio: ratios.length === 0 ? null : rounded(median(ratios)),
  };
}

/** Speed by the limit's, of a ratio in the line's unit. */
const speedOf = (ratio: number, { better }: Pick<Reading, 'better'>): number =>
  better === 'higher' ? ratio : 1 / ratio;

/** Speed of a line by the limit's, or null. */
export const speedByLimit = ({ ratio, better }: BenchLine): number | null =>
  ratio === null ? null : rounded(speedOf(ratio, { better }));

/** What one window waits for, the storage's part of it: one document, many, the first page. */
export function windowLines(measured: Measured, rows: number): BenchLine[] {
  const figures = measured.get('port');
  const inside = measured.get('ours');
  const line = (name: string, step: StepName, most: number | null): BenchLine => {
    const ours = rounded(figures?.p95.get(step) ?? Number.NaN);
    const within = inside?.p95.get(step);
    return {
      line: `${rows} over the port: ${name}, 95th percentile`,
      unit: 'ms',
      better: 'lower',
      ours,
      limit: null,
      peers: within === undefined ? {} : { 'in the store process': rounded(within) },
      ratio: null,
      goal: most === null ? null : `at most ${most} ms`,
      met: most === null ? null : ours <= most,
    };
  };
  return [
    line('one document', 'one document', MOST_ONE_MS),
    line('1,000 documents', '1,000 documents', null),
    line('first page of a list', 'page of 50', MOST_PAGE_MS),
  ];
}

/** Memory of a process that holds a store and has answered everything. */
export function memoryLine({ rss, pss, peak }: MemoryReply, rows: number): BenchLine[] {
  const line = (name: string, bytes: number): BenchLine => ({
    line: `${rows} stored and queried in one process: ${name}`,
    unit: 'MB',
    better: 'lower',
    ours: rounded(bytes / 1e6),
    limit: null,
    peers: {},
    ratio: null,
    goal: `under ${MOST_MEMORY / 1e6} MB`,
    met: bytes < MOST_MEMORY,
  });
  const figure = (name: string, bytes: number): BenchLine => ({
    ...line(name, bytes),
    goal: null,
    met: null,
  });
  return [
    // Pages of Node itself are shared by all its processes: PSS counts the share, RSS all of them.
    ...(pss === null ? [line('RSS after it', rss)] : [line('PSS after it', pss)]),
    ...(pss === null ? [] : [figure('RSS after it', rss)]),
    figure('most RSS at any time', peak),
  ];
}
