import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { createHlc } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import { undoOf } from '#shared/schema/review-lines.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Contest } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { TABLES, openClinic, until, untilStatus, untilSynced } from './testing/clinic.suite.ts';
import type { Clinic } from './testing/clinic.suite.ts';
import type { Device } from './testing/device.ts';
import { ITEM, SITE_A, stockRow } from './testing/fixtures.ts';

/** What decisions of reviews do on a device, before and after the server has judged them. */

const PLACE = '00000000-0000-7000-8000-000000000201';
const REVIEW = '00000000-0000-7000-8000-000000000301';
const tables = ['review_decisions', ...TABLES, 'review_items'] as const;
const HLC = '0190000000a1-0000-000000000009';

async function clinicWith(
  options: Parameters<typeof openClinic>[0] = {},
): Promise<{ clinic: Clinic; device: Device }> {
  const clinic = openClinic(options);
  clinic.server.put('item_locations', {
    ...stockRow(PLACE, ITEM, SITE_A),
    bin: 'A3',
    field_hlc: { bin: HLC, par: HLC },
  });
  clinic.server.put('review_items', {
    id: REVIEW,
    created_at: 1_790_000_000_000,
    created_by: null,
    device_id: null,
    location_id: SITE_A,
    kind: 'field_conflict',
    table_name: 'item_locations',
    row_id: PLACE,
    field: 'bin',
    facts: {},
    status: 'open',
    decision: null,
    decided_by: null,
    field_hlc: {},
  });
  const device = clinic.device(1, { tables });
  await device.start();
  await untilSynced(device);
  return { clinic, device };
}

const place = async (device: Device): Promise<Row> => {
  const row = await device.get('item_locations', PLACE);
  if (!row) throw new Error('no place');
  return row;
};

async function decide(device: Device, value: string): Promise<string> {
  const row = await place(device);
  return device.insert('review_decisions', {
    location_id: SITE_A,
    table_name: 'item_locations',
    row_id: PLACE,
    lines: [
      {
        about: 'review_items',
        about_id: REVIEW,
        field: 'bin',
        choice: 'other',
        value,
        before: row['bin'] ?? null,
        seen: stampsOf(row)['bin'] ?? null,
      },
    ],
    reverses_id: null,
    accepted_at: null,
  });
}
const offline = (device: Device): void => {
  device.faults.before = () => {
    throw new AppError('SERVER_UNREACHABLE');
  };
};
const online = (device: Device): void => {
  delete device.faults.before;
  device.replication.syncNow();
};

test('its edits are made with it, wait for nobody, and are not pushed by themselves', async () => {
  const { clinic, device } = await clinicWith();
  offline(device);
  const id = await decide(device, 'B7');
  expect(await place(device)).toMatchObject({ bin: 'B7' });
  expect(await device.get('review_items', REVIEW)).toMatchObject({
    status: 'decided',
    decision: 'other',
  });
  expect(device.originOf('item_locations', PLACE)).toBe('derived');
  expect(device.storage.instance('item_locations')?.countOrigin('local')).toBe(0);
  online(device);
  await until(() => device.originOf('review_decisions', id) === 'server', 'decision taken');
  await until(() => device.originOf('item_locations', PLACE) === 'server', 'record came back');
  expect(clinic.server.row('item_locations', PLACE)).toEqual(await place(device));
  expect(clinic.server.row('review_items', REVIEW)).toMatchObject({ status: 'decided' });
  expect((await device.get('review_decisions', id))?.['accepted_at']).toBeGreaterThan(0);
});

test('what comes from the server meanwhile does not hide it', async () => {
  const { clinic, device } = await clinicWith();
  device.faults.before = (kind) => {
    if (kind === 'push') throw new AppError('SERVER_UNREACHABLE');
  };
  await decide(device, 'B7');
  const there = clinic.server.row('item_locations', PLACE) as Row;
  clinic.server.put('item_locations', { ...there, min: 50_000 });
  await until(async () => (await place(device))['min'] === 50_000, 'change of another field');
  expect(await place(device)).toMatchObject({ bin: 'B7', min: 50_000 });
  online(device);
  await untilSynced(device);
  expect(clinic.server.row('item_locations', PLACE)).toMatchObject({ bin: 'B7', min: 50_000 });
});

test('refused it is parked, and the record is again what the server has', async () => {
  const { clinic, device } = await clinicWith();
  offline(device);
  const id = await decide(device, 'B7');
  const there = clinic.server.row('item_locations', PLACE) as Row;
  const moved = { ...stampsOf(there), bin: '0190000000ff-0000-000000000009' };
  clinic.server.put('item_locations', { ...there, bin: 'C1', field_hlc: moved });
  online(device);
  await until(() => device.replication.parked().length === 1, 'refusal');
  expect(device.replication.parked()).toMatchObject([{ id, code: 'REVIEW_MOVED_ON' }]);
  await until(async () => (await place(device))['bin'] === 'C1', 'the server’s value');
  expect(await device.get('review_items', REVIEW)).toMatchObject({ status: 'open' });
  await device.replication.discard('review_decisions', id);
  expect(await device.get('review_decisions', id)).toBeUndefined();
  await untilSynced(device);
  expect(await place(device)).toEqual(clinic.server.row('item_locations', PLACE));
});

test('refused it leaves other edits of the record as they are', async () => {
  const { clinic, device } = await clinicWith({
    refuse: (_user, table) =>
      table === 'review_decisions' ? { code: 'REVIEW_DECIDED', fields: ['lines'] } : null,
  });
  offline(device);
  await decide(device, 'B7');
  await device.edit('item_locations', PLACE, { min: 70_000 });
  expect(device.originOf('item_locations', PLACE)).toBe('local');
  online(device);
  await until(() => device.replication.parked().length === 1, 'refusal');
  await until(
    async () => clinic.server.row('item_locations', PLACE)?.['min'] === 70_000,
    'the other edit',
  );
  expect(await place(device)).toMatchObject({ min: 70_000, bin: 'A3' });
  expect(clinic.server.row('item_locations', PLACE)).toMatchObject({ bin: 'A3' });
});

test('an edit made on top of it goes behind it', async () => {
  const { clinic, device } = await clinicWith();
  offline(device);
  await decide(device, 'B7');
  await device.edit('item_locations', PLACE, { min: 70_000 });
  online(device);
  await untilSynced(device);
  expect(await place(device)).toMatchObject({ bin: 'B7', min: 70_000 });
  expect(clinic.server.row('item_locations', PLACE)).toEqual(await place(device));
  expect(clinic.server.conflicts.size).toBe(0);
});

test('taken back also when the process was killed right after the refusal', async () => {
  const { device } = await clinicWith({
    refuse: (_user, table) =>
      table === 'review_decisions' ? { code: 'REVIEW_DECIDED', fields: ['lines'] } : null,
  });
  device.onWrite = ({ context }) => {
    if (context.includes('taken-back')) throw new Error('killed here');
  };
  await decide(device, 'B7');
  await until(() => device.replication.parked().length === 1, 'refusal');
  expect(await place(device)).toMatchObject({ bin: 'B7' });
  await device.kill();
  device.onWrite = () => undefined;
  await device.start();
  expect(await place(device)).toMatchObject({ bin: 'A3' });
  expect(await device.get('review_items', REVIEW)).toMatchObject({ status: 'open' });
});

test('undone before it was ever sent, both arrive and the value is what it was', async () => {
  const { clinic, device } = await clinicWith();
  offline(device);
  const id = await decide(device, 'B7');
  const decision = (await device.get('review_decisions', id)) as Row;
  await device.insert('review_decisions', { ...undoOf(decision), id: newId() });
  expect(await place(device)).toMatchObject({ bin: 'A3' });
  expect(await device.get('review_items', REVIEW)).toMatchObject({ status: 'open' });
  online(device);
  await untilSynced(device);
  await until(
    () => stampsOf(clinic.server.row('item_locations', PLACE) as Row)['bin'] !== undefined,
    'both',
  );
  expect(clinic.server.rows('review_decisions')).toHaveLength(2);
  expect(clinic.server.row('item_locations', PLACE)).toMatchObject({ bin: 'A3' });
  expect(clinic.server.row('review_items', REVIEW)).toMatchObject({ status: 'open' });
});

/** Decided here over an own edit that was never sent, while somebody else changed the field. */
async function refusedOverOwnEdit() {
  const { clinic, device } = await clinicWith();
  offline(device);
  await device.edit('item_locations', PLACE, { bin: 'MINE' });
  const id = await decide(device, 'B7');
  await device.stop();
  put(clinic, 'THEIRS');
  await device.start();
  online(device);
  await until(() => device.replication.parked().some((change) => change.id === id), 'refused');
  return { clinic, device, id };
}

const put = (clinic: Clinic, bin: string): void => {
  const there = clinic.server.row('item_locations', PLACE) as Row;
  const stamp = createHlc({
    clock: clinic.time,
    node: '000000000009',
    last: stampsOf(there)['bin'] ?? HLC,
  }).next();
  clinic.server.put('item_locations', {
    ...there,
    bin,
    field_hlc: { ...there.field_hlc, bin: stamp },
  });
};

const contested = ({ server }: Clinic): Contest[] =>
  [...server.conflicts.values()].map(({ contest }) => contest);

test('refused, it takes nothing with it that was written before and not sent yet', async () => {
  const { clinic, device } = await refusedOverOwnEdit();
  // It meets what the other one wrote, as any edit does: both are kept.
  await until(() => clinic.server.conflicts.size === 1, 'contested');
  const values = contested(clinic).flatMap(({ kept, lost }) => [kept.value, lost.value]);
  expect(values.map(String).toSorted()).toEqual(['MINE', 'THEIRS']);
  await until(() => device.originOf('item_locations', PLACE) === 'server', 'settled');
  const there = clinic.server.row('item_locations', PLACE);
  expect(await place(device)).toMatchObject({ bin: there?.['bin'] });
});

test('refused twice, it takes back nothing that came in between', async () => {
  const { clinic, device, id } = await refusedOverOwnEdit();
  await until(() => device.originOf('item_locations', PLACE) === 'server', 'settled');
  put(clinic, 'NEWER');
  await until(async () => (await place(device))['bin'] === 'NEWER', 'came');
  device.replication.retry('review_decisions', id);
  await until(() => device.replication.parked().some((change) => change.id === id), 'again');
  await untilStatus(device, ({ state }) => state === 'needs-you');
  expect(await place(device)).toMatchObject({ bin: 'NEWER' });
  put(clinic, 'NEWEST');
  await until(async () => (await place(device))['bin'] === 'NEWEST', 'goes on');
});

test('of two over one another none is left when both are refused', async () => {
  const { clinic, device } = await clinicWith();
  offline(device);
  await device.edit('item_locations', PLACE, { bin: 'MINE' });
  const ids = [await decide(device, 'B7'), await decide(device, 'B8')];
  await device.stop();
  put(clinic, 'THEIRS');
  await device.start();
  online(device);
  await until(() => device.replication.parked().length === ids.length, 'refused');
  await until(() => clinic.server.conflicts.size === 1, 'contested');
  await until(() => device.originOf('item_locations', PLACE) === 'server', 'settled');
  const values = contested(clinic).flatMap(({ kept, lost }) => [kept.value, lost.value]);
  expect(values.map(String).toSorted()).toEqual(['MINE', 'THEIRS']);
});
