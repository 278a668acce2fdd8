import { copyFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import { SUPABASE_DIR, readMigrations } from '#stack/migration-files.ts';
import type { Migration } from '#stack/migration-files.ts';
import { migrate, seed } from '#stack/migrate.ts';
import { connectForScripts } from '#stack/sql-file.ts';
import { StackError, errorCode } from '#stack/stack-error.ts';
import { fillTable } from './fill-rows.ts';
import { readTables, tablesWithRows } from './kept-catalogue.ts';
import { dumpTables } from './kept-dump.ts';
import { withScratchPostgres } from './scratch-postgres.ts';

/**
 * Keeps a released version of the schema, so that every later migration is tried on data of it:
 * `node scripts/schema/keep-version.ts [version]` (default: the newest migration) writes
 * `supabase/tests/released/<version>.sql` and notes the hashes of its migrations. To be run when the
 * version is released, with the demo data that belong to it. What is kept is never written again.
 */

/** Where kept versions lie. */
export const RELEASED_DIR = path.join(SUPABASE_DIR, 'tests', 'released');

/** Version of a migration to the SHA-256 of its file. */
export type ReleasedHashes = Record<string, string>;

/** Hashes of all released migrations; none when nothing was released. */
export async function readHashes(dir = RELEASED_DIR): Promise<ReleasedHashes> {
  try {
    return JSON.parse(await readFile(path.join(dir, 'hashes.json'), 'utf8')) as ReleasedHashes;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    throw error;
  }
}

/**
 * The data of a version: some rows for every table that its migrations leave empty, as inserts that
 * need triggers to be off. The same migrations and demo data give the same text.
 */
export async function keptData(migrations: readonly Migration[]): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'ganger-keep-'));
  try {
    for (const { file } of migrations) {
      await copyFile(path.join(SUPABASE_DIR, 'migrations', file), path.join(dir, file));
    }
    return await withScratchPostgres(async ({ adminUrl, ownerUrl }) => {
      const since = new Date();
      await migrate(ownerUrl, { dir });
      const client = await connectForScripts(adminUrl, 'keep version');
      try {
        const filledByMigrations = await tablesWithRows(client);
        await seed(ownerUrl);
        await client.query('begin');
        const data = await fillAndDump(client, filledByMigrations, since);
        await client.query('rollback');
        return data;
      } finally {
        await client.end();
      }
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/**
 * The data of a database that has the demo data: rows are put into every table that is still empty,
 * then some of each are written as inserts. Within a transaction of a superuser, who undoes it.
 * @param filledByMigrations tables whose rows belong to the migrations and are no data
 * @param since when this began: later instants are not data either
 */
export async function fillAndDump(
  client: pg.ClientBase,
  filledByMigrations: ReadonlySet<string>,
  since: Date,
): Promise<string> {
  await client.query(`set local session_replication_role = 'replica'`);
  await client.query(await readFile(new URL('kept-rows.sql', import.meta.url), 'utf8'));
  const tables = (await readTables(client)).filter(({ name }) => !filledByMigrations.has(name));
  const filled = await tablesWithRows(client);
  for (const table of tables) if (!filled.has(table.name)) await fillTable(client, table);
  return dumpTables(client, tables, since);
}

const HEADER = `-- Data of a released version, for trying later migrations on it. All of it is invented.
-- Written by scripts/schema/keep-version.ts when the version was released; never changed after.`;

async function keep(wanted: string | undefined): Promise<void> {
  const all = await readMigrations(path.join(SUPABASE_DIR, 'migrations'));
  const version = wanted ?? all.at(-1)?.version ?? '';
  const index = all.findIndex((migration) => migration.version === version);
  if (index < 0) throw new StackError(`There is no migration with the version ${version}.`);
  const migrations = all.slice(0, index + 1);
  const file = path.join(RELEASED_DIR, `${version}.sql`);
  if (await exists(file)) throw new StackError(`The version ${version} is kept already.`);

  const hashes = await readHashes();
  for (const migration of migrations) {
    const before = hashes[migration.version];
    if (before !== undefined && before !== migration.sha256) {
      throw new StackError(`The migration ${migration.file} was released and has changed since.`);
    }
    hashes[migration.version] = migration.sha256;
  }
  const data = await keptData(migrations);
  await mkdir(RELEASED_DIR, { recursive: true });
  await writeFile(file, `${HEADER}\n\n${data}\n`);
  const sorted = Object.fromEntries(
    Object.entries(hashes).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  await writeFile(path.join(RELEASED_DIR, 'hashes.json'), `${JSON.stringify(sorted, null, 2)}\n`);
  console.log(
    `kept ${version}: ${migrations.length} migrations, ${data.length} characters of data`,
  );
}

async function exists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

if (import.meta.main) await keep(process.argv[2]);
