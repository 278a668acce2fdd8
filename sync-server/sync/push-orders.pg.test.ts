import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { derivedId, newId } from '#shared/kernel/ids.ts';
import { orderBasis, orderTotalCents } from '#shared/merge/derive/purchase-order.ts';
import type { OrderHead, OrderLine } from '#shared/merge/derive/purchase-order.ts';
import type { Row } from '#shared/schema/define.ts';
import { UNIT } from '../testing/counts.suite.ts';
import { SITE, must, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let rig: Rig;
let boss: Client;
let lead: Client;
let nurse: Client;
let vendor: Row;
let item: Row;
beforeAll(async () => {
  rig = await openRig();
  boss = await rig.client(await rig.person(['MG', null]));
  lead = await rig.client(await rig.person(['LM', SITE.AA]));
  nurse = await rig.client(await rig.person(['CS', SITE.AA]));
  vendor = make.record('vendors', boss, {
    name: 'Henry Vendor',
    order_channel: 'email',
    active: true,
  });
  item = make.item(boss, { packs: [{ unit: 'box', qty_per_base: 20 * UNIT, gtin: null }] });
  await boss.push({ table: 'vendors', row: vendor }, { table: 'inventory_items', row: item });
});
afterAll(() => rig.close());

const rowsOf = async (text: string, ...values: unknown[]) =>
  (await rig.db.admin.query<Record<string, unknown>>(text, values)).rows;
const stored = async ({ id }: Row) =>
  must((await rowsOf('select * from public.purchase_orders where id = $1', id))[0]);
const stepsOf = async ({ id }: Row) =>
  (
    await rowsOf(
      `select from_state, to_state, actor_id from public.transitions where row_id = $1
       order by recorded_at, to_state`,
      id,
    )
  ).map((step) => [step['from_state'], step['to_state'], step['actor_id']]);
const reviewsOf = ({ id }: Row) =>
  rowsOf('select * from public.review_items where row_id = $1 order by recorded_at', id);

interface Made {
  readonly order: Row;
  readonly act: Row;
  readonly lines: readonly (Row & OrderLine)[];
}

/** A draft with some boxes of the item, at $10 each, as a device makes it. */
function draft(author: Client, boxes = 2, cents = 1_000): Made {
  const order = make.record('purchase_orders', author, {
    location_id: SITE.AA,
    vendor_id: vendor.id,
    urgency: 'routine',
    status: 'draft',
  });
  const line = {
    item_id: item.id,
    unit: 'box',
    qty_ordered: boxes * UNIT,
    unit_price_cents: cents,
  };
  const act = make.fact('purchase_order_acts', author, {
    location_id: SITE.AA,
    order_id: order.id,
    lines: [line],
  });
  const expanded = {
    ...line,
    id: derivedId('order-line', act.id, '0'),
    created_at: act.created_at,
    created_by: author.userId,
    device_id: author.deviceId,
    field_hlc: {},
    location_id: SITE.AA,
    order_id: order.id,
    substitutes: [],
    removed: false,
  };
  return { order, act, lines: [expanded] };
}

/** As `draft`, made and submitted offline, in one push. */
async function submitted(author = nurse, boxes = 2, cents = 1_000): Promise<Made> {
  const made = draft(author, boxes, cents);
  const order = make.edited(made.order, author, { status: 'submitted' });
  const results = await author.push(
    { table: 'purchase_orders', row: order },
    { table: 'purchase_order_acts', row: made.act },
  );
  expect(results.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
  return { ...made, order };
}

const decision = (
  by: Client,
  { order, lines }: Made,
  kind: 'approved' | 'returned' = 'approved',
  over: Record<string, unknown> = {},
): Row =>
  make.fact('po_approvals', by, {
    location_id: SITE.AA,
    order_id: order.id,
    approver_id: by.userId,
    decision: kind,
    amount_cents: orderTotalCents(lines),
    basis_version: orderBasis(order as unknown as OrderHead, lines),
    reason: kind === 'returned' ? 'Fewer please' : null,
    ...over,
  });

const decide = async (by: Client, made: Made, kind?: 'approved' | 'returned') =>
  must((await by.push({ table: 'po_approvals', row: decision(by, made, kind) }))[0]);

/** Takes a step with the order as the server has it now. */
async function step(by: Client, { order }: Made, to: string) {
  const [current] = await currentOf(by, order);
  return must(
    (
      await by.push({
        table: 'purchase_orders',
        row: make.edited(must(current), by, { status: to }),
        base: must(current).field_hlc ?? null,
      })
    )[0],
  );
}
async function currentOf(by: Client, { id }: Row): Promise<Row[]> {
  const { tables } = await by.pull([{ table: 'purchase_orders', limit: 1000 }]);
  return tables.flatMap(({ rows }) =>
    (rows as unknown as readonly Row[]).filter((row) => row.id === id),
  );
}

const receipt = (by: Client, { lines }: Made, boxes: number): Row =>
  make.act(by, SITE.AA, [
    make.line(item.id, {
      qty_base: boxes * 20 * UNIT,
      entered_unit: 'box',
      ref_type: 'po_line',
      ref_id: must(lines[0]).id,
    }),
  ]);

async function ordered(boxes = 2): Promise<Made> {
  const made = await submitted(nurse, boxes);
  await decide(lead, made);
  expect(await step(lead, made, 'ordered')).toMatchObject({ outcome: 'ok' });
  return made;
}

describe('an approval', () => {
  test('approves the order and gives it the next number of the year', async () => {
    const first = await submitted();
    expect(await decide(lead, first)).toMatchObject({ outcome: 'ok' });
    const second = await submitted();
    await decide(lead, second);
    const numbers = await Promise.all(
      [first, second].map(async ({ order }) => String((await stored(order))['po_no'])),
    );
    expect(numbers[0]).toMatch(/^PO-\d{4}-\d{5}$/);
    expect(Number(numbers[1]?.slice(-5))).toBe(Number(numbers[0]?.slice(-5)) + 1);
    expect(await stored(first.order)).toMatchObject({ status: 'approved' });
    expect(await stepsOf(first.order)).toEqual([
      ['draft', 'submitted', nurse.userId],
      ['submitted', 'approved', null],
    ]);
  });

  test('of two orders at once, by two people: both are numbered, none twice', async () => {
    const orders = await Promise.all(Array.from({ length: 6 }, () => submitted()));
    await Promise.all(orders.map((made, at) => decide(at % 2 === 0 ? lead : boss, made)));
    const numbers = await Promise.all(
      orders.map(async ({ order }) => (await stored(order))['po_no']),
    );
    expect(new Set(numbers).size).toBe(6);
    expect(numbers).not.toContain(null);
  });

  test('by its author, or above the limit, is refused', async () => {
    const own = await submitted(lead);
    expect(await decide(lead, own)).toMatchObject({ outcome: 'refused' });
    const dear = await submitted(nurse, 60);
    expect(await decide(lead, dear)).toMatchObject({ outcome: 'refused' });
    expect(await stored(dear.order)).toMatchObject({ status: 'submitted', po_no: null });
    expect(await decide(boss, dear)).toMatchObject({ outcome: 'ok' });
    expect(await stored(dear.order)).toMatchObject({ status: 'approved' });
  });

  test('of an order that was changed meanwhile does not count', async () => {
    const made = await submitted();
    const line = must(made.lines[0]);
    // The same sum: only the basis tells.
    const edited = make.edited(line, lead, { qty_ordered: 4 * UNIT, unit_price_cents: 500 });
    await lead.push({ table: 'purchase_order_lines', row: edited, base: {} });
    expect(await decide(boss, made)).toMatchObject({ outcome: 'ok' });
    expect(await stored(made.order)).toMatchObject({ status: 'submitted', po_no: null });
    const seen = { ...made, lines: [edited as Row & OrderLine] };
    await decide(boss, seen);
    expect(await stored(made.order)).toMatchObject({ status: 'approved' });
  });

  test('that returns sends it back; handed in again, only a new decision counts', async () => {
    const made = await submitted();
    await decide(lead, made, 'returned');
    expect(await stored(made.order)).toMatchObject({ status: 'returned', po_no: null });
    await step(lead, made, 'submitted');
    expect(await stored(made.order)).toMatchObject({ status: 'submitted' });
    await decide(boss, made);
    expect(await stored(made.order)).toMatchObject({ status: 'approved' });
  });

  test('that came twice changes nothing', async () => {
    const made = await submitted();
    const row = decision(lead, made);
    await lead.push({ table: 'po_approvals', row });
    const before = await stored(made.order);
    expect(await lead.push({ table: 'po_approvals', row })).toMatchObject([{ outcome: 'ok' }]);
    expect(await stored(made.order)).toEqual(before);
  });

  test('is void when the order is changed after it: it is not placed, and somebody looks', async () => {
    const made = await submitted();
    await decide(lead, made);
    const edited = make.edited(must(made.lines[0]), nurse, { qty_ordered: 30 * UNIT });
    await nurse.push({ table: 'purchase_order_lines', row: edited, base: {} });
    expect(await reviewsOf(made.order)).toMatchObject([
      {
        kind: 'order_changed',
        status: 'open',
        facts: { why: 'changed_after_approval', approved_cents: 2_000, total_cents: 30_000 },
      },
    ]);
    expect(await step(lead, made, 'ordered')).toMatchObject({
      outcome: 'refused',
      code: 'SYNC_TRANSITION_REFUSED',
    });
    await decide(boss, { ...made, lines: [edited as Row & OrderLine] });
    expect(await step(lead, made, 'ordered')).toMatchObject({ outcome: 'ok' });
  });
});

describe('a delivery', () => {
  test('in parts: part of it, the rest, and what was taken back again', async () => {
    const made = await ordered(3);
    const first = receipt(nurse, made, 1);
    await nurse.push({ table: 'stock_acts', row: first });
    expect(await stored(made.order)).toMatchObject({ status: 'partially_received' });
    const rest = receipt(nurse, made, 2);
    await nurse.push({ table: 'stock_acts', row: rest });
    expect(await stored(made.order)).toMatchObject({ status: 'received' });
    const back = make.act(nurse, SITE.AA, [
      make.line(item.id, {
        qty_base: 40 * UNIT,
        entered_unit: 'box',
        reverses_id: derivedId('movement', rest.id, '0'),
      }),
    ]);
    await nurse.push({ table: 'stock_acts', row: back });
    expect(await stored(made.order)).toMatchObject({ status: 'partially_received' });
  });

  test('in halves from two devices at once is a whole one', async () => {
    const made = await ordered(2);
    await Promise.all([
      nurse.push({ table: 'stock_acts', row: receipt(nurse, made, 1) }),
      lead.push({ table: 'stock_acts', row: receipt(lead, made, 1) }),
    ]);
    expect(await stored(made.order)).toMatchObject({ status: 'received' });
  });

  test('keeps the order from being cancelled, and is kept where it was cancelled before', async () => {
    const come = await ordered();
    await nurse.push({ table: 'stock_acts', row: receipt(nurse, come, 1) });
    expect(await step(boss, come, 'cancelled')).toMatchObject({ outcome: 'refused' });

    const gone = await ordered();
    expect(await step(boss, gone, 'cancelled')).toMatchObject({ outcome: 'ok' });
    expect(await nurse.push({ table: 'stock_acts', row: receipt(nurse, gone, 1) })).toMatchObject([
      { outcome: 'ok' },
    ]);
    expect(await stored(gone.order)).toMatchObject({ status: 'cancelled' });
    expect(await reviewsOf(gone.order)).toMatchObject([
      { kind: 'order_changed', facts: { why: 'received_after_cancel' } },
    ]);
  });
});

test('what staff asked for is on its way with the order that has it', async () => {
  const asked = make.record('reorder_requests', nurse, {
    location_id: SITE.AA,
    item_id: item.id,
    qty_base: 10 * UNIT,
    status: 'pending',
  });
  await nurse.push({ table: 'reorder_requests', row: asked });
  const granted = make.edited(asked, lead, { status: 'approved' });
  await lead.push({ table: 'reorder_requests', row: granted, base: asked.field_hlc ?? null });
  const pending = { ...asked, id: newId() };
  await nurse.push({ table: 'reorder_requests', row: pending });
  const made = await ordered();
  const [row] = await rowsOf('select * from public.reorder_requests where id = $1', asked.id);
  expect(row).toMatchObject({ status: 'ordered', order_id: made.order.id });
  expect(await stepsOf(asked)).toContainEqual(['approved', 'ordered', null]);
  const [left] = await rowsOf('select * from public.reorder_requests where id = $1', pending.id);
  expect(left).toMatchObject({ status: 'pending', order_id: null });
});
