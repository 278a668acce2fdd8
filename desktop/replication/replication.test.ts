import { describe, expect, test } from 'vitest';
import { contentAt, contentOf, openClinic, until, untilSynced } from './testing/clinic.suite.ts';
import { ITEM, SITE_A, actFields, stockFields } from './testing/fixtures.ts';

describe('replication', () => {
  test('a new device loads everything and says so', async () => {
    const clinic = openClinic();
    const device = clinic.device(1);
    await device.start();
    await device.replication.firstSyncDone;
    const status = await untilSynced(device);
    expect(status).toMatchObject({ waiting: 0, needsYou: 0, firstSync: null, problem: null });
    expect(await contentOf(device, 'locations')).toBe(contentAt(clinic.server, 'locations'));
  });

  test('a change reaches the server and the other device', async () => {
    const clinic = openClinic();
    const one = clinic.device(1);
    const two = clinic.device(2);
    await Promise.all([one.start(), two.start()]);
    await Promise.all([untilSynced(one), untilSynced(two)]);
    const id = await one.insert('item_locations', stockFields(ITEM, SITE_A));
    await until(async () => (await two.get('item_locations', id)) !== undefined, 'row on two');
    await two.edit('item_locations', id, { bin: 'B-7' });
    await until(
      async () => (await one.get('item_locations', id))?.['bin'] === 'B-7',
      'edit on one',
    );
    await untilSynced(one);
    await untilSynced(two);
    expect(one.originOf('item_locations', id)).toBe('server');
    expect(await contentOf(one, 'item_locations')).toBe(contentAt(clinic.server, 'item_locations'));
  });

  test('a row that the server has no more goes from the screen and keeps no content', async () => {
    const clinic = openClinic();
    const device = clinic.device(1);
    await device.start();
    await untilSynced(device);
    clinic.server.remove('inventory_items', ITEM);
    await until(async () => (await device.get('inventory_items', ITEM)) === undefined, 'gone');
    await untilSynced(device);
    const [row] = device.database.read<{ doc: string }>('select doc from inventory_items');
    const [meta] = device.database.read<{ doc: string }>(
      'select doc from "rx-meta-inventory_items" where id = ?',
      [`${ITEM}|0`],
    );
    expect(`${row?.doc}${meta?.doc}`).not.toContain('SKU-1');
    expect(clinic.server.requests.push).toBe(0);
  });

  test('an act is pushed, its rows are not', async () => {
    const clinic = openClinic();
    const device = clinic.device(1);
    await device.start();
    await untilSynced(device);
    await device.insert('stock_acts', actFields(ITEM, SITE_A, [{ qty: 50_000, lot: 'L1' }]));
    await until(() => clinic.server.rows('stock_movements').length === 1, 'expanded on the server');
    await untilSynced(device);
    await until(
      async () => (await device.all('stock_movements')).length === 1,
      'movement on the device',
    );
    expect(clinic.server.requests.rows).toBe(1);
  });
});
