import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { syncUrl } from '#server/testing/rig.suite.ts';
import { openTestDatabase } from '#stack/test-database.ts';
import type { TestDatabase } from '#stack/test-database.ts';
import { ROOT } from '../dev/paths.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase({ seed: false });
});
afterAll(() => db.close());

const run = promisify(execFile);
async function replay(...args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    GANGER_DATABASE_URL: await syncUrl(db),
    GANGER_AUTH_URL: 'http://127.0.0.1:1/auth/v1',
  };
  const script = path.join(ROOT, 'scripts/hubs/replay.ts');
  const { stdout } = await run(process.execPath, [script, ...args], { cwd: ROOT, env });
  return stdout.trim();
}

test('the command takes stored events in again, those of no payment alone where it is told so', async () => {
  await db.admin.query(
    `insert into private.payment_notices (id, kind, payment_ref, object_ref, said, occurred_at,
       received_at, problem)
     values ('evt_of_nobody', 'payment_intent.succeeded', 'pi_1', 'pi_1', '{}', now(), now(), 'unmatched'),
            ('evt_of_a_reader', 'terminal.reader.action_succeeded', null, 'tmr_1', '{}', now(), now(), null),
            ('evt_of_long_ago', 'refund.created', 'pi_2', 're_2', '{}', now(),
             now() - interval '40 days', 'unmatched')`,
  );
  expect(await replay('--unmatched')).toBe('1 events taken in again');
  expect(await replay()).toBe('2 events taken in again');
  expect(await replay('--days', '50')).toBe('3 events taken in again');
  const { rows } = await db.admin.query<{ id: string; done: boolean }>(
    `select id, applied_at is not null as done from private.payment_notices order by id`,
  );
  expect(rows).toEqual([
    { id: 'evt_of_a_reader', done: true },
    { id: 'evt_of_long_ago', done: false },
    { id: 'evt_of_nobody', done: false },
  ]);
});
