import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { KeptState } from '#shared/protocol/messages.ts';
import type { Row } from '#shared/schema/define.ts';
import {
  leadOf,
  openClinic,
  pause,
  until,
  untilStatus,
  untilSynced,
} from './testing/clinic.suite.ts';
import type { Device } from './testing/device.ts';
import { ITEM, SITE_A, SITE_B, USER_BEN, stockRow } from './testing/fixtures.ts';

/** What the server took into quarantine outlives a restore of its database to before that. */

const STOCK = '00000000-0000-7000-8000-000000000501';

/** A clinic whose server keeps what Ben writes about site B, where he has no right any more. */
async function open() {
  const quarantine = new Map<string, KeptState>();
  const asked: string[] = [];
  const state = { hasEnded: false };
  const clinic = openClinic({
    refuse: (userId, table, row) => {
      const isOf = table === 'item_locations' && row['location_id'] === SITE_B;
      if (!state.hasEnded || userId !== USER_BEN || !isOf) return null;
      const content = String(row['bin']);
      asked.push(content);
      const kept = quarantine.get(content) ?? 'waiting';
      quarantine.set(content, kept);
      return { code: 'SYNC_ROW_QUARANTINED', fields: [], kept };
    },
  });
  clinic.grants.set(USER_BEN, leadOf(SITE_A, SITE_B));
  clinic.server.put('item_locations', { ...stockRow(STOCK, ITEM, SITE_B), bin: 'OLD' });
  const device = clinic.device(1, { userId: USER_BEN });
  await device.start();
  await untilSynced(device);
  const end = (): void => {
    state.hasEnded = true;
    clinic.grants.set(USER_BEN, leadOf(SITE_A));
  };
  /** As a backup from before the row came: the place in quarantine is gone. */
  const restore = (epoch: string): void => {
    quarantine.clear();
    clinic.server.restore(epoch, () => true);
    clinic.server.disconnect();
  };
  return { clinic, device, quarantine, asked, end, restore };
}

const copiesOn = (device: Device): number =>
  device.database.read<{ n: number }>('select count(*) as n from sync_kept')[0]?.n ?? -1;

async function quarantined() {
  const its = await open();
  const { device, quarantine, end } = its;
  end();
  await device.edit('item_locations', STOCK, { bin: 'LATE' });
  await untilStatus(device, ({ needsYou }) => needsYou === 1);
  await until(async () => (await device.get('item_locations', STOCK)) === undefined, 'left');
  expect([...quarantine]).toEqual([['LATE', 'waiting']]);
  expect(copiesOn(device)).toBe(1);
  return its;
}

test('a database that was set back to before it gets it again, and once', async () => {
  const { device, quarantine, asked, restore } = await quarantined();
  restore('epoch-2');
  await until(() => quarantine.has('LATE'), 'kept again');
  const times = asked.length;
  // The row is on no screen again, and the person is asked nothing new.
  expect(await device.get('item_locations', STOCK)).toBeUndefined();
  expect(device.replication.parked()).toHaveLength(1);
  expect(device.status.waiting).toBe(0);
  expect(copiesOn(device)).toBe(1);
  expect(asked.length - times).toBeLessThanOrEqual(1);
});

test('also from a device whose person may not even pull any more', async () => {
  const { device, quarantine, restore } = await quarantined();
  device.faults.before = (kind) => {
    if (kind !== 'push') throw new AppError('AUTH_NO_ACCESS');
  };
  restore('epoch-2');
  await until(() => quarantine.has('LATE'), 'kept again');
});

test('also when the device was off meanwhile', async () => {
  const { device, quarantine, restore } = await quarantined();
  await device.stop();
  restore('epoch-2');
  await device.start();
  await until(() => quarantine.has('LATE'), 'kept again');
});

test.each<KeptState>(['released', 'rejected'])('once it is %s the copy goes', async (how) => {
  const { device, quarantine, restore, asked } = await quarantined();
  quarantine.set('LATE', how);
  device.replication.syncNow();
  await until(() => copiesOn(device) === 0, 'forgotten');
  const times = asked.length;
  restore('epoch-2');
  const listed = device.replication.status.lastSyncedAt ?? 0;
  await until(() => (device.replication.status.lastSyncedAt ?? 0) > listed, 'listed anew');
  expect(asked).toHaveLength(times);
});

test('it stays listed when its row comes again as it was, until it is decided', async () => {
  const { clinic, device, quarantine } = await quarantined();
  // The right is given again; what came without it still waits for a decision.
  clinic.grants.set(USER_BEN, leadOf(SITE_A, SITE_B));
  device.replication.syncNow();
  const bin = async () => (await device.get('item_locations', STOCK))?.['bin'];
  await until(async () => (await bin()) === 'OLD', 'come again');
  expect(device.replication.parked()).toMatchObject([{ id: STOCK, code: 'SYNC_ROW_QUARANTINED' }]);
  expect(device.status.needsYou).toBe(1);
  quarantine.set('LATE', 'released');
  device.replication.syncNow();
  await until(() => device.replication.parked().length === 0, 'settled');
  expect(copiesOn(device)).toBe(0);
});

test('killed between the answer and the row’s leaving, the next start lets it go', async () => {
  const { device, end } = await open();
  end();
  const died = new Promise<void>((resolve) => {
    device.onWrite = ({ context }) => {
      if (!context.endsWith('discard')) return;
      resolve(device.kill());
      throw new Error('killed');
    };
  });
  await device.edit('item_locations', STOCK, { bin: 'LATE' });
  await died;
  device.onWrite = () => undefined;
  await device.open();
  expect(await device.get('item_locations', STOCK)).toMatchObject({ bin: 'LATE' });
  expect(copiesOn(device)).toBe(1);
  device.faults.before = () => {
    throw new AppError('SERVER_UNREACHABLE');
  };
  await device.startSync();
  expect(await device.get('item_locations', STOCK)).toMatchObject({ bin: 'OLD' });
  delete device.faults.before;
  device.replication.online();
  await until(async () => (await device.get('item_locations', STOCK)) === undefined, 'left');
  expect(copiesOn(device)).toBe(1);
  expect(device.replication.parked()).toMatchObject([{ id: STOCK, code: 'SYNC_ROW_QUARANTINED' }]);
});

test('what was edited while the answer was on its way is no part of what goes', async () => {
  const { device, quarantine, end } = await open();
  end();
  let edited: Promise<unknown> | null = null;
  device.faults.after = async (kind) => {
    if (kind !== 'push' || edited) return;
    device.faults.before = () => {
      throw new AppError('SERVER_UNREACHABLE');
    };
    edited = device.edit('item_locations', STOCK, { bin: 'LATER' });
    await edited;
  };
  await device.edit('item_locations', STOCK, { bin: 'LATE' });
  await untilStatus(device, ({ needsYou }) => needsYou === 1);
  await pause(200);
  expect(await device.get('item_locations', STOCK)).toMatchObject({ bin: 'LATER' });
  // Nor does it go at a start.
  await device.stop();
  await device.start();
  expect(await device.get('item_locations', STOCK)).toMatchObject({ bin: 'LATER' });
  delete device.faults.before;
  device.replication.online();
  await until(() => quarantine.has('LATER'), 'the second edit arrived');
  await until(async () => (await device.get('item_locations', STOCK)) === undefined, 'left');
  const rows = device.database.read<{ row: string }>('select row from sync_kept');
  const bins = rows.map(({ row }) => String((JSON.parse(row) as Row)['bin']));
  expect(bins.toSorted()).toEqual(['LATE', 'LATER']);
});
