import { expect, test } from 'vitest';
import type { Row } from '#shared/schema/define.ts';
import { openClinic, pause, until, untilSynced } from './testing/clinic.suite.ts';
import { ITEM, SITE_A, SITE_B, stockFields, stockRow } from './testing/fixtures.ts';

const ROW = '00000000-0000-7000-8000-000000000301';

test('killed between a pulled row and its meta row, another user’s change is not pushed', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  device.onWrite = ({ context }) => {
    if (context === 'replication-down-write-meta') throw new Error('killed here');
  };
  clinic.server.put('item_locations', stockRow(ROW, ITEM, SITE_A));
  await until(async () => (await device.get('item_locations', ROW)) !== undefined, 'row written');
  await device.kill();

  device.onWrite = () => undefined;
  await device.start();
  await untilSynced(device);
  expect(clinic.server.requests.push).toBe(0);
  // And the row goes on taking what the server has.
  const bin = { bin: 'B-1', field_hlc: { bin: `${'a'.repeat(12)}-0000-00000000beef` } };
  clinic.server.put('item_locations', { ...stockRow(ROW, ITEM, SITE_A), ...bin });
  await until(async () => (await device.get('item_locations', ROW))?.['bin'] === 'B-1', 'change');
  expect(clinic.server.requests.push).toBe(0);
});

test('killed between a resolved conflict and its meta row, the row still takes changes', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  const id = await device.insert('item_locations', stockFields(ITEM, SITE_B));
  await untilSynced(device);
  const master = clinic.server.row('item_locations', id) as Row;
  const stamp = `${'a'.repeat(12)}-0000-00000000beef`;
  const theirs = { ...master, bin: 'Theirs', field_hlc: { ...master.field_hlc, bin: stamp } };
  clinic.server.put('item_locations', theirs, { silent: true });
  device.onWrite = ({ context }) => {
    if (context === 'replication-up-write-conflict-meta') throw new Error('killed here');
  };
  await device.edit('item_locations', id, { par: 10_000 });
  await until(async () => (await device.get('item_locations', id))?.['bin'] === 'Theirs', 'merged');
  await device.kill();

  device.onWrite = () => undefined;
  await device.start();
  await untilSynced(device);
  const merged = clinic.server.row('item_locations', id) as Row;
  const after = `${'b'.repeat(12)}-0000-00000000beef`;
  const next = { ...merged, max: 90_000, field_hlc: { ...merged.field_hlc, max: after } };
  clinic.server.put('item_locations', next);
  await until(async () => (await device.get('item_locations', id))?.['max'] === 90_000, 'change');
  expect(device.originOf('item_locations', id)).toBe('server');
});

test('killed after the push and before its meta row, the change is pushed again, to no effect', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  device.onWrite = ({ context }) => {
    if (context === 'replication-up-write-meta') throw new Error('killed here');
  };
  const id = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await until(() => clinic.server.row('item_locations', id) !== undefined, 'pushed');
  const pushed = clinic.server.row('item_locations', id);
  await pause(20);
  await device.kill();

  device.onWrite = () => undefined;
  await device.open();
  expect(device.originOf('item_locations', id)).toBe('local');
  await device.startSync();
  await untilSynced(device);
  expect(clinic.server.row('item_locations', id)).toEqual(pushed);
  expect(clinic.server.conflicts.size).toBe(0);
  expect(device.originOf('item_locations', id)).toBe('server');
});

test('a page that was on its way while a push was answered does not bring back what was overwritten', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  const id = await device.insert('item_locations', { ...stockFields(ITEM, SITE_A), bin: 'first' });
  await untilSynced(device);
  const bins: unknown[] = [];
  let isHeld = false;
  device.faults.after = async (kind) => {
    const master = clinic.server.row('item_locations', id) as Row;
    if (kind !== 'pull' || isHeld || master['max'] !== 90_000) return;
    isHeld = true;
    await device.edit('item_locations', id, { bin: 'second' });
    await until(() => device.originOf('item_locations', id) === 'server', 'answer to the push');
    device.onWrite = ({ collection, rows }) => {
      if (collection !== 'item_locations') return;
      for (const row of rows) bins.push((row as unknown as Row)['bin']);
    };
  };
  // Somebody else's change, so that the page that is held up names the row.
  const master = clinic.server.row('item_locations', id) as Row;
  const stamp = `${'a'.repeat(12)}-0000-00000000beef`;
  const theirs = { ...master, max: 90_000, field_hlc: { ...master.field_hlc, max: stamp } };
  clinic.server.put('item_locations', theirs);
  await until(() => isHeld && device.originOf('item_locations', id) === 'server', 'both');
  device.replication.syncNow();
  await pause(60);
  await untilSynced(device);
  expect(bins).toEqual([]);
  const both = { bin: 'second', max: 90_000 };
  expect(await device.get('item_locations', id)).toMatchObject(both);
  expect(clinic.server.row('item_locations', id)).toMatchObject(both);
});
