import { expect, test } from 'vitest';
import type { Row } from '#shared/schema/define.ts';
import {
  leadOf,
  openClinic,
  pause,
  until,
  untilStatus,
  untilSynced,
} from './testing/clinic.suite.ts';
import {
  ITEM,
  SITE_A,
  SITE_B,
  USER_BEN,
  actFields,
  itemRow,
  stockFields,
  stockRow,
} from './testing/fixtures.ts';

const IN_A = '00000000-0000-7000-8000-000000000401';
const IN_B = '00000000-0000-7000-8000-000000000402';
const ACT = '00000000-0000-7000-8000-000000000601';
const OTHER_ACT = '00000000-0000-7000-8000-000000000602';
const OTHER_ITEM = '00000000-0000-7000-8000-000000000109';

const open = async () => {
  const clinic = openClinic();
  clinic.grants.set(USER_BEN, leadOf(SITE_A, SITE_B));
  clinic.server.put('item_locations', { ...stockRow(IN_A, ITEM, SITE_A), bin: 'KEEP' });
  clinic.server.put('item_locations', { ...stockRow(IN_B, ITEM, SITE_B), bin: 'SECRET-BIN' });
  const device = clinic.device(1, { userId: USER_BEN });
  await device.start();
  await untilSynced(device);
  expect(await device.all('item_locations')).toHaveLength(2);
  return { clinic, device };
};

test('rows of an ended part leave the disk and nothing of it reaches the server', async () => {
  const { clinic, device } = await open();
  const { database, storage } = device;
  const steps: string[] = [];
  const purge = storage.purge.bind(storage);
  const emptyLog = database.secureCheckpoint.bind(database);
  storage.purge = (...args) => (steps.push('purge'), purge(...args));
  database.secureCheckpoint = () => (steps.push('empty log'), emptyLog());
  clinic.grants.set(USER_BEN, leadOf(SITE_A));
  device.replication.syncNow();
  await until(async () => (await device.get('item_locations', IN_B)) === undefined, 'purged');
  await untilSynced(device);
  const meta = storage.instance('rx-meta-item_locations');
  expect(await meta?.findDocumentsById([`${IN_B}|0`], true)).toEqual([]);
  expect(await device.get('item_locations', IN_A)).toBeDefined();
  expect(clinic.server.requests.push).toBe(0);
  expect(clinic.server.row('item_locations', IN_B)).toBeDefined();
  // Not as a tombstone either, and not in the write-ahead log.
  expect(database.read('select id from item_locations')).toEqual([{ id: IN_A }]);
  expect(steps).toEqual(['purge', 'empty log']);
});

test('what was made here of acts of an ended part goes with them, though its table never came', async () => {
  const { clinic, device } = await open();
  const by = { created_at: 1_780_000_000_000, created_by: null, device_id: null };
  const act = { ...by, origin_seq: null, hlc: '019e82326fa1-0000-066aca8bb759' };
  for (const [site, id] of [
    [SITE_A, ACT],
    [SITE_B, OTHER_ACT],
  ] as const) {
    const fields = actFields(ITEM, site, [{ qty: 10_000, lot: `L-${site.slice(-1)}` }]);
    clinic.server.put('stock_acts', { ...act, ...fields, id } as Row);
  }
  const sites = async () =>
    (await device.all('stock_movements')).map((row) => String(row['location_id'])).toSorted();
  await until(async () => (await sites()).length === 2, 'made here');
  clinic.grants.set(USER_BEN, leadOf(SITE_A));
  device.replication.syncNow();
  await until(async () => (await device.all('stock_acts')).length === 1, 'purged');
  await untilSynced(device);
  expect(await sites()).toEqual([SITE_A]);
  const lots = (await device.all('inventory_lots')).map((row) => row['lot_no']);
  expect(lots).toEqual(['L-A']);
});

test('a part that is granted again is loaded from the start', async () => {
  const { clinic, device } = await open();
  clinic.grants.set(USER_BEN, leadOf(SITE_A));
  device.replication.syncNow();
  await until(async () => (await device.get('item_locations', IN_B)) === undefined, 'purged');
  clinic.grants.set(USER_BEN, leadOf(SITE_A, SITE_B));
  device.replication.syncNow();
  await until(async () => (await device.get('item_locations', IN_B)) !== undefined, 'back');
  await device.edit('item_locations', IN_B, { bin: 'NEW' });
  await untilSynced(device);
  expect(clinic.server.row('item_locations', IN_B)).toMatchObject({ bin: 'NEW' });
});

test('unsent work in an ended part is kept until it is answered, then it goes too', async () => {
  let isRevoked = false;
  const clinic = openClinic({
    refuse: (_user, _table, row) =>
      isRevoked && row['location_id'] === SITE_B ? { code: 'SYNC_ROW_REFUSED', fields: [] } : null,
  });
  clinic.grants.set(USER_BEN, leadOf(SITE_A, SITE_B));
  clinic.server.put('inventory_items', itemRow(OTHER_ITEM, 'SKU-9'));
  clinic.server.put('item_locations', stockRow(IN_B, ITEM, SITE_B));
  const device = clinic.device(1, { userId: USER_BEN });
  await device.start();
  await untilSynced(device);
  device.faults.before = (kind) => {
    if (kind === 'push') throw new Error('held up');
  };
  await device.edit('item_locations', IN_B, { bin: 'unsent' });
  const mine = await device.insert('item_locations', stockFields(OTHER_ITEM, SITE_B));
  isRevoked = true;
  clinic.grants.set(USER_BEN, leadOf(SITE_A));
  device.replication.syncNow();
  await pause(100);
  expect(await device.get('item_locations', IN_B)).toMatchObject({ bin: 'unsent' });
  expect(await device.get('item_locations', mine)).toBeDefined();

  delete device.faults.before;
  device.replication.syncNow();
  await untilStatus(device, ({ needsYou }) => needsYou === 2);
  expect(clinic.server.row('item_locations', IN_B)).not.toMatchObject({ bin: 'unsent' });
  await device.replication.discard('item_locations', IN_B);
  await device.replication.discard('item_locations', mine);
  expect(await device.all('item_locations')).toEqual([]);
  await untilSynced(device);
  expect(clinic.server.row('item_locations', IN_B)).toBeDefined();
});

test('killed in the middle of a purge, the next contact ends it', async () => {
  const { clinic, device } = await open();
  clinic.grants.set(USER_BEN, leadOf(SITE_A));
  const { storage } = device;
  const purge = storage.purge.bind(storage);
  let isKilled = false;
  storage.purge = (...args) => {
    if (isKilled) throw new Error('dead');
    isKilled = true;
    purge(...args);
    throw new Error('killed after the purge, before the checkpoint');
  };
  device.replication.syncNow();
  await until(() => isKilled, 'purge began');
  await device.kill();
  await device.start();
  await untilSynced(device);
  expect(await device.get('item_locations', IN_B)).toBeUndefined();
  clinic.grants.set(USER_BEN, leadOf(SITE_A, SITE_B));
  device.replication.syncNow();
  await until(async () => (await device.get('item_locations', IN_B)) !== undefined, 'back');
  expect(clinic.server.requests.push).toBe(0);
});
