import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Row } from '#shared/schema/define.ts';
import { openClinic, until, untilSynced } from './testing/clinic.suite.ts';
import { ITEM, SITE_A, actFields, stockFields } from './testing/fixtures.ts';
import { unreachable } from './testing/memory-server.ts';

test('an answer lost after the commit loses no write and contests nothing', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  const id = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await untilSynced(device);
  let lost = 2;
  device.faults.after = (kind) => {
    if (kind === 'push' && lost-- > 0) throw unreachable();
  };
  await device.edit('item_locations', id, { bin: 'first' });
  await until(() => lost < 2, 'answer lost');
  await device.edit('item_locations', id, { bin: 'second' });
  await untilSynced(device);
  expect(clinic.server.row('item_locations', id)).toMatchObject({ bin: 'second' });
  expect(clinic.server.conflicts.size).toBe(0);
});

test('an answer lost and another person’s later edit: theirs stays', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  const id = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await untilSynced(device);
  let isLost = false;
  device.faults.after = (kind) => {
    if (kind !== 'push' || isLost) return;
    isLost = true;
    const master = clinic.server.row('item_locations', id) as Row;
    const later = `${'a'.repeat(12)}-0000-00000000beef`;
    const theirs = { ...master, bin: 'later', field_hlc: { ...master.field_hlc, bin: later } };
    clinic.server.put('item_locations', theirs, { silent: true });
    throw unreachable();
  };
  await device.edit('item_locations', id, { bin: 'mine' });
  await until(() => isLost, 'answer lost');
  await untilSynced(device);
  expect(clinic.server.row('item_locations', id)).toMatchObject({ bin: 'later' });
  expect(await device.get('item_locations', id)).toMatchObject({ bin: 'later' });
});

test('an edit made while a push is on its way is pushed after it', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  const id = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await untilSynced(device);
  let edited = false;
  device.faults.after = async (kind) => {
    if (kind !== 'push' || edited) return;
    edited = true;
    await device.edit('item_locations', id, { max: 500_000 });
  };
  await device.edit('item_locations', id, { bin: 'B-2' });
  await until(() => edited, 'edited during the push');
  await untilSynced(device);
  const both = { bin: 'B-2', max: 500_000 };
  expect(clinic.server.row('item_locations', id)).toMatchObject(both);
  expect(await device.get('item_locations', id)).toMatchObject(both);
  expect(clinic.server.conflicts.size).toBe(0);
});

test('what came while the answer to a push was on its way is newer than the answer', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  const id = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await untilSynced(device);
  const { promise: changed, resolve: change } = Promise.withResolvers<void>();
  let asked = false;
  let answered = false;
  device.faults.before = async (kind) => {
    if (kind !== 'pull') return;
    asked = true;
    // It takes long to the server: what is pushed and changed meanwhile is in the answer.
    await changed;
  };
  device.faults.after = async (kind) => {
    if (kind === 'pull') answered = true;
    if (kind !== 'push' || answered) return;
    const master = clinic.server.row('item_locations', id) as Row;
    const later = `${'a'.repeat(12)}-0000-00000000beef`;
    const theirs = { ...master, max: 70_000, field_hlc: { ...master.field_hlc, max: later } };
    clinic.server.put('item_locations', theirs);
    change();
    // Their change is here before the server's word about ours, which does not know of it.
    await until(() => answered, 'pulled meanwhile');
    await sleep(200);
  };
  device.replication.syncNow();
  await until(() => asked, 'asked');
  await device.edit('item_locations', id, { bin: 'mine' });
  await until(() => answered, 'answered');
  await untilSynced(device);
  expect(clinic.server.row('item_locations', id)).toMatchObject({ bin: 'mine', max: 70_000 });
  expect(await device.get('item_locations', id)).toMatchObject({ bin: 'mine', max: 70_000 });
});

test('an act whose answer is lost counts once', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  let lost = 3;
  device.faults.after = (kind) => {
    if (kind === 'push' && lost-- > 0) throw unreachable();
  };
  await device.insert('stock_acts', actFields(ITEM, SITE_A, [{ qty: 10_000, lot: null }]));
  await untilSynced(device);
  expect(clinic.server.rows('stock_acts')).toHaveLength(1);
  expect(clinic.server.rows('stock_movements')).toHaveLength(1);
});
