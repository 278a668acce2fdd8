import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { historyOf } from './history/steps.ts';
import { keptRegressions } from './regressions.ts';
import { Disks, runHistory } from './run-history.ts';
import { isGood, outcomeOf, sumUp, unchecked } from './summary.ts';
import type { Outcome } from './summary.ts';

/** The small run of `npm run simulate`; more with `GANGER_SEEDS=500`. */
const SEEDS = Number(process.env['GANGER_SEEDS'] ?? 50);
const FIRST = Number(process.env['GANGER_FIRST_SEED'] ?? 1);

let disks: Disks;
beforeAll(async () => {
  disks = await new Disks().prepare();
});
afterAll(() => disks.remove());

const run = async (seed: number): Promise<Outcome> => {
  const history = historyOf(seed);
  return outcomeOf(history, await runHistory(history, disks));
};
const faultsOf = ({ violations, crash }: Outcome) => ({ violations, crash });
const NONE = { violations: [], crash: null };

test.each(keptRegressions())('$name does not come back', async ({ history }) => {
  expect(faultsOf(outcomeOf(history, await runHistory(history, disks)))).toEqual(NONE);
});

test('a seed is one run, to the last event', async () => {
  for (const seed of [3, 9]) {
    const [first, second] = [await run(seed), await run(seed)];
    expect(second).toEqual(first);
    expect(first.digest).toMatch(/^[0-9a-f]{64}$/);
  }
  expect((await run(4)).digest).not.toBe((await run(5)).digest);
});

describe(`${SEEDS} histories`, () => {
  const outcomes: Outcome[] = [];

  test('no invariant is broken', { timeout: SEEDS * 20_000 }, async () => {
    for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) outcomes.push(await run(seed));
    const bad = outcomes
      .filter((outcome) => !isGood(outcome))
      .map((outcome) => [
        `npm run simulate -- --seeds 1 --seed ${outcome.history.seed}`,
        faultsOf(outcome),
      ]);
    expect(bad).toEqual([]);
  });

  test('every invariant was looked at, and what may go wrong went wrong', () => {
    const summary = sumUp(outcomes.map((outcome) => outcome.summary));
    expect(unchecked(summary)).toEqual([]);
    for (const kind of [
      'partition both ways',
      'answer lost',
      'request duplicated',
      'connection lost after a commit',
      'device killed after a commit',
      'device cloned',
      'person: revoke',
      'server crashed',
      'database restored from a backup',
      'clock set wrong',
    ]) {
      expect([kind, summary.counts.faults[kind] ?? 0]).not.toEqual([kind, 0]);
    }
    expect(Object.keys(summary.counts.conflicts)).toEqual(
      expect.arrayContaining(['conflict by LWW', 'conflict by HR']),
    );
  });
});
