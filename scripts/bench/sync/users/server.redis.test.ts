import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { syncUrl } from '../../../../supabase/tests/support/callers.ts';
import type { BenchReport } from '../../report.ts';
import { benchServer } from './server.ts';

let db: TestDatabase;
let report: BenchReport;
const printed: string[] = [];
const lineOf = (end: string) => report.lines.find(({ line }) => line.endsWith(end));

beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
  report = await benchServer({
    rows: undefined,
    print: (text) => printed.push(text),
    database: {
      adminUrl: db.url('supabase_admin'),
      ownerUrl: db.url('postgres'),
      syncUrl: await syncUrl(db),
    },
    crowds: [6, 12],
    everyMs: 250,
    seconds: 4,
  });
});
afterAll(() => db.close());

test('counts answers that are wrong or missing: none, also while Redis is in trouble', () => {
  for (const end of [
    '6 people: wrong answers',
    'in trouble: wrong answers',
    'in trouble: errors',
  ]) {
    expect([end, lineOf(end)?.met]).toEqual([end, true]);
  }
  expect(printed.join('\n')).toMatch(/killed at .* started at .* killed at .* started at/);
});

test('what it counted as pushed stands in the database', async () => {
  const { rows } = await db.admin.query<{ acts: number }>(
    'select count(*)::integer as acts from public.stock_acts',
  );
  expect(rows[0]?.acts).toBeGreaterThan(0);
  expect(lineOf('who do not wait: requests')?.ours).toBeGreaterThan(1);
});
