import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { syncUrl } from '../../../../supabase/tests/support/callers.ts';
import type { BenchReport } from '../../report.ts';
import { benchPull, lastByFirst } from './pull.ts';

let db: TestDatabase;
let report: BenchReport;
const lineOf = (start: string) => report.lines.find(({ line }) => line.startsWith(start));

beforeAll(async () => {
  db = await openTestDatabase({ seed: true });
  report = await benchPull({
    rows: 2_000,
    print: () => undefined,
    database: {
      adminUrl: db.url('supabase_admin'),
      ownerUrl: db.url('postgres'),
      syncUrl: await syncUrl(db),
    },
    peers: false,
  });
});
afterAll(() => db.close());

describe('the bench of pulls', () => {
  test('loads every document that the person may hold, beside the same rows by COPY', async () => {
    const first = lineOf('first sync of ');
    const documents = Number(/\d+/.exec(first?.line ?? '')?.[0]);
    expect(documents).toBeGreaterThan(1_000);
    expect(first?.ours).toBeGreaterThan(0);
    expect(first?.limit).toBeGreaterThan(0);
    expect(lineOf("today's list")?.ours).toBeGreaterThan(0);
  });

  test('a device that was killed goes on: few rows come twice and none is missing', () => {
    expect(lineOf('rows that came twice')?.met).toBe(true);
  });

  test('a sync that slows down towards its end is seen', () => {
    const page = (ms: number) => ({ ms, rows: 100 });
    const even = Array.from({ length: 21 }, (_, nth) => page(nth * 10));
    expect(lastByFirst({ arrived: even, ms: 200 })).toBeCloseTo(1, 0);
    const slow = even.map(({ ms, rows }) => ({ ms: ms <= 180 ? ms : ms + (ms - 180) * 3, rows }));
    expect(lastByFirst({ arrived: slow, ms: 260 })).toBeLessThan(0.5);
  });
});
