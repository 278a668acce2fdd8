import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createPool } from '../db/pool.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Rig } from '../testing/rig.suite.ts';
import { createWindowMover } from './move-windows.ts';

let rig: Rig;
const log = createLogger({ level: 'error', write: () => undefined });
const told: ChangeSet[] = [];
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

async function plantVisit(): Promise<string> {
  const patient = newId();
  await rig.db.postgres.query(`
    insert into public.patients (id, created_at, site_ids, family_name, given_name, birth_date, sex,
           phones, source_version, language)
    values ('${patient}', now() - interval '1 year', '{${SITE.AA}}', 'Invented', 'Ada',
           '1980-02-29', 'female', '[]', 1, 'en');
    insert into public.appointments (id, location_id, patient_id, starts_at, ends_at, local_date,
           type, status, source_version)
    values (gen_random_uuid(), '${SITE.AA}', '${patient}', now(), now(),
           (now() at time zone 'America/New_York')::date, 'return', 'booked', 1)`);
  return patient;
}

/** As if so many days went by. */
const letDaysPass = (patient: string, days: number): Promise<unknown> =>
  rig.db.admin.query(`begin; set local session_replication_role = 'replica';
    update public.appointments set local_date = local_date - ${days}
     where patient_id = '${patient}'; commit`);

async function windowsOf(patient: string): Promise<string[]> {
  const { rows } = await rig.db.admin.query<{ scope: string }>(
    `select scope from private.scope_members where row_id = $1 and left_xid is null order by 1`,
    [patient],
  );
  return rows.map(({ scope }) => scope);
}

test('the server moves the windows, tells whom it concerns, and does nothing twice', async () => {
  const pool = createPool(rig.config, log);
  const mover = createWindowMover(pool, (set) => told.push(set), log);
  const patient = await plantVisit();
  await mover.run();
  const day = [`care:${SITE.AA}`, 'care:*', `day:${SITE.AA}`, 'day:*'].toSorted();
  expect((await windowsOf(patient)).toSorted()).toEqual(day);
  await letDaysPass(patient, 4);
  told.length = 0;
  expect(await mover.run()).toBeGreaterThan(0);
  expect((await windowsOf(patient)).toSorted()).toEqual([`care:${SITE.AA}`, 'care:*'].toSorted());
  expect(told).toHaveLength(1);
  expect(told[0]?.changes.map(({ table }) => table)).toContain('patients');
  expect(await mover.run()).toBe(0);
  expect(told).toHaveLength(1);
  await letDaysPass(patient, 40);
  await mover.run();
  expect(await windowsOf(patient)).toEqual([]);
  await mover.stop();
  await pool.end();
});

test('one server moves them while another one does; it neither waits nor fails', async () => {
  const pool = createPool(rig.config, log);
  const mover = createWindowMover(pool, () => undefined, log);
  const other = await rig.db.admin.connect();
  await other.query('begin; select pg_advisory_xact_lock(731000001)');
  expect(await mover.run()).toBeNull();
  await other.query('rollback');
  other.release();
  expect(await mover.run()).toBe(0);
  await pool.end();
});

test('members that left long ago are forgotten', async () => {
  const patient = await plantVisit();
  await letDaysPass(patient, 60);
  const pool = createPool(rig.config, log);
  const mover = createWindowMover(pool, () => undefined, log);
  await mover.run();
  await rig.db.admin.query(
    `update private.scope_members set left_at = now() - interval '91 days' where row_id = $1`,
    [patient],
  );
  await mover.run();
  const { rowCount } = await rig.db.admin.query(
    'select from private.scope_members where row_id = $1',
    [patient],
  );
  expect(rowCount).toBe(0);
  await pool.end();
});
