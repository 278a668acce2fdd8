import { afterAll, beforeAll, expect, test } from 'vitest';
import { mayDo } from '#shared/access/rights.ts';
import { SITE, must } from '#server/testing/rig.suite.ts';
import type { Rig } from '#server/testing/rig.suite.ts';
import { bookable } from '#server/testing/visits.suite.ts';
import type { Device } from './testing/device.ts';
import { until, untilStatus, untilSynced } from './testing/clinic.suite.ts';
import { openRealClinic } from './testing/real-clinic.suite.ts';
import type { RealClinic } from './testing/real-clinic.suite.ts';
import { unreachable } from './testing/memory-server.ts';

/** What a device does with answers that are neither yes nor a plain no. */

let clinic: RealClinic;
let rig: Rig;
beforeAll(async () => {
  clinic = await openRealClinic();
  ({ rig } = clinic);
});
afterAll(() => clinic.close());

const DAY_MS = 86_400_000;
const offline = (device: Device): void => {
  device.faults.before = () => {
    throw unreachable();
  };
};
const online = (device: Device): void => {
  delete device.faults.before;
  device.replication.online();
};
const visitFields = (
  at: { activityId: string; repId: string; site: string },
  startsAt: number,
): Record<string, unknown> => ({
  location_id: at.site,
  activity_id: at.activityId,
  rep_id: at.repId,
  rep_user_id: null,
  starts_at: startsAt,
  ends_at: startsAt + 45 * 60_000,
  seat_no: 1,
  topic: null,
  products: [],
  expected_heads: 8,
  catering: null,
  booking_source: 'phone',
  confirmation_no: null,
  status: 'requested',
});

test('two desks offline book the same lunch: one has it, the other chooses from three', async () => {
  const at = await bookable(rig);
  const [one, two] = [
    await clinic.startDevice(await rig.person(['FD', SITE.AA])),
    await clinic.startDevice(await rig.person(['FD', SITE.AA])),
  ];
  const startsAt = Date.now() + 7 * DAY_MS;
  const visits = new Map<Device, string>();
  for (const device of [one, two]) {
    offline(device);
    visits.set(device, await device.insert('pharma_appointments', visitFields(at, startsAt)));
  }
  online(one);
  await untilSynced(one);
  online(two);
  const status = await untilStatus(two, ({ needsYou }) => needsYou === 1);
  expect(status).toMatchObject({ state: 'needs-you', waiting: 0 });
  const [change] = two.replication.parked();
  const lost = must(visits.get(two));
  expect(change).toMatchObject({ table: 'pharma_appointments', id: lost, code: 'SYNC_SLOT_TAKEN' });
  expect(change?.alternatives).toHaveLength(3);
  expect(await two.get('pharma_appointments', lost)).toMatchObject({ status: 'conflict' });

  // What was offered is still there after a restart without the network.
  await two.stop();
  offline(two);
  await two.start();
  expect(two.replication.parked()).toEqual([change]);
  const offer = must(change?.alternatives?.[1]);
  expect(offer['status']).toBe('requested');
  await two.edit('pharma_appointments', lost, offer);
  await until(() => two.replication.parked().length === 0, 'nothing to decide any more');
  online(two);
  await untilSynced(two);
  await until(
    async () => (await two.get('pharma_appointments', lost))?.['status'] === 'held',
    'the chosen slot is held',
  );
  expect(await two.get('pharma_appointments', lost)).toMatchObject({
    starts_at: offer['starts_at'],
    status: 'held',
  });
  const first = must(visits.get(one));
  expect(await one.get('pharma_appointments', first)).toMatchObject({ status: 'held' });
});

test('a move to a taken slot needs somebody, with alternatives, and keeps the seat', async () => {
  const at = await bookable(rig);
  const desk = await clinic.startDevice(await rig.person(['FD', SITE.AA]));
  const startsAt = Date.now() + 7 * DAY_MS;
  await desk.insert('pharma_appointments', visitFields(at, startsAt));
  const id = await desk.insert('pharma_appointments', visitFields(at, startsAt + DAY_MS));
  await untilSynced(desk);
  await until(
    async () => (await desk.get('pharma_appointments', id))?.['status'] === 'held',
    'held',
  );
  await desk.edit('pharma_appointments', id, {
    starts_at: startsAt,
    ends_at: startsAt + 45 * 60_000,
  });
  await untilStatus(desk, ({ needsYou }) => needsYou === 1);
  const [change] = desk.replication.parked();
  expect(change).toMatchObject({ id, code: 'SYNC_SLOT_TAKEN' });
  expect(change?.alternatives).toHaveLength(3);
  await desk.replication.discard('pharma_appointments', id);
  expect(desk.replication.parked()).toEqual([]);
  expect(await desk.get('pharma_appointments', id)).toMatchObject({
    status: 'held',
    starts_at: startsAt + DAY_MS,
  });
});

test('work of somebody whose grant ended goes to the server and leaves the disk, noted as handed over', async () => {
  const userId = await rig.person(['CS', SITE.AA]);
  const device = await clinic.startDevice(userId);
  offline(device);
  const count = await device.insert('count_sessions', {
    location_id: SITE.AA,
    kind: 'cycle',
    zone: null,
    blind: false,
    status: 'open',
    counted_by: userId,
    started_at: Date.now(),
    note: 'the shelf at the back',
    line_count: null,
  });
  await rig.db.admin.query(
    `update public.user_roles set valid_to = now() - interval '1 second' where user_id = $1`,
    [userId],
  );
  online(device);
  await untilStatus(device, ({ needsYou }) => needsYou === 1);
  await until(
    async () => (await device.get('count_sessions', count)) === undefined,
    'the row has left the disk',
  );
  const expected = [{ table: 'count_sessions', id: count, code: 'SYNC_ROW_QUARANTINED' }];
  expect(device.replication.parked()).toMatchObject(expected);
  expect(device.replication.status.waiting).toBe(0);
  const { rows } = await rig.db.admin.query<{ content: { note: string } }>(
    'select content from private.quarantine where row_id = $1',
    [count],
  );
  expect(rows[0]?.content.note).toBe('the shelf at the back');
  // A backup from before it came: the device sends it again, once, though its person may pull nothing.
  await rig.db.admin.query(`
    begin; alter table public.review_items disable trigger all;
    delete from public.review_items where row_id = '${count}';
    alter table public.review_items enable trigger all;
    delete from private.quarantine where row_id = '${count}';
    delete from private.push_memory; select private.begin_generation(); commit`);
  const kept = async (): Promise<{ status: string; content: { note: string } }[]> =>
    (
      await rig.db.admin.query<{ status: string; content: { note: string } }>(
        'select status, content from private.quarantine where row_id = $1',
        [count],
      )
    ).rows;
  device.replication.syncNow();
  await until(async () => (await kept()).length > 0, 'kept again');
  expect(await kept()).toMatchObject([
    { status: 'waiting', content: { note: 'the shelf at the back' } },
  ]);
  expect(await device.get('count_sessions', count)).toBeUndefined();
  const copies = () => device.database.read('select id from sync_kept');
  expect(copies()).toEqual([{ id: count }]);
  // What somebody has decided about needs no copy any more.
  await rig.db.admin.query(
    `update private.quarantine set status = 'rejected', decided_at = now() where row_id = $1`,
    [count],
  );
  device.replication.syncNow();
  await until(() => copies().length === 0, 'the copy has left the disk');
  // It is still listed after a restart, until the person has read it.
  await device.stop();
  await device.start();
  expect(device.replication.parked()).toMatchObject(expected);
  await device.replication.discard('count_sessions', count);
  expect(device.replication.parked()).toEqual([]);
});

test('what somebody may make and not read leaves the disk once the server has it', async () => {
  const at = await bookable(rig);
  const userId = await rig.person(['FD', SITE.AA]);
  const grants = [{ role: 'FD' as const, locationId: SITE.AA, validFrom: 0, validTo: null }];
  const device = await clinic.startDevice(userId, {
    mayRead: (table, row) => mayDo(grants, userId, table, 'read', row),
  });
  const visit = await device.insert(
    'pharma_appointments',
    visitFields(at, Date.now() + 7 * DAY_MS),
  );
  offline(device);
  const meal = await device.insert('meal_records', {
    location_id: SITE.AA,
    appointment_id: visit,
    kind: 'food',
    product: null,
    total_cents: 9731,
    receipt_file_id: null,
    local_date: '2026-11-30',
    reverses_id: null,
    lines: [{ user_id: null, name: 'Dr. Sample', covered_recipient_type: 'md_do', npi: null }],
  });
  expect(await device.get('meal_records', meal)).toBeDefined();
  expect(await device.all('transfers_of_value')).toHaveLength(1);
  online(device);
  await untilSynced(device);
  device.replication.syncNow();
  await until(async () => (await device.get('meal_records', meal)) === undefined, 'gone');
  await until(async () => (await device.all('transfers_of_value')).length === 0, 'its shares too');
  const { rows } = await rig.db.admin.query('select id from public.meal_records where id = $1', [
    meal,
  ]);
  expect(rows).toHaveLength(1);
  // What they may read stays.
  expect(await device.get('pharma_appointments', visit)).toBeDefined();
});
