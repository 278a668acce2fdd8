import { expect, test } from 'vitest';
import type { Row } from '#shared/schema/define.ts';
import { openClinic, untilSynced } from './testing/clinic.suite.ts';
import { ITEM, SITE_A, stockFields } from './testing/fixtures.ts';

test('a merged row is taken from the answer and not pushed again', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  const id = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await untilSynced(device);
  const { push } = clinic.server.requests;

  const master = clinic.server.row('item_locations', id) as Row;
  const later = `${'f'.repeat(12)}-0000-00000000beef`;
  const theirs = { ...master, bin: 'Theirs', field_hlc: { ...master.field_hlc, bin: later } };
  clinic.server.put('item_locations', theirs, { silent: true });
  await device.edit('item_locations', id, { par: 70_000 });
  await untilSynced(device);

  const merged = { bin: 'Theirs', par: 70_000 };
  expect(clinic.server.row('item_locations', id)).toMatchObject(merged);
  expect(await device.get('item_locations', id)).toMatchObject(merged);
  device.replication.syncNow();
  await untilSynced(device);
  expect(clinic.server.requests.push).toBe(push + 1);
});

test('the own change that comes back by pull changes nothing and is not pushed again', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  const written: string[] = [];
  const id = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await untilSynced(device);
  device.onWrite = ({ collection, context }) => {
    if (collection === 'item_locations') written.push(context);
  };
  const { push, pull } = clinic.server.requests;
  clinic.server.notify(['item_locations']);
  device.replication.syncNow();
  await new Promise((resolve) => setTimeout(resolve, 60));
  await untilSynced(device);
  expect(clinic.server.requests.pull).toBeGreaterThan(pull);
  expect(clinic.server.requests.push).toBe(push);
  expect(written).toEqual([]);
  expect(device.originOf('item_locations', id)).toBe('server');
});
