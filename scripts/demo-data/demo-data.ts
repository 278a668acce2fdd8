import { parseArgs } from 'node:util';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { migrate, seed } from '#stack/migrate.ts';
import { connectForScripts } from '#stack/sql-file.ts';
import { StackError } from '#stack/stack-error.ts';
import { withScratchPostgres } from '../schema/scratch-postgres.ts';
import { databaseHash } from './content-hash.ts';
import { SMALL_DEMO, hashOfDemo, loadDemo } from './load-demo.ts';
import { localDate } from './world.ts';
import type { DemoOptions } from './world.ts';

/**
 * `npm run demo-data -- --patients 20000 --months 12 --seed 7`: loads demo data into a database of
 * its own, which is gone afterwards, or into the one that `--url` names (as the owner `postgres`).
 */
const HELP = `Options:
  --patients <n>  how many patients (${SMALL_DEMO.patients})
  --months <n>    how many months of the past (${SMALL_DEMO.months})
  --seed <n>      the same seed gives the same data (${SMALL_DEMO.seed})
  --today <date>  the last day of the past, as 2026-11-20 (today)
  --url <url>     a fresh database with migrations and seed; otherwise a scratch one
  --hash          also the hash of what the database holds afterwards
  --dry           only generate: no database at all`;

const { values } = parseArgs({
  options: {
    patients: { type: 'string', default: String(SMALL_DEMO.patients) },
    months: { type: 'string', default: String(SMALL_DEMO.months) },
    seed: { type: 'string', default: String(SMALL_DEMO.seed) },
    today: { type: 'string', default: localDate(Date.now()) },
    url: { type: 'string' },
    hash: { type: 'boolean', default: false },
    dry: { type: 'boolean', default: false },
    replace: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const options: DemoOptions = {
  patients: Number(values.patients),
  months: Number(values.months),
  seed: Number(values.seed),
  today: values.today,
};

try {
  if (values.help) console.log(HELP);
  else await run();
} catch (error) {
  if (!(error instanceof StackError || error instanceof RangeError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  if (values.replace) {
    throw new StackError(
      'Facts are only ever added, so nothing can be replaced: take a fresh database.',
    );
  }
  if (values.dry) {
    const began = performance.now();
    console.log(`hash of the rows  ${hashOfDemo(options)}`);
    console.log(`generated in      ${seconds(performance.now() - began)}`);
    return;
  }
  if (values.url !== undefined) {
    await load(values.url);
    return;
  }
  await withScratchPostgres(async ({ ownerUrl }) => {
    await migrate(ownerUrl);
    await seed(ownerUrl);
    await load(ownerUrl);
  });
}

async function load(url: string): Promise<void> {
  const { counts, hash, milliseconds } = await loadDemo(url, options);
  let total = 0;
  for (const name of TABLE_NAMES) {
    const count = counts.get(name);
    if (count === undefined) continue;
    total += count;
    console.log(`${name.padEnd(30)} ${String(count).padStart(9)}`);
  }
  const rate = Math.round((total / milliseconds) * 1000);
  console.log(`${'in all'.padEnd(30)} ${String(total).padStart(9)}`);
  console.log(`loaded in         ${seconds(milliseconds)}, ${rate} rows a second`);
  console.log(`hash of the rows  ${hash}`);
  if (!values.hash) return;
  const client = await connectForScripts(url, 'demo data');
  try {
    console.log(`database holds    ${await databaseHash(client)}`);
  } finally {
    await client.end();
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
