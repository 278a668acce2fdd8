import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { syncUrl } from '../../../../supabase/tests/support/callers.ts';
import type { BenchReport } from '../../report.ts';
import { benchPush } from './push.ts';

let db: TestDatabase;
let report: BenchReport;
const printed: string[] = [];
const lineOf = (start: string) => report.lines.find(({ line }) => line.startsWith(start));

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  report = await benchPush({
    rows: undefined,
    print: (text) => printed.push(text),
    database: {
      adminUrl: db.url('supabase_admin'),
      ownerUrl: db.url('postgres'),
      syncUrl: await syncUrl(db),
    },
    devices: [4],
    conflicting: [0.5],
    warmUpMs: 300,
    measureMs: 1_200,
    firstMs: 500,
    bareBatches: 6,
    bareWarmUp: 4,
  });
});
afterAll(() => db.close());

describe('the bench of pushes', () => {
  test('measures the server beside the same statements, and how long a device waits', () => {
    expect(report.bench).toBe('push');
    expect(report.lines).toHaveLength(2);
    const fast = lineOf('4 devices, 50 % conflicting: batches of 50');
    expect(fast?.ours).toBeGreaterThan(0);
    expect(fast?.limit).toBeGreaterThan(0);
    expect(fast?.ratio).toBeCloseTo((fast?.ours ?? 0) / (fast?.limit ?? 1), 1);
    const paced = lineOf('100 devices, 50 % conflicting: 5 rows every 1000 ms');
    expect(paced?.ours).toBeGreaterThan(0);
    for (const { peers } of report.lines) expect(peers['generator CPU share']).toBeGreaterThan(0);
    expect(printed.join('\n')).toContain('bare rows/s');
  });

  test('writes what it counts: acts with two movements each, and a conflict for each row meant so', async () => {
    const { rows } = await db.admin.query(
      `select (select count(*)::integer from public.stock_acts) as acts,
              (select count(*)::integer from public.stock_movements) as movements,
              (select count(*)::integer from public.conflict_log) as conflicts,
              (select count(*)::integer from public.audit_logs) as entries`,
    );
    const [{ acts, movements, conflicts, entries }] = rows as [Record<string, number>];
    expect(acts).toBeGreaterThan(0);
    expect(movements).toBe((acts ?? 0) * 2);
    expect(conflicts).toBeGreaterThan(0);
    expect(entries).toBeGreaterThan((acts ?? 0) + (conflicts ?? 0));
  });
});
