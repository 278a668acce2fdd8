import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { Row } from '#shared/schema/define.ts';
import { contentAt, contentOf, openClinic, until, untilSynced } from './testing/clinic.suite.ts';
import { ITEM, SITE_A, actFields, itemRow } from './testing/fixtures.ts';

function only(rows: readonly Row[]): Row {
  const [row] = rows;
  if (!row || rows.length !== 1) throw new Error(`${rows.length} rows instead of one`);
  return row;
}

test('rows expanded here take the server’s version of them', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  await device.insert('stock_acts', actFields(ITEM, SITE_A, [{ qty: 10_000, lot: 'L9' }]));
  const lot = only(await device.all('inventory_lots'));
  expect(device.originOf('inventory_lots', lot.id)).toBe('derived');
  await until(() => clinic.server.rows('inventory_lots').length === 1, 'expanded there');
  await until(() => device.originOf('inventory_lots', lot.id) === 'server', 'adopted');

  const recalled = { ...(clinic.server.row('inventory_lots', lot.id) as Row) };
  clinic.server.put('inventory_lots', { ...recalled, recall_status: 'recalled' });
  await until(
    async () => (await device.get('inventory_lots', lot.id))?.['recall_status'] === 'recalled',
    'server change of a derived row',
  );
});

test('a lot that the server had changed before this device named it takes that change', async () => {
  const clinic = openClinic();
  const [one, two] = [clinic.device(1), clinic.device(2)];
  await one.start();
  await untilSynced(one);
  await one.insert('stock_acts', actFields(ITEM, SITE_A, [{ qty: 10_000, lot: 'L9' }]));
  await untilSynced(one);
  const lot = only(clinic.server.rows('inventory_lots'));
  clinic.server.put('inventory_lots', { ...lot, recall_status: 'suspect' });
  // The other device names the same lot before it has ever been online.
  await two.open();
  await two.insert('stock_acts', actFields(ITEM, SITE_A, [{ qty: 20_000, lot: 'l9' }]));
  await two.startSync();
  await untilSynced(two);
  expect(await two.get('inventory_lots', lot.id)).toMatchObject({ recall_status: 'suspect' });
  expect(await contentOf(two, 'stock_movements')).toBe(contentAt(clinic.server, 'stock_movements'));
});

test('a row expanded here and edited offline arrives with its act, edit and all', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.open();
  await device.insert('stock_acts', actFields(ITEM, SITE_A, [{ qty: 10_000, lot: 'L9' }]));
  const lot = only(await device.all('inventory_lots'));
  await device.edit('inventory_lots', lot.id, { recall_status: 'suspect' });
  expect(device.originOf('inventory_lots', lot.id)).toBe('local');
  await device.startSync();
  await untilSynced(device);
  expect(clinic.server.row('inventory_lots', lot.id)).toMatchObject({ recall_status: 'suspect' });
  expect(device.originOf('inventory_lots', lot.id)).toBe('server');
  expect(await contentOf(device, 'inventory_lots')).toBe(
    contentAt(clinic.server, 'inventory_lots'),
  );
  expect(clinic.server.conflicts.size).toBe(0);
});

test('an edit of such a row waits as long as its act does, and follows it', async () => {
  let closed = true;
  const clinic = openClinic({
    refuse: (_user, table) =>
      closed && table === 'stock_acts' ? { code: 'SYNC_ROW_REFUSED', fields: [] } : null,
  });
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  const act = await device.insert(
    'stock_acts',
    actFields(ITEM, SITE_A, [{ qty: 10_000, lot: 'L9' }]),
  );
  const lot = only(await device.all('inventory_lots'));
  await device.edit('inventory_lots', lot.id, { recall_status: 'suspect' });
  await until(() => device.replication.parked().some(({ id }) => id === act), 'act refused');
  expect(clinic.server.row('inventory_lots', lot.id)).toBeUndefined();
  expect(device.originOf('inventory_lots', lot.id)).toBe('local');
  closed = false;
  device.replication.retry('stock_acts', act);
  await untilSynced(device);
  expect(clinic.server.row('inventory_lots', lot.id)).toMatchObject({ recall_status: 'suspect' });
});

test.each(['is in quarantine', 'was given up'])(
  'an edit of what an act made that %s lies before its person instead of waiting for it',
  async (how) => {
    const code = how === 'was given up' ? 'SYNC_ROW_REFUSED' : 'SYNC_ROW_QUARANTINED';
    const clinic = openClinic({
      refuse: (_user, table) => (table === 'stock_acts' ? { code, fields: [] } : null),
    });
    const device = clinic.device(1);
    await device.open();
    const act = await device.insert(
      'stock_acts',
      actFields(ITEM, SITE_A, [{ qty: 10_000, lot: 'L9' }]),
    );
    const lot = only(await device.all('inventory_lots'));
    await device.edit('inventory_lots', lot.id, { recall_status: 'suspect' });
    await device.startSync();
    await until(() => device.replication.parked().some(({ id }) => id === act), 'act refused');
    if (how === 'was given up') await device.replication.discard('stock_acts', act);
    device.replication.retry('inventory_lots', lot.id);
    const codeOfLot = () => device.replication.parked().find(({ id }) => id === lot.id)?.code;
    await until(() => codeOfLot() === 'SYNC_PARENT_MISSING', 'lot before its person');
    expect(device.status.waiting).toBe(0);
    expect(await device.get('inventory_lots', lot.id)).toMatchObject({ recall_status: 'suspect' });
  },
);

test('a restart goes on where it was and does not load again', async () => {
  const clinic = openClinic({ pageRows: 50 });
  const rows = Array.from({ length: 230 }, (_, n) => {
    const id = `00000000-0000-7000-8000-0000000f${String(n).padStart(4, '0')}`;
    return itemRow(id, `SKU-${1000 + n}`);
  });
  for (const row of rows) clinic.server.put('inventory_items', row, { silent: true });
  const device = clinic.device(1);
  let pages = 0;
  device.faults.after = (kind) => {
    if (kind !== 'pull') return;
    pages += 1;
    if (pages > 3) throw new AppError('SERVER_UNREACHABLE');
  };
  await device.start();
  await until(async () => (await device.all('inventory_items')).length >= 50, 'some pages');
  await until(() => pages > 3, 'network gone');
  await device.kill();
  const before = clinic.server.requests.pull;
  await device.open();
  const kept = (await device.all('inventory_items')).length;
  expect(kept).toBeGreaterThan(0);
  delete device.faults.after;
  const written: string[] = [];
  device.onWrite = ({ collection, rows: its }) => {
    if (collection === 'inventory_items') written.push(...its.map((row) => String(row['id'])));
  };
  await device.startSync();
  await untilSynced(device);
  expect(await contentOf(device, 'inventory_items')).toBe(
    contentAt(clinic.server, 'inventory_items'),
  );
  expect(written).toHaveLength(231 - kept);
  expect(clinic.server.requests.pull - before).toBeLessThan(30);
});

test('another database behind the server is loaded from the start; what is equal stays as it is', async () => {
  const clinic = openClinic();
  const device = clinic.device(1);
  await device.start();
  await untilSynced(device);
  const written: string[] = [];
  device.onWrite = ({ collection, context }) => {
    if (!collection.startsWith('rx-')) written.push(context);
  };
  clinic.server.restore('epoch-2', () => true);
  clinic.server.put('inventory_items', { ...itemRow(ITEM, 'SKU-1'), name: 'After the restore' });
  await until(
    async () => (await device.get('inventory_items', ITEM))?.['name'] === 'After the restore',
    'change of the new database',
  );
  device.replication.syncNow();
  await untilSynced(device);
  expect(written).toHaveLength(1);
});
