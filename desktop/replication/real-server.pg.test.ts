import { afterAll, beforeAll, expect, test } from 'vitest';
import { canonicalJson } from '#shared/kernel/json.ts';
import { newId } from '#shared/kernel/ids.ts';
import { TABLE_NAMES } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { SITE } from '#server/testing/rig.suite.ts';
import type { Rig } from '#server/testing/rig.suite.ts';
import { contentOf, until, untilStatus, untilSynced } from './testing/clinic.suite.ts';
import type { Device } from './testing/device.ts';
import { openRealClinic } from './testing/real-clinic.suite.ts';
import type { RealClinic } from './testing/real-clinic.suite.ts';
import { actFields, itemFields, stockFields } from './testing/fixtures.ts';
import { unreachable } from './testing/memory-server.ts';

let clinic: RealClinic;
let rig: Rig;
const startDevice = (userId: string): Promise<Device> => clinic.startDevice(userId);

beforeAll(async () => {
  clinic = await openRealClinic();
  ({ rig } = clinic);
});
afterAll(() => clinic.close());

/** Rows of a table as Postgres has them. */
async function atServer(table: TableName, id: string): Promise<Record<string, unknown>> {
  const { rows } = await rig.db.admin.query<Record<string, unknown>>(
    `select * from public.${table} where id = $1`,
    [id],
  );
  return rows[0] ?? {};
}

async function sameOn(one: Device, two: Device, table: TableName): Promise<boolean> {
  return (await contentOf(one, table)) === (await contentOf(two, table));
}

test('what one device does is on the other, rows and acts with all that they stand for', async () => {
  const manager = await rig.person(['MG', null]);
  const [one, two] = [await startDevice(manager), await startDevice(manager)];
  const item = await one.insert('inventory_items', itemFields(newId().slice(-12)));
  await one.insert('item_locations', stockFields(item, SITE.AA));
  await one.insert('stock_acts', actFields(item, SITE.AA, [{ qty: 50_000, lot: 'R1' }]));
  const tables = [
    'inventory_items',
    'item_locations',
    'stock_acts',
    'inventory_lots',
    'stock_movements',
  ] as const;
  await until(async () => (await two.all('stock_movements')).length === 1, 'movement on two');
  await untilSynced(one);
  await untilSynced(two);
  for (const table of tables) {
    await until(() => sameOn(one, two, table), `same ${table}`);
    for (const device of [one, two]) {
      const fork = device.storage.instance(table);
      await until(() => fork?.countOrigin('local') === 0, `${table} confirmed`);
      await until(() => fork?.countOrigin('derived') === 0, `${table} adopted`);
    }
  }
});

test('two offline edits of one row: each field by its later stamp, the loser kept', async () => {
  const manager = await rig.person(['MG', null]);
  const [one, two] = [await startDevice(manager), await startDevice(manager)];
  const item = await one.insert('inventory_items', itemFields(newId().slice(-12)));
  const stock = await one.insert('item_locations', stockFields(item, SITE.AA));
  await until(async () => (await two.get('item_locations', stock)) !== undefined, 'row on two');
  for (const device of [one, two]) {
    device.faults.before = () => {
      throw unreachable();
    };
  }
  await one.edit('item_locations', stock, { par: 310_000, bin: 'SAT-1' });
  // Two edits of one millisecond would be told apart by the device alone.
  await new Promise((resolve) => setTimeout(resolve, 5));
  await two.edit('item_locations', stock, { par: 470_000, max: 900_000 });
  for (const device of [two, one]) {
    delete device.faults.before;
    device.replication.online();
    await untilSynced(device);
  }
  await until(() => sameOn(one, two, 'item_locations'), 'same row');
  const row = await one.get('item_locations', stock);
  expect(row).toMatchObject({ par: 470_000, bin: 'SAT-1', max: 900_000 });
  const { rows } = await rig.db.admin.query(
    'select field, lost_value from public.conflict_log where row_id = $1',
    [stock],
  );
  expect(rows).toEqual([{ field: 'par', lost_value: 310_000 }]);
});

test('lost answers and a kill at the worst moment: one row, one audit entry, no conflict', async () => {
  const manager = await rig.person(['MG', null]);
  const device = await startDevice(manager);
  let lost = 2;
  device.faults.after = (kind) => {
    if (kind === 'push' && lost-- > 0) throw unreachable();
  };
  const item = await device.insert('inventory_items', itemFields(newId().slice(-12)));
  await until(() => lost < 2, 'answer lost');
  await device.kill();
  await device.start();
  await untilSynced(device);
  await device.edit('inventory_items', item, { name: 'After the kill' });
  await untilSynced(device);
  expect(await atServer('inventory_items', item)).toMatchObject({ name: 'After the kill' });
  const audits = await rig.db.admin.query<{ action: string }>(
    'select action from public.audit_logs where row_id = $1 order by recorded_at, seq',
    [item],
  );
  expect(audits.rows.map(({ action }) => action)).toEqual(['insert', 'update']);
  const conflicts = await rig.db.admin.query(
    'select 1 from public.conflict_log where row_id = $1',
    [item],
  );
  expect(conflicts.rowCount).toBe(0);
});

test('a change that the server refuses is parked, given up, and the row follows the server', async () => {
  const manager = await rig.person(['MG', null]);
  const lead = await rig.person(['LM', SITE.AA]);
  const [boss, device] = [await startDevice(manager), await startDevice(lead)];
  const item = await boss.insert('inventory_items', itemFields(newId().slice(-12)));
  await until(async () => (await device.get('inventory_items', item)) !== undefined, 'item');
  await device.edit('inventory_items', item, { name: 'Not mine to name' });
  const status = await untilStatus(device, ({ needsYou }) => needsYou === 1);
  expect(status.state).toBe('needs-you');
  expect(device.replication.parked()).toMatchObject([
    { table: 'inventory_items', id: item, code: 'SYNC_ROW_REFUSED' },
  ]);
  await boss.edit('inventory_items', item, { name: 'Named by the manager' });
  await untilSynced(boss);
  await until(() => device.database.read('select 1 from sync_masters').length === 1, 'remembered');
  await device.replication.discard('inventory_items', item);
  expect(await device.get('inventory_items', item)).toMatchObject({ name: 'Named by the manager' });
  await untilSynced(device);
});

test('a role that ends takes its rows from the disk, another site’s stay', async () => {
  const manager = await rig.person(['MG', null]);
  const lead = await rig.person(['LM', SITE.AA], ['LM', SITE.WX]);
  const [boss, device] = [await startDevice(manager), await startDevice(lead)];
  const item = await boss.insert('inventory_items', itemFields(newId().slice(-12)));
  const kept = await boss.insert('item_locations', stockFields(item, SITE.AA));
  const gone = await boss.insert('item_locations', stockFields(item, SITE.WX));
  await until(async () => (await device.get('item_locations', gone)) !== undefined, 'rows came');
  await rig.db.admin.query(
    'update public.user_roles set valid_to = now() where user_id = $1 and location_id = $2',
    [lead, SITE.WX],
  );
  device.replication.syncNow();
  await until(async () => (await device.get('item_locations', gone)) === undefined, 'purged');
  await untilSynced(device);
  expect(await device.get('item_locations', kept)).toBeDefined();
  const held = canonicalJson(await device.all('item_locations'));
  expect(held).not.toContain(SITE.WX);
  expect(await atServer('item_locations', gone)).toMatchObject({ id: gone });
});

test('a server restored from a backup gets back what it had accepted after it', async () => {
  const manager = await rig.person(['MG', null]);
  const device = await startDevice(manager);
  const item = await device.insert('inventory_items', itemFields(newId().slice(-12)));
  const stock = await device.insert('item_locations', stockFields(item, SITE.AA));
  await untilSynced(device);
  const backup = await atServer('item_locations', stock);
  const act = await device.insert(
    'stock_acts',
    actFields(item, SITE.AA, [{ qty: 50_000, lot: 'R1' }]),
  );
  const late = await device.insert('inventory_items', itemFields(newId().slice(-12)));
  await device.edit('item_locations', stock, { par: 777 });
  await until(() => device.originOf('stock_acts', act) === 'server', 'act accepted');
  await untilSynced(device);
  const movements = await contentOf(device, 'stock_movements');

  // As the backup had it: neither act nor second item, the older stock level, another generation.
  const guarded = [
    'stock_movements',
    'stock_acts',
    'inventory_items',
    'item_locations',
    'audit_logs',
  ];
  const triggers = (what: string): string =>
    guarded.map((table) => `alter table public.${table} ${what} trigger all;`).join('');
  await rig.db.admin.query(`
    begin; ${triggers('disable')}
    delete from public.stock_movements where act_id = '${act}';
    delete from public.stock_acts where id = '${act}';
    delete from public.inventory_items where id = '${late}';
    update public.item_locations set par = ${Number(backup['par'])},
      field_hlc = '${canonicalJson(backup['field_hlc'])}' where id = '${stock}';
    delete from public.audit_logs where row_id in ('${act}', '${late}')
      or row_id = '${stock}' and action = 'update';
    delete from private.push_memory; select private.begin_generation();
    ${triggers('enable')} commit`);
  expect(await atServer('stock_acts', act)).toEqual({});
  device.replication.syncNow();
  await until(async () => (await atServer('stock_acts', act))['id'] === act, 'act is back');
  await until(async () => (await atServer('inventory_items', late))['id'] === late, 'item is back');
  await until(async () => Number((await atServer('item_locations', stock))['par']) === 777, 'edit');
  await untilSynced(device);
  await until(
    async () => (await contentOf(device, 'stock_movements')) === movements,
    'the same movements',
  );
  for (const table of TABLE_NAMES) {
    const fork = device.storage.instance(table);
    await until(() => fork?.countOrigin('local') === 0, `${table} confirmed`);
    await until(() => fork?.countOrigin('derived') === 0, `${table} adopted`);
  }
  const { rows } = await rig.db.admin.query(
    'select 1 from public.conflict_log where row_id = any($1)',
    [[stock, late, act]],
  );
  expect(rows).toEqual([]);
});
