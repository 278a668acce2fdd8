import { afterAll, expect, test } from 'vitest';
import { FILES_KINDS, endFiles } from './files/files-kinds.ts';
import { runFaults } from './run-faults.ts';

/** The small run of `npm run faults -- files`. */
const SMALL = { kills: 1, flips: 1, small: true } as const;
const SEED = Number(process.env['GANGER_FAULT_SEED'] ?? 4_711);

afterAll(() => endFiles());

const isLinux = process.platform === 'linux';
const KINDS = FILES_KINDS.filter(({ name }) => name !== 'disk' || isLinux);

test.each(KINDS)(
  '$name: every file arrives once, whole, and nothing else is kept',
  async (kind) => {
    const report = await runFaults('files', [kind], {
      seed: SEED,
      sizes: SMALL,
      print: () => undefined,
    });
    expect(report.failures).toEqual([]);
    for (const what of kind.mustCheck) {
      expect(report.kinds[0]?.checked[what], what).toBeGreaterThan(0);
    }
  },
  180_000,
);
