import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatHlc, hlcNodeOf } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import { lotId } from '#shared/schema/lots.ts';
import { SITE, footprint, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let rig: Rig;
let boss: Client;
beforeAll(async () => {
  rig = await openRig();
  boss = await rig.client(await rig.person(['MG', null]));
});
afterAll(() => rig.close());

async function newItem(fields: Record<string, unknown> = {}): Promise<string> {
  const item = make.item(boss, fields);
  await boss.push({ table: 'inventory_items', row: item });
  return item.id;
}

describe('an act with stock', () => {
  test('arrives with its item and place in one batch, in any order, and is expanded', async () => {
    const item = make.item(boss);
    const place = make.itemLocation(boss, item.id, SITE.AA);
    const act = make.act(boss, SITE.AA, [make.line(item.id, { lot_no: 'ab 12' })]);
    const results = await boss.push(
      { table: 'stock_acts', row: act },
      { table: 'item_locations', row: place },
      { table: 'inventory_items', row: item },
    );
    expect(results).toEqual([
      { outcome: 'ok', table: 'stock_acts', id: act.id },
      { outcome: 'ok', table: 'item_locations', id: place.id },
      { outcome: 'ok', table: 'inventory_items', id: item.id },
    ]);
    const { tables } = await boss.pull([
      { table: 'inventory_items' },
      { table: 'item_locations' },
      { table: 'stock_acts' },
      { table: 'inventory_lots' },
      { table: 'stock_movements' },
    ]);
    expect(tables[0]?.rows).toEqual([item]);
    expect(tables[1]?.rows).toEqual([place]);
    expect(tables[2]?.rows).toEqual([act]);
    expect(tables[3]?.rows).toMatchObject([{ lot_no: 'AB12', item_id: item.id }]);
    expect(tables[4]?.rows).toMatchObject([
      { act_id: act.id, qty_base: 50_000, type: 'receive', hlc: act.hlc },
    ]);
  });

  test('is judged by what its item asked for then: a policy that came later refuses nothing', async () => {
    const item = make.item(boss, { lot_policy: 'optional' });
    await boss.push({ table: 'inventory_items', row: item });
    const early = make.act(boss, SITE.AA, [make.line(item.id)]);
    const strict = make.edited(item, boss, { lot_policy: 'required' });
    const send = [{ table: 'inventory_items' as const, row: strict, base: item.field_hlc ?? null }];
    expect(await boss.push(...send)).toMatchObject([{ outcome: 'ok' }]);
    const late = make.act(boss, SITE.AA, [make.line(item.id)]);
    const results = await boss.push(
      ...[early, late].map((row) => ({ table: 'stock_acts' as const, row })),
    );
    expect(results).toMatchObject([
      { outcome: 'ok' },
      { outcome: 'refused', code: 'SYNC_ROW_INVALID', fields: ['lines'] },
    ]);
  });

  test('two acts of one batch that name the same new lot make one lot', async () => {
    const id = await newItem();
    const lot = { lot_no: 'L-7', expiry_date: '2028-02-29' };
    const acts = [1, 2].map(() => make.act(boss, SITE.AA, [make.line(id, lot)]));
    const results = await boss.push(...acts.map((row) => ({ table: 'stock_acts' as const, row })));
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    const { rows } = await rig.db.admin.query(
      'select id from public.inventory_lots where item_id = $1',
      [id],
    );
    expect(rows).toEqual([
      { id: lotId({ itemId: id, lotNo: 'L-7', expiryDate: '2028-02-29', serial: '' }) },
    ]);
    const sum = await rig.db.admin.query(
      'select sum(qty_base)::int as qty from public.stock_movements where item_id = $1',
      [id],
    );
    expect(sum.rows).toEqual([{ qty: 100_000 }]);
  });

  test('needs a lot where the item wants lots, and an expiry date where it wants one', async () => {
    const id = await newItem({ lot_policy: 'required', expiry_policy: 'required' });
    const send = async (fields: Record<string, unknown>) =>
      (
        await boss.push({
          table: 'stock_acts',
          row: make.act(boss, SITE.AA, [make.line(id, fields)]),
        })
      )[0];
    const refusal = { outcome: 'refused', code: 'SYNC_ROW_INVALID', fields: ['lines'] };
    expect(await send({})).toMatchObject(refusal);
    expect(await send({ lot_no: 'L1' })).toMatchObject(refusal);
    expect(await send({ lot_no: 'L1', expiry_date: '2027-01-31' })).toMatchObject({
      outcome: 'ok',
    });
  });

  test('with a lot number that no lot can hold is refused alone', async () => {
    const id = await newItem();
    const bad = make.act(boss, SITE.AA, [make.line(id, { lot_no: 'A\u0001B' })]);
    const nul = make.act(boss, SITE.AA, [make.line(id, { entered_unit: 'v\u0000' })]);
    const torn = make.act(boss, SITE.AA, [make.line(id, { entered_unit: 'v\ud800' })]);
    const good = make.act(boss, SITE.AA, [make.line(id)]);
    const results = await boss.push(
      ...[bad, nul, good, torn].map((row) => ({ table: 'stock_acts' as const, row })),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'ok', 'refused']);
    expect(results[1]).toMatchObject({ code: 'SYNC_ROW_INVALID' });
  });

  test('of an item that has not arrived waits and is taken later', async () => {
    const item = make.item(boss);
    const act = make.act(boss, SITE.AA, [make.line(item.id)]);
    expect(await boss.push({ table: 'stock_acts', row: act })).toMatchObject([
      { outcome: 'retry', code: 'SYNC_PARENT_MISSING' },
    ]);
    await boss.push({ table: 'inventory_items', row: item });
    expect(await boss.push({ table: 'stock_acts', row: act })).toMatchObject([{ outcome: 'ok' }]);
  });
});

describe('a fact', () => {
  test('that comes again changes nothing and is answered ok', async () => {
    const id = await newItem();
    const act = make.act(boss, SITE.AA, [make.line(id, { lot_no: 'X1' })]);
    await boss.push({ table: 'stock_acts', row: act });
    const before = await footprint(rig.db);
    for (let again = 0; again < 3; again += 1) {
      expect(await boss.push({ table: 'stock_acts', row: act })).toMatchObject([{ outcome: 'ok' }]);
    }
    expect(await footprint(rig.db)).toBe(before);
  });

  test('with other content under a known id is refused, and the first content stays', async () => {
    const id = await newItem();
    const act = make.act(boss, SITE.AA, [make.line(id)]);
    await boss.push({ table: 'stock_acts', row: act });
    expect(await boss.push({ table: 'stock_acts', row: { ...act, note: 'other' } })).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_IMMUTABLE' },
    ]);
    const { rows } = await rig.db.admin.query('select note from public.stock_acts where id = $1', [
      act.id,
    ]);
    expect(rows).toEqual([{ note: null }]);
  });

  test('sent twice in one batch is written once', async () => {
    const id = await newItem();
    const act = make.act(boss, SITE.AA, [make.line(id)]);
    const results = await boss.push(
      { table: 'stock_acts', row: act },
      { table: 'stock_acts', row: act },
      { table: 'stock_acts', row: { ...act, note: 'other' } },
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'refused']);
  });

  test('can be pushed for nobody but oneself, from no device but this one', async () => {
    const id = await newItem();
    const other = await rig.person(['MG', null]);
    const act = make.act(boss, SITE.AA, [make.line(id)]);
    expect(
      await boss.push(
        { table: 'stock_acts', row: { ...act, created_by: other } },
        { table: 'stock_acts', row: { ...act, device_id: newId() } },
      ),
    ).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: ['created_by'] },
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED', fields: ['device_id'] },
    ]);
  });

  test('from a clock far ahead gets the time of the server, once and for all', async () => {
    const id = await newItem();
    const ahead = Date.now() + 5 * 365 * 86_400_000;
    const hlc = formatHlc({ ms: ahead, counter: 3, node: hlcNodeOf(boss.deviceId) });
    const act = { ...make.act(boss, SITE.AA, [make.line(id)]), hlc };
    const [first] = await boss.push({ table: 'stock_acts', row: act });
    if (first?.outcome !== 'master') throw new Error('the clamped stamp was not told');
    expect(String(first.row['hlc']) < make.stampOf(boss, Date.now() + 60_000)).toBe(true);
    const before = await footprint(rig.db);
    expect(await boss.push({ table: 'stock_acts', row: act })).toEqual([first]);
    expect(await boss.push({ table: 'stock_acts', row: first.row })).toMatchObject([
      { outcome: 'ok' },
    ]);
    expect(await footprint(rig.db)).toBe(before);
  });

  test('from a clock far ahead keep the order in which they happened', async () => {
    const id = await newItem();
    const ahead = Date.now() + 86_400_000;
    const acts = Array.from({ length: 20 }, (_, place) => ({
      ...make.act(boss, SITE.AA, [make.line(id)]),
      hlc: formatHlc({ ms: ahead + place, counter: 0, node: hlcNodeOf(boss.deviceId) }),
    }));
    const results = await boss.push(
      ...acts.toReversed().map((row) => ({ table: 'stock_acts' as const, row })),
    );
    const stamps = results
      .toReversed()
      .map((result) => (result.outcome === 'master' ? String(result.row['hlc']) : ''));
    expect(new Set(stamps).size).toBe(20);
    expect(stamps).toEqual(stamps.toSorted());
  });

  test('whose number another fact of the device has is kept without it, once and for all', async () => {
    const id = await newItem();
    const numbered = (origin_seq: number) => ({
      table: 'stock_acts' as const,
      row: { ...make.act(boss, SITE.AA, [make.line(id)]), origin_seq },
    });
    const [first, copy] = [numbered(770_001), numbered(770_001)];
    expect(await boss.push(first)).toMatchObject([{ outcome: 'ok' }]);
    const [answer] = await boss.push(copy);
    expect(answer).toMatchObject({ outcome: 'master', row: { origin_seq: null } });
    const before = await footprint(rig.db);
    expect(await boss.push(copy)).toEqual([answer]);
    expect(await footprint(rig.db)).toBe(before);
  });

  test('with lines that no lot or movement can hold harms no act beside it', async () => {
    const id = await newItem();
    const good = make.act(boss, SITE.AA, [make.line(id)]);
    const results = await boss.push(
      ...['L\u001f1', 'L\u001d1', '\ud800'].map((lot_no) => ({
        table: 'stock_acts' as const,
        row: make.act(boss, SITE.AA, [make.line(id, { lot_no })]),
      })),
      { table: 'stock_acts', row: good },
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused', 'ok']);
  });

  test('cannot leave the expiry date out by leaving out the lot', async () => {
    const id = await newItem({ lot_policy: 'optional', expiry_policy: 'required' });
    const act = make.act(boss, SITE.AA, [make.line(id, { lot_no: null, expiry_date: null })]);
    expect(await boss.push({ table: 'stock_acts', row: act })).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_INVALID', fields: ['lines'] },
    ]);
  });
});

describe('rights', () => {
  test('the front desk receives at its own site, and does nothing else with stock', async () => {
    const desk = await rig.client(await rig.person(['FD', SITE.AA]));
    const id = await newItem();
    const send = (site: string, kind: string) => ({
      table: 'stock_acts' as const,
      row: make.act(desk, site, [make.line(id)], { kind }),
    });
    const results = await desk.push(
      send(SITE.AA, 'receive'),
      send(SITE.AA, 'waste'),
      send(SITE.WX, 'receive'),
      { table: 'inventory_items', row: make.item(desk) },
    );
    expect(results.map((r) => (r.outcome === 'refused' ? r.code : r.outcome))).toEqual([
      'ok',
      'SYNC_ROW_REFUSED',
      'SYNC_ROW_REFUSED',
      'SYNC_ROW_REFUSED',
    ]);
  });

  test('are those of the moment of the push: after a grant has ended every row is kept for a decision', async () => {
    const user = await rig.person(['CS', SITE.AA]);
    const client = await rig.client(user);
    const id = await newItem();
    const act = () => ({
      table: 'stock_acts' as const,
      row: make.act(client, SITE.AA, [make.line(id)]),
    });
    expect(await client.push(act())).toMatchObject([{ outcome: 'ok' }]);
    await rig.db.admin.query('update public.user_roles set valid_to = now() where user_id = $1', [
      user,
    ]);
    expect(await client.push(act())).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_QUARANTINED' },
    ]);
    await rig.db.admin.query(`update public.user_roles set valid_to = null where user_id = $1`, [
      user,
    ]);
    await rig.db.admin.query(`update public.users set status = 'suspended' where id = $1`, [user]);
    expect(await client.push(act())).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_QUARANTINED' },
    ]);
  });

  test('tables that nobody writes from a device are refused, expanded ones too', async () => {
    const tables = ['locations', 'users', 'stock_movements', 'transitions', 'audit_logs'] as const;
    const results = await boss.push(...tables.map((table) => ({ table, row: { id: newId() } })));
    expect(results.map((r) => r.outcome === 'refused' && r.code)).toEqual(
      tables.map(() => 'SYNC_ROW_REFUSED'),
    );
  });
});
