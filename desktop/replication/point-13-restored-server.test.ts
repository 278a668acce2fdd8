import { describe, expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { Row } from '#shared/schema/define.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { TABLES, contentAt, contentOf, leadOf, openClinic } from './testing/clinic.suite.ts';
import { until, untilStatus, untilSynced } from './testing/clinic.suite.ts';
import type { Clinic } from './testing/clinic.suite.ts';
import type { Device } from './testing/device.ts';
import { ITEM, SITE_A, SITE_B, USER_BEN, actFields } from './testing/fixtures.ts';
import { itemFields, itemRow, stockFields, stockRow } from './testing/fixtures.ts';
import { unreachable } from './testing/memory-server.ts';

const LATE_ITEM = '00000000-0000-7000-8000-000000000909';

/** The ids of all rows of the server, as of a backup. */
function backUp({ server }: Clinic): (table: TableName, row: Row) => boolean | Row {
  const kept = new Map<string, Row>();
  for (const table of TABLES) {
    for (const row of server.rows(table)) kept.set(`${table}/${row.id}`, structuredClone(row));
  }
  return (table, row) => kept.get(`${table}/${row.id}`) ?? false;
}

/** The restored server starts: live connections end, and everybody asks again. */
function restore(clinic: Clinic, backup: ReturnType<typeof backUp>, epoch = 'epoch-2'): void {
  clinic.server.restore(epoch, backup);
  clinic.server.disconnect();
}

async function expectSame(clinic: Clinic, device: Device): Promise<void> {
  for (const table of TABLES) {
    const same = async () => (await contentOf(device, table)) === contentAt(clinic.server, table);
    await until(same, `same ${table}`);
    const fork = device.storage.instance(table);
    const settled = (): boolean =>
      fork?.countOrigin('local') === 0 && fork.countOrigin('derived') === 0;
    // The server's version of a derived row comes by the next pull.
    await until(settled, `${table} has only the server's rows`);
  }
  const left = device.database.read(
    "select k from kv where k like 'sync.relisting.%' union all select id from sync_seen",
  );
  expect(left).toEqual([]);
}

/** A synced device, a backup, and after it a record, an act and an edit that the server accepts. */
async function workAfterBackup(options: Parameters<typeof openClinic>[0] = {}) {
  const clinic = openClinic(options);
  const device = clinic.device(1);
  await device.start();
  const stock = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await untilSynced(device);
  const backup = backUp(clinic);
  const item = await device.insert('inventory_items', itemFields('SKU-AFTER'));
  const stockB = await device.insert('item_locations', stockFields(item, SITE_B));
  const lines = [{ qty: 50_000, lot: 'R1' }];
  const act = await device.insert('stock_acts', actFields(ITEM, SITE_A, lines));
  await device.edit('item_locations', stock, { par: 777, bin: 'NEW' });
  await untilSynced(device);
  await until(() => clinic.server.rows('stock_movements').length === 1, 'expanded');
  const moved = async () => device.storage.instance('stock_movements')?.countOrigin('server') === 1;
  await until(moved, 'movement confirmed');
  return { clinic, device, backup, stock, item, stockB, act };
}

describe('a server restored from a backup', () => {
  test('gets back what it had accepted after it: rows, acts with their rows, edits', async () => {
    const { clinic, device, backup, stock, item, stockB, act } = await workAfterBackup();
    const movements = await contentOf(device, 'stock_movements');
    restore(clinic, backup);
    expect(clinic.server.row('stock_acts', act)).toBeUndefined();
    await until(() => clinic.server.row('stock_acts', act) !== undefined, 'act is back');
    const edited = () => clinic.server.row('item_locations', stock)?.['par'] === 777;
    await until(edited, 'edit is back');
    await untilSynced(device);
    expect(clinic.server.row('inventory_items', item)).toMatchObject({ sku: 'SKU-AFTER' });
    expect(clinic.server.row('item_locations', stockB)).toBeDefined();
    expect(clinic.server.row('item_locations', stock)).toMatchObject({ par: 777, bin: 'NEW' });
    expect(contentAt(clinic.server, 'stock_movements')).toBe(movements);
    expect(clinic.server.conflicts.size).toBe(0);
    await expectSame(clinic, device);
  });

  test('is never told "synced" while it lacks a row, and stock on the screen stays', async () => {
    const { clinic, device, backup, act } = await workAfterBackup();
    const [movement] = await device.all('stock_movements');
    device.faults.before = (kind) => {
      if (kind === 'push') throw unreachable();
    };
    restore(clinic, backup);
    const seen: string[] = [];
    const told = device.replication.status$.subscribe(({ state }) => {
      if (clinic.server.row('stock_acts', act) === undefined) seen.push(state);
    });
    await until(() => device.originOf('stock_acts', act) === 'local', 'act waits');
    const made = () => device.originOf('stock_movements', String(movement?.id)) === 'derived';
    await until(made, 'movement stays');
    // What it showed before it heard of the restore is not held against it.
    const before = seen.findIndex((state) => state !== 'synced');
    delete device.faults.before;
    device.replication.syncNow();
    await until(() => clinic.server.row('stock_acts', act) !== undefined, 'act is back');
    told.unsubscribe();
    expect(seen.slice(before)).not.toContain('synced');
    await untilSynced(device);
    await expectSame(clinic, device);
  });

  test('rows that devices never push go when the server has them no more', async () => {
    const clinic = openClinic();
    const device = clinic.device(1);
    await device.start();
    await untilSynced(device);
    const site = clinic.server.row('locations', SITE_B) as Row;
    const [lost] = ['00000000-0000-7000-8000-00000000000c'];
    const backup = backUp(clinic);
    clinic.server.put('locations', { ...site, id: lost, code: 'CC' });
    await until(async () => (await device.get('locations', lost)) !== undefined, 'site came');
    await untilSynced(device);
    restore(clinic, backup);
    await until(async () => (await device.get('locations', lost)) === undefined, 'site went');
    await untilSynced(device);
    await expectSame(clinic, device);
    expect(clinic.server.requests.push).toBe(0);
  });

  test('in pages: only the end of all pages tells what is lost', async () => {
    const { clinic, device, backup, act } = await workAfterBackup({ pageRows: 1 });
    restore(clinic, backup);
    await until(() => clinic.server.row('stock_acts', act) !== undefined, 'act is back');
    await untilSynced(device);
    await expectSame(clinic, device);
    expect(clinic.server.requests.rows).toBeLessThan(14);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    'killed at write %i of it, nothing is lost or there twice',
    async (nth) => {
      const { clinic, device, backup, act, stock } = await workAfterBackup({ pageRows: 2 });
      const release = device.storage.release.bind(device.storage);
      let writes = 0;
      const died = new Promise<void>((resolve) => {
        const count = (): void => {
          writes += 1;
          if (writes === nth) resolve(device.kill());
        };
        device.onWrite = count;
        device.storage.release = (...args) => {
          count();
          const released = release(...args);
          count();
          return released;
        };
      });
      restore(clinic, backup);
      const isBack = (): boolean => clinic.server.row('stock_acts', act) !== undefined;
      await died;
      expect(writes).toBeGreaterThanOrEqual(nth);
      device.onWrite = () => undefined;
      await device.start();
      await until(isBack, 'act is back');
      const edited = () => clinic.server.row('item_locations', stock)?.['par'] === 777;
      await until(edited, 'edit is back');
      await untilSynced(device);
      expect(clinic.server.rows('stock_movements')).toHaveLength(1);
      expect(clinic.server.conflicts.size).toBe(0);
      await expectSame(clinic, device);
    },
  );

  test.each([0, 1])(
    'told to list anew what is here, with %i rows new, it waits for nothing',
    async (news) => {
      const clinic = openClinic();
      const device = clinic.device(1);
      await device.start();
      const stock = await device.insert('item_locations', stockFields(ITEM, SITE_A));
      await untilSynced(device);
      let told = false;
      device.faults.before = (kind) => {
        if (kind !== 'pull' || told) return;
        told = true;
        throw new AppError('SYNC_EPOCH_CHANGED');
      };
      if (news > 0) {
        const there = clinic.server.row('item_locations', stock) as Row;
        clinic.server.put('item_locations', { ...there, bin: 'NEW' }, { silent: true });
      }
      const began = clinic.time.now();
      const before = device.replication.status.lastSyncedAt ?? 0;
      await device.stopSync();
      await device.startSync();
      await until(
        () => (device.replication.status.lastSyncedAt ?? 0) > Math.max(before, began),
        'read',
      );
      await untilSynced(device);
      expect(told).toBe(true);
      expect(clinic.time.now() - began).toBeLessThan(25_000);
      await expectSame(clinic, device);
    },
  );

  test('a second restore in the middle of the first list starts the list anew', async () => {
    const { clinic, device, backup, act } = await workAfterBackup({ pageRows: 1 });
    let pulls = 0;
    device.faults.after = (kind) => {
      if (kind !== 'pull') return;
      pulls += 1;
      if (pulls === 4) clinic.server.restore('epoch-3', backup);
    };
    restore(clinic, backup);
    await until(() => clinic.server.row('stock_acts', act) !== undefined, 'act is back');
    await until(() => pulls > 4, 'second restore');
    await untilSynced(device);
    await expectSame(clinic, device);
  });

  test('rows outside of the parts of this device are not touched', async () => {
    const clinic = openClinic();
    clinic.grants.set(USER_BEN, leadOf(SITE_A));
    const [inA, inB] = [LATE_ITEM.replace('909', '910'), LATE_ITEM.replace('909', '911')];
    clinic.server.put('item_locations', stockRow(inA, ITEM, SITE_A));
    clinic.server.put('item_locations', stockRow(inB, ITEM, SITE_B));
    const device = clinic.device(1, { userId: USER_BEN });
    await device.start();
    await untilSynced(device);
    restore(clinic, backUp(clinic));
    const again = () => device.replication.status.lastSyncedAt;
    const before = again();
    await until(() => (again() ?? 0) > (before ?? 0), 'listed again');
    await untilSynced(device);
    expect(clinic.server.requests.push).toBe(0);
    expect(await device.all('item_locations')).toHaveLength(1);
  });
});

describe('what others had made', () => {
  /** As the real server: a new row is taken from its author only. */
  const authorsOnly = (clinic: () => Clinic | undefined) => ({
    refuse: (userId: string, table: TableName, row: Row) =>
      row.created_by === userId || clinic()?.server.row(table, row.id)
        ? null
        : { code: 'SYNC_ROW_REFUSED' as const, fields: ['created_by'] },
  });

  test('is refused from this device, kept, and settles by itself once its author is back', async () => {
    let its: Clinic | undefined = undefined;
    const clinic = (its = openClinic(authorsOnly(() => its)));
    const [author, other] = [clinic.device(1), clinic.device(2, { userId: USER_BEN })];
    await author.start();
    await other.start();
    await untilSynced(author);
    await untilSynced(other);
    const backup = backUp(clinic);
    const item = await author.insert('inventory_items', itemFields('SKU-AFTER'));
    const lines = [{ qty: 50_000, lot: 'R1' }];
    const act = await author.insert('stock_acts', actFields(ITEM, SITE_A, lines));
    await until(async () => (await other.get('stock_acts', act)) !== undefined, 'act came');
    await until(async () => (await other.get('inventory_items', item)) !== undefined, 'item came');
    await untilSynced(author);
    await author.stop();
    // An own row below that of the other: it has to wait for its parent.
    const stock = await other.insert('item_locations', stockFields(item, SITE_B));
    await untilSynced(other);
    restore(clinic, backup);
    const refused = await untilStatus(other, ({ state }) => state === 'needs-you');
    expect(refused.needsYou).toBeGreaterThan(0);
    expect(await other.get('stock_acts', act)).toBeDefined();
    await author.start();
    await untilSynced(author);
    await until(() => clinic.server.row('item_locations', stock) !== undefined, 'own row is back');
    await untilSynced(other);
    expect(other.replication.parked()).toEqual([]);
    await expectSame(clinic, other);
    await untilSynced(author);
    await expectSame(clinic, author);
    expect(clinic.server.rows('stock_movements')).toHaveLength(1);
  });

  test('newer work of others after the restore stays beside what comes back', async () => {
    const { clinic, device, backup, stock } = await workAfterBackup();
    await device.stop();
    clinic.server.restore('epoch-2', backup);
    const there = clinic.server.row('item_locations', stock) as Row;
    const later = `${'f'.repeat(12)}-0000-00000000beef`;
    const stamps = { ...there.field_hlc, max: later };
    clinic.server.put('item_locations', { ...there, max: 999_000, field_hlc: stamps });
    clinic.server.put('inventory_items', itemRow(LATE_ITEM, 'SKU-LATE'));
    await device.start();
    const merged = () => clinic.server.row('item_locations', stock)?.['par'] === 777;
    await until(merged, 'merged');
    await untilSynced(device);
    expect(clinic.server.row('item_locations', stock)).toMatchObject({ max: 999_000, bin: 'NEW' });
    expect(clinic.server.conflicts.size).toBe(0);
    await expectSame(clinic, device);
  });
});
