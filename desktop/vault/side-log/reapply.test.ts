import { copyFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { joinRecords } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { PUSHABLE, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import type { Device } from '#desktop/replication/testing/device.ts';
import {
  openClinic,
  until,
  untilStatus,
  untilSynced,
} from '#desktop/replication/testing/clinic.suite.ts';
import type { Clinic } from '#desktop/replication/testing/clinic.suite.ts';
import {
  ITEM,
  SITE_A,
  SITE_B,
  actFields,
  itemFields,
  stockFields,
} from '#desktop/replication/testing/fixtures.ts';
import { unreachable } from '#desktop/replication/testing/memory-server.ts';
import { openTableInstances } from '#desktop/replication/tables.ts';
import { temporaryFolder } from '#desktop/storage/fixtures.suite.ts';
import { settleSideLog } from './reapply.ts';
import type { Join, Settled } from './reapply.ts';
import { openSideLog } from './side-log.ts';
import type { SideLog } from './side-log.ts';
import { sideLogHook } from './store-truth.ts';

const KEY = '5c'.repeat(32);

const join: Join = (table, logged, present) =>
  tableOf(table as TableName).kind === 'fact'
    ? present
    : joinRecords(table as TableName, logged as Row, present as Row);

/** A device whose store tells a side log, as the profile wires it. */
class LoggedDevice {
  readonly device: Device;
  readonly folder = temporaryFolder();
  sideLog: SideLog = openSideLog({ folder: this.folder, key: KEY, log: silentLogger });

  constructor(clinic: Clinic, n: number) {
    this.device = clinic.device(n);
    onTestFinished(() => this.sideLog.close());
  }

  /** Opens the store, without bringing anything back. */
  async openOnly(): Promise<void> {
    const { sideLog, device } = this;
    await device.open();
    device.afterCommit = sideLogHook({ sideLog, database: device.database, tables: PUSHABLE });
  }

  settle(): Promise<Settled> {
    const { sideLog, device } = this;
    const { storage, database } = device;
    return settleSideLog({
      storage,
      database,
      sideLog,
      tables: PUSHABLE,
      join,
      openTable: (table) => openTableInstances(storage, 'clinic', table as TableName),
      log: silentLogger,
    });
  }

  async start(): Promise<Settled> {
    await this.openOnly();
    const settled = await this.settle();
    await this.device.startSync();
    return settled;
  }

  /** The process ends and the file is gone; only the side log is left. */
  async lose(): Promise<void> {
    const { file } = this.device.database;
    await this.device.kill();
    this.sideLog.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    this.sideLog = openSideLog({ folder: this.folder, key: KEY, log: silentLogger });
  }
}

const offline = (device: Device): void => {
  device.faults.before = () => {
    throw unreachable();
  };
};
const online = (device: Device): void => {
  delete device.faults.before;
};

/** A device that is in step, and then works without a network. */
async function offlineDevice(clinic: Clinic): Promise<LoggedDevice & { stockId: string }> {
  const logged = new LoggedDevice(clinic, 1);
  await logged.start();
  const { device } = logged;
  const stockId = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await untilSynced(device);
  expect(logged.sideLog.count()).toBe(0);
  offline(device);
  return Object.assign(logged, { stockId });
}

const qtyOf = (rows: readonly Row[]): number =>
  rows.reduce((sum, row) => sum + Number(row['qty']), 0);

test('work done offline outlives the loss of the file: facts, edits, and what acts stand for', async () => {
  const clinic = openClinic();
  const logged = await offlineDevice(clinic);
  const { device, stockId } = logged;
  const act = await device.insert(
    'stock_acts',
    actFields(ITEM, SITE_A, [{ qty: 30_000, lot: 'L1' }]),
  );
  await device.edit('item_locations', stockId, { bin: 'mine' });
  const other = await device.insert('item_locations', stockFields(ITEM, SITE_B));
  const [movement] = await device.all('stock_movements');
  await logged.lose();

  const settled = await logged.start();
  expect(settled).toEqual({ inserted: 3, joined: 0, same: 0, unplaced: 0 });
  // Before any network, what the act stands for is there again.
  expect(await device.all('stock_movements')).toEqual([movement]);
  online(device);
  await untilSynced(device);
  await until(() => clinic.server.row('stock_acts', act) !== undefined, 'pushed');
  expect(clinic.server.row('item_locations', stockId)).toMatchObject({ bin: 'mine', par: 100_000 });
  expect(clinic.server.row('item_locations', other)).toBeDefined();
  expect(clinic.server.rows('stock_movements')).toHaveLength(1);
  expect(clinic.server.conflicts.size).toBe(0);
  await until(async () => (await device.all('stock_movements')).length === 1, 'one movement');
  expect(qtyOf(await device.all('stock_movements'))).toBe(qtyOf([movement as Row]));
  await until(() => logged.sideLog.count() === 0, 'nothing waits in the log');
});

test('after a first sync the same comes of it', async () => {
  const clinic = openClinic();
  const logged = await offlineDevice(clinic);
  const { device, stockId } = logged;
  await device.insert('stock_acts', actFields(ITEM, SITE_A, [{ qty: 30_000, lot: 'L1' }]));
  await device.edit('item_locations', stockId, { bin: 'mine' });
  await logged.lose();
  await logged.openOnly();
  online(device);
  await device.startSync();
  await untilSynced(device);
  await device.stopSync();
  expect(await device.get('item_locations', stockId)).toMatchObject({ bin: null });
  expect(await logged.settle()).toMatchObject({ inserted: 1, joined: 1 });
  await device.startSync();
  await untilSynced(device);
  expect(clinic.server.row('item_locations', stockId)).toMatchObject({ bin: 'mine' });
  expect(clinic.server.rows('stock_acts')).toHaveLength(1);
  expect(clinic.server.rows('stock_movements')).toHaveLength(1);
});

test('what somebody else changed meanwhile is judged as if nothing had been lost', async () => {
  for (const isAfterPull of [false, true]) {
    const clinic = openClinic();
    const logged = await offlineDevice(clinic);
    const { device, stockId } = logged;
    await device.edit('item_locations', stockId, { bin: 'mine' });
    // Another field and the same field, later than here.
    const master = clinic.server.row('item_locations', stockId) as Row;
    const later = `${'a'.repeat(12)}-0000-00000000beef`;
    const stamps = { ...master.field_hlc, bin: later, par: later };
    const theirs = { ...master, bin: 'theirs', par: 70_000, field_hlc: stamps };
    clinic.server.put('item_locations', theirs, { silent: true });
    await logged.lose();
    if (isAfterPull) {
      await logged.openOnly();
      online(device);
      await device.startSync();
      await untilSynced(device);
      await device.stopSync();
      await logged.settle();
      await device.startSync();
    } else {
      await logged.start();
      online(device);
    }
    await until(() => clinic.server.conflicts.size > 0, 'contest noticed');
    await untilSynced(device);
    const contests = [...clinic.server.conflicts.values()].map(({ contest }) => contest);
    expect(contests).toMatchObject([
      { field: 'bin', kept: { value: 'theirs' }, lost: { value: 'mine' } },
    ]);
    expect(await device.get('item_locations', stockId)).toMatchObject({
      bin: 'theirs',
      par: 70_000,
    });
    await device.stop();
  }
});

test('a refused change needs somebody again, and is not lost', async () => {
  const clinic = openClinic({
    refuse: (_, table, row) =>
      table === 'item_locations' && row['bin'] === 'bad'
        ? { code: 'SYNC_ROW_REFUSED', fields: ['bin'] }
        : null,
  });
  const logged = await offlineDevice(clinic);
  const { device, stockId } = logged;
  online(device);
  await device.edit('item_locations', stockId, { bin: 'bad' });
  await untilStatus(device, ({ needsYou }) => needsYou === 1);
  expect(logged.sideLog.count()).toBe(1);
  await logged.lose();
  await logged.start();
  await untilStatus(device, ({ needsYou }) => needsYou === 1);
  expect(await device.get('item_locations', stockId)).toMatchObject({ bin: 'bad' });
  await device.replication.discard('item_locations', stockId);
  expect(logged.sideLog.count()).toBe(0);
  expect(await device.get('item_locations', stockId)).toMatchObject({ bin: null });
  await logged.lose();
  expect(await logged.start()).toMatchObject({ inserted: 0, joined: 0 });
});

test('rows that the server took without our hearing of it are not doubled', async () => {
  const clinic = openClinic();
  const logged = await offlineDevice(clinic);
  const { device, stockId } = logged;
  delete device.faults.before;
  let lost = 0;
  device.faults.after = (kind) => {
    if (kind !== 'push') return;
    lost += 1;
    throw unreachable();
  };
  await device.edit('item_locations', stockId, { bin: 'mine' });
  const act = await device.insert(
    'stock_acts',
    actFields(ITEM, SITE_A, [{ qty: 30_000, lot: 'L1' }]),
  );
  await until(() => lost > 0 && clinic.server.row('stock_acts', act) !== undefined, 'taken');
  delete device.faults.after;
  await logged.lose();
  await logged.start();
  await untilSynced(device);
  expect(clinic.server.rows('stock_acts')).toHaveLength(1);
  expect(clinic.server.rows('stock_movements')).toHaveLength(1);
  expect(clinic.server.conflicts.size).toBe(0);
  expect(await device.all('stock_movements')).toHaveLength(1);
});

test('cut off after any row and repeated, it ends in the same state', async () => {
  const clinic = openClinic();
  const logged = await offlineDevice(clinic);
  const { device, stockId } = logged;
  for (let at = 0; at < 4; at += 1) {
    await device.insert('inventory_items', itemFields(`SKU-${at + 10}`));
    await device.insert('stock_acts', actFields(ITEM, SITE_A, [{ qty: 10_000, lot: `L${at}` }]));
    await device.edit('item_locations', stockId, { bin: `bin ${at}` });
  }
  for (let writes = 0; writes < 6; writes += 1) {
    await logged.lose();
    await logged.openOnly();
    let left = writes;
    device.onWrite = ({ context }) => {
      if (context === 'side-log' && left-- === 0) throw new Error('killed');
    };
    await expect(logged.settle()).rejects.toThrow();
    device.onWrite = () => undefined;
    expect(logged.sideLog.count()).toBe(9);
  }
  await logged.settle();
  await device.startSync();
  online(device);
  await untilSynced(device);
  expect(clinic.server.rows('stock_acts')).toHaveLength(4);
  expect(clinic.server.rows('inventory_items')).toHaveLength(5);
  expect(clinic.server.rows('stock_movements')).toHaveLength(4);
  expect(clinic.server.row('item_locations', stockId)).toMatchObject({ bin: 'bin 3' });
});

test('a store that came back older than what it had acknowledged gets the rest again', async () => {
  const clinic = openClinic();
  const logged = await offlineDevice(clinic);
  const { device, stockId } = logged;
  const { database } = device;
  await device.insert('inventory_items', itemFields('SKU-2'));
  const old = path.join(temporaryFolder(), 'old.db');
  database.secureCheckpoint();
  copyFileSync(database.file, old);
  await device.edit('item_locations', stockId, { bin: 'late' });
  const kept = await device.insert('inventory_items', itemFields('SKU-3'));
  const { file } = database;
  await logged.lose();
  copyFileSync(old, file);
  expect(await logged.start()).toEqual({ inserted: 1, joined: 1, same: 0, unplaced: 0 });
  expect(await device.get('item_locations', stockId)).toMatchObject({ bin: 'late' });
  expect(await device.get('inventory_items', kept)).toMatchObject({ sku: 'SKU-3' });
  online(device);
  await untilSynced(device);
  expect(clinic.server.rows('inventory_items')).toHaveLength(3);
});

test('a row that was removed on purpose does not come back, whenever the process was killed', async () => {
  const clinic = openClinic();
  const logged = await offlineDevice(clinic);
  const { device } = logged;
  const id = await device.insert('inventory_items', itemFields('SKU-2'));
  // The purge reaches the disk, the note of it does not.
  device.afterCommit = () => undefined;
  device.storage.purge('inventory_items', [id], { unsent: 'purge' });
  expect(logged.sideLog.count()).toBe(1);
  await device.kill();
  expect(await logged.start()).toMatchObject({ inserted: 0, joined: 0 });
  expect(await device.get('inventory_items', id)).toBeUndefined();
  expect(logged.sideLog.count()).toBe(0);
});

test('a row that does not go in keeps nobody from the rest, and stays in the log at every opening', async () => {
  const clinic = openClinic();
  const logged = await offlineDevice(clinic);
  const { device } = logged;
  await device.insert('inventory_items', itemFields('SKU-9'));
  const strange = { seq: 1, version: 1, base: null, at: 1 };
  logged.sideLog.append([
    // Its id is none that a store takes.
    { table: 'inventory_items', id: 'refused', row: { id: '' }, ...strange },
    { table: 'of_a_later_build', id: 'unknown', row: { id: 'unknown' }, ...strange },
  ]);
  await logged.lose();
  expect(await logged.start()).toMatchObject({ inserted: 1, unplaced: 2 });
  for (let opening = 0; opening < 2; opening += 1) {
    await device.kill();
    logged.sideLog.close();
    logged.sideLog = openSideLog({ folder: logged.folder, key: KEY, log: silentLogger });
    expect(await logged.start()).toMatchObject({ inserted: 0, unplaced: 2 });
  }
  const left = logged.sideLog.waiting().filter(({ id }) => id === 'refused' || id === 'unknown');
  expect(left.map(({ row }) => row['id'])).toEqual(['', 'unknown']);
});
