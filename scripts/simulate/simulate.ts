import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import { parseArgs } from 'node:util';
import type { History } from './history/steps.ts';
import { keepRegression, keptRegressions } from './regressions.ts';
import { Disks, runHistory } from './run-history.ts';
import { runSeeds } from './run-seeds.ts';
import { shrink } from './shrink.ts';
import { isGood, outcomeOf, reportLines, sumUp, unchecked } from './summary.ts';
import type { Outcome } from './summary.ts';

/**
 * `npm run simulate -- [--seeds N] [--seed S] [--threads T] [--json FILE]`: devices, server and
 * database in one process, through histories that follow from their seeds alone.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    threads: { type: 'string', default: String(os.availableParallelism()) },
    json: { type: 'string' },
  },
});
const seeds = Number(values.seeds);
const first = Number(values.seed);
const threads = Math.max(1, Number(values.threads));
if (!Number.isInteger(seeds) || !Number.isInteger(first) || seeds < 1) {
  console.error('usage: npm run simulate -- [--seeds N] [--seed S] [--threads T] [--json FILE]');
  process.exit(2);
}
/** So many seeds are enough for every invariant to come up. */
const ENOUGH_SEEDS = 20;
/** So many failing histories are made shorter; it takes a minute each. */
const MOST_SHRUNK = 3;

const disks = await new Disks().prepare();
let failed = 0;
for (const { name, history } of keptRegressions()) {
  const outcome = outcomeOf(history, await runHistory(history, disks));
  console.log(`${isGood(outcome) ? 'ok    ' : 'FAILED'} regression ${name}`);
  if (!isGood(outcome)) {
    failed += 1;
    tell(outcome);
  }
}

const began = performance.now();
const outcomes: Outcome[] = [];
await runSeeds({
  first,
  seeds,
  threads,
  onOutcome: (outcome) => {
    outcomes.push(outcome);
    if (!isGood(outcome)) tell(outcome);
    else if (outcomes.length % 100 === 0) console.log(`${outcomes.length} of ${seeds}`);
  },
});
const seconds = (performance.now() - began) / 1000;
const bad = outcomes.filter((outcome) => !isGood(outcome));
const summary = sumUp(outcomes.map((outcome) => outcome.summary));
const violations = outcomes.flatMap((outcome) => outcome.violations);
console.log(`\n${reportLines(summary, violations, seconds).join('\n')}`);
if (values.json) {
  const report = {
    first,
    seeds,
    seconds,
    summary,
    violations,
    failed: bad.map(({ history }) => history.seed),
  };
  await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
}

for (const outcome of bad.slice(0, MOST_SHRUNK)) await keepShorter(outcome);
disks.remove();

const missing = seeds >= ENOUGH_SEEDS ? unchecked(summary) : [];
if (missing.length > 0) console.log(`\nnever checked: ${missing.join(', ')}`);
failed += bad.length + missing.length;
console.log(`\n${outcomes.length - bad.length} ok, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function tell({ history, violations: found, crash }: Outcome): void {
  console.log(
    `\nseed ${history.seed} failed: npm run simulate -- --seeds 1 --seed ${history.seed}`,
  );
  for (const { invariant, what, step, at } of found.slice(0, 5)) {
    console.log(`  invariant ${invariant}, step ${step}, ${at} ms: ${what}`);
  }
  if (crash) console.log(`  ${crash}`);
}

/** Makes a failing history as short as it gets, and keeps it. */
async function keepShorter(outcome: Outcome): Promise<void> {
  const { history } = outcome;
  const shows = signatureOf(outcome);
  const short = await shrink(history, async (candidate: History) => {
    const again = outcomeOf(candidate, await runHistory(candidate, disks));
    return signatureOf(again) === shows;
  });
  const file = keepRegression(`seed-${history.seed}`, { shows, history: short });
  console.log(`\nseed ${history.seed} in ${short.steps.length} steps, kept in ${file}:`);
  for (const step of short.steps) console.log(`  ${JSON.stringify(step)}`);
}

/** What is wrong, without ids and numbers: the same fault in a shorter history has the same. */
function signatureOf({ violations: found, crash }: Outcome): string {
  const [one] = found;
  if (!one) return crash ? `error: ${crash.split('\n')[0]}` : '';
  const words = one.what.replace(/\(.*/, '').split(' ');
  return `invariant ${one.invariant}: ${words.filter((word) => !/\d/.test(word)).join(' ')}`;
}
