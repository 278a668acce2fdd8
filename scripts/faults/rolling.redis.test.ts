import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { syncUrl } from '../../supabase/tests/support/callers.ts';
import { SMALL_SIZE, linesOf, runRolling } from './rolling/rolling.ts';

/** The small run of `npm run faults -- rolling`. */
let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
});
afterAll(() => db.close());

test('three replicas are restarted in turn under load: nothing is lost, nothing is there twice', async () => {
  const result = await runRolling(SMALL_SIZE, {
    adminUrl: db.url('supabase_admin'),
    ownerUrl: db.url('postgres'),
    syncUrl: await syncUrl(db),
  });
  expect(result).toMatchObject({ lost: [], doubled: [], refused: [], unseen: 0, restarts: 3 });
  expect(result.acknowledged.acts).toBeGreaterThan(50);
  expect(result.acknowledged.changes).toBeGreaterThan(50);
  expect(result.lags.length).toBeGreaterThan(50);
  for (const requests of result.served) expect(requests).toBeGreaterThan(10);
  // Every device had to find another replica at least once.
  expect(result.errors['connected']).toBeGreaterThan(SMALL_SIZE.devices);
  expect(linesOf(SMALL_SIZE, result).join('\n')).toContain('0 lost, 0 doubled');
}, 120_000);
