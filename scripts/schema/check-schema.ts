import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { migrate } from '#stack/migrate.ts';
import { SUPABASE_DIR } from '#stack/migration-files.ts';
import { databaseFindings } from './database-checks.ts';
import { TYPES_FILE, databaseTypes } from './database-types.ts';
import { definitionFindings } from './definition-checks.ts';
import type { Finding } from './definition-checks.ts';
import { DIAGRAMS_FILE, stateMachines } from './diagrams.ts';
import { describeFinding, lintMigrations } from './lint-migrations.ts';
import { withScratchPostgres } from './scratch-postgres.ts';
import { tableLines } from './table-lines.ts';

/**
 * `npm run check:schema`: holds the definitions, the migrations and what is made from them against
 * each other, on a database of its own. Prints a line a table, what is wrong, and
 * `N ok, N failed, N excused`; exits with 1 when anything failed.
 */

/** How many findings are well, wrong, and meant. */
export interface Verdict {
  readonly ok: number;
  readonly failed: number;
  readonly excused: number;
}

/** Where the files lie that are compared; tests give their own. */
export interface Files {
  readonly migrations: string;
  readonly types: string;
  readonly diagrams: string;
}

export const FILES: Files = {
  migrations: path.join(SUPABASE_DIR, 'migrations'),
  types: TYPES_FILE,
  diagrams: DIAGRAMS_FILE,
};

/** Everything that is looked at, for a database that has all migrations. */
export async function findAll(pool: pg.Pool, files: Files = FILES): Promise<Finding[]> {
  return [
    ...definitionFindings(),
    ...(await databaseFindings(pool)),
    { what: 'migrations', problems: (await lintMigrations(files.migrations)).map(describeFinding) },
    await isCurrent('types', files.types, await databaseTypes(pool), 'database-types.ts'),
    await isCurrent('diagrams', files.diagrams, await stateMachines(), 'diagrams.ts'),
  ];
}

async function isCurrent(
  what: string,
  file: string,
  wanted: string,
  script: string,
): Promise<Finding> {
  const found = await readFile(file, 'utf8').catch(() => '');
  const problem = `${path.basename(file)} is not current: run node scripts/schema/${script}`;
  return { what, problems: found === wanted ? [] : [problem] };
}

/** The findings as lines for people, those that are well left out, and how many there are of each. */
export function report(findings: readonly Finding[]): { lines: string[]; verdict: Verdict } {
  const wrong = findings.filter(({ problems }) => problems.length > 0);
  const failed = wrong.filter(({ excuse }) => excuse === undefined);
  const verdict = {
    ok: findings.length - wrong.length,
    failed: failed.length,
    excused: wrong.length - failed.length,
  };
  const lines = wrong.flatMap(({ what, problems, excuse }) =>
    problems.map((problem) =>
      excuse === undefined
        ? `FAILED ${what}: ${problem}`
        : `excused ${what}: ${problem} (${excuse})`,
    ),
  );
  lines.push(`${verdict.ok} ok, ${verdict.failed} failed, ${verdict.excused} excused`);
  return { lines, verdict };
}

async function main(): Promise<void> {
  await withScratchPostgres(async ({ ownerUrl }) => {
    await migrate(ownerUrl);
    const pool = new pg.Pool({ connectionString: ownerUrl, max: 2 });
    // The server may be stopped before a connection that ends has heard its last answer.
    pool.on('error', () => {});
    try {
      for (const line of await tableLines(pool)) console.log(line);
      const { lines, verdict } = report(await findAll(pool));
      for (const line of lines) console.log(line);
      process.exitCode = verdict.failed === 0 ? 0 : 1;
    } finally {
      await pool.end();
    }
  });
}

if (import.meta.main) await main();
