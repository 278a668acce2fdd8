import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { joinRecords } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import { PUSHABLE, tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { openClinic, untilSynced } from '#desktop/replication/testing/clinic.suite.ts';
import type { Device } from '#desktop/replication/testing/device.ts';
import {
  ITEM,
  SITE_A,
  actFields,
  itemFields,
  stockFields,
} from '#desktop/replication/testing/fixtures.ts';
import { unreachable } from '#desktop/replication/testing/memory-server.ts';
import { openTableInstances } from '#desktop/replication/tables.ts';
import { temporaryFolder } from '#desktop/storage/fixtures.suite.ts';
import { settleSideLog } from '../side-log/reapply.ts';
import { openSideLog } from '../side-log/side-log.ts';
import type { SideLog } from '../side-log/side-log.ts';
import { sideLogHook, truthOf } from '../side-log/store-truth.ts';
import { restoreBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

const KEY = '1f'.repeat(32);

/** Replaces the device's file by the backup, as the profile does it, and opens it again. */
async function restore(device: Device, sideLog: SideLog, backup: string): Promise<void> {
  const { file } = device.database;
  sideLog.compact(truthOf(device.database, PUSHABLE));
  await device.stop();
  const folder = path.join(temporaryFolder(), 'profile');
  mkdirSync(folder);
  const [name] = [path.basename(file)];
  for (const part of readdirSync(path.dirname(file)).filter((other) => other.startsWith(name))) {
    renameSync(
      path.join(path.dirname(file), part),
      path.join(folder, part.replace(name, 'ganger.db')),
    );
  }
  await restoreBackup({
    file: backup,
    passphrase: 'correct horse battery',
    expectedUserId: 'ana',
    folder,
    key: KEY,
  });
  renameSync(path.join(folder, 'ganger.db'), file);
  await open(device, sideLog);
}

async function open(device: Device, sideLog: SideLog): Promise<void> {
  await device.open();
  const { storage, database } = device;
  device.afterCommit = sideLogHook({ sideLog, database, tables: PUSHABLE });
  await settleSideLog({
    storage,
    database,
    sideLog,
    tables: PUSHABLE,
    join: (table, logged, present) =>
      tableOf(table as TableName).kind === 'fact'
        ? present
        : joinRecords(table as TableName, logged as Row, present as Row),
    openTable: (table) => openTableInstances(storage, 'clinic', table as TableName),
    log: silentLogger,
  });
}

test('an old backup over newer work: nothing unsent is lost, nothing sent is doubled', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  const sideLog = openSideLog({ folder: temporaryFolder(), key: KEY, log: silentLogger });
  onTestFinished(() => sideLog.close());
  await open(device, sideLog);
  await device.startSync();
  const stock = await device.insert('item_locations', stockFields(ITEM, SITE_A));
  await untilSynced(device);

  // The backup is made with work that waits.
  device.faults.before = () => {
    throw unreachable();
  };
  const waiting = await device.insert(
    'stock_acts',
    actFields(ITEM, SITE_A, [{ qty: 10_000, lot: 'L1' }]),
  );
  await device.edit('item_locations', stock, { bin: 'old' });
  const backup = path.join(temporaryFolder(), 'ana.gangerbackup');
  await writeBackup({
    database: device.database,
    key: KEY,
    userId: 'ana',
    app: '1',
    passphrase: 'correct horse battery',
    out: backup,
  });

  // That is sent later, and more; then some that is not.
  delete device.faults.before;
  const sent = await device.insert('inventory_items', itemFields('SENT'));
  await untilSynced(device);
  await device.edit('item_locations', stock, { bin: 'newer' });
  await untilSynced(device);
  device.faults.before = () => {
    throw unreachable();
  };
  const unsent = await device.insert('inventory_items', itemFields('UNSENT'));
  await device.edit('item_locations', stock, { par: 70_000 });

  await restore(device, sideLog, backup);
  expect(await device.get('inventory_items', unsent)).toBeDefined();
  expect(await device.get('inventory_items', sent)).toBeUndefined();
  expect(device.originOf('stock_acts', waiting)).toBe('local');
  delete device.faults.before;
  await device.startSync();
  await untilSynced(device);

  const { server } = clinic;
  expect(server.rows('inventory_items')).toHaveLength(3);
  expect(server.rows('stock_acts')).toHaveLength(1);
  expect(server.rows('stock_movements')).toHaveLength(1);
  expect(server.row('item_locations', stock)).toMatchObject({ bin: 'newer', par: 70_000 });
  expect(await device.get('item_locations', stock)).toMatchObject({ bin: 'newer', par: 70_000 });
  expect(await device.get('inventory_items', sent)).toBeDefined();
  expect(await device.all('stock_movements')).toHaveLength(1);
  for (const table of ['stock_acts', 'item_locations', 'inventory_items'] as const) {
    for (const { id } of await device.all(table)) expect(device.originOf(table, id)).toBe('server');
  }
});
