import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { ROOT } from './dev/paths.ts';

/** `npm test`: check, unit, Postgres, Redis, e2e at CI size. Its last line sums all. */
interface Tally {
  readonly passed: number;
  readonly failed: number;
}

const VitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numFailedTestSuites: z.number(),
});
const PlaywrightReport = z.object({
  stats: z.object({
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
  }),
  errors: z.array(z.unknown()),
});

const scratch = await mkdtemp(path.join(os.tmpdir(), 'ganger-test-'));

const STEPS: readonly (readonly [string, () => Promise<Tally>])[] = [
  ['check', check],
  ['unit', () => vitest('unit')],
  ['postgres', () => vitest('postgres')],
  ...(process.platform === 'linux' ? [['redis', () => vitest('redis')] as const] : []),
  ['e2e', playwright],
];

const wanted = process.argv.slice(2);
const sums: [string, Tally, number][] = [];
for (const [name, step] of STEPS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name}`);
  const began = performance.now();
  const tally = await step();
  sums.push([name, tally, performance.now() - began]);
}
await rm(scratch, { recursive: true, force: true });

console.log('');
for (const [name, { passed, failed }, ms] of sums) {
  const seconds = (ms / 1000).toFixed(0).padStart(5);
  console.log(
    `${name.padEnd(10)}${String(passed).padStart(6)} passed${String(failed).padStart(6)} failed${seconds} s`,
  );
}
if (process.platform !== 'linux') console.log('The Redis suite runs on Linux only.');
if (!(await hasVendorSpecs())) {
  console.log('Contract checks of the stand-ins were not collected: set GANGER_SPECS to run them.');
}
const passed = sums.reduce((sum, [, tally]) => sum + tally.passed, 0);
const failed = sums.reduce((sum, [, tally]) => sum + tally.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function check(): Promise<Tally> {
  const { output } = await run(process.execPath, [path.join(ROOT, 'scripts/check.ts')]);
  const match = /(\d+) passed, (\d+) failed\s*$/.exec(output);
  return match ? { passed: Number(match[1]), failed: Number(match[2]) } : { passed: 0, failed: 1 };
}

async function vitest(project: string): Promise<Tally> {
  const file = path.join(scratch, `${project}.json`);
  const { code } = await run(process.execPath, [
    path.join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project',
    project,
    ...(project === 'unit' ? ['--maxWorkers=100%'] : []),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = VitestReport.safeParse(await readJson(file));
  if (!report.success) return { passed: 0, failed: 1 };
  const { data } = report;
  // A skipped test counts as failed: it would look like proof.
  const bad = data.numFailedTests + data.numPendingTests + data.numTodoTests;
  const broken = bad === 0 && code !== 0 ? Math.max(1, data.numFailedTestSuites) : 0;
  return { passed: data.numPassedTests, failed: bad + broken };
}

async function playwright(): Promise<Tally> {
  const file = path.join(scratch, 'e2e.json');
  const { code } = await run(
    process.execPath,
    [path.join(ROOT, 'scripts/e2e.ts'), '--reporter=list,json'],
    { PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  );
  const report = PlaywrightReport.safeParse(await readJson(file));
  if (!report.success) return { passed: 0, failed: 1 };
  const { expected, unexpected, flaky, skipped } = report.data.stats;
  const bad = unexpected + flaky + skipped + report.data.errors.length;
  return { passed: expected, failed: bad === 0 && code !== 0 ? 1 : bad };
}

async function hasVendorSpecs(): Promise<boolean> {
  const folder = process.env['GANGER_SPECS'] ?? path.join(ROOT, '../shared/specs');
  const file = path.join(folder, 'supabase-auth-openapi.yaml');
  return readFile(file).then(
    () => true,
    () => false,
  );
}

async function run(
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
    process.stdout.write(chunk);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? 1, output };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return null;
  }
}
