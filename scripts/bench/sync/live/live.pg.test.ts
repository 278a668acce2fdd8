import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { syncUrl } from '../../../../supabase/tests/support/callers.ts';
import { benchLive } from './live.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
});
afterAll(() => db.close());

test('the bench of live connections measures what it says, at a small size', async () => {
  const printed: string[] = [];
  const report = await benchLive({
    rows: undefined,
    print: (text) => printed.push(text),
    database: {
      adminUrl: db.url('supabase_admin'),
      ownerUrl: db.url('postgres'),
      syncUrl: await syncUrl(db),
    },
    active: 9,
    connected: [30, 45],
    everyMs: 300,
    measureMs: 1_500,
    notifies: 20,
    people: 3,
    moves: 10,
  });
  const lineOf = (start: string) => report.lines.find(({ line }) => line.startsWith(start));
  expect(report.bench).toBe('live');
  for (const connected of [30, 45]) {
    for (const name of ['p50', 'p95', 'p99']) {
      const line = lineOf(`written → seen, ${connected} connected: ${name}`);
      expect(line?.ours).toBeGreaterThan(0);
      expect(line?.limit).toBeGreaterThan(0);
    }
    expect(lineOf(`server memory, ${connected} connected`)?.ours).toBeGreaterThan(0);
  }
  // Whatever was cut off, everything arrived.
  expect(lineOf('delivered with')).toMatchObject({ ours: 100, met: true });
  expect(lineOf('typing seen by 2 others')?.ours).toBeGreaterThan(0);
  // Each move is told of once by each who sees it, however often the notices repeat where people are.
  const { told, unseen = -1 } = lineOf('typing seen by 2 others')?.peers ?? {};
  expect(told).toBe(20);
  expect(unseen).toBeGreaterThanOrEqual(0);
  expect(unseen).toBeLessThan(10);
  expect(lineOf('gone after being cut off')?.met).toBe(true);
  // Nothing is forgotten sooner than its time, and nothing stays much longer.
  expect(lineOf('gone after falling silent')?.ours).toBeGreaterThan(7_000);
  expect(lineOf('gone after falling silent')?.met).toBe(true);
  expect(printed.join('\n')).toContain('NOTIFY alone');
});
