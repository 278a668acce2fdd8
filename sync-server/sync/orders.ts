import { clinicDate } from '#shared/kernel/dates.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import {
  approvalStands,
  decisionOf,
  orderBasis,
  orderStep,
  orderTotalCents,
  receiptOf,
  standingLines,
  toBaseUnits,
} from '#shared/merge/derive/purchase-order.ts';
import type {
  LineReceipt,
  OrderDecision,
  OrderHead,
  OrderLine,
} from '#shared/merge/derive/purchase-order.ts';
import { stampsOf } from '#shared/merge/join.ts';
import type { Row } from '#shared/schema/define.ts';
import type { Pack } from '#shared/schema/tables/inventory-items.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { noteWrite, refuse } from './batch.ts';
import type { Batch } from './batch.ts';
import type { Incoming } from './incoming.ts';
import { transitionRow, writeNotes } from './notes.ts';
import { refused } from './outcome.ts';
import type { RecordUnit } from './push-records.ts';

/** All that an order is judged by. */
interface OrderFacts {
  readonly order: Row;
  readonly lines: readonly (Row & OrderLine)[];
  readonly decisions: readonly (Row & OrderDecision)[];
  readonly receipts: readonly LineReceipt[];
}

/** The key under which everything about an order is decided. */
const orderKey = (orderId: string): string => `order/${orderId}`;
/** Numbers of orders are given one after the other. */
const NUMBER_KEY = 'order-number';

/** Keys of the orders that rows of a push name; receipts name lines, whose orders are not known yet. */
export function orderKeys(rows: readonly Incoming[]): string[] {
  const named = rows.flatMap(({ table, row }) => {
    if (table === 'purchase_orders') return [row.id];
    const order = row['order_id'];
    const isAbout =
      table === 'po_approvals' ||
      table === 'purchase_order_lines' ||
      table === 'purchase_order_acts';
    return isAbout && typeof order === 'string' ? [order] : [];
  });
  return [...new Set(named)].map(orderKey);
}

/** An order is placed only while an approval of it counts: an edit after that one voids it. */
export async function refuseUnapproved(
  batch: Batch,
  table: TableName,
  units: readonly RecordUnit[],
): Promise<RecordUnit[]> {
  const placing = units.filter(({ decision }) => decision.step?.to === 'ordered');
  if (table !== 'purchase_orders' || placing.length === 0) return [...units];
  const facts = await readFacts(
    batch,
    placing.map(({ decision }) => decision.row),
  );
  return units.filter((unit) => {
    const known = placing.includes(unit) ? facts.get(unit.incoming.id) : undefined;
    if (!known || isApproved(known)) return true;
    refuse(batch, unit.incoming, refused('SYNC_TRANSITION_REFUSED', ['status']));
    return false;
  });
}

/**
 * Takes the steps that follow from what this push wrote about orders: a decision approves or returns, a
 * receipt makes received in part or in whole. What a person has to look at opens a review.
 */
export async function judgeOrders(batch: Batch): Promise<void> {
  if (batch.aboutOrders.length === 0) return;
  const ids = await ordersConcerned(batch);
  if (ids.length === 0) return;
  const { store } = batch;
  await store.lockKeys(ids.map(orderKey));
  const orders = await store.records('purchase_orders', ids);
  const facts = await readFacts(
    batch,
    [...orders.values()].map(({ row }) => row),
  );
  for (const known of facts.values()) {
    const order = await takeStep(batch, known);
    await openReview(batch, { ...known, order });
    if (isPlaced(batch, order.id)) {
      await fulfilRequests(batch, known);
    }
  }
}

/** Orders that rows of this push are about, directly or by one of their lines. */
async function ordersConcerned(batch: Batch): Promise<string[]> {
  const { store, aboutOrders } = batch;
  const ids = new Set<string>();
  const lines = new Set<string>();
  const reversed = new Set<string>();
  for (const { table, row } of aboutOrders) {
    if (table === 'purchase_orders') ids.add(row.id);
    else if (table === 'transitions') ids.add(String(row['row_id']));
    else if (table !== 'stock_movements') ids.add(String(row['order_id']));
    else if (row['ref_type'] === 'po_line') lines.add(String(row['ref_id']));
    else if (typeof row['reverses_id'] === 'string') reversed.add(row['reverses_id']);
  }
  for (const row of (await store.rows('stock_movements', [...reversed])).values()) {
    if (row['ref_type'] === 'po_line') lines.add(String(row['ref_id']));
  }
  for (const row of (await store.rows('purchase_order_lines', [...lines])).values()) {
    ids.add(String(row['order_id']));
  }
  return [...ids].toSorted();
}

const isPlaced = (batch: Batch, orderId: string): boolean =>
  batch.aboutOrders.some(
    ({ table, row }) =>
      table === 'transitions' && row['row_id'] === orderId && row['to_state'] === 'ordered',
  );

async function readFacts(batch: Batch, orders: readonly Row[]): Promise<Map<string, OrderFacts>> {
  const { store } = batch;
  const ids = orders.map(({ id }) => id);
  const [lines, decisions] = await Promise.all([
    store.find('purchase_order_lines', { fields: { order_id: ids } }),
    store.find('po_approvals', { fields: { order_id: ids } }),
  ]);
  const lineIds = lines.map(({ id }) => id);
  const [items, moved] = await Promise.all([
    store.rows('inventory_items', [...new Set(lines.map((line) => String(line['item_id'])))]),
    lineIds.length === 0 ? [] : store.find('stock_movements', { fields: { ref_id: lineIds } }),
  ]);
  const came = moved.filter((movement) => movement['ref_type'] === 'po_line');
  const lineOf = new Map(came.map(({ id, ref_id: line }) => [id, String(line)]));
  const taken =
    came.length === 0
      ? []
      : await store.find('stock_movements', { fields: { reverses_id: [...lineOf.keys()] } });
  const received = new Map<string, number>();
  const count = (line: string, movement: Row): void => {
    received.set(line, (received.get(line) ?? 0) + Number(movement['qty_base']));
  };
  for (const movement of came) count(String(movement['ref_id']), movement);
  for (const movement of taken) {
    // One that names the line itself is among the others already.
    const line = lineOf.get(String(movement['reverses_id']));
    if (line !== undefined && movement['ref_type'] !== 'po_line') count(line, movement);
  }
  return new Map(
    orders.map((order) => {
      const own = lines.filter((line) => line['order_id'] === order.id) as (Row & OrderLine)[];
      const receipts = standingLines(own).map((line): LineReceipt => {
        const item = items.get(line.item_id) as unknown as
          | { base_unit: string; packs: readonly Pack[] }
          | undefined;
        return {
          orderedBase: item ? toBaseUnits(line, item) : null,
          receivedBase: received.get(line.id) ?? 0,
        };
      });
      const about = decisions.filter((one) => one['order_id'] === order.id);
      return [
        order.id,
        { order, lines: own, decisions: about as unknown as OrderFacts['decisions'], receipts },
      ];
    }),
  );
}

const headOf = ({ order }: OrderFacts): OrderHead => order as unknown as OrderHead;
const isApproved = (facts: OrderFacts): boolean =>
  facts.decisions.some((one) => approvalStands(headOf(facts), facts.lines, one));

/** Takes the server's own step with an order, if there is one; returns the order as it is then. */
async function takeStep(batch: Batch, facts: OrderFacts): Promise<Row> {
  const { order, lines, decisions, receipts } = facts;
  const decision = decisionOf(headOf(facts), lines, decisions)?.decision ?? null;
  const from = String(order['status']);
  const to = orderStep(from, { decision, receipt: receiptOf(receipts) });
  if (to === null) return order;
  const before = stampsOf(order)['status'] ?? null;
  if (before) batch.hlc.observe(before);
  const hlc = batch.hlc.next();
  // Its number carries no stamp: to the database a stamp would be an edit after the approval.
  const numbered = to === 'approved' && (order['po_no'] ?? null) === null;
  const number = numbered ? { po_no: await nextNumber(batch, order) } : {};
  const row: Row = {
    ...order,
    ...number,
    status: to,
    field_hlc: { ...stampsOf(order), status: hlc },
  };
  const fields = ['status', ...Object.keys(number)];
  await batch.store.changeAsEngine('purchase_orders', fields, [row]);
  await writeNotes(batch, [
    transitionRow(batch, 'purchase_orders', row, { from, to, hlc }, before, null),
  ]);
  noteWrite(batch, 'update', 'purchase_orders', row, { outcome: to, fields });
  return row;
}

/** PO-2026-00042: the year of the clinic's day, and the next number of it. */
async function nextNumber(batch: Batch, order: Row): Promise<string> {
  const siteId = String(order['location_id']);
  const site = (await batch.store.rows('locations', [siteId])).get(siteId);
  const zone = site?.['time_zone'];
  const year = clinicDate(batch.now, typeof zone === 'string' ? zone : 'UTC').slice(0, 4);
  await batch.store.lockKeys([NUMBER_KEY]);
  const last = await batch.store.lastOrderNumber(year);
  return `PO-${year}-${String(last + 1).padStart(5, '0')}`;
}

/** States in which an order is on its way or there: what was approved is what should come. */
const BOUND: ReadonlySet<unknown> = new Set([
  'approved',
  'ordered',
  'partially_received',
  'received',
]);

/** An order that was changed after its approval, or came although it was cancelled: somebody looks. */
async function openReview(batch: Batch, facts: OrderFacts): Promise<void> {
  const { order, lines, decisions, receipts } = facts;
  const basis = orderBasis(headOf(facts), lines);
  const approvals = decisions.filter(({ decision }) => decision === 'approved');
  const isChanged = BOUND.has(order['status']) && approvals.length > 0 && !isApproved(facts);
  const came = order['status'] === 'cancelled' && receiptOf(receipts) !== 'none';
  if (!isChanged && !came) return;
  const why = isChanged ? 'changed_after_approval' : 'received_after_cancel';
  const id = derivedId('order-review', order.id, why, isChanged ? basis : '');
  if ((await batch.store.rows('review_items', [id])).has(id)) return;
  await writeNotes(batch, [
    {
      table: 'review_items',
      row: {
        id,
        created_at: batch.now,
        created_by: null,
        device_id: null,
        location_id: order['location_id'],
        kind: 'order_changed',
        table_name: 'purchase_orders',
        row_id: order.id,
        field: null,
        facts: {
          why,
          total_cents: orderTotalCents(lines),
          approved_cents: Number(approvals.at(-1)?.['amount_cents'] ?? 0),
        },
        status: 'open',
        decision: null,
        decided_by: null,
        field_hlc: { status: batch.hlc.next() },
      },
    },
  ]);
}

/** What staff had asked for, and was granted, is on its way with this order. */
async function fulfilRequests(batch: Batch, { order, lines }: OrderFacts): Promise<void> {
  const items = [...new Set(standingLines(lines).map(({ item_id: item }) => item))];
  if (items.length === 0) return;
  const granted = await batch.store.find('reorder_requests', {
    fields: {
      location_id: [String(order['location_id'])],
      item_id: items,
      status: ['approved'],
    },
  });
  if (granted.length === 0) return;
  const ids = granted.map(({ id }) => id);
  const requests = [...(await batch.store.masters('reorder_requests', ids)).values()]
    .map(({ row }) => row)
    .filter((request) => request['status'] === 'approved');
  const rows = requests.map((request): Row => {
    const before = stampsOf(request)['status'];
    if (before) batch.hlc.observe(before);
    const hlc = batch.hlc.next();
    return {
      ...request,
      status: 'ordered',
      order_id: order.id,
      field_hlc: { ...stampsOf(request), status: hlc },
    };
  });
  await batch.store.changeAsEngine('reorder_requests', ['order_id', 'status'], rows);
  await writeNotes(
    batch,
    rows.map((row, index) => {
      const basis = stampsOf(requests[index] ?? row)['status'] ?? null;
      const step = { from: 'approved', to: 'ordered', hlc: stampsOf(row)['status'] ?? '' };
      return transitionRow(batch, 'reorder_requests', row, step, basis, null);
    }),
  );
  for (const row of rows) {
    noteWrite(batch, 'update', 'reorder_requests', row, {
      outcome: 'ordered',
      fields: ['order_id', 'status'],
    });
  }
}
