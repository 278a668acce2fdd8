import { afterAll, beforeAll, expect, test } from 'vitest';
import { expandAct } from '#shared/merge/expand.ts';
import type { Row } from '#shared/schema/define.ts';
import { SITE, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

/** Lots come into being from acts alone, and are edited like any other record. */

let rig: Rig;
let boss: Client;
beforeAll(async () => {
  rig = await openRig();
  boss = await rig.client(await rig.person(['MG', null]));
});
afterAll(() => rig.close());

const sendLot = (client: Client, row: Row, base: Row | null = null) =>
  client.push({ table: 'inventory_lots', row, base: base?.field_hlc ?? null });

async function receipt(): Promise<{ act: Row; lot: Row }> {
  const item = make.item(boss);
  await boss.push({ table: 'inventory_items', row: item });
  const line = make.line(item.id, { lot_no: 'R-1', expiry_date: '2028-02-29' });
  const act = make.act(boss, SITE.AA, [line]);
  const lot = must(expandAct('stock_acts', act).find(({ table }) => table === 'inventory_lots'));
  return { act, lot: lot.row };
}
async function statusOf({ id }: Row): Promise<unknown> {
  const { rows } = await rig.db.admin.query<{ recall_status: string }>(
    'select recall_status from public.inventory_lots where id = $1',
    [id],
  );
  return rows[0]?.recall_status;
}

test('a lot that comes before its act waits for it, and passes afterwards', async () => {
  const { act, lot } = await receipt();
  const suspect = make.edited(lot, boss, { recall_status: 'suspect' });
  const waits = [{ outcome: 'retry', code: 'SYNC_PARENT_MISSING' }];
  expect(await sendLot(boss, suspect)).toMatchObject(waits);
  expect(await statusOf(lot)).toBeUndefined();
  expect(await boss.push({ table: 'stock_acts', row: act })).toMatchObject([{ outcome: 'ok' }]);
  expect(await sendLot(boss, suspect)).toMatchObject([{ outcome: 'ok' }]);
  expect(await statusOf(lot)).toBe('suspect');
});

test('a lot that comes with its act needs no second try', async () => {
  const { act, lot } = await receipt();
  const suspect = make.edited(lot, boss, { recall_status: 'suspect' });
  expect(
    await boss.push({ table: 'inventory_lots', row: suspect }, { table: 'stock_acts', row: act }),
  ).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);
  expect(await statusOf(lot)).toBe('suspect');
});

test('an act whose first line has no lot and whose second has one is taken', async () => {
  const [plain, lotted] = [make.item(boss), make.item(boss)];
  const act = make.act(boss, SITE.AA, [
    make.line(plain.id),
    make.line(lotted.id, { lot_no: 'R-2', expiry_date: '2028-02-29' }),
  ]);
  const answers = await boss.push(
    { table: 'inventory_items', row: plain },
    { table: 'inventory_items', row: lotted },
    { table: 'stock_acts', row: act },
  );
  expect(answers.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
});

test('who may, says that a lot is suspect; who may decide, recalls it; others do neither', async () => {
  const { act, lot } = await receipt();
  await boss.push({ table: 'stock_acts', row: act });
  const [clinical, desk] = await Promise.all([
    rig.person(['CS', SITE.AA]).then((id) => rig.client(id)),
    rig.person(['FD', SITE.AA]).then((id) => rig.client(id)),
  ]);
  const to = (client: Client, recall_status: string): Row =>
    make.edited(lot, client, { recall_status });
  const refused = [{ outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: ['recall_status'] }];
  expect(await sendLot(desk, to(desk, 'suspect'), lot)).toMatchObject(refused);
  expect(await sendLot(clinical, to(clinical, 'recalled'), lot)).toMatchObject(refused);
  expect(await statusOf(lot)).toBe('none');
  const suspect = to(clinical, 'suspect');
  expect(await sendLot(clinical, suspect, lot)).toMatchObject([{ outcome: 'ok' }]);
  const recalled = make.edited(suspect, boss, { recall_status: 'recalled' });
  expect(await sendLot(boss, recalled, suspect)).toMatchObject([{ outcome: 'ok' }]);
  expect(await statusOf(lot)).toBe('recalled');
  const { rows } = await rig.db.admin.query<{ to_state: string; actor_id: string }>(
    'select to_state, actor_id from public.transitions where row_id = $1 order by recorded_at',
    [lot.id],
  );
  expect(rows).toEqual([
    { to_state: 'suspect', actor_id: clinical.userId },
    { to_state: 'recalled', actor_id: boss.userId },
  ]);
});

test('what a lot is never changes', async () => {
  const { act, lot } = await receipt();
  await boss.push({ table: 'stock_acts', row: act });
  expect(await sendLot(boss, { ...lot, expiry_date: '2030-01-31' }, lot)).toMatchObject([
    { outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: ['expiry_date'] },
  ]);
});

test('lots are there before the movements that name them, whichever line comes first', async () => {
  const item = make.item(boss);
  await boss.push({ table: 'inventory_items', row: item });
  const loose = make.line(item.id);
  const packed = make.line(item.id, { lot_no: 'R-2', expiry_date: '2028-02-29' });
  const mixed = make.act(boss, SITE.AA, [loose, packed]);
  expect(await boss.push({ table: 'stock_acts', row: mixed })).toMatchObject([{ outcome: 'ok' }]);
  const first = make.act(boss, SITE.AA, [loose]);
  const next = make.act(boss, SITE.AA, [{ ...packed, lot_no: 'R-3' }]);
  expect(
    await boss.push({ table: 'stock_acts', row: first }, { table: 'stock_acts', row: next }),
  ).toMatchObject([{ outcome: 'ok' }, { outcome: 'ok' }]);
});
