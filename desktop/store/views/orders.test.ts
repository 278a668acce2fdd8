import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DOWNSTREAM_CONTEXT } from '#desktop/storage/origin.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { orderBasis } from '#shared/merge/derive/purchase-order.ts';
import type { OrderLine } from '#shared/merge/derive/purchase-order.ts';
import type { Row } from '#shared/schema/define.ts';
import { rowIdOf } from '#shared/schema/rows.ts';
import { itemPrices, orderDetail, orderList, orderVendors, reorderList } from './orders.ts';
import { TestStore, at, rowOf } from './store.suite.ts';

const id = (name: string): string => derivedId('orders', name);
const U = 10_000;
const SERVER = `${DOWNSTREAM_CONTEXT}x`;
let store: TestStore;
const read = () => store.database.read.bind(store.database);

const order = (changes: Record<string, unknown> = {}): Row =>
  rowOf('purchase_orders', {
    id: id('order'),
    created_by: id('rosa'),
    location_id: id('site'),
    vendor_id: id('henry'),
    urgency: 'urgent',
    status: 'submitted',
    field_hlc: { status: at(10).hlc },
    ...changes,
  });
const line = (name: string, changes: Record<string, unknown> = {}): Row =>
  rowOf('purchase_order_lines', {
    id: id(name),
    location_id: id('site'),
    order_id: id('order'),
    item_id: id('gauze'),
    unit: 'box',
    qty_ordered: 3 * U,
    unit_price_cents: 1_250,
    substitutes: [],
    removed: false,
    field_hlc: {},
    ...changes,
  });
const vendor = (name: string, active = true): Row =>
  rowOf('vendors', { id: id(name), name, order_channel: 'email', active, field_hlc: {} });
const sells = (name: string, changes: Record<string, unknown> = {}): Row =>
  rowOf('vendor_items', {
    id: rowIdOf('vendor_items', { vendor_id: id(name), item_id: id('gauze') }),
    vendor_id: id(name),
    item_id: id('gauze'),
    is_primary: false,
    field_hlc: {},
    ...changes,
  });
const price = (name: string, cents: number, seen_on: string, unit = 'box'): Row =>
  rowOf('vendor_prices', {
    id: id(`${name} ${cents} ${seen_on}`),
    hlc: at(1).hlc,
    vendor_id: id(name),
    item_id: id('gauze'),
    unit,
    price_cents: cents,
    seen_on,
    source: 'quote',
  });
function moved(
  kind: string,
  pieces: number,
  more: Record<string, unknown> = {},
  day = '2026-11-20',
) {
  const name = `${kind} ${pieces} ${JSON.stringify(more)}`;
  return rowOf('stock_acts', {
    id: id(name),
    created_by: id('rosa'),
    hlc: at(pieces).hlc,
    kind,
    location_id: id('site'),
    occurred_at: at(pieces).ms,
    local_date: day,
    lines: [
      {
        item_id: id('gauze'),
        qty_base: pieces * U,
        lot_no: null,
        expiry_date: null,
        serial: '',
        entered_unit: 'each',
        entered_qty: String(pieces),
        unit_cost_cents: null,
        ...more,
      },
    ],
  });
}

beforeEach(async () => {
  store = await TestStore.open();
  await store.put('locations', [
    rowOf('locations', {
      id: id('site'),
      code: 'AA',
      name: 'Ann Arbor',
      time_zone: 'America/New_York',
      active: true,
    }),
  ]);
  await store.put('users', [
    rowOf('users', { id: id('rosa'), display_name: 'Rosa Delgado', status: 'active' }),
    rowOf('users', { id: id('maya'), display_name: 'Maya Okafor', status: 'active' }),
  ]);
  await store.put('vendors', [vendor('henry'), vendor('amazon'), vendor('gone', false)]);
  await store.put('inventory_items', [
    rowOf('inventory_items', {
      id: id('gauze'),
      name: 'Gauze',
      kind: 'supply',
      sku: 'GAU',
      base_unit: 'each',
      packs: [{ unit: 'box', qty_per_base: 20 * U, gtin: null }],
      lot_policy: 'none',
      expiry_policy: 'none',
      controlled_schedule: 'none',
      hazardous: false,
      status: 'active',
      field_hlc: {},
    }),
  ]);
});
afterEach(() => store.close());

describe('orders', () => {
  test('say what became of each wish to send them: the newest that the server wrote', async () => {
    await store.put('purchase_orders', [order({ status: 'ordered' })], SERVER);
    const wish = (name: string, minute: number, changes: Record<string, unknown> = {}): Row =>
      rowOf('order_sends', {
        id: id(name),
        created_at: at(minute).ms,
        created_by: id('rosa'),
        hlc: at(minute).hlc,
        location_id: id('site'),
        order_id: id('order'),
        channel: 'email',
        language: 'en',
        repeats_id: null,
        ...changes,
      });
    const end = (name: string, minute: number, event: string, problem: string | null): Row =>
      rowOf('order_send_events', {
        id: id(`${name} ${minute}`),
        location_id: id('site'),
        order_id: id('order'),
        send_id: id(name),
        event,
        destination: 'orders@henry.example',
        problem,
        occurred_at: at(minute).ms,
      });
    await store.put('order_sends', [wish('first', 1)], SERVER);
    await store.put(
      'order_send_events',
      [end('first', 5, 'sent', null), end('first', 3, 'failed', 'HUB_REFUSED')],
      SERVER,
    );
    await store.put('order_sends', [wish('second', 9, { repeats_id: id('first') })]);
    const shown = orderDetail.compute(read(), { orderId: id('order') });
    expect(shown?.sends).toEqual([
      {
        id: id('first'),
        channel: 'email',
        who: 'Rosa Delgado',
        at: at(1).ms,
        waiting: false,
        state: 'sent',
        endedAt: at(5).ms,
        destination: 'orders@henry.example',
        problem: null,
      },
      {
        id: id('second'),
        channel: 'email',
        who: 'Rosa Delgado',
        at: at(9).ms,
        waiting: true,
        state: 'queued',
        endedAt: null,
        destination: null,
        problem: null,
      },
    ]);
  });

  test('are listed with what they come to, and what waits for the server', async () => {
    await store.put('purchase_orders', [order()], SERVER);
    await store.put(
      'purchase_order_lines',
      [line('a'), line('b', { unit_price_cents: null }), line('c', { removed: true })],
      SERVER,
    );
    const [row] = orderList.compute(read(), { limit: 10 });
    expect(row).toMatchObject({
      vendor_name: 'henry',
      location_code: 'AA',
      who: 'Rosa Delgado',
      lines: 2,
      total_cents: 3_750,
      decision: null,
      waiting: false,
    });
    await store.put('purchase_order_lines', [line('a', { qty_ordered: 4 * U })]);
    expect(orderList.compute(read(), { limit: 10 })).toMatchObject([
      { total_cents: 5_000, waiting: true },
    ]);
  });

  test('say which decision counts, and no more when they were changed', async () => {
    const made = line('a');
    await store.put('purchase_orders', [order()], SERVER);
    await store.put('purchase_order_lines', [made], SERVER);
    await store.put('po_approvals', [
      rowOf('po_approvals', {
        id: id('approval'),
        hlc: at(20).hlc,
        location_id: id('site'),
        order_id: id('order'),
        approver_id: id('maya'),
        decision: 'approved',
        amount_cents: 3_750,
        basis_version: orderBasis(
          { id: id('order'), vendor_id: id('henry'), urgency: 'urgent', need_by: null },
          [made as Row & OrderLine],
        ),
      }),
    ]);
    expect(orderList.compute(read(), { limit: 1 })).toMatchObject([
      { decision: 'approved', waiting: true },
    ]);
    expect(orderDetail.compute(read(), { orderId: id('order') })).toMatchObject({
      decisions: [{ who: 'Maya Okafor', amount_cents: 3_750, waiting: true }],
    });
    await store.put('purchase_order_lines', [
      line('a', { qty_ordered: 9 * U, field_hlc: { qty_ordered: at(30).hlc } }),
    ]);
    expect(orderList.compute(read(), { limit: 1 })).toMatchObject([{ decision: null }]);
  });

  test('show what came of each line, less what was taken back', async () => {
    await store.put('purchase_orders', [order({ status: 'ordered' })], SERVER);
    await store.put('purchase_order_lines', [line('a')], SERVER);
    const first = moved('receive', 40, { ref_type: 'po_line', ref_id: id('a') });
    const second = moved('receive', 20, { ref_type: 'po_line', ref_id: id('a') });
    await store.act([first, second, moved('receive', 7)]);
    await store.act([moved('receive', 5, { reverses_id: derivedId('movement', second.id, '0') })]);
    const detail = orderDetail.compute(read(), { orderId: id('order') });
    expect(detail?.lines).toMatchObject([{ received_base: 55 * U, packs: [{ unit: 'box' }] }]);
    expect(detail?.receipts).toMatchObject([
      { who: 'Rosa Delgado', lines: 1, waiting: true },
      { who: 'Rosa Delgado', lines: 1, waiting: true },
    ]);
    expect(orderDetail.compute(read(), { orderId: id('nothing') })).toBeNull();
  });

  test('know the limits of their site', async () => {
    const config = (name: string, key: string, value: unknown, site: string | null, from: number) =>
      rowOf('location_configs', {
        id: id(name),
        location_id: site,
        key,
        value,
        value_version: 1,
        effective_from: at(from).ms,
      });
    await store.put('purchase_orders', [order()], SERVER);
    await store.put('location_configs', [
      config('all', 'po.limit.LM', 50_000, null, -1_000),
      config('own', 'po.limit.LM', 70_000, id('site'), -2_000),
      config('old', 'po.limit.MG', 100_000, null, -2_000),
      config('new', 'po.limit.MG', 200_000, null, -1_000),
    ]);
    expect(orderDetail.compute(read(), { orderId: id('order') })?.limits).toEqual({
      LM: 70_000,
      MG: 200_000,
    });
  });
});

test('vendors by name', () => {
  expect(orderVendors.compute(read(), {}).map(({ name, active }) => [name, active])).toEqual([
    ['amazon', true],
    ['gone', false],
    ['henry', true],
  ]);
});

test('prices: the latest of each vendor and the one before it, in the same unit', async () => {
  await store.put('vendor_items', [
    sells('henry', { is_primary: true, lead_days: 4 }),
    sells('amazon'),
    sells('gone'),
  ]);
  await store.put('vendor_prices', [
    price('henry', 1_100, '2026-09-01'),
    price('henry', 70, '2026-10-01', 'each'),
    price('henry', 1_250, '2026-11-01'),
    price('amazon', 1_000, '2026-11-01'),
  ]);
  const found = itemPrices.compute(read(), { itemId: id('gauze') });
  expect(found?.offers).toMatchObject([
    {
      vendor_name: 'henry',
      is_primary: true,
      lead_days: 4,
      price: { unit: 'box', price_cents: 1_250, before_cents: 1_100 },
    },
    { vendor_name: 'amazon', price: { price_cents: 1_000, before_cents: null } },
  ]);
  expect(found?.prices).toHaveLength(4);

  // An order that was placed says a price as well.
  await store.put('purchase_orders', [
    order({ status: 'ordered', created_at: Date.UTC(2026, 10, 20) }),
  ]);
  await store.put('purchase_order_lines', [line('a', { unit_price_cents: 1_400 })]);
  expect(itemPrices.compute(read(), { itemId: id('gauze') })?.offers[0]?.price).toMatchObject({
    price_cents: 1_400,
    seen_on: '2026-11-20',
    before_cents: 1_250,
  });
});

test('suggestions: use since a day, what is on order, and who asks', async () => {
  await store.put('item_locations', [
    rowOf('item_locations', {
      id: id('place'),
      item_id: id('gauze'),
      location_id: id('site'),
      par: 50 * U,
      is_stocked: true,
      field_hlc: {},
    }),
  ]);
  await store.act([
    moved('receive', 100, {}, '2026-08-01'),
    moved('issue', 8, {}, '2026-08-02'),
    moved('issue', 9, {}, '2026-11-02'),
    moved('waste', 1, {}, '2026-11-03'),
    moved('transfer_out', 2, {}, '2026-11-03'),
  ]);
  await store.put('purchase_orders', [order({ status: 'partially_received' })]);
  await store.put('purchase_order_lines', [line('a')]);
  await store.act([moved('receive', 25, { ref_type: 'po_line', ref_id: id('a') })]);
  await store.put('reorder_requests', [
    rowOf('reorder_requests', {
      id: id('request'),
      created_by: id('rosa'),
      location_id: id('site'),
      item_id: id('gauze'),
      qty_base: 30 * U,
      status: 'pending',
      field_hlc: {},
    }),
  ]);
  const arg = { siteId: id('site'), since: '2026-09-01' };
  expect(reorderList.compute(read(), arg)).toMatchObject([
    {
      sku: 'GAU',
      on_hand: (100 - 8 - 9 - 1 - 2 + 25) * U,
      used: 10 * U,
      first_on: '2026-08-01',
      on_order: 35 * U,
      requests: [{ qty_base: 30 * U, who: 'Rosa Delgado', status: 'pending' }],
    },
  ]);
  expect(reorderList.compute(read(), { ...arg, siteId: id('elsewhere') })).toEqual([]);
});
