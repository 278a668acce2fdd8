import { afterAll, expect, test } from 'vitest';
import { runFaults } from './run-faults.ts';
import { SYNC_KINDS, endSync } from './sync/sync-kinds.ts';

/** What runs in every build; the others take longer, and are run on demand. */
const IN_EVERY_BUILD = new Set([
  'kills',
  'poison',
  'portal',
  'instances',
  'versions',
  'disk',
  'redis',
]);

/**
 * The small run of `npm run faults -- sync`: kinds of fault, a few of each, against a real
 * database, Redis, server and devices, all processes of their own.
 */
const SMALL = { kills: 4, flips: 4, small: true } as const;
const SEED = Number(process.env['GANGER_FAULT_SEED'] ?? 4_711);
const silent = (): void => undefined;

afterAll(() => endSync());

test.each(SYNC_KINDS.filter(({ name }) => IN_EVERY_BUILD.has(name)))(
  '$name: nothing lost, nothing torn, nothing silent, all in step again in time',
  async (kind) => {
    const report = await runFaults('sync', [kind], { seed: SEED, sizes: SMALL, print: silent });
    expect(report.failures).toEqual([]);
    const [found] = report.kinds;
    expect(found).toMatchObject({ kind: kind.name, lost: 0, torn: 0, silent: 0, failed: 0 });
    for (const what of kind.mustCheck) expect(found?.checked[what], what).toBeGreaterThan(0);
  },
  240_000,
);
