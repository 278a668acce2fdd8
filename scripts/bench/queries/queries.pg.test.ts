import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import pg from 'pg';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { syncUrl } from '../../../supabase/tests/support/callers.ts';
import { load } from './load.ts';
import type { Loaded } from './load.ts';
import { newsCosts } from './news.ts';
import { longTables, measureQueries } from './queries.ts';
import type { MeasuredQuery } from './queries.ts';
import { policyCosts } from './row-security.ts';

const ROWS = 20_000;
/** At this size what is long begins lower than in the bench. */
const LONG = 3_500;

let db: TestDatabase;
let admin: pg.Client;
let sync: pg.Client;
let loaded: Loaded;
let measured: Map<string, MeasuredQuery>;

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  admin = new pg.Client(db.url('supabase_admin'));
  sync = new pg.Client(await syncUrl(db));
  await Promise.all([admin.connect(), sync.connect()]);
  loaded = await load(admin, ROWS);
  const long = await longTables(admin, LONG);
  const all = await measureQueries(sync, loaded, long, { runs: 1 });
  measured = new Map(all.map((one) => [one.query.name.split(' ')[0] ?? '', one]));
});
afterAll(async () => {
  await Promise.all([sync.end(), admin.end()]);
  await db.close();
});

const judged = (): MeasuredQuery[] => [...measured.values()];
const rowsOf = (key: string): number => measured.get(key)?.plan.rows ?? Number.NaN;

describe('the loaded history', () => {
  test('has the rows that it says, over many transactions, all behind the fence', async () => {
    const { rows } = await admin.query(
      `select count(*)::integer as rows, count(distinct row_xid)::integer as transactions,
              count(distinct location_id)::integer as sites,
              bool_and(row_xid < pg_snapshot_xmin(pg_current_snapshot())) as fenced
       from public.stock_movements`,
    );
    expect(rows).toEqual([{ rows: ROWS, transactions: 100, sites: 3, fenced: true }]);
  });

  test('refers to rows that are there', async () => {
    const { rows } = await admin.query(
      `select
         (select count(*)::integer from public.stock_movements m
           where not exists (select from public.stock_acts a
             where a.id = m.act_id and a.location_id = m.location_id)) as acts,
         (select count(*)::integer from public.delivery_tracking d
           where not exists (select from public.handout_packs p where p.id = d.pack_id)
              or not exists (select from public.patients p where p.id = d.patient_id)) as deliveries,
         (select count(*)::integer from public.check_in_records c
           where not exists (select from public.appointments a
             where a.id = c.appointment_id and a.patient_id = c.patient_id
               and a.location_id = c.location_id)) as arrivals`,
    );
    expect(rows).toEqual([{ acts: 0, deliveries: 0, arrivals: 0 }]);
  });

  test('has members in every window that is read, of whom some came late and some left', async () => {
    const { rows } = await admin.query<{ scope: string; late: number; gone: number }>(
      `select split_part(scope, ':', 1) as scope,
              count(*) filter (where entered_xid >= $1::xid8)::integer as late,
              count(*) filter (where left_xid is not null)::integer as gone
       from private.scope_members where subject = 'patients' group by 1 order by 1`,
      [loaded.xidAt(0.9)],
    );
    expect(rows.map(({ scope }) => scope)).toEqual(['care', 'day']);
    expect(rows[0]?.late).toBeGreaterThan(0);
    expect(rows[0]?.gone).toBeGreaterThan(0);
  });
});

describe('the queries', () => {
  test('every one uses the indexes that it is meant to use', () => {
    const missed = judged().filter(({ missed: names }) => names.length > 0);
    expect(
      missed.map(({ query, missed: names, plan }) => [query.name, names.map(String), plan.indexes]),
    ).toEqual([]);
  });

  test('none reads a long table from end to end', () => {
    const scans = judged().filter(({ scanned }) => scanned.length > 0);
    expect(scans.map(({ query, scanned }) => [query.name, scanned])).toEqual([]);
  });

  test('find what they are asked for: none measures an empty answer', () => {
    expect(rowsOf('1')).toBe(1001);
    expect(rowsOf('2')).toBeGreaterThan(0);
    expect(rowsOf('2')).toBeLessThanOrEqual(20);
    expect(rowsOf('3')).toBe(1001);
    for (const key of ['5', '6', '7', '7b', '8a', '11a', '11b', '11c', '12a', '12b']) {
      expect([key, rowsOf(key) > 0]).toEqual([key, true]);
    }
    expect(rowsOf('8b')).toBe(50);
    expect(rowsOf('9b')).toBe(100);
    expect(rowsOf('10')).toBe(1);
  });

  test('leave nothing behind', async () => {
    const { rows } = await admin.query(
      `select (select count(*)::integer from public.stock_movements) as movements,
              (select count(*)::integer from public.stock_acts) as acts,
              (select count(*)::integer from public.audit_logs) as entries`,
    );
    const { stock_acts: acts, audit_logs: entries } = loaded.counts;
    expect(rows).toEqual([{ movements: ROWS, acts, entries }]);
  });
});

test('the cost of policies is measured on full pages of the same rows, for every role', async () => {
  const costs = await policyCosts({ sync, admin }, loaded, { runs: 1 });
  expect(new Set(costs.map(({ role }) => role))).toEqual(
    new Set(['FD', 'CS', 'PR', 'MG', 'LM', 'AS', 'leader']),
  );
  for (const { role, table, rows, ratio } of costs) {
    expect([role, table, rows > 0 && ratio > 0]).toEqual([role, table, true]);
  }
});

test('a pull without news is taken apart for several roles', async () => {
  const { lines } = await newsCosts({ syncUrl: await syncUrl(db), sync }, loaded, { runs: 1 });
  expect(lines).toHaveLength(3);
  for (const { ours } of lines) expect(ours).toBeGreaterThan(0);
});
