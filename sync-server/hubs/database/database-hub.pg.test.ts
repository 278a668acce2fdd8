import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '#shared/kernel/clock.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createPool } from '../../db/pool.ts';
import { openRig } from '../../testing/rig.suite.ts';
import type { Rig } from '../../testing/rig.suite.ts';
import { createDatabaseHub } from './database-hub.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

test('every statement is timed, and a slow one is written down without its values', async () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'warn', write: (line) => lines.push(line) });
  const pool = createPool(rig.config, log);
  const hub = createDatabaseHub(pool, { clock: systemClock, log }, 100);
  expect(hub.health()).toMatchObject({ state: 'unused', calls: 0, p95Ms: null });

  const client = await pool.connect();
  await Promise.all([client.query('select 1'), client.query('select $1::text as t', ['Ada'])]);
  client.release();
  await pool.query('select pg_sleep($1), $2::text as name', [0.15, 'Ada Lovelace']);
  await expect(pool.query('select $1::int', ['Ada'])).rejects.toThrow();

  expect(hub.health()).toMatchObject({ state: 'ok', calls: 4, failures: 1 });
  expect(hub.slow).toBe(1);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    message: 'slow statement',
    statement: 'select pg_sleep($1), $2::text as name',
  });
  expect(lines.join()).not.toContain('Ada');
  await pool.end();
});

test('the health of a server tells how its database answers', async () => {
  const person = await rig.client(await rig.person(['IT', null]));
  const { body } = await person.post('/v1/admin/outbox', {});
  const { hubs } = body as { hubs: { hub: string; state: string; calls: number }[] };
  const [database] = hubs.filter(({ hub }) => hub === 'database');
  expect(database?.state).toBe('ok');
  expect(database?.calls).toBeGreaterThan(0);
});
