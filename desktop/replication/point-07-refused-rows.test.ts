import { describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { openClinic, pause, until, untilStatus, untilSynced } from './testing/clinic.suite.ts';
import type { Clinic } from './testing/clinic.suite.ts';
import {
  ITEM,
  SITE_A,
  SITE_B,
  USER_ANA,
  actFields,
  countFields,
  countLineFields,
  itemFields,
  itemRow,
  stockFields,
} from './testing/fixtures.ts';

const refusesBad = (_user: string, table: TableName, row: Row) => {
  const isBad = row['bin'] === 'BAD' || row['note'] === 'BAD';
  return (isBad && table !== 'inventory_items') || row['description'] === 'BAD'
    ? { code: 'SYNC_ROW_REFUSED' as const, fields: ['bin'] }
    : null;
};

const open = async () => {
  const clinic = openClinic({ refuse: refusesBad });
  const device = clinic.device(1);
  await device.start();
  const id = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await untilSynced(device);
  return { clinic, device, id };
};

const byOthers = (clinic: Clinic, id: string, patch: Record<string, unknown>): void => {
  const master = clinic.server.row('item_locations', id) as Row;
  const stamp = `${'a'.repeat(12)}-0000-00000000beef`;
  const stamps = Object.fromEntries(Object.keys(patch).map((field) => [field, stamp]));
  const row = { ...master, ...patch, field_hlc: { ...master.field_hlc, ...stamps } };
  clinic.server.put('item_locations', row);
};

describe('a refused change', () => {
  test('is kept as "needs you" while the others go on', async () => {
    const { clinic, device, id } = await open();
    await device.edit('item_locations', id, { bin: 'BAD' });
    const other = await device.insert('item_locations', stockFields(ITEM, SITE_B));
    const status = await untilStatus(device, ({ state }) => state === 'needs-you');
    await until(() => clinic.server.row('item_locations', other) !== undefined, 'other pushed');
    expect(status.needsYou).toBe(1);
    expect(device.replication.parked()).toMatchObject([
      { table: 'item_locations', id, code: 'SYNC_ROW_REFUSED', fields: ['bin'] },
    ]);
    expect(await device.get('item_locations', id)).toMatchObject({ bin: 'BAD' });
    expect(device.originOf('item_locations', id)).toBe('local');
    await until(() => device.status.waiting === 0, 'nothing else waits');
    expect(device.status.state).toBe('needs-you');
  });

  test('is not sent again by itself, also not after a restart', async () => {
    const { clinic, device, id } = await open();
    await device.edit('item_locations', id, { bin: 'BAD' });
    await untilStatus(device, ({ state }) => state === 'needs-you');
    const { push } = clinic.server.requests;
    device.replication.syncNow();
    await pause(60);
    await device.stop();
    await device.start();
    await pause(100);
    expect(clinic.server.requests.push).toBe(push);
    expect(device.replication.parked()).toHaveLength(1);
    expect(device.status.state).toBe('needs-you');
  });

  test('is sent again when it is edited, with the base that it was made on', async () => {
    const { clinic, device, id } = await open();
    await device.edit('item_locations', id, { bin: 'BAD' });
    await untilStatus(device, ({ state }) => state === 'needs-you');
    byOthers(clinic, id, { max: 60_000 });
    await pause(40);
    await device.edit('item_locations', id, { bin: 'good' });
    await untilSynced(device);
    const merged = { bin: 'good', max: 60_000 };
    expect(clinic.server.row('item_locations', id)).toMatchObject(merged);
    expect(await device.get('item_locations', id)).toMatchObject(merged);
    expect(device.replication.parked()).toEqual([]);
    expect(clinic.server.conflicts.size).toBe(0);
  });

  test('edited on and refused again stays one entry', async () => {
    const { device, id } = await open();
    await device.edit('item_locations', id, { bin: 'BAD' });
    await untilStatus(device, ({ state }) => state === 'needs-you');
    await device.edit('item_locations', id, { max: 1 });
    await pause(80);
    expect(device.replication.parked()).toHaveLength(1);
    expect(device.status).toMatchObject({ state: 'needs-you', waiting: 0, needsYou: 1 });
  });

  test('can be sent again as it is once the reason is gone', async () => {
    let isStrict = true;
    const clinic = openClinic({ refuse: (...args) => (isStrict ? refusesBad(...args) : null) });
    const device = clinic.device(1);
    await device.start();
    const id = await device.insert('item_locations', {
      ...stockFields(ITEM, SITE_A),
      bin: 'BAD',
    });
    await untilStatus(device, ({ state }) => state === 'needs-you');
    isStrict = false;
    device.replication.retry('item_locations', id);
    await untilSynced(device);
    expect(clinic.server.row('item_locations', id)).toMatchObject({ bin: 'BAD' });
  });
});

describe('giving a refused change up', () => {
  test('takes what the server has now, not what it had when the change was made', async () => {
    const { clinic, device, id } = await open();
    await device.edit('item_locations', id, { bin: 'BAD' });
    await untilStatus(device, ({ state }) => state === 'needs-you');
    byOthers(clinic, id, { max: 60_000 });
    await pause(60);
    await device.replication.discard('item_locations', id);
    expect(await device.get('item_locations', id)).toEqual(clinic.server.row('item_locations', id));
    await untilSynced(device);
    expect(device.originOf('item_locations', id)).toBe('server');
    byOthers(clinic, id, { min: 7 });
    await until(async () => (await device.get('item_locations', id))?.['min'] === 7, 'goes on');
  });

  test('works without the network and removes a row that the server never had', async () => {
    const { clinic, device } = await open();
    const id = await device.insert('item_locations', {
      ...stockFields(ITEM, SITE_B),
      bin: 'BAD',
    });
    await untilStatus(device, ({ state }) => state === 'needs-you');
    device.faults.before = () => {
      throw new Error('no network');
    };
    clinic.server.disconnect();
    await device.replication.discard('item_locations', id);
    expect(await device.get('item_locations', id)).toBeUndefined();
    expect(device.replication.parked()).toEqual([]);
    expect(device.status).toMatchObject({ waiting: 0, needsYou: 0 });
  });

  test('of an act removes the movements that were made from it, and a lot nobody else names', async () => {
    const { device } = await open();
    const lines = [
      { qty: 10_000, lot: 'SHARED' },
      { qty: 20_000, lot: 'ALONE' },
    ];
    const act = await device.insert('stock_acts', {
      ...actFields(ITEM, SITE_A, lines),
      note: 'BAD',
    });
    await untilStatus(device, ({ state }) => state === 'needs-you');
    await device.insert('stock_acts', actFields(ITEM, SITE_A, [{ qty: 5_000, lot: 'SHARED' }]));
    expect(await device.all('stock_movements')).toHaveLength(3);
    await device.replication.discard('stock_acts', act);
    expect(await device.all('stock_movements')).toHaveLength(1);
    expect((await device.all('inventory_lots')).map((lot) => lot['lot_no'])).toEqual(['SHARED']);
    await untilSynced(device);
    expect(await device.all('stock_acts')).toHaveLength(1);
  });

  test('of something that is not refused says so', async () => {
    const { device, id } = await open();
    await expect(device.replication.discard('item_locations', id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a change whose parent has not arrived', () => {
  test('waits without holding up others and goes through after it', async () => {
    const { clinic, device } = await open();
    const session = newId();
    const line = await device.insert(
      'count_lines',
      countLineFields(session, SITE_A, ITEM, USER_ANA),
    );
    await untilStatus(device, ({ state, waiting }) => state === 'queued' && waiting === 1);
    const other = await device.insert('item_locations', stockFields(ITEM, SITE_B));
    await until(() => clinic.server.row('item_locations', other) !== undefined, 'other pushed');
    expect(device.replication.parked()).toEqual([]);
    // The parent comes from another device.
    const second = clinic.device(2);
    await second.start();
    await second.insert('count_sessions', { id: session, ...countFields(SITE_A, USER_ANA) });
    await untilSynced(second);
    await untilSynced(device);
    expect(clinic.server.row('count_lines', line)).toBeDefined();
  });

  test('that waits goes out as soon as the connection is back, however long its wait has grown', async () => {
    const clinic = openClinic();
    // What waits longer than 10 s would do so until after this test.
    const time: typeof clinic.time = {
      now: clinic.time.now,
      after: (ms, run) => (ms > 10_000 ? () => undefined : clinic.time.after(ms, run)),
    };
    let tries = 0;
    const device = clinic.device(1, { time });
    device.faults.before = (kind) => void (tries += kind === 'push' ? 1 : 0);
    await device.start();
    await untilSynced(device);
    const item = newId();
    const place = await device.insert('item_locations', stockFields(item, SITE_A));
    // After 1, 2, 4 and 8 s; then it waits.
    await until(() => tries === 5, 'tried five times');
    clinic.server.put('inventory_items', itemRow(item, 'SKU-2'));
    await until(async () => (await device.get('inventory_items', item)) !== undefined, 'it came');
    expect([tries, clinic.server.row('item_locations', place)]).toEqual([5, undefined]);
    clinic.server.disconnect();
    await untilSynced(device);
    expect(clinic.server.row('item_locations', place)).toBeDefined();
  });

  test('is set aside with it when the parent is refused, and released with it', async () => {
    const { clinic, device } = await open();
    const session = await device.insert('count_sessions', {
      ...countFields(SITE_A, USER_ANA),
      note: 'BAD',
    });
    const line = await device.insert(
      'count_lines',
      countLineFields(session, SITE_A, ITEM, USER_ANA),
    );
    await until(() => device.replication.parked().length === 2, 'both set aside');
    expect(device.replication.parked().map(({ code }) => code)).toContain('SYNC_PARENT_MISSING');
    await device.edit('count_sessions', session, { note: 'good' });
    await untilSynced(device);
    expect(clinic.server.row('count_lines', line)).toBeDefined();
  });

  test('is set aside with it where an act names the parent in its lines', async () => {
    const { clinic, device } = await open();
    const item = await device.insert('inventory_items', {
      ...itemFields('NEW-1'),
      description: 'BAD',
    });
    const lines = [{ qty: 10_000, lot: null }];
    const act = await device.insert('stock_acts', actFields(item, SITE_A, lines));
    await until(() => device.replication.parked().length === 2, 'both set aside');
    expect(device.replication.parked()).toContainEqual(
      expect.objectContaining({ id: act, code: 'SYNC_PARENT_MISSING', fields: ['lines'] }),
    );
    await device.edit('inventory_items', item, { description: 'good' });
    await untilSynced(device);
    expect(clinic.server.row('stock_acts', act)).toBeDefined();
  });

  test('is set aside when it changes what a refused act has made', async () => {
    const { clinic, device } = await open();
    const lines = [{ qty: 10_000, lot: 'L1' }];
    await device.insert('stock_acts', { ...actFields(ITEM, SITE_A, lines), note: 'BAD' });
    await untilStatus(device, ({ state }) => state === 'needs-you');
    const [lot] = await device.all('inventory_lots');
    await device.edit('inventory_lots', lot?.id ?? '', { recall_status: 'suspect' });
    await until(() => device.replication.parked().length === 2, 'both set aside');
    expect(device.replication.parked().map(({ table }) => table)).toContain('inventory_lots');
    expect(clinic.server.rows('inventory_lots')).toEqual([]);
  });
});
