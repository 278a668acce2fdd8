import { afterAll, expect, test } from 'vitest';
import { HUBS_KINDS, endHubs } from './hubs/hubs-kinds.ts';
import { runFaults } from './run-faults.ts';

/**
 * The small run of `npm run faults -- hubs`: a real server as a process, a durable database, and partners
 * that answer as they are told.
 */
const SMALL = { kills: 4, flips: 4, small: true } as const;
const SEED = Number(process.env['GANGER_FAULT_SEED'] ?? 4_711);
/** What a message waits for after a crash is the queue's half minute: that is run on demand. */
const IN_EVERY_BUILD = new Set(['crashes', 'answers', 'notices']);
const silent = (): void => undefined;

afterAll(() => endHubs());

test.each(HUBS_KINDS.filter(({ name }) => IN_EVERY_BUILD.has(name)))(
  '$name: exactly one charge, and nothing without an end that people see',
  async (kind) => {
    const report = await runFaults('hubs', [kind], { seed: SEED, sizes: SMALL, print: silent });
    expect(report.failures).toEqual([]);
    const [found] = report.kinds;
    expect(found).toMatchObject({ kind: kind.name, lost: 0, torn: 0, silent: 0, failed: 0 });
    for (const what of kind.mustCheck) expect(found?.checked[what], what).toBeGreaterThan(0);
  },
  240_000,
);
