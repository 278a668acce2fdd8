import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '#stack/test-database.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import { FILES, findAll, report } from './check-schema.ts';
import { databaseFindings } from './database-checks.ts';
import { tableLines } from './table-lines.ts';

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  folder = await mkdtemp(path.join(tmpdir(), 'ganger-check-schema-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await db.close();
});

/** What is found after a change of the database. */
const failures = async (change: string): Promise<string[]> =>
  report(await databaseFindings(db.postgres, change)).lines.filter((line) =>
    line.startsWith('FAILED'),
  );

it('every table has a line, and nothing is found where all is well', async () => {
  const lines = await tableLines(db.postgres);
  expect(lines.map((line) => line.split(':')[0])).toEqual([...TABLE_NAMES]);
  expect(lines.filter((line) => /not in the database|rule \?/.test(line))).toEqual([]);
  expect(lines[TABLE_NAMES.indexOf('stock_acts')]).toMatch(
    /^stock_acts: inventory fact · \d+ fields · AO \d+ · P0 \d+ · scope location=location_id · window – · kept 7 y · policies 5 · people insert \d+ update 0 · server insert 14 update 0 · indexes \d+ · triggers 2 · machine – · tests 4: rights values append-only laws · rule of stock_movements$/,
  );
  expect(await failures('select 1')).toEqual([]);
});

describe('a gap is found', () => {
  it.each([
    [
      'FAILED count_lines: catalogue: missing policy',
      'drop policy count_lines_create_as_oneself on public.count_lines',
    ],
    [
      'FAILED users: catalogue: missing row security',
      'alter table public.users disable row level security',
    ],
    ['FAILED rocks: catalogue: missing column', 'alter table public.rocks drop column quarter'],
    ['FAILED rocks: catalogue: surplus column', 'alter table public.rocks add column pin text'],
    [
      'FAILED stock_movements: catalogue: missing constraint',
      'alter table public.stock_movements drop constraint stock_movements_sign_check',
    ],
    ['FAILED rocks: catalogue: surplus grant', 'grant delete on public.rocks to authenticated'],
    ['FAILED stock_acts: catalogue: surplus index', 'create index on public.stock_acts (note)'],
    ['FAILED rocks: catalogue: missing trigger', 'drop trigger touch on public.rocks'],
    ['FAILED catalogue: beside the tables: surplus', 'create table public.notes (id uuid)'],
    [
      'FAILED milestones: references: no index begins with rock_id',
      'drop index public.milestones_rock_id_idx',
    ],
    [
      'FAILED code in the database: rights: missing',
      `delete from private.access_matrix where table_name = 'rocks' and role = 'leader'`,
    ],
    [
      'FAILED code in the database: machines: missing',
      `update private.machines set initial_state = 'done' where table_name = 'todos'`,
    ],
    [
      'FAILED code in the database: steps: surplus',
      `insert into private.allowed_transitions values ('todos', 'open', 'open', 'update', 'none')`,
    ],
    [
      'FAILED code in the database: scopes: surplus',
      `update private.scopes set team_column = 'id' where table_name = 'rocks'`,
    ],
    [
      'FAILED code in the database: retention: missing',
      `update private.retention_rules set years = 6 where table_name = 'stock_movements'`,
    ],
    [
      'FAILED code in the database: retention: surplus',
      `update private.retention_rules set until_values = '{left,active}' where table_name = 'users'`,
    ],
    [
      'FAILED code in the database: ages of retention: missing',
      `create or replace function private.minors_until_age() returns integer
         language sql immutable return 18`,
    ],
    [
      'FAILED code in the database: windows: missing',
      `create or replace function private.windows()
         returns table (name text, days_before integer, days_after integer)
         language sql immutable begin atomic select 'day', 9, 9; end`,
    ],
  ])('%s', async (expected, change) => {
    const found = await failures(change);
    expect(found.filter((line) => line.startsWith(expected))).not.toEqual([]);
  });

  it('when a file that is made is not what would be made', async () => {
    const types = path.join(folder, 'database.types.ts');
    const diagrams = path.join(folder, 'state-machines.md');
    const files = { ...FILES, types, diagrams };
    await copyFile(FILES.types, types);
    await copyFile(FILES.diagrams, diagrams);
    const whole = report(await findAll(db.postgres, files));
    expect(whole.lines.filter((line) => line.startsWith('FAILED'))).toEqual([]);
    expect(whole.verdict.failed).toBe(0);
    await writeFile(types, `${await readFile(types, 'utf8')}\n`);
    await rm(diagrams);
    const { lines, verdict } = report(await findAll(db.postgres, files));
    expect(lines.filter((line) => line.startsWith('FAILED'))).toEqual([
      'FAILED types: database.types.ts is not current: run node scripts/schema/database-types.ts',
      'FAILED diagrams: state-machines.md is not current: run node scripts/schema/diagrams.ts',
    ]);
    expect(verdict.failed).toBe(2);
  });

  it('when a migration could lose something', async () => {
    const migrations = path.join(folder, 'migrations');
    await mkdir(migrations);
    await writeFile(path.join(migrations, '20270101000000_loss.sql'), 'drop table public.rocks;\n');
    const { lines } = report(await findAll(db.postgres, { ...FILES, migrations }));
    expect(lines.find((line) => line.startsWith('FAILED migrations'))).toContain('drop-table');
  });
});
