import path from 'node:path';
import { median } from '../report.ts';
import { startRunner } from './runner.ts';
import type { Runner } from './runner.ts';
import { STEPS } from './steps.ts';
import type { LoadResult, StepName, StepOrder, StepResult } from './steps.ts';
import type { SubjectName } from './subject.ts';

/** The figures of one store at one size: milliseconds by line, and documents a second of the load. */
export interface Figures {
  /** Median of each round, in the order of the rounds. */
  readonly steps: ReadonlyMap<StepName, readonly number[]>;
  /** 95th percentile over all runs. */
  readonly p95: ReadonlyMap<StepName, number>;
  readonly bulkPerSecond: readonly number[];
  /** Speed of the last tenth of the load by the speed of the first. */
  readonly lastByFirst: readonly number[];
}

export type Measured = ReadonlyMap<SubjectName, Figures>;

export interface MeasureOptions {
  readonly subjects: readonly SubjectName[];
  readonly rows: number;
  readonly rounds: number;
  /** Rounds of filling a store; the peers, which only have to be slower, get one. */
  readonly loads: number;
  readonly folder: string;
  readonly peers: string;
  readonly print: (text: string) => void;
}

/** Peers only have to be slower: they get fewer rounds, and one where a round takes this long. */
const PEER_ROUNDS = 3;
const SLOW_MS = 500;

interface Mutable {
  readonly loads: LoadResult[];
  readonly steps: Map<StepName, StepResult[]>;
}

/**
 * Fills all stores and runs all steps on them, a round of every store after the other, the order
 * turned by one each round, so that what slows the machine down for a while slows all of them.
 * A store that fails is left out from then on, and the report says so.
 */
export async function measure(options: MeasureOptions): Promise<Measured> {
  const { subjects, rows, rounds, loads, folder, peers, print } = options;
  const runners = new Map(subjects.map((name) => [name, startRunner(name, peers)]));
  const results = new Map<SubjectName, Mutable>(
    subjects.map((name) => [name, { loads: [], steps: new Map() }]),
  );
  const attempt = async (
    runner: Runner,
    fn: (runner: Runner, into: Mutable) => Promise<void>,
  ): Promise<void> => {
    const into = results.get(runner.name);
    if (!into) return;
    try {
      await fn(runner, into);
    } catch (error) {
      print(`${runner.name} left out: ${error instanceof Error ? error.message : String(error)}`);
      results.delete(runner.name);
      await runner.end();
    }
  };
  try {
    for (let round = 0; round < loads; round += 1) {
      for (const runner of turned([...runners.values()], round)) {
        if (round > 0 && !isOwn(runner.name)) continue;
        await attempt(runner, async ({ name, run }, into) => {
          const order = { kind: 'load', folder: path.join(folder, name), rows } as const;
          into.loads.push((await run(order)) as LoadResult);
        });
      }
    }
    for (const step of STEPS) {
      for (let round = 0; round < rounds; round += 1) {
        let found: number | undefined;
        for (const runner of turned([...runners.values()], round)) {
          await attempt(runner, async ({ name, run }, into) => {
            const known = into.steps.get(step) ?? [];
            if (!isOwn(name) && (round >= PEER_ROUNDS || median(known[0]?.ms ?? []) > SLOW_MS))
              return;
            const order = { kind: 'step', step, folder: path.join(folder, name), rows, round };
            const result = (await run(order as StepOrder)) as StepResult;
            found ??= result.found;
            if (Math.abs(result.found - found) > 1e-6 * Math.abs(found)) {
              throw new Error(`"${step}" gave ${result.found} where others gave ${found}`);
            }
            into.steps.set(step, [...known, result]);
          });
        }
      }
    }
  } finally {
    await Promise.all([...runners.values()].map((runner) => runner.end()));
  }
  return new Map([...results].map(([name, result]) => [name, figuresOf(result, rows)]));
}

const isOwn = (name: SubjectName): boolean =>
  name === 'limit' || name === 'ours' || name === 'port';

function turned<T>(list: readonly T[], by: number): T[] {
  const at = by % Math.max(1, list.length);
  return [...list.slice(at), ...list.slice(0, at)];
}

function figuresOf({ loads, steps }: Mutable, rows: number): Figures {
  const all = [...steps];
  return {
    steps: new Map(all.map(([step, rounds]) => [step, rounds.map(({ ms }) => median(ms))])),
    p95: new Map(all.map(([step, rounds]) => [step, percentile(rounds.flatMap(({ ms }) => ms))])),
    bulkPerSecond: loads.map(({ batchMs, settleMs }) => (rows / (sum(batchMs) + settleMs)) * 1_000),
    lastByFirst: loads.map(({ batchMs }) => {
      const tenth = Math.max(1, Math.floor(batchMs.length / 10));
      return sum(batchMs.slice(0, tenth)) / sum(batchMs.slice(-tenth));
    }),
  };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function percentile(values: readonly number[], share = 0.95): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
