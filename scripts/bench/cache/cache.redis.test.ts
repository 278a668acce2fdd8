import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { syncUrl } from '../../../supabase/tests/support/callers.ts';
import type { BenchReport } from '../report.ts';
import { benchCache } from './cache.ts';
import { stateOf } from './clinic.ts';
import { WRITES, traceOf, zipf } from './trace.ts';

let db: TestDatabase;
let report: BenchReport;
const printed: string[] = [];
const lineOf = (start: string) => report.lines.find(({ line }) => line.startsWith(start));

beforeAll(async () => {
  db = await openTestDatabase({ seed: true });
  report = await benchCache({
    rows: 3_000,
    patients: 60,
    print: (text) => printed.push(text),
    database: {
      adminUrl: db.url('supabase_admin'),
      ownerUrl: db.url('postgres'),
      syncUrl: await syncUrl(db),
    },
  });
});
afterAll(() => db.close());

describe('the bench of the cache', () => {
  test('finds no answer that is older than a write, with a cache and without', () => {
    const old = lineOf('answers older');
    expect(old?.met).toBe(true);
    expect(old?.peers['no cache']).toBe(0);
    expect(old?.peers['reads']).toBeGreaterThan(5_000);
  });

  test('tells hits and times beside those without, and asks the database less', () => {
    expect(lineOf('hit rate')?.ours).toBeGreaterThan(30);
    expect(lineOf('read, p95')?.peers['no cache']).toBeGreaterThan(0);
    expect(lineOf('CPU of the database')?.peers['transactions']).toBeGreaterThan(30);
    expect(printed.join('\n')).toMatch(/patient \d/);
  });
});

test('a day is the same for the same seed, with so many writes, the first asked for most', () => {
  const options = { seed: 7, devices: 50, events: 5_000, patients: 500, items: 50 };
  const [one, other] = [[...traceOf(options)], [...traceOf(options)]];
  expect(one).toEqual(other);
  expect(one.filter(({ write }) => write).length / one.length).toBeCloseTo(WRITES, 1);
  const asked = (rank: number) =>
    one.filter((event) => event.kind === 'patient' && event.rank === rank).length;
  expect(asked(0)).toBeGreaterThan(asked(10));
  const rank = zipf(3, () => 0.999_999);
  expect(rank()).toBe(2);
});

test('which state an answer shows is the latest in it', () => {
  expect(stateOf([{ a: 'state 3' }, { b: { c: 'state 12' } }, { d: 'estate 99' }])).toBe(12);
  expect(stateOf([])).toBe(0);
});
