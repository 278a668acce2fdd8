import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { createPool } from '#server/db/pool.ts';
import { createRetention } from '#server/jobs/retention.ts';
import { age, rewrite } from '#server/testing/keeping.suite.ts';
import { SITE, must } from '#server/testing/rig.suite.ts';
import { ABSENT_AFTER_MS } from './absence.ts';
import { metaCollectionOf } from './tables.ts';
import { pause, until, untilStatus, untilSynced } from './testing/clinic.suite.ts';
import type { Device } from './testing/device.ts';
import { openRealClinic } from './testing/real-clinic.suite.ts';
import type { RealClinic } from './testing/real-clinic.suite.ts';
import { unreachable } from './testing/memory-server.ts';

/** Rows that the server removes after their time: they go from the disks, and nobody brings them back. */

let clinic: RealClinic;
let pool: ReturnType<typeof createPool>;
beforeAll(async () => {
  clinic = await openRealClinic();
  pool = createPool(clinic.rig.config, silentLogger);
});
afterAll(async () => {
  await pool.end();
  await clinic.close();
});

const admin = () => clinic.rig.db.admin;
const its = (id: string): string => `t.id = '${id}'`;
const manager = async (): Promise<Device> =>
  clinic.startDevice(await clinic.rig.person(['MG', null]));

/** Removes what is over, and says so as the server's own job does. */
async function remove(): Promise<void> {
  const { announce } = clinic.rig.server;
  must(await createRetention({ pool, announce, log: silentLogger }).run({ evenIfNotDue: true }));
}

/** An old vendor with an old price: a parent that nobody changed for eight years, and its child. */
async function plant(): Promise<{ vendor: string; price: string }> {
  const { db } = clinic.rig;
  const [vendor, price, item] = [newId(), newId(), newId()];
  await db.postgres.query(`
    insert into public.vendors (id, created_at, name, order_channel, active)
    values ('${vendor}', now() - interval '9 years', 'A vendor', 'email', false);
    insert into public.inventory_items (id, name, kind, sku, base_unit, packs, lot_policy,
           expiry_policy, controlled_schedule, hazardous, status)
    values ('${item}', 'A thing', 'supply', '${item.slice(-12)}', 'each', '[]', 'none', 'none', 'none',
            false, 'active');
    insert into public.vendor_prices (id, created_at, hlc, vendor_id, item_id, unit, price_cents,
           seen_on, source)
    values ('${price}', now() - interval '9 years', '0100aaaaaaaa-0000-0000000000aa', '${vendor}',
            '${item}', 'each', 100, '2017-11-20', 'quote')`);
  return { vendor, price };
}
async function makeOld({ vendor, price }: { vendor: string; price: string }): Promise<void> {
  await age(admin(), 'vendors', '8 years', its(vendor));
  await age(admin(), 'vendor_prices', '8 years', its(price));
}
const untilGone = (device: Device, table: TableName, id: string): Promise<void> =>
  until(async () => (await device.get(table, id)) === undefined, `${table} is gone`);
const cut = (device: Device): void => {
  device.faults.before = () => {
    throw unreachable();
  };
};
const join = (device: Device): void => {
  delete device.faults.before;
  device.replication.online();
};
/** Everything that the device holds in its tables and in RxDB's notes of them, as text. */
const onDisk = (device: Device, table: TableName, id: string): string =>
  JSON.stringify(
    [table, metaCollectionOf(table)].map((name) =>
      device.storage.instance(name) === undefined
        ? []
        : device.database.read(`select * from "${name}" where id = ? or id like ?`, [
            id,
            `%${id}%`,
          ]),
    ),
  );

test('rows that were removed go from devices, those that were off as well, children and parents', async () => {
  const rows = await plant();
  const [here, away] = [await manager(), await manager()];
  for (const device of [here, away]) {
    expect(onDisk(device, 'vendors', rows.vendor)).toContain('A vendor');
    expect(onDisk(device, 'vendor_prices', rows.price)).toContain('quote');
  }
  cut(away);
  await makeOld(rows);
  await remove();
  for (const device of [here, away]) {
    if (device === away) join(away);
    await untilGone(device, 'vendor_prices', rows.price);
    await untilGone(device, 'vendors', rows.vendor);
    await untilSynced(device);
    expect(onDisk(device, 'vendors', rows.vendor)).not.toContain('A vendor');
    expect(onDisk(device, 'vendor_prices', rows.price)).not.toContain('quote');
    expect(device.replication.parked()).toEqual([]);
  }
});

test('an edit that was made meanwhile needs somebody, and giving it up brings nothing back', async () => {
  const rows = await plant();
  const device = await manager();
  cut(device);
  await device.edit('vendors', rows.vendor, { note: 'asks for a new price list' });
  await makeOld(rows);
  await remove();
  join(device);
  await untilStatus(device, ({ needsYou }) => needsYou === 1);
  const [change] = device.replication.parked();
  expect(change).toMatchObject({
    table: 'vendors',
    id: rows.vendor,
    code: 'SYNC_ROW_GONE',
    fields: [],
  });
  // What was written is still here to be read.
  expect(await device.get('vendors', rows.vendor)).toMatchObject({
    note: 'asks for a new price list',
  });
  await device.replication.discard('vendors', rows.vendor);
  expect(await device.get('vendors', rows.vendor)).toBe(undefined);
  expect(device.replication.parked()).toEqual([]);
  device.replication.syncNow();
  await untilSynced(device);
  expect(await device.get('vendors', rows.vendor)).toBe(undefined);
});

test('a device that was away until nobody knew any more what was removed drops it, and its edit is kept', async () => {
  const [gone, edited, stays] = [await plant(), await plant(), await plant()];
  const device = await manager();
  cut(device);
  await device.edit('vendors', edited.vendor, { note: 'written far from any network' });
  await makeOld(gone);
  await makeOld(edited);
  await remove();
  // Two years later: neither the notes for devices nor the memory of what was removed are there.
  await admin().query('delete from private.part_departures; delete from private.removed_rows');
  for (const { k } of device.database.read<{ k: string }>(
    "select k from kv where k like 'sync.complete.%'",
  )) {
    device.database.kv.set(k, String(Date.now() - ABSENT_AFTER_MS - 60_000));
  }
  join(device);
  await untilGone(device, 'vendors', gone.vendor);
  await untilGone(device, 'vendor_prices', gone.price);
  await untilGone(device, 'vendor_prices', edited.price);
  await untilStatus(device, ({ needsYou }) => needsYou === 1);
  expect(device.replication.parked()).toMatchObject([{ id: edited.vendor, code: 'SYNC_ROW_GONE' }]);
  expect(await device.get('vendors', edited.vendor)).toMatchObject({
    note: 'written far from any network',
  });
  const { rows } = await admin().query('select id from public.vendors where id = any ($1)', [
    [gone.vendor, edited.vendor, stays.vendor],
  ]);
  expect(rows).toEqual([{ id: stays.vendor }]);
  expect(await device.get('vendors', stays.vendor)).toBeDefined();
  await device.replication.discard('vendors', edited.vendor);
  expect(await device.get('vendors', edited.vendor)).toBe(undefined);
});

test('an edit that was refused before goes with its row once it is given up', async () => {
  const rows = await plant();
  const device = await clinic.startDevice(await clinic.rig.person(['LM', SITE.AA]));
  await device.edit('vendors', rows.vendor, { note: 'not for a lead to say' });
  await untilStatus(device, ({ needsYou }) => needsYou === 1);
  expect(device.replication.parked()).toMatchObject([{ code: 'SYNC_ROW_REFUSED' }]);
  await makeOld(rows);
  await remove();
  await untilGone(device, 'vendor_prices', rows.price);
  // Both tables have been read to their end.
  await pause(1_500);
  expect(await device.get('vendors', rows.vendor)).toMatchObject({ note: 'not for a lead to say' });
  await device.replication.discard('vendors', rows.vendor);
  expect(await device.get('vendors', rows.vendor)).toBe(undefined);
});

test('a server that was restored meanwhile does not get back what it had removed', async () => {
  const rows = await plant();
  const device = await manager();
  cut(device);
  await makeOld(rows);
  await remove();
  await clinic.rig.db.postgres.query('select private.begin_generation()');
  join(device);
  await untilGone(device, 'vendor_prices', rows.price);
  await untilGone(device, 'vendors', rows.vendor);
  await untilSynced(device);
  expect(device.replication.parked()).toEqual([]);
  const { rows: back } = await admin().query(
    `select id from public.vendors where id = $1 union select id from public.vendor_prices where id = $2`,
    [rows.vendor, rows.price],
  );
  expect(back).toEqual([]);
});

test('a row that was taken back half a year ago is removed without a trace on devices', async () => {
  const rows = await plant();
  const device = await manager();
  await clinic.rig.db.postgres.query(`update public.vendors set deleted_at = now() where id = $1`, [
    rows.vendor,
  ]);
  device.replication.syncNow();
  await untilGone(device, 'vendors', rows.vendor);
  await age(admin(), 'vendor_prices', '8 years', its(rows.price));
  const ago = `now() - interval '181 days'`;
  await rewrite(admin(), 'vendors', `deleted_at = ${ago}, recorded_at = ${ago}`, its(rows.vendor));
  await remove();
  await untilGone(device, 'vendor_prices', rows.price);
  await untilSynced(device);
  expect(await device.get('vendors', rows.vendor)).toBe(undefined);
  const fresh = await clinic.startDevice(await clinic.rig.person(['MG', SITE.AA]));
  expect(await fresh.get('vendors', rows.vendor)).toBe(undefined);
});
