import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
// Types only: declares what `inject` returns.
import type {} from '#stack/vitest-postgres.ts';
import { laterThan, openKept } from './migrations-kept.ts';
import type { KeptDatabase } from './migrations-kept.ts';
import { keptVersions } from './migrations-released.ts';

const VERSIONS = await keptVersions();
const FIRST = '20261122000800';
const NEXT = '29990101000000_next.sql';

const opened = new Map<string, KeptDatabase>();
beforeAll(async () => {
  for (const version of VERSIONS) {
    opened.set(version, await openKept(inject('testCluster'), version));
  }
});
afterAll(async () => {
  for (const kept of opened.values()) await kept.close();
});

function keptAt(version: string): KeptDatabase {
  const kept = opened.get(version);
  if (!kept) throw new Error(`the version ${version} is not kept`);
  return kept;
}

describe.each(VERSIONS)('from the released version %s', (version) => {
  it('every table has rows that a migration could lose', () => {
    expect(keptAt(version).empty).toEqual([]);
    expect(keptAt(version).tables.length).toBeGreaterThan(10);
  });

  it('every later migration, one after the other, keeps all rows and all refusals', async () => {
    expect(await keptAt(version).judge(await laterThan(version))).toEqual([]);
  });
});

it('a later migration is applied as everywhere else, and judged likewise', async () => {
  const faults = await keptAt(FIRST).judge([
    { file: NEXT, sql: 'delete from public.devices; alter table public.users add column a text;' },
  ]);
  expect(faults).toEqual([`${NEXT}: public.devices lost 1 of 1 rows`]);
});

describe('what a migration may not do to rows that are there', () => {
  const judge = (...files: string[]): Promise<string[]> =>
    keptAt(FIRST).judgeTexts(
      files.map((sql, nth) => ({ file: NEXT.replace('000_', `00${nth}_`), sql })),
    );

  it('is not to add tables, columns, indexes and checks', async () => {
    expect(
      await judge(
        `alter table public.locations add column fax text, add column floors integer default 1;
         create index locations_fax_idx on public.locations (fax);`,
        `create table public.rooms (id uuid primary key, location_id uuid references public.locations);
         alter table public.users add constraint users_id_check check (id is not null);
         insert into public.rooms (id) values (gen_random_uuid());`,
      ),
    ).toEqual([]);
  });

  it('is to lose them', async () => {
    expect(await judge(`delete from public.item_locations where bin = 'D1'`)).toEqual([
      expect.stringMatching(/^\d+_next.sql: public.item_locations lost [1-9]\d* of \d+ rows$/),
    ]);
  });

  it('is to lose a table with them, unless it says so', async () => {
    const drop = 'drop table private.push_memory;';
    expect(await judge(drop)).toEqual([expect.stringContaining('push_memory is gone')]);
    expect(await judge(`-- drops private.push_memory:\n${drop}`)).toHaveLength(1);
    expect(
      await judge(`-- drops private.push_memory: devices of today do not ask\n${drop}`),
    ).toEqual([]);
  });

  it('is to give them other values, unless it says so', async () => {
    const update = `update public.locations set phone = '734-555-0199' where code = 'AA';`;
    const touches = '-- touches public.locations: a new number\n';
    expect(await judge(update)).toEqual([
      expect.stringContaining('public.locations.phone has another value in 1 rows'),
      expect.stringContaining('public.locations.row_xid moved in 1 rows'),
      expect.stringContaining('public.locations.row_version moved in 1 rows'),
      expect.stringContaining('public.locations.recorded_at moved in 1 rows'),
    ]);
    expect(await judge(touches + update)).toEqual([
      expect.stringContaining('public.locations.phone has another value in 1 rows'),
    ]);
    expect(
      await judge(`${touches}-- changes public.locations.phone: a new number\n${update}`),
    ).toEqual([]);
  });

  it('is to write new columns of them, unless it says that they move in the feed', async () => {
    const fill = `alter table public.users add column shoe_size integer;
      update public.users set shoe_size = 40 where shoe_size is null;`;
    expect(await judge(fill)).toHaveLength(3);
    expect(await judge(`-- touches public.users: a column to fill\n${fill}`)).toEqual([]);
  });

  it('is to cast them into values that read otherwise', async () => {
    expect(
      await judge(`alter table public.stock_movements alter column local_date type timestamptz`),
    ).toEqual([expect.stringContaining('stock_movements.local_date has another value')]);
  });

  it.each([
    ['without its trigger', 'drop trigger append_only on public.stock_acts', 'refuses update'],
    [
      'whose trigger is for ordinary sessions only',
      'alter table public.stock_acts enable trigger append_only',
      'refuses delete',
    ],
    [
      'whose trigger does nothing',
      `create or replace function private.refuse_change() returns trigger
         language plpgsql set search_path = '' as $$ begin return null; end $$`,
      'refuses truncate',
    ],
  ])('is to leave an append-only table %s', async (_, sql, refusal) => {
    expect(await judge(sql)).toContainEqual(
      expect.stringContaining(`stock_acts no longer ${refusal}`),
    );
  });

  it('is to leave an append-only table without any trigger', async () => {
    expect(
      await judge(`drop trigger append_only on public.transitions;
        drop trigger append_only_truncate on public.transitions`),
    ).toEqual([expect.stringContaining('public.transitions is no longer append-only')]);
  });

  it('is to break a chain of the audit log', async () => {
    expect(await judge(`update private.audit_heads set seq = 7 where seq = 2`)).toEqual([
      expect.stringContaining('private.audit_heads.seq has another value in 1 rows'),
      expect.stringContaining('the audit chain no longer verifies: entry 3 cut'),
    ]);
  });

  it('is found in the migration that does it, and in no later one', async () => {
    const faults = await judge('select 1', 'delete from public.devices', 'select 2');
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('29990101000001_next.sql: public.devices lost 1 of 1 rows');
  });
});
