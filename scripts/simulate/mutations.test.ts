import { afterAll, beforeAll, expect, test } from 'vitest';
import { historyOf } from './history/steps.ts';
import { MUTATIONS } from './mutations.ts';
import { Disks, runHistory } from './run-history.ts';

/** So many histories have to show a fault. */
const MOST_SEEDS = 20;

let disks: Disks;
beforeAll(async () => {
  disks = await new Disks().prepare();
});
afterAll(() => disks.remove());

test.each(MUTATIONS)(
  'found: $name',
  async ({ broken }) => {
    const found: string[] = [];
    for (let seed = 1; seed <= MOST_SEEDS && found.length === 0; seed += 1) {
      const { tally } = await runHistory(historyOf(seed), disks, broken());
      found.push(...tally.violations.map(({ invariant, what }) => `${invariant}: ${what}`));
    }
    expect(found).not.toEqual([]);
  },
  300_000,
);
