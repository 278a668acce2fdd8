import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { openClinic, pause, until, untilStatus, untilSynced } from './testing/clinic.suite.ts';
import { itemFields, siteRow } from './testing/fixtures.ts';

const SITE_C = '00000000-0000-7000-8000-00000000000c';

test('one row that breaks every batch is found and set aside; the others go through', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  device.faults.before = (kind, rows) => {
    if (kind === 'push' && rows.some(({ row }) => row['sku'] === 'SKU-17')) {
      throw new AppError('INTERNAL');
    }
  };
  for (let n = 10; n < 50; n += 1) await device.insert('inventory_items', itemFields(`SKU-${n}`));
  await untilStatus(device, ({ waiting, needsYou }) => waiting === 0 && needsYou === 1);
  expect(clinic.server.rows('inventory_items')).toHaveLength(1 + 39);
  const [parked] = device.replication.parked();
  expect(await device.get('inventory_items', parked?.id ?? '')).toMatchObject({ sku: 'SKU-17' });

  clinic.server.put('locations', siteRow(SITE_C, 'CC'));
  await until(async () => (await device.get('locations', SITE_C)) !== undefined, 'pull goes on');
});

test('a server that fails on every push sets nothing aside', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  let isBroken = true;
  device.faults.before = (kind) => {
    if (kind === 'push' && isBroken) throw new AppError('INTERNAL');
  };
  for (let n = 10; n < 16; n += 1) await device.insert('inventory_items', itemFields(`SKU-${n}`));
  await pause(400);
  expect(device.replication.parked()).toEqual([]);
  expect(device.status.waiting).toBe(6);
  isBroken = false;
  await untilSynced(device);
  expect(clinic.server.rows('inventory_items')).toHaveLength(7);
});

test('a row that is too large for any request is set aside', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  device.faults.before = (kind, rows) => {
    if (kind === 'push' && JSON.stringify(rows).length > 20_000) {
      throw new AppError('REQUEST_TOO_LARGE');
    }
  };
  const unit = (n: number) => ({
    unit: `unit-${n}`.padEnd(40, 'x'),
    qty_per_base: 10_000,
    gtin: null,
  });
  const packs = Array.from({ length: 20 }, (_, n) => unit(n));
  for (let n = 10; n < 30; n += 1) {
    await device.insert('inventory_items', { ...itemFields(`SKU-${n}`), packs });
  }
  await untilSynced(device);
  expect(device.replication.parked()).toEqual([]);
  expect(clinic.server.rows('inventory_items')).toHaveLength(21);
});
