import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { historyOf } from './history/steps.ts';
import type { Step } from './history/steps.ts';
import { keptRegressions } from './regressions.ts';
import { Disks, runHistory } from './run-history.ts';
import { runSeeds } from './run-seeds.ts';
import { isGood, outcomeOf, sumUp, unchecked } from './summary.ts';
import type { Outcome } from './summary.ts';

/** The small run of `npm run simulate`; more with `GANGER_SEEDS=500`. */
const SEEDS = Number(process.env['GANGER_SEEDS'] ?? 50);
const FIRST = Number(process.env['GANGER_FIRST_SEED'] ?? 1);
/** Machines of CI have two cores. */
const THREADS = 2;

let disks: Disks;
beforeAll(async () => {
  disks = await new Disks().prepare();
});
afterAll(() => disks.remove());

const faultsOf = ({ violations, crash }: Outcome) => ({ violations, crash });
const NONE = { violations: [], crash: null };

test.each(keptRegressions())('$name does not come back', async ({ history }) => {
  expect(faultsOf(outcomeOf(history, await runHistory(history, disks)))).toEqual(NONE);
});

/** By chance two machines seldom change one clinical field at once, so here they do on purpose. */
test('what two cut-off machines change at once is contested, by both rules', async () => {
  const link = (device: number, isUp: boolean): Step => {
    return { do: 'link', gap: 0, device, toServer: isUp, toDevice: isUp };
  };
  const edits = [0, 1].flatMap((device) =>
    (['edit-packs', 'edit-issue'] as const).flatMap((what) =>
      [1, 2, 3, 4, 5, 6].map((pick): Step => ({ do: 'work', gap: 100, device, what, pick })),
    ),
  );
  const steps = [link(0, false), link(1, false), ...edits, link(0, true), link(1, true)];
  const history = { seed: 1, devices: [0, 0], steps };
  const outcome = outcomeOf(history, await runHistory(history, disks));
  expect(faultsOf(outcome)).toEqual(NONE);
  const contested = Object.keys(outcome.summary.counts.conflicts).toSorted();
  expect(contested).toEqual(['conflict by HR', 'conflict by LWW']);
});

describe(`${SEEDS} histories`, () => {
  const outcomes: Outcome[] = [];

  test('no invariant is broken', { timeout: 120_000 + SEEDS * 20_000 }, async () => {
    await runSeeds({
      first: FIRST,
      seeds: SEEDS,
      threads: THREADS,
      onOutcome: (outcome) => outcomes.push(outcome),
    });
    expect(outcomes).toHaveLength(SEEDS);
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
    expect(summary.counts.conflicts['conflict by LWW'] ?? 0).toBeGreaterThan(0);
  });

  test(
    'a seed is one run, to the last event, whatever ran before it',
    { timeout: 120_000 },
    async () => {
      const history = historyOf(FIRST + SEEDS - 1);
      const again = outcomeOf(history, await runHistory(history, disks));
      expect(again.digest).toMatch(/^[0-9a-f]{64}$/);
      expect(outcomes.find(({ history: { seed } }) => seed === history.seed)).toEqual(again);
      expect(new Set(outcomes.map(({ digest }) => digest)).size).toBe(SEEDS);
    },
  );
});
