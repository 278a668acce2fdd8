import { describe, expect, test } from 'vitest';
import { openClinic, untilStatus, untilSynced } from './testing/clinic.suite.ts';
import { ITEM, SITE_A, SITE_B, stockFields } from './testing/fixtures.ts';
import { unreachable } from './testing/memory-server.ts';

describe('the list of waiting changes', () => {
  test('names what waits and since when: new rows, and the fields of changed ones', async () => {
    const clinic = openClinic();
    const device = clinic.device(1);
    await device.start();
    const place = await device.insert('item_locations', stockFields(ITEM, SITE_A));
    await untilSynced(device);
    expect(await device.replication.waiting(10)).toEqual([]);
    expect(device.replication.lastContactAt).not.toBeNull();

    device.faults.before = () => {
      throw unreachable();
    };
    clinic.server.disconnect();
    const before = clinic.time.now();
    await device.edit('item_locations', place, { bin: 'B7', par: 70_000 });
    const made = await device.insert('item_locations', stockFields(ITEM, SITE_B));
    await untilStatus(device, ({ state }) => state === 'offline');
    const waiting = await device.replication.waiting(10);
    expect(waiting).toMatchObject([
      { table: 'item_locations', id: place, isNew: false },
      { table: 'item_locations', id: made, isNew: true, fields: [] },
    ]);
    expect(waiting[0]?.fields.toSorted()).toEqual(['bin', 'par']);
    for (const { since } of waiting) expect(since).toBeGreaterThanOrEqual(before);
    expect(await device.replication.waiting(1)).toHaveLength(1);

    delete device.faults.before;
    device.replication.online();
    await untilSynced(device);
    expect(await device.replication.waiting(10)).toEqual([]);
  });

  test('leaves out what was refused: that needs a person', async () => {
    const clinic = openClinic({ refuse: () => ({ code: 'SYNC_ROW_REFUSED', fields: [] }) });
    const device = clinic.device(1);
    await device.start();
    await device.insert('item_locations', stockFields(ITEM, SITE_A));
    await untilStatus(device, ({ state }) => state === 'needs-you');
    expect(await device.replication.waiting(10)).toEqual([]);
  });

  test('says of each table whether it has been loaded', async () => {
    const clinic = openClinic();
    const device = clinic.device(1);
    await device.start();
    await untilSynced(device);
    const tables = device.replication.tables();
    expect(tables.length).toBeGreaterThan(5);
    expect(tables.every(({ isLoaded }) => isLoaded)).toBe(true);
  });
});
