import { expect, test } from 'vitest';
import type { FaultContext, FaultKind } from './fault-kind.ts';
import { runFaults } from './run-faults.ts';
import { STORE_KINDS } from './store/store-kinds.ts';

/** The small run of `npm run faults -- store`: every kind of fault, a few cases of each. */
const SMALL = { kills: 6, flips: 15, small: true } as const;
const SEED = Number(process.env['GANGER_FAULT_SEED'] ?? 4_711);
const silent = (): void => undefined;

/** The kinds that can run here: a disk of its own needs a kernel that lets one be mounted. */
const isLinux = process.platform === 'linux';
const KINDS = STORE_KINDS.filter(({ name }) => name !== 'disk' || isLinux);

test.each(KINDS)(
  '$name: nothing lost, nothing torn, nothing silent',
  async (kind) => {
    const report = await runFaults('store', [kind], { seed: SEED, sizes: SMALL, print: silent });
    expect(report.failures).toEqual([]);
    const [found] = report.kinds;
    expect(found).toMatchObject({ kind: kind.name, lost: 0, torn: 0, silent: 0, failed: 0 });
    for (const what of kind.mustCheck) expect(found?.checked[what], what).toBeGreaterThan(0);
  },
  120_000,
);

/** A kind with one case that has a problem, and one that has none. */
const kindOf = (mustCheck: readonly string[]): FaultKind => ({
  name: 'made-up',
  mustCheck,
  start: ({ rng }: FaultContext) =>
    Promise.resolve({
      cases: ['good', 'bad'].map((name) => ({
        name,
        run: () => {
          const problems = name === 'bad' ? [`problem ${rng('x').uint32()}`] : [];
          return Promise.resolve({ checked: { rows: 3 }, problems, lost: problems.length });
        },
      })),
    }),
});

test('a failing case is counted, and told with the command that repeats it alone', async () => {
  const kind = kindOf(['rows']);
  const run = (only?: string) =>
    runFaults('store', [kind], { seed: 7, sizes: SMALL, print: silent, only });
  const report = await run();
  expect(report).toMatchObject({ ok: 1, failed: 1 });
  expect(report.kinds).toMatchObject([{ cases: 2, lost: 1, checked: { rows: 6 } }]);
  expect(report.failures).toMatchObject([
    {
      kind: 'made-up',
      case: 'bad',
      again: "npm run faults -- store --seed 7 --small --kills 6 --flips 15 --only 'made-up:bad'",
    },
  ]);
  const alone = await run('made-up:bad');
  expect(alone).toMatchObject({ ok: 0, failed: 1, failures: report.failures });
  expect(await run('made-up:no such case')).toMatchObject({ failed: 1 });
});

test('what was never looked at is a failure, however good the cases are', async () => {
  const report = await runFaults('store', [kindOf(['rows', 'pages'])], {
    seed: 7,
    sizes: SMALL,
    print: silent,
  });
  expect(report.failures.map(({ problems }) => problems).flat()).toContain('never checked: pages');
});
