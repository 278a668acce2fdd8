import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrate, seed } from './migrate.ts';
import { openTestDatabase, type TestDatabase } from './test-database.ts';

let db: TestDatabase;
let dir: string;

beforeEach(async () => {
  db = await openTestDatabase({ seed: false });
  // The project's own migrations are in the template; these tests bring theirs.
  await db.admin.query('delete from supabase_migrations.schema_migrations');
  dir = await mkdtemp(path.join(tmpdir(), 'ganger-migrate-'));
});

afterEach(async () => {
  await db.close();
  await rm(dir, { recursive: true, force: true });
});

const write = (file: string, sql: string): Promise<void> => writeFile(path.join(dir, file), sql);
const run = (): ReturnType<typeof migrate> => migrate(db.url(), { dir });

async function recorded(): Promise<string[]> {
  const { rows } = await db.postgres.query<{ version: string }>(
    'select version from supabase_migrations.schema_migrations order by version',
  );
  return rows.map((row) => row.version);
}

describe('migrate', () => {
  it('applies what is new in the order of the names, once', async () => {
    await write('0002_fill.sql', 'insert into mig_a values (1);');
    await write('0001_make.sql', 'create table mig_a (n int);');
    expect(await run()).toEqual({ applied: ['0001_make.sql', '0002_fill.sql'], before: 0 });
    await write('0003_more.sql', 'insert into mig_a values (2);');
    expect(await run()).toEqual({ applied: ['0003_more.sql'], before: 2 });
    expect(await run()).toEqual({ applied: [], before: 3 });
    const { rows } = await db.postgres.query('select sum(n)::int as sum from mig_a');
    expect(rows).toEqual([{ sum: 3 }]);
  });

  it('records version, name and text as the official CLI does', async () => {
    await write('20260101120000_first_table.sql', 'create table mig_b (n int);');
    await run();
    const { rows } = await db.postgres.query(
      'select version, name, statements from supabase_migrations.schema_migrations',
    );
    expect(rows).toEqual([
      {
        version: '20260101120000',
        name: 'first_table',
        statements: ['create table mig_b (n int);'],
      },
    ]);
  });

  it('leaves nothing of a file that fails, and names its line', async () => {
    await write('0001_good.sql', 'create table mig_c (n int);');
    await write(
      '0002_bad.sql',
      'create table mig_d (n int);\n-- ü\ninsert into  nowhere values (1);',
    );
    await expect(run()).rejects.toThrow(/0002_bad\.sql:3:14: relation "nowhere" does not exist/);
    expect(await recorded()).toEqual(['0001']);
    const { rows } = await db.postgres.query(`select to_regclass('mig_d') as found`);
    expect(rows).toEqual([{ found: null }]);
  });

  it('refuses a changed file before it applies anything', async () => {
    await write('0001_a.sql', 'create table mig_e (n int);');
    await run();
    await write('0001_a.sql', 'create table mig_e (n bigint);');
    await write('0002_b.sql', 'create table mig_f (n int);');
    await expect(run()).rejects.toThrow(/0001_a\.sql was applied and has changed/);
    expect(await recorded()).toEqual(['0001']);
  });

  it('accepts what the official CLI applied, whose text it keeps in pieces', async () => {
    await db.postgres.query(
      `insert into supabase_migrations.schema_migrations (version, name, statements)
       values ('0001', 'a', '{select 1,select 2}')`,
    );
    await write('0001_a.sql', 'select 1;\nselect 2;');
    expect(await run()).toEqual({ applied: [], before: 1 });
  });

  it('refuses a database that is ahead of the folder, and a file that comes too late', async () => {
    await write('0001_a.sql', 'select 1;');
    await write('0003_c.sql', 'select 1;');
    await run();
    await write('0002_b.sql', 'select 1;');
    await expect(run()).rejects.toThrow(/0002_b\.sql sorts before one that was applied/);
    await rm(path.join(dir, '0003_c.sql'));
    await expect(run()).rejects.toThrow(/has migration 0003, which is not in the folder/);
  });

  it.each([
    ['commits', 'create table mig_g (n int); commit; begin;'],
    ['rolls back', 'create table mig_g (n int); rollback; create table mig_g (n int);'],
  ])('refuses a file that %s by itself, and does not record it', async (_, sql) => {
    await write('0001_own.sql', sql);
    await expect(run()).rejects.toThrow(/0001_own\.sql ends its transaction/);
    expect(await recorded()).toEqual([]);
  });

  it.each(['first.sql', '0001.sql', '_a.sql'])('refuses the file name %s', async (file) => {
    await write(file, 'select 1;');
    await expect(run()).rejects.toThrow(/must be named <version>_<name>\.sql/);
  });

  it('refuses two files of one version', async () => {
    await write('0001_a.sql', 'select 1;');
    await write('0001_b.sql', 'select 1;');
    await expect(run()).rejects.toThrow(/Two migrations have the version 0001/);
  });

  it('applies each file once when two processes migrate together', async () => {
    await write('0001_slow.sql', 'create table mig_h (n int); select pg_sleep(0.2);');
    const results = await Promise.all([run(), run(), run()]);
    expect(results.flatMap((result) => result.applied)).toEqual(['0001_slow.sql']);
  });

  it('runs every file as postgres with the usual search path, whatever the one before set', async () => {
    await write('0001_set.sql', 'set role anon; set search_path = pg_catalog;');
    await write('0002_make.sql', 'create table mig_i (n int);');
    await run();
    const { rows } = await db.postgres.query(
      `select tableowner, schemaname from pg_tables where tablename = 'mig_i'`,
    );
    expect(rows).toEqual([{ tableowner: 'postgres', schemaname: 'public' }]);
  });

  it('takes a missing folder for no migrations', async () => {
    const missing = path.join(dir, 'missing');
    expect(await migrate(db.url(), { dir: missing })).toEqual({ applied: [], before: 0 });
  });
});

describe('seed', () => {
  const seedFile = (): string => path.join(dir, 'demo.sql');
  const runSeed = (): ReturnType<typeof seed> => seed(db.url(), { file: seedFile() });

  it('fills a database once', async () => {
    await db.postgres.query('create table seeded (n int)');
    await writeFile(seedFile(), 'insert into seeded values (1);');
    expect(await Promise.all([runSeed(), runSeed()])).toEqual(
      expect.arrayContaining(['seeded', 'already']),
    );
    const { rows } = await db.postgres.query('select count(*)::int as count from seeded');
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('reports another version of the file and leaves the data as they are', async () => {
    await db.postgres.query('create table seeded (n int)');
    await writeFile(seedFile(), 'insert into seeded values (1);');
    await runSeed();
    await writeFile(seedFile(), 'insert into seeded values (2);');
    expect(await runSeed()).toBe('changed');
    const { rows } = await db.postgres.query('select n from seeded');
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('leaves nothing of a seed that fails, so that it can run again', async () => {
    await db.postgres.query('create table seeded (n int)');
    await writeFile(seedFile(), 'insert into seeded values (1); select 1 / 0;');
    await expect(runSeed()).rejects.toThrow(/demo\.sql.*division by zero/);
    await writeFile(seedFile(), 'insert into seeded values (1);');
    expect(await runSeed()).toBe('seeded');
  });

  it('does nothing without a file', async () => {
    expect(await runSeed()).toBe('absent');
  });
});
