import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { lotId } from '#shared/schema/lots.ts';
import { countFar, countPlan, inventoryCounts } from './counts.ts';
import { TestStore, at, rowOf } from './store.suite.ts';

const [AA, WX, ANA, BEN] = [newId(), newId(), newId(), newId()];
const [GAUZE, VIAL] = [newId(), newId()];
const UNIT = 10_000;
let store: TestStore;
beforeEach(async () => {
  store = await TestStore.open();
  for (const [id, code] of [
    [AA, 'AA'],
    [WX, 'WX'],
  ]) {
    await store.put('locations', [
      rowOf('locations', { id, code, name: code, time_zone: 'America/New_York', active: true }),
    ]);
  }
  await store.put('users', [
    rowOf('users', { id: ANA, display_name: 'Ana', status: 'active' }),
    rowOf('users', { id: BEN, display_name: 'Ben', status: 'active' }),
  ]);
  for (const [id, name, lots] of [
    [GAUZE, 'Gauze', 'none'],
    [VIAL, 'Vial', 'required'],
  ]) {
    await store.put('inventory_items', [
      rowOf('inventory_items', {
        id,
        name,
        kind: 'supply',
        sku: name,
        base_unit: 'piece',
        packs: [],
        lot_policy: lots,
        expiry_policy: 'optional',
        controlled_schedule: 'none',
        hazardous: false,
        status: 'active',
        field_hlc: {},
      }),
    ]);
  }
  await store.put('item_locations', [
    rowOf('item_locations', {
      id: newId(),
      item_id: GAUZE,
      location_id: AA,
      bin: 'B2',
      is_stocked: true,
      field_hlc: {},
    }),
  ]);
});
afterEach(() => store.close());
const read = (sql: string, values?: readonly unknown[]) =>
  store.database.read(sql, values as never) as never;

const act = (
  kind: string,
  minute: number,
  of: { item?: string; quantity: number; lot?: string; site?: string; cost?: number },
): Promise<void> =>
  store.act([
    rowOf('stock_acts', {
      id: newId(),
      created_at: at(minute).ms,
      created_by: ANA,
      hlc: at(minute).hlc,
      kind,
      location_id: of.site ?? AA,
      occurred_at: at(minute).ms,
      local_date: '2026-11-30',
      lines: [
        {
          item_id: of.item ?? GAUZE,
          qty_base: of.quantity * UNIT,
          lot_no: of.lot ?? null,
          expiry_date: of.lot ? '2027-05-31' : null,
          serial: '',
          entered_unit: 'piece',
          entered_qty: String(of.quantity),
          unit_cost_cents: of.cost ?? null,
        },
      ],
    }),
  ]);

async function session(status: string, blind: boolean): Promise<string> {
  const id = newId();
  await store.put('count_sessions', [
    rowOf('count_sessions', {
      id,
      location_id: AA,
      kind: 'cycle',
      zone: 'B',
      blind,
      status,
      counted_by: ANA,
      started_at: at(0).ms,
      field_hlc: {},
    }),
  ]);
  return id;
}

async function line(
  of: string,
  minute: number,
  quantity: number,
  more: Record<string, unknown> = {},
): Promise<string> {
  const id = newId();
  await store.put('count_lines', [
    rowOf('count_lines', {
      id,
      session_id: of,
      location_id: AA,
      item_id: GAUZE,
      lot_id: null,
      counted_qty: quantity * UNIT,
      counted_at: at(minute).ms,
      hlc: at(minute).hlc,
      counter_id: ANA,
      pass: 1,
      ...more,
    }),
  ]);
  return id;
}

test('of a blind count nothing of the books is in the answer while it is open, and all of it afterwards', async () => {
  await act('receive', 1, { quantity: 73, cost: 40 });
  const id = await session('open', true);
  await line(id, 5, 70);
  const [open] = inventoryCounts.compute(read, { limit: 5 });
  expect(open).toMatchObject({ blind: true, zone: 'B' });
  expect(open?.lines[0]).toMatchObject({
    counted_qty: 70 * UNIT,
    expected_qty: null,
    since_qty: null,
    unit_cost_cents: null,
    bin: 'B2',
    who: 'Ana',
    pass: 1,
  });
  expect(JSON.stringify(open)).not.toContain(`:${73 * UNIT}`);
  const doc = await store.storage.instance('count_sessions')?.findDocumentsById([id], true);
  await store.put('count_sessions', [{ ...doc?.[0], status: 'in_review' } as never]);
  await act('issue', 9, { quantity: 3 });
  expect(inventoryCounts.compute(read, { limit: 5 })[0]?.lines[0]).toMatchObject({
    expected_qty: 73 * UNIT,
    since_qty: -3 * UNIT,
    unit_cost_cents: 40,
  });
});

test('a count that is not blind shows the books while somebody counts', async () => {
  await act('receive', 1, { quantity: 73 });
  await line(await session('open', false), 5, 70);
  expect(inventoryCounts.compute(read, { limit: 5 })[0]?.lines[0]?.expected_qty).toBe(73 * UNIT);
});

test('count at 10:00, posted at 12:00, an issue of 09:55 that arrives at 13:00: counted minus later issues', async () => {
  await act('receive', 0, { quantity: 20 });
  const id = await session('posted', true);
  await line(id, 600, 12);
  await act('issue', 660, { quantity: 2 });
  await act('issue', 595, { quantity: 5 });
  const [posted] = inventoryCounts.compute(read, { limit: 5 });
  // The variance is a number for reports, and follows what became known about the time before.
  expect(posted?.lines[0]).toMatchObject({ counted_qty: 12 * UNIT, expected_qty: 15 * UNIT });
  const onHand = read(
    `select sum(qty_base) as sum from live_stock_movements where hlc > '${at(600).hlc}'`,
  )[0] as { sum: number };
  expect(12 * UNIT + onHand.sum).toBe(10 * UNIT);
});

test('which lines are far from the books is told without by how much, until they are counted again', async () => {
  await act('receive', 1, { quantity: 20 });
  const id = await session('open', true);
  const first = await line(id, 5, 11);
  expect(countFar.compute(read, { sessionId: id })).toEqual([{ id: first }]);
  await line(id, 6, 20);
  expect(countFar.compute(read, { sessionId: id })).toEqual([]);
  await line(id, 7, 11, { pass: 2, counter_id: BEN });
  expect(countFar.compute(read, { sessionId: id })).toEqual([]);
});

test('what is to be counted is what the site keeps or has had, with its lots, and never how much', async () => {
  await act('receive', 3, { item: VIAL, quantity: 77, lot: 'L1' });
  await act('receive', 4, { item: VIAL, quantity: 7, lot: 'L2' });
  await act('issue', 8, { item: VIAL, quantity: 7, lot: 'L2' });
  const plan = countPlan.compute(read, { locationId: AA });
  const lot = (lotNo: string): string =>
    lotId({ itemId: VIAL, lotNo, expiryDate: '2027-05-31', serial: '' });
  expect(plan).toEqual([
    { item_id: GAUZE, item_name: 'Gauze', sku: 'Gauze', base_unit: 'piece', bin: 'B2', lots: [] },
    expect.objectContaining({
      item_id: VIAL,
      bin: null,
      lots: [
        {
          lot_id: lot('L1'),
          lot_no: 'L1',
          expiry_date: '2027-05-31',
          is_here: true,
          first_at: at(3).ms,
          last_at: at(3).ms,
        },
        expect.objectContaining({ lot_id: lot('L2'), is_here: false, last_at: at(8).ms }),
      ],
    }),
  ]);
  expect(JSON.stringify(plan)).not.toContain(`:${77 * UNIT}`);
  expect(countPlan.compute(read, { locationId: WX })).toEqual([]);
});

test('a review that says "count again" sends the count back, and says who wants it', async () => {
  const id = await session('in_review', true);
  expect(inventoryCounts.compute(read, { limit: 1 })[0]?.sent_back).toBeNull();
  await store.put('review_items', [
    rowOf('review_items', {
      id: newId(),
      location_id: AA,
      kind: 'count_variance',
      table_name: 'count_sessions',
      row_id: id,
      field: null,
      facts: {},
      status: 'decided',
      decision: 'recount',
      decided_by: BEN,
      field_hlc: {},
    }),
  ]);
  expect(inventoryCounts.compute(read, { limit: 1 })[0]?.sent_back).toEqual({ who: 'Ben' });
});
