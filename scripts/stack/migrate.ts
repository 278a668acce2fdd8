import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { SUPABASE_DIR, readMigrations, type Migration } from './migration-files.ts';
import { connectForScripts, runSqlFile, sha256 } from './sql-file.ts';
import { StackError, errorCode } from './stack-error.ts';

const MIGRATE_LOCK = '7205711964316212';

/** What `migrate` did: the file names applied by this call, and how many were there before. */
export type MigrateResult = { applied: string[]; before: number };

/**
 * Applies the migrations that the database lacks, in the order of their names, each in its own
 * transaction, and records them as the official CLI does. `url` logs in as `postgres`. A second
 * process waits for the first. Throws `StackError`, before anything is applied, when an applied
 * file has changed or is missing, or a new one sorts before an applied one; and when one fails.
 */
export async function migrate(
  url: string,
  { dir = path.join(SUPABASE_DIR, 'migrations') }: { dir?: string } = {},
): Promise<MigrateResult> {
  const migrations = await readMigrations(dir);
  return withLock(url, async (client) => {
    await ensureTables(client);
    const recorded = await readRecorded(client);
    const pending = findPending(migrations, recorded);
    for (const migration of pending) await apply(client, migration);
    return { applied: pending.map((migration) => migration.file), before: recorded.size };
  });
}

/**
 * Runs `supabase/seed.sql` in one transaction unless this database was seeded before.
 * Returns `seeded`; `already`; `changed` when it was seeded from another version of the file, which
 * is left as it is; or `absent` when there is no such file. `url` logs in as `postgres`.
 */
export async function seed(
  url: string,
  { file = path.join(SUPABASE_DIR, 'seed.sql') }: { file?: string } = {},
): Promise<'seeded' | 'already' | 'changed' | 'absent'> {
  const sql = await readFile(file, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (sql === undefined) return 'absent';
  const key = `supabase/${path.basename(file)}`;
  return withLock(url, async (client) => {
    await ensureTables(client);
    const { rows } = await client.query<{ hash: string }>(
      'select hash from supabase_migrations.seed_files where path = $1',
      [key],
    );
    const before = rows[0]?.hash;
    if (before !== undefined) return before === sha256(sql) ? 'already' : 'changed';
    await inTransaction(client, path.basename(file), sql, () =>
      client.query('insert into supabase_migrations.seed_files (path, hash) values ($1, $2)', [
        key,
        sha256(sql),
      ]),
    );
    return 'seeded';
  });
}

async function withLock<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await connectForScripts(url, 'stack migrate');
  try {
    // The lock belongs to the connection and ends with it.
    await client.query('select pg_advisory_lock($1)', [MIGRATE_LOCK]);
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The hashes lie in a table of our own; that of the official CLI has no place for them. */
async function ensureTables(client: pg.Client): Promise<void> {
  await client.query(`
    create schema if not exists supabase_migrations;
    create table if not exists supabase_migrations.schema_migrations (
      version text primary key, statements text[], name text);
    create table if not exists supabase_migrations.seed_files (
      path text primary key, hash text not null);
    create table if not exists supabase_migrations.file_hashes (
      version text primary key references supabase_migrations.schema_migrations on delete cascade,
      sha256 text not null)`);
}

/** Versions applied before, each with its hash; null where the official CLI applied it. */
async function readRecorded(client: pg.Client): Promise<Map<string, string | null>> {
  const { rows } = await client.query<{ version: string; sha256: string | null }>(
    `select version, sha256
       from supabase_migrations.schema_migrations
       left join supabase_migrations.file_hashes using (version)
      order by version`,
  );
  return new Map(rows.map((row) => [row.version, row.sha256]));
}

function findPending(
  migrations: readonly Migration[],
  recorded: ReadonlyMap<string, string | null>,
): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  for (const [version, hash] of recorded) {
    const migration = known.get(version);
    if (migration === undefined) {
      throw new StackError(`The database has migration ${version}, which is not in the folder.`);
    }
    if (hash !== null && hash !== migration.sha256) {
      throw new StackError(
        `The migration ${migration.file} was applied and has changed since: ` +
          'put it back and write the change as a new migration.',
      );
    }
  }
  const pending = migrations.filter((migration) => !recorded.has(migration.version));
  const last = migrations.findLastIndex((migration) => recorded.has(migration.version));
  const late = pending.find((migration) => migrations.indexOf(migration) < last);
  if (late !== undefined) {
    throw new StackError(
      `The migration ${late.file} sorts before one that was applied: rename it.`,
    );
  }
  return pending;
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await inTransaction(client, migration.file, migration.sql, async () => {
    await client.query(
      `insert into supabase_migrations.schema_migrations (version, name, statements)
       values ($1, $2, $3)`,
      [migration.version, migration.name, [migration.sql]],
    );
    await client.query(
      'insert into supabase_migrations.file_hashes (version, sha256) values ($1, $2)',
      [migration.version, migration.sha256],
    );
  });
}

/** Runs a file and the record of it in one transaction; refuses a file that ends it by itself. */
async function inTransaction(
  client: pg.Client,
  name: string,
  sql: string,
  record: () => Promise<unknown>,
): Promise<void> {
  await client.query('begin');
  try {
    const before = await transactionId(client);
    await runSqlFile(client, name, sql);
    if ((await transactionId(client)) !== before) {
      throw new StackError(`${name} ends its transaction: remove BEGIN, COMMIT and ROLLBACK.`);
    }
    // What a file sets for its session must not reach the next one.
    await client.query('reset role; reset search_path');
    await record();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function transactionId(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ xid: string }>('select pg_current_xact_id()::text as xid');
  return rows[0]?.xid ?? '';
}
