import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { bootstrap } from '#stack/bootstrap.ts';
import { migrate } from '#stack/migrate.ts';
import { SUPABASE_DIR, readMigrations } from '#stack/migration-files.ts';
import type { Migration } from '#stack/migration-files.ts';
import { connectForScripts, runSqlFile } from '#stack/sql-file.ts';
import { adminUrl, clusterUrl, createDatabase, dropDatabase } from '#stack/templates.ts';
import type { TestCluster } from '#stack/templates.ts';
import { readTables, tablesWithRows } from '../../scripts/schema/kept-catalogue.ts';
import { RELEASED_DIR } from '../../scripts/schema/keep-version.ts';
import { brokenRules, readSayings, takeSnapshot } from './migrations-snapshot.ts';

const MIGRATIONS_DIR = path.join(SUPABASE_DIR, 'migrations');

/** A file as far as it is applied. */
export type MigrationText = Pick<Migration, 'file' | 'sql'>;

/** A database at a released version, with its data. */
export interface KeptDatabase {
  readonly version: string;
  /** Tables that the kept data fill; the rest are the migrations' own. */
  readonly tables: readonly string[];
  /** Tables of the version that have no row at all. */
  readonly empty: readonly string[];
  /**
   * Applies later migrations to a clone, one by one, as everywhere else; one sentence for each
   * promise to the old rows that one of them breaks.
   */
  judge(later: readonly MigrationText[]): Promise<string[]>;
  /** Judges likewise what texts would do, within one transaction that is undone. */
  judgeTexts(later: readonly MigrationText[]): Promise<string[]>;
  close(): Promise<void>;
}

/** The migrations of the project that came after a version. */
export async function laterThan(version: string): Promise<Migration[]> {
  return (await readMigrations(MIGRATIONS_DIR)).filter((migration) => migration.version > version);
}

/** Makes the database of a released version: its migrations, then the rows that were kept. */
export async function openKept(cluster: TestCluster, version: string): Promise<KeptDatabase> {
  const name = `kept_${version}_${randomBytes(4).toString('hex')}`;
  const dir = await mkdtemp(path.join(tmpdir(), 'ganger-kept-'));
  const own = (await readMigrations(MIGRATIONS_DIR)).filter((m) => m.version <= version);
  for (const { file } of own) await copyFile(path.join(MIGRATIONS_DIR, file), path.join(dir, file));

  await createDatabase(cluster, name);
  await unhindered(() => bootstrap(adminUrl(cluster, name), cluster.passwords));
  await unhindered(() => migrate(ownerUrl(cluster, name), { dir }));
  const { tables, empty } = await load(cluster, name, version);

  return {
    version,
    tables,
    empty,
    async judge(later) {
      const clone = `${name}_${randomBytes(4).toString('hex')}`;
      const folder = await mkdtemp(path.join(dir, 'later-'));
      for (const { file } of own) await copyFile(path.join(dir, file), path.join(folder, file));
      await createDatabase(cluster, clone, name);
      try {
        return await withAdmin(cluster, clone, (client) =>
          judgeAll(client, tables, later, async ({ file, sql }) => {
            await client.query('rollback');
            await writeFile(path.join(folder, file), sql);
            await unhindered(() => migrate(ownerUrl(cluster, clone), { dir: folder }));
            await client.query('begin');
          }),
        );
      } finally {
        await dropDatabase(cluster, clone);
      }
    },
    judgeTexts: (later) =>
      withAdmin(cluster, name, (client) =>
        judgeAll(client, tables, later, async ({ sql }) => {
          await client.query('set local role postgres');
          await client.query(sql);
          await client.query('reset role');
        }),
      ),
    async close() {
      await dropDatabase(cluster, name);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function judgeAll(
  client: pg.Client,
  tables: readonly string[],
  later: readonly MigrationText[],
  apply: (migration: MigrationText) => Promise<void>,
): Promise<string[]> {
  await client.query('begin');
  let before = await takeSnapshot(client, tables);
  const broken: string[] = [];
  for (const migration of later) {
    await apply(migration);
    const after = await takeSnapshot(client, tables);
    const found = brokenRules(before, after, readSayings(migration.sql));
    broken.push(...found.map((sentence) => `${migration.file}: ${sentence}`));
    // What one migration broke is not laid at the door of the next.
    before = after;
  }
  await client.query('rollback');
  return broken;
}

async function withAdmin<T>(
  cluster: TestCluster,
  name: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connectForScripts(adminUrl(cluster, name), 'kept version');
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Loads the kept rows as they are: triggers would judge and stamp them. */
async function load(
  cluster: TestCluster,
  name: string,
  version: string,
): Promise<{ tables: string[]; empty: string[] }> {
  const data = await readFile(path.join(RELEASED_DIR, `${version}.sql`), 'utf8');
  return withAdmin(cluster, name, async (client) => {
    const before = await tablesWithRows(client);
    await client.query(`begin; set local session_replication_role = 'replica'`);
    await runSqlFile(client, `${version}.sql`, data);
    await client.query('commit');
    const filled = await tablesWithRows(client);
    const all = (await readTables(client)).map((table) => table.name);
    return {
      tables: all.filter((table) => filled.has(table) && !before.has(table)),
      empty: all.filter((table) => !filled.has(table)),
    };
  });
}

function ownerUrl(cluster: TestCluster, name: string): string {
  return clusterUrl(cluster, name, 'postgres', cluster.passwords.postgres);
}

const INTERNAL_ERROR = 'XX000';

/**
 * Roles belong to the whole cluster: another test file may be changing one at this very moment, and
 * Postgres refuses the second of two such changes. Nothing of the refused work has remained.
 */
async function unhindered(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return;
    } catch (error) {
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      const busy = cause instanceof pg.DatabaseError && cause.code === INTERNAL_ERROR;
      if (!busy || !cause.message.includes('concurrently') || attempt === 20) throw error;
      await sleep(50);
    }
  }
}
