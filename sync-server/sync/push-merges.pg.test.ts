import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { undoOfMerge } from '#shared/merge/item-merge.ts';
import type { Row } from '#shared/schema/define.ts';
import { lotId } from '#shared/schema/lots.ts';
import { SITE, footprint, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

/** Merges of items: judged one after the other, written whole or not at all, taken back. */

let rig: Rig;
let ana: Client;
let ben: Client;
beforeAll(async () => {
  rig = await openRig();
  ana = await rig.client(await rig.person(['MG', null]));
  ben = await rig.client(await rig.person(['MG', null]));
});
afterAll(() => rig.close());

async function known(fields: Record<string, unknown> = {}): Promise<Row> {
  const item = make.item(ana, fields);
  expect(await ana.push({ table: 'inventory_items', row: item })).toMatchObject([
    { outcome: 'ok' },
  ]);
  return item;
}
async function stored(table: 'inventory_items' | 'item_merges', id: string): Promise<Row> {
  const { rows } = await rig.db.admin.query<Row>(`select * from public.${table} where id = $1`, [
    id,
  ]);
  return must(rows[0]);
}
const mergeOf = (who: Client, from: Row, into: Row, lines: unknown[] = []): Row =>
  make.fact('item_merges', who, {
    survivor_id: into.id,
    merged_id: from.id,
    status_before: from['status'],
    reverses_id: null,
    lines,
  });
const line = (on: Row, field: string, value: unknown) => ({
  field,
  value,
  before: on[field] ?? null,
  seen: on.field_hlc?.[field] ?? null,
});
const send = (who: Client, ...rows: Row[]) =>
  who.push(...rows.map((row) => ({ table: 'item_merges' as const, row })));

describe('a merge', () => {
  test('makes one stand for the other, with what was chosen, and is written down', async () => {
    const [from, into] = [await known({ description: 'long' }), await known()];
    const merge = mergeOf(ana, from, into, [line(into, 'description', 'long')]);
    expect(await send(ana, merge)).toMatchObject([{ outcome: 'ok' }]);
    expect(await stored('inventory_items', from.id)).toMatchObject({
      status: 'merged',
      merged_into_id: into.id,
      field_hlc: { status: merge.hlc, merged_into_id: merge.hlc },
    });
    expect(await stored('inventory_items', into.id)).toMatchObject({
      status: 'active',
      description: 'long',
      field_hlc: { description: merge.hlc },
      field_by: { description: ana.userId },
    });
    const { rows } = await rig.db.admin.query(
      `select from_state, to_state, actor_id from public.transitions
        where row_id = $1 order by recorded_at desc limit 1`,
      [from.id],
    );
    expect(rows).toEqual([{ from_state: 'active', to_state: 'merged', actor_id: ana.userId }]);
    // Repeated it changes nothing.
    const before = await footprint(rig.db);
    expect(await send(ana, merge)).toMatchObject([{ outcome: 'ok' }]);
    expect(await footprint(rig.db)).toEqual(before);
  });

  test('frees the trade numbers of the merged one for the other, and asks nobody', async () => {
    const packs = [{ unit: 'vial', qty_per_base: 10_000, gtin: '09506000134352' }];
    const [from, into] = [await known({ packs }), await known()];
    expect(await send(ana, mergeOf(ana, from, into, [line(into, 'packs', packs)]))).toMatchObject([
      { outcome: 'ok' },
    ]);
    const { rows } = await rig.db.admin.query(
      `select item_id from private.item_gtins where gtin = '09506000134352'`,
    );
    expect(rows).toEqual([{ item_id: into.id }]);
    const reviews = await rig.db.admin.query(
      `select id from public.review_items where kind = 'gtin_clash' and row_id = any($1::uuid[])`,
      [[from.id, into.id]],
    );
    expect(reviews.rows).toEqual([]);
  });

  test('of two that lead to each other the first stands, and the second is refused', async () => {
    const [a, b] = [await known(), await known()];
    const [ab, ba] = [mergeOf(ana, a, b), mergeOf(ben, b, a)];
    expect(await send(ana, ab)).toMatchObject([{ outcome: 'ok' }]);
    expect(await send(ben, ba)).toMatchObject([{ outcome: 'refused', code: 'ITEM_MERGED' }]);
    expect(await stored('inventory_items', a.id)).toMatchObject({ merged_into_id: b.id });
    expect(await stored('inventory_items', b.id)).toMatchObject({ merged_into_id: null });
    // Both at once: whoever comes second waits, and hears the same.
    const [c, d] = [await known(), await known()];
    const answers = await Promise.all([
      send(ana, mergeOf(ana, c, d)),
      send(ben, mergeOf(ben, d, c)),
    ]);
    expect(
      answers
        .flat()
        .map(({ outcome }) => outcome)
        .toSorted(),
    ).toEqual(['ok', 'refused']);
    const { rows } = await rig.db.admin.query(
      `select id from public.inventory_items where id = any($1::uuid[]) and status = 'merged'`,
      [[c.id, d.id]],
    );
    expect(rows).toHaveLength(1);
  });

  test('the database itself refuses one that leads back', async () => {
    const [a, b] = [await known(), await known()];
    await send(ana, mergeOf(ana, a, b));
    await expect(
      rig.db.admin.query(`update public.inventory_items set merged_into_id = $1 where id = $2`, [
        a.id,
        b.id,
      ]),
    ).rejects.toMatchObject({ code: '23514', constraint: 'inventory_items_merged_into_id_check' });
  });

  test('is refused of other units, of an item that one may not change, and of what is no field', async () => {
    const [jar, vial] = [await known({ base_unit: 'jar' }), await known()];
    expect(await send(ana, mergeOf(ana, jar, vial))).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_INVALID' },
    ]);
    const [a, b] = [await known(), await known()];
    const satellite = await rig.client(await rig.person(['LM', SITE.AA]));
    expect(await send(satellite, mergeOf(satellite, a, b))).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_REFUSED' },
    ]);
    expect(await send(ana, mergeOf(ana, a, b, [line(b, 'sku', 'X')]))).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_INVALID' },
    ]);
    expect(await send(ana, mergeOf(ana, a, b, [line(b, 'lot_policy', 'whatever')]))).toMatchObject([
      { outcome: 'refused', code: 'SYNC_ROW_INVALID' },
    ]);
    expect(await stored('inventory_items', a.id)).toMatchObject({ status: 'active' });
  });

  test('that did not see a value keeps it readable', async () => {
    const [from, into] = [await known(), await known()];
    const merge = mergeOf(ana, from, into, [line(into, 'name', 'chosen')]);
    await ben.push({
      table: 'inventory_items',
      row: make.edited(into, ben, { name: 'by Ben meanwhile' }),
      base: into.field_hlc ?? null,
    });
    expect(await send(ana, merge)).toMatchObject([{ outcome: 'master' }]);
    expect(await stored('inventory_items', into.id)).toMatchObject({ name: 'chosen' });
    const { rows } = await rig.db.admin.query(
      'select field, lost_value, lost_by from public.conflict_log where row_id = $1',
      [into.id],
    );
    expect(rows).toEqual([{ field: 'name', lost_value: 'by Ben meanwhile', lost_by: ben.userId }]);
  });

  test('is taken back: both are as they were, but for what was changed since', async () => {
    const [from, into] = [await known({ category: 'from' }), await known({ category: 'into' })];
    const merge = mergeOf(ana, from, into, [
      line(into, 'category', 'from'),
      line(into, 'name', 'better'),
    ]);
    await send(ana, merge);
    const survivor = await stored('inventory_items', into.id);
    const renamed = make.edited({ ...into, ...pick(survivor) }, ben, { name: 'best' });
    await ben.push({ table: 'inventory_items', row: renamed, base: survivor.field_hlc ?? null });
    const undo = make.fact('item_merges', ben, undoOfMerge(merge, renamed));
    expect(await send(ben, undo)).toMatchObject([{ outcome: 'ok' }]);
    expect(await stored('inventory_items', into.id)).toMatchObject({
      name: 'best',
      category: 'into',
    });
    expect(await stored('inventory_items', from.id)).toMatchObject({
      status: 'active',
      merged_into_id: null,
    });
    // Once.
    const again = make.fact('item_merges', ana, undoOfMerge(merge, renamed));
    expect(await send(ana, again)).toMatchObject([
      { outcome: 'refused', code: 'REVIEW_UNDO_MOVED' },
    ]);
    // And they can be merged anew, the other way round.
    expect(await send(ana, mergeOf(ana, into, from))).toMatchObject([{ outcome: 'ok' }]);
  });
});

const pick = ({ name, category, field_hlc: stamps = {} }: Row) => ({
  name,
  category,
  field_hlc: stamps,
});

describe('stock of merged items', () => {
  const UNIT = 10_000;

  test('below zero is judged of both together', async () => {
    const [from, into] = [await known(), await known()];
    const receipt = make.act(ana, SITE.AA, [make.line(from.id, { qty_base: 5 * UNIT })]);
    await ana.push({ table: 'stock_acts', row: receipt });
    await send(ana, mergeOf(ana, from, into));
    const use = (qty: number) =>
      make.act(ana, SITE.AA, [make.line(into.id, { qty_base: qty * UNIT })], { kind: 'issue' });
    const reviews = async () =>
      (
        await rig.db.admin.query<{ facts: unknown }>(
          `select facts from public.review_items
            where kind = 'negative_stock' and facts ->> 'item_id' = $1`,
          [into.id],
        )
      ).rows;
    await ana.push({ table: 'stock_acts', row: use(4) });
    expect(await reviews()).toEqual([]);
    await ana.push({ table: 'stock_acts', row: use(3) });
    expect(await reviews()).toMatchObject([{ facts: { lots: [{ on_hand: -2 * UNIT }] } }]);
  });

  test('is expected together when it is counted, and a lot of the merged one counts for the other', async () => {
    const [from, into] = [await known(), await known()];
    const lot = { lot_no: 'M1', expiry_date: '2028-02-29' };
    for (const item of [from, into]) {
      const act = make.act(ana, SITE.AA, [make.line(item.id, { qty_base: 6 * UNIT, ...lot })]);
      await ana.push({ table: 'stock_acts', row: act });
    }
    await send(ana, mergeOf(ana, from, into));
    const counter = await rig.client(await rig.person(['CS', SITE.AA]));
    const session = make.countSession(counter, SITE.AA, { line_count: 1 });
    const counted = make.countLine(counter, session, into.id, 12 * UNIT, {
      lot_id: lotId({ itemId: from.id, lotNo: 'M1', expiryDate: lot.expiry_date, serial: '' }),
    });
    const submitted = make.edited(session, counter, { status: 'submitted' });
    const answers = await counter.push(
      { table: 'count_sessions', row: submitted },
      { table: 'count_lines', row: counted },
    );
    expect(answers.map(({ outcome }) => outcome)).not.toContain('refused');
    const { rows } = await rig.db.admin.query<{ status: string }>(
      'select status from public.count_sessions where id = $1',
      [session.id],
    );
    expect(rows).toEqual([{ status: 'posted' }]);
    // A lot of quite another item does not.
    const other = await known();
    const wrong = make.countSession(counter, SITE.AA);
    const line = make.countLine(counter, wrong, other.id, UNIT, { lot_id: counted['lot_id'] });
    expect(
      await counter.push(
        { table: 'count_sessions', row: wrong },
        { table: 'count_lines', row: line },
      ),
    ).toMatchObject([{ outcome: 'ok' }, { outcome: 'refused', fields: ['lot_id'] }]);
  });
});
