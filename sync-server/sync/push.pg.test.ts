import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRig, SITE } from '../testing/rig.suite.ts';
import type { Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

describe('pushing what is new', () => {
  test('an item, its place and a receipt in one batch are all there', async () => {
    const boss = await rig.client(await rig.person(['MG', null]));
    const item = make.item(boss);
    const place = make.itemLocation(boss, item.id, SITE.AA);
    const act = make.act(boss, SITE.AA, [make.line(item.id, { lot_no: 'ab 12' })]);
    const results = await boss.push(
      { table: 'stock_acts', row: act },
      { table: 'item_locations', row: place },
      { table: 'inventory_items', row: item },
    );
    expect(results.map(({ outcome, id }) => [outcome, id])).toEqual([
      ['ok', act.id],
      ['ok', place.id],
      ['ok', item.id],
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
    expect(tables[4]?.rows).toMatchObject([{ qty_base: 50_000, act_id: act.id, type: 'receive' }]);
  });
});
