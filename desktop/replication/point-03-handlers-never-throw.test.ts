import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { openClinic, until, untilStatus, untilSynced } from './testing/clinic.suite.ts';
import { ITEM, SITE_A, SITE_B, itemRow, siteRow, stockFields } from './testing/fixtures.ts';
import { unreachable } from './testing/memory-server.ts';

const SITE_C = '00000000-0000-7000-8000-00000000000c';
const ITEM_2 = '00000000-0000-7000-8000-000000000102';

test('a push that fails loses nothing, neither its row nor the ones after it', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  let failures = 3;
  device.faults.before = (kind) => {
    if (kind === 'push' && failures-- > 0) throw unreachable();
  };
  const first = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await until(() => failures < 3, 'first failure');
  const second = await device.insert('item_locations', stockFields(ITEM, SITE_B));
  await untilSynced(device);
  expect(clinic.server.row('item_locations', first)).toBeDefined();
  expect(clinic.server.row('item_locations', second)).toBeDefined();
});

test('a pull that fails with anything at all goes on later', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  const thrown: unknown[] = [unreachable(), new AppError('INTERNAL'), new TypeError('x'), 'text'];
  device.faults.before = (kind) => {
    if (kind === 'pull' && thrown.length > 0) throw thrown.shift();
  };
  clinic.server.put('locations', siteRow(SITE_C, 'CC'));
  await until(async () => (await device.get('locations', SITE_C)) !== undefined, 'row arrived');
  expect(thrown).toEqual([]);
});

test('a push that keeps failing does not hold up what others did in the same table', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  device.faults.before = (kind) => {
    if (kind === 'push') throw new AppError('SERVER_BUSY');
  };
  await device.insert('inventory_items', { ...itemRow(ITEM_2, 'SKU-2'), name: 'Mine' });
  await until(() => device.status.problem === 'SERVER_BUSY', 'push fails');
  const other = '00000000-0000-7000-8000-000000000103';
  clinic.server.put('inventory_items', itemRow(other, 'SKU-3'));
  await until(async () => (await device.get('inventory_items', other)) !== undefined, 'row came');
  expect(device.status.waiting).toBe(1);
  expect(device.status.state).not.toBe('synced');
});

test('a full disk while pulled rows are stored skips no row', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.open();
  let failures = 4;
  device.onWrite = ({ context }) => {
    const isPulled =
      context.startsWith('replication-downstream-') || context === 'replication-down-write-meta';
    if (isPulled && failures-- > 0) throw new AppError('STORE_DISK_FULL');
  };
  await device.startSync();
  const status = await untilStatus(device, ({ state }) => state === 'failed');
  expect(status.problem).toBe('STORE_DISK_FULL');
  await untilSynced(device);
  expect(await device.all('locations')).toHaveLength(2);
  expect(await device.all('inventory_items')).toHaveLength(1);
});
