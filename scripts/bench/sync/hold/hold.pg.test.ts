import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { syncUrl } from '../../../../supabase/tests/support/callers.ts';
import type { BenchReport } from '../../report.ts';
import { percentile, slopeOf } from '../figures.ts';
import { benchHold, search } from './hold.ts';

let db: TestDatabase;
let report: BenchReport;
const printed: string[] = [];
const lineOf = (start: string) => report.lines.find(({ line }) => line.startsWith(start));

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  report = await benchHold({
    rows: undefined,
    print: (text) => printed.push(text),
    database: {
      adminUrl: db.url('supabase_admin'),
      ownerUrl: db.url('postgres'),
      syncUrl: await syncUrl(db),
    },
    devices: 9,
    minutes: 0.08,
    probeSeconds: 1,
    highestRate: 4,
  });
});
afterAll(() => db.close());

describe('the bench that holds a load', () => {
  test('tells the rate that it found, the lag between devices, and that nothing is missing', () => {
    expect(lineOf('highest rate')?.ours).toBeGreaterThan(0);
    expect(lineOf('highest rate')?.peers['pulls']).toBeGreaterThan(0);
    expect(lineOf('lag p99')?.ours).toBeGreaterThan(0);
    expect(lineOf('acts missing')?.ours).toBe(0);
    expect(printed.join('\n')).toMatch(/slope -?[\d.e-]+ ± [\d.e-]+ ms a minute/);
  });

  test('what it counted as pushed stands in the database', async () => {
    const { rows } = await db.admin.query<{ acts: number }>(
      'select count(*)::integer as acts from public.stock_acts',
    );
    expect(rows[0]?.acts).toBeGreaterThanOrEqual(lineOf('highest rate')?.peers['pushes'] ?? 1);
  });
});

test('a search ends at the highest rate that holds, as closely as it looks', async () => {
  const attempt = (perSecond: number) =>
    Promise.resolve({ perSecond, p50: 1, p99: 1, holds: perSecond <= 21, held: {} as never });
  expect((await search(attempt, 512)).highest).toBe(20);
  expect((await search((rate) => attempt(rate + 1_000), 512)).highest).toBe(0.5);
});

test('slopes come with their error, percentiles from the values themselves', () => {
  const rising = Array.from({ length: 100 }, (_, x) => [x, 3 * x + (x % 2)] as const);
  expect(slopeOf(rising).slope).toBeCloseTo(3, 1);
  expect(slopeOf(rising).error).toBeLessThan(0.01);
  const level = Array.from({ length: 100 }, (_, x) => [x, (x * 7919) % 13] as const);
  expect(Math.abs(slopeOf(level).slope)).toBeLessThan(2 * slopeOf(level).error);
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(3);
});
