import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { BenchReport } from './report.ts';

/**
 * `npm run bench [-- name…] [--rows N] [--minutes N] [--rate N] [--json FILE]`: runs the named benches, or all,
 * and prints their tables. A bench measures and says whether a goal is met; it fails only when it cannot run.
 */

/** What a bench takes from the command line. */
export interface BenchOptions {
  /** Rows of the largest tables, where the bench has any. */
  readonly rows: number | undefined;
  /** How long a load is kept up, where a bench does that. */
  readonly minutes?: number | undefined;
  /** The load to keep up, a second, where a bench else looks for the highest one itself. */
  readonly rate?: number | undefined;
  readonly print: (text: string) => void;
}

const BENCHES: Readonly<
  Record<string, () => Promise<(options: BenchOptions) => Promise<BenchReport>>>
> = {
  audit: async () => (await import('./audit/audit.ts')).benchAudit,
  'audit-patient': async () => (await import('./queries/audit.ts')).benchAudit,
  cache: async () => (await import('./cache/cache.ts')).benchCache,
  feel: async () => (await import('./window/feel.ts')).benchFeel,
  hold: async () => (await import('./sync/hold/hold.ts')).benchHold,
  ipc: async () => (await import('./window/ipc.ts')).benchIpc,
  live: async () => (await import('./sync/live/live.ts')).benchLive,
  pull: async () => (await import('./sync/pull/pull.ts')).benchPull,
  push: async () => (await import('./sync/push/push.ts')).benchPush,
  queries: async () => (await import('./queries/queries.ts')).benchQueries,
  server: async () => (await import('./sync/users/server.ts')).benchServer,
  start: async () => (await import('./window/start.ts')).benchStart,
  store: async () => (await import('./store/store.ts')).benchStore,
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: 'string' },
      minutes: { type: 'string' },
      rate: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const rows = values.rows === undefined ? undefined : Number(values.rows);
  if (rows !== undefined && (!Number.isSafeInteger(rows) || rows < 1_000)) {
    throw new Error('--rows takes a whole number from 1000');
  }
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
  if (minutes !== undefined && !(minutes >= 0.1)) throw new Error('--minutes takes a number');
  const rate = values.rate === undefined ? undefined : Number(values.rate);
  if (rate !== undefined && !(rate > 0)) throw new Error('--rate takes a number');
  const names = positionals.length === 0 ? Object.keys(BENCHES) : positionals;
  const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) {
    throw new Error(
      `no such bench: ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`,
    );
  }
  const reports: BenchReport[] = [];
  for (const name of names) {
    const run = await BENCHES[name]?.();
    if (run) reports.push(await run({ rows, minutes, rate, print: (text) => console.log(text) }));
  }
  if (values.json !== undefined) {
    const content = reports.length === 1 ? reports[0] : reports;
    await writeFile(values.json, `${JSON.stringify(content, null, 2)}\n`);
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
