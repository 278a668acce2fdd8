import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SUPABASE_DIR } from '#stack/migration-files.ts';
import { describeFinding, lintMigration, lintMigrations } from './lint-migrations.ts';
import { parseSql } from './parse-sql.ts';

const BEFORE = new Set(['public.people', 'public.sites', 'private.notes']);

/** A table as every migration has to make one. */
const made = (name: string): string => `create table ${name} (id uuid primary key, n integer);
  alter table ${name} enable row level security;
  alter table ${name} force row level security;`;

const rulesOf = (sql: string, tables = BEFORE): string[] => [
  ...new Set(lintMigration('x.sql', sql, tables).map(({ rule }) => rule)),
];

describe('an excuse', () => {
  const INDEX = 'create index people_name_idx\n  on people (name);';

  it('lifts the finding of the statement below it', () => {
    expect(rulesOf(`-- allow create-index: eight rows\n${INDEX}`)).toEqual([]);
  });

  it('may stand with other comments and other excuses', () => {
    const sql = `select 1;
-- allow drop-column: nobody ever wrote it
-- allow rename-column: no version that reads it was released
-- The column had a wrong name.
alter table people drop column a; alter table people rename column b to c;`;
    expect(rulesOf(sql)).toEqual([]);
  });

  it('may stand within the statement, and holds for the whole of it and for no other', () => {
    const sql = `alter table people
  add column a integer not null,
  -- allow add-column-not-null: the table is empty everywhere
  add column b integer not null`;
    expect(rulesOf(sql)).toEqual([]);
    expect(rulesOf(`${sql};\nalter table sites add column c integer not null`)).toEqual([
      'add-column-not-null',
    ]);
    expect(rulesOf(`alter table sites add column c integer not null;\n${sql}`)).toEqual([
      'add-column-not-null',
    ]);
  });

  it('holds for its own rule only', () => {
    expect(rulesOf(`-- allow truncate: eight rows\n${INDEX}`)).toEqual(['allow', 'create-index']);
  });

  it('needs a reason', () => {
    const bare = rulesOf(`-- allow create-index:\n${INDEX}`);
    expect(bare).toEqual(['allow', 'create-index']);
    expect(rulesOf(`-- allow create-index\n${INDEX}`)).toEqual(bare);
  });

  it('that excuses nothing, or names no rule, is a finding itself', () => {
    expect(rulesOf('-- allow create-index: eight rows\nselect 1;')).toEqual(['allow']);
    expect(rulesOf(`-- allow create-index: eight rows\n\n${INDEX}`)).toContain('allow');
    expect(rulesOf('-- allow everything: because\nselect 1;')).toEqual(['allow']);
  });

  it('is a comment: neither a text nor prose that begins alike', () => {
    expect(rulesOf(`select '\n-- allow truncate: no';\ntruncate people`)).toEqual(['truncate']);
    expect(rulesOf('-- allow people to read\nselect 1;')).toEqual([]);
  });
});

describe('a finding', () => {
  it('names the line of the statement, beyond comments and letters of more than one byte', () => {
    const sql = `-- Größe – naïve\nselect 'é';\n\n/* two\nlines */\n-- more\ntruncate people;`;
    expect(lintMigration('7_x.sql', sql, BEFORE)).toMatchObject([{ file: '7_x.sql', line: 7 }]);
  });

  it('says on one line where, what, why and what instead', () => {
    const [finding] = lintMigration('7_x.sql', 'truncate people', BEFORE);
    expect(finding && describeFinding(finding)).toBe(
      '7_x.sql:1 truncate: All rows of public.people are lost, on devices that never hear of it ' +
        'too. Delete the rows that are meant, by a condition.',
    );
  });

  it('tells of a text that is no SQL, with its line', () => {
    expect(lintMigration('x.sql', 'select 1;\ncreate tabel x ();', BEFORE)).toMatchObject([
      { rule: 'syntax', line: 2 },
    ]);
  });
});

it('numbers the lines of every statement as the text has them', () => {
  const { statements } = parseSql('\n\nselect 1;\nselect\n 2 -- b\n;\n  -- a\n  select 3\n');
  expect(statements.map(({ line, lastLine }) => [line, lastLine])).toEqual([
    [3, 3],
    [4, 5],
    [8, 8],
  ]);
});

describe('a folder', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'ganger-lint-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  async function lintFiles(files: Record<string, string>): Promise<string[]> {
    const folder = await mkdtemp(path.join(dir, 'migrations-'));
    for (const [file, sql] of Object.entries(files)) await writeFile(path.join(folder, file), sql);
    return (await lintMigrations(folder)).map(({ file, rule }) => `${file} ${rule}`);
  }

  it('is judged in order: a table of an earlier file is an old one', async () => {
    const first = made('public.a');
    expect(
      await lintFiles({
        '20260101000000_a.sql': first,
        '20260102000000_b.sql': 'create table if not exists public.a (id uuid)',
        '20260103000000_c.sql': 'create index on public.a (n)',
      }),
    ).toEqual(['20260103000000_c.sql create-index']);
  });

  it('lets a column become not null after a check that was validated in a later file', async () => {
    const check = 'alter table public.a add constraint a_n check (n is not null) not valid;';
    const validate = 'alter table public.a validate constraint a_n;';
    const set = 'alter table public.a alter column n set not null;';
    const tidy = 'alter table public.a drop constraint a_n;';
    const files = (...parts: string[]): Record<string, string> =>
      Object.fromEntries(
        [made('public.a'), ...parts].map((sql, nth) => [`2026010${nth}000000_x.sql`, sql]),
      );
    expect(await lintFiles(files(check, validate + set + tidy))).toEqual([]);
    expect(await lintFiles(files(check, validate, set))).toEqual([]);
    expect(await lintFiles(files(check, set))).toEqual(['20260102000000_x.sql set-not-null']);
    expect(await lintFiles(files(check, set + validate))).toHaveLength(1);
    expect(await lintFiles(files(check + validate + set))).toHaveLength(2);
    expect(await lintFiles(files(check.replace('n is not', 'id is not'), validate + set))).toEqual([
      '20260102000000_x.sql set-not-null',
    ]);
  });

  it('has a version of fourteen digits in every name, and each only once', async () => {
    expect(
      await lintFiles({
        '20260101000000_a.sql': 'select 1',
        '20260101000000_b.sql': 'select 1',
        '9_late.sql': 'select 1',
        'notes.txt': 'no migration',
      }),
    ).toEqual(['20260101000000_b.sql version-order', '9_late.sql file-name']);
  });
});

it('the migrations of the project have no findings', async () => {
  const findings = await lintMigrations(path.join(SUPABASE_DIR, 'migrations'));
  expect(findings.map(describeFinding)).toEqual([]);
});
