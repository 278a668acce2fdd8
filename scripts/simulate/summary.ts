import type { History } from './history/steps.ts';
import type { RunResult } from './run-history.ts';
import { INVARIANTS, add } from './world/tally.ts';
import type { Invariant, Tally, Violation } from './world/tally.ts';

const COUNTS = ['faults', 'work', 'conflicts', 'outcomes', 'refusals'] as const;
type Counts = (typeof COUNTS)[number];

/** What one or many runs have done and found, as plain data. */
export interface Summary {
  readonly runs: number;
  readonly steps: number;
  readonly events: number;
  readonly virtualMs: number;
  readonly checked: Readonly<Partial<Record<Invariant, number>>>;
  readonly counts: Readonly<Record<Counts, Readonly<Record<string, number>>>>;
}

/** What became of one history. */
export interface Outcome {
  readonly history: History;
  readonly summary: Summary;
  readonly digest: string;
  readonly violations: readonly Violation[];
  /** An error that ended the run, or null. */
  readonly crash: string | null;
}

export const isGood = ({ violations, crash }: Outcome): boolean =>
  violations.length === 0 && crash === null;

export function outcomeOf(history: History, result: RunResult): Outcome {
  const { tally, digest, crash, events, virtualMs } = result;
  const checked = Object.fromEntries(tally.checked) as Summary['checked'];
  const summary: Summary = {
    runs: 1,
    steps: history.steps.length,
    events,
    virtualMs,
    checked,
    counts: countsOf((name) => Object.fromEntries(tallied(tally, name))),
  };
  return { history, summary, digest, violations: tally.violations, crash };
}

const countsOf = (of: (name: Counts) => Record<string, number>): Summary['counts'] =>
  Object.fromEntries(COUNTS.map((name) => [name, of(name)])) as Summary['counts'];

const tallied = (tally: Tally, name: Counts): ReadonlyMap<string, number> => tally[name];

export function sumUp(summaries: readonly Summary[]): Summary {
  const sum = (of: (summary: Summary) => number): number =>
    summaries.reduce((total, summary) => total + of(summary), 0);
  const merged = (of: (summary: Summary) => Readonly<Record<string, number>>) => {
    const counts = new Map<string, number>();
    for (const summary of summaries) {
      for (const [key, count] of Object.entries(of(summary))) add(counts, key, count);
    }
    return Object.fromEntries(counts);
  };
  return {
    runs: sum(({ runs }) => runs),
    steps: sum(({ steps }) => steps),
    events: sum(({ events }) => events),
    virtualMs: sum(({ virtualMs }) => virtualMs),
    checked: merged(({ checked }) => checked as Record<string, number>) as Summary['checked'],
    counts: countsOf((name) => merged(({ counts }) => counts[name])),
  };
}

/** Invariants that nobody has looked at. */
export const unchecked = ({ checked }: Summary): Invariant[] =>
  numbersOf().filter((number) => (checked[number] ?? 0) === 0);

const numbersOf = (): Invariant[] => Object.keys(INVARIANTS).map(Number) as Invariant[];

/** The report as lines of text. */
export function reportLines(
  summary: Summary,
  violations: readonly Violation[],
  seconds: number,
): string[] {
  const { runs, steps, events, virtualMs, checked, counts } = summary;
  const line = (label: string, count: number): string =>
    `  ${label.padEnd(58)}${String(count).padStart(10)}`;
  const section = (title: string, of: Readonly<Record<string, number>>): string[] => [
    '',
    title,
    ...Object.entries(of)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([label, count]) => line(label, count)),
  ];
  return [
    'invariant                                                      checked  violations',
    ...numbersOf().map((number) => {
      const found = violations.filter(({ invariant }) => invariant === number).length;
      const label = `${String(number).padStart(2)} ${INVARIANTS[number]}`;
      return `${label.padEnd(60)}${String(checked[number] ?? 0).padStart(10)}${String(found).padStart(12)}`;
    }),
    'not covered: 1 on fsync and 12 belong to real processes (npm run faults)',
    ...section('faults', counts.faults),
    ...section('work', counts.work),
    ...section('conflicts', counts.conflicts),
    ...section('rows answered by the server', counts.outcomes),
    ...section('refused or put off, by code', counts.refusals),
    '',
    line('histories', runs),
    line('steps', steps),
    line('events', events),
    line('virtual minutes', Math.round(virtualMs / 60_000)),
    line('seconds', Math.round(seconds)),
    line('histories a second (x 100)', Math.round((runs * 100) / Math.max(seconds, 0.001))),
  ];
}
