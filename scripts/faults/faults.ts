import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeMachine } from '../bench/report.ts';
import type { FaultKind, Sizes } from './fault-kind.ts';
import { runFaults, tableOf } from './run-faults.ts';
import type { FaultReport } from './run-faults.ts';

/**
 * `npm run faults -- store|sync|rolling|files [--kills N] [--flips N] [--seed S] [--small] [--only kind[:case]]
 * [--json FILE]`: breaks real files, processes and disks and looks whether anything was lost, torn or
 * silently wrong. Everything random follows from the seed, which is printed; only the moment at which
 * another process is hit is the machine's.
 */
const AREAS: Readonly<Record<string, () => Promise<Area>>> = {
  files: async () => {
    const { FILES_KINDS, endFiles } = await import('./files/files-kinds.ts');
    return { kinds: FILES_KINDS, end: endFiles };
  },
  hubs: async () => {
    const { HUBS_KINDS, endHubs } = await import('./hubs/hubs-kinds.ts');
    return { kinds: HUBS_KINDS, end: endHubs };
  },
  rolling: async () => ({ kinds: [(await import('./rolling/rolling-kind.ts')).ROLLING] }),
  store: async () => ({ kinds: (await import('./store/store-kinds.ts')).STORE_KINDS }),
  sync: async () => {
    const { SYNC_KINDS, endSync } = await import('./sync/sync-kinds.ts');
    return { kinds: SYNC_KINDS, end: endSync };
  },
};

interface Area {
  readonly kinds: readonly FaultKind[];
  /** Ends what the kinds share. */
  readonly end?: () => Promise<void>;
}

const FULL = { kills: 120, flips: 300 };
const SMALL: Sizes = { kills: 8, flips: 24, small: true };

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      kills: { type: 'string' },
      flips: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string' },
      json: { type: 'string' },
      small: { type: 'boolean', default: false },
    },
  });
  const [area = '', ...more] = positionals;
  const kindsOf = AREAS[area];
  if (!kindsOf || more.length > 0) {
    throw new Error(`say what to break: ${Object.keys(AREAS).join(', ')}`);
  }
  const usual = values.small ? SMALL : FULL;
  const sizes: Sizes = {
    kills: wholeNumber('kills', values.kills) ?? usual.kills,
    flips: wholeNumber('flips', values.flips) ?? usual.flips,
    small: values.small,
  };
  const seed = wholeNumber('seed', values.seed) ?? Math.floor(Math.random() * 2 ** 31);
  const print = (text: string): void => console.log(text);
  print(`faults of the ${area}, seed ${seed}, on ${describeMachine()}`);
  const { kinds, end } = await kindsOf();
  let report: FaultReport;
  try {
    report = await runFaults(area, kinds, { seed, sizes, only: values.only, print });
  } finally {
    await end?.();
  }
  print(`\n${tableOf(report)}\n`);
  for (const { again } of report.failures.slice(0, 20)) print(`again: ${again}`);
  print(`${report.ok} ok, ${report.failed} failed`);
  if (values.json !== undefined) {
    const content = { machine: describeMachine(), date: new Date().toISOString(), ...report };
    await writeFile(values.json, `${JSON.stringify(content, null, 2)}\n`);
  }
  if (report.failed > 0) process.exitCode = 1;
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new Error(`--${name} takes a whole number`);
  return number;
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
  // Whatever connection is still being given up must not hold up the end.
  process.exit();
}
