import { orderLimitCents, whyNotApproveOrder } from '#shared/access/duties.ts';
import type { Operation } from '#shared/access/cell.ts';
import type { Grant } from '#shared/access/rights.ts';
import {
  approvalStands,
  backOrderBase,
  decisionOf,
  orderTotalCents,
  overReceiptBase,
  receiptOf,
  standingLines,
  toBaseUnits,
} from '#shared/merge/derive/purchase-order.ts';
import type { OrderDecision, OrderHead, OrderLine } from '#shared/merge/derive/purchase-order.ts';
import { findTransition } from '#shared/schema/machines.ts';
import type { TableName } from '#shared/schema/tables.ts';

/** What a person can do with an order as it stands. */
export type OrderOffer =
  | 'edit'
  | 'submit'
  | 'approve'
  | 'return'
  | 'order'
  | 'receive'
  | 'close'
  | 'cancel';

/** Why nobody, or not this person, can do what would come next. */
export type OrderHold =
  | 'no-lines'
  | 'own-order'
  | 'above-limit'
  | 'no-approval'
  | 'changed'
  | 'waits'
  | null;

export interface JudgedOrder extends OrderHead {
  readonly location_id: string;
  readonly status: string;
  readonly created_by: string | null;
  readonly lines: readonly (OrderLine & {
    readonly base_unit: string;
    readonly packs: readonly { readonly unit: string; readonly qty_per_base: number }[];
    readonly received_base: number;
  })[];
  readonly decisions: readonly (OrderDecision & { readonly approver_id: string })[];
  readonly limits: Readonly<Partial<Record<'LM' | 'MG', number>>>;
}

export interface Person {
  readonly userId: string;
  /** Those that hold now. */
  readonly grants: readonly Grant[];
  may(table: TableName, operation: Operation, row: Readonly<Record<string, unknown>>): boolean;
}

/** States in which an order has been placed, so that its vendor may hear of it. */
const PLACED: ReadonlySet<string> = new Set([
  'ordered',
  'partially_received',
  'received',
  'closed',
]);

/** True when this person may have the summary sent. The server asks both again. */
export const maySend = (order: Pick<JudgedOrder, 'status' | 'location_id'>, person: Person) =>
  PLACED.has(order.status) &&
  person.may('order_sends', 'create', { location_id: order.location_id });

/** What the lines of an order come to: received, still to come, more than ordered; base units. */
export function receiptsOf(lines: JudgedOrder['lines']) {
  return standingLines(lines).map((line) => {
    const receipt = {
      orderedBase: toBaseUnits(line, line),
      receivedBase: line.received_base,
    };
    return {
      line,
      ...receipt,
      backOrder: backOrderBase(receipt),
      over: overReceiptBase(receipt),
    };
  });
}

/**
 * What the screen offers: what the machine, the matrix and the separation of duties allow. Server and
 * database judge the same again.
 */
export function offersFor(
  order: JudgedOrder,
  person: Person,
): { readonly offers: ReadonlySet<OrderOffer>; readonly hold: OrderHold } {
  const { status, lines, decisions } = order;
  const row = { location_id: order.location_id, status };
  const offers = new Set<OrderOffer>();
  const mayStep = (to: string): boolean => {
    const step = findTransition('purchase_order', status, to);
    if (!step || step.needs === 'server') return false;
    return person.may('purchase_orders', step.needs, row);
  };
  const here = { location_id: order.location_id };
  const standing = standingLines(lines);
  const receipt = receiptOf(receiptsOf(lines));
  const decision = decisionOf(order, lines, decisions);
  const isDraft = status === 'draft' || status === 'returned';
  if (
    isDraft &&
    person.may('purchase_orders', 'update', row) &&
    person.may('purchase_order_lines', 'update', here)
  ) {
    offers.add('edit');
  }
  if (mayStep('cancelled') && receipt === 'none') offers.add('cancel');
  if (mayStep('closed')) offers.add('close');
  const isComing = status === 'ordered' || status === 'partially_received';
  if (isComing && person.may('stock_acts', 'create', { ...here, kind: 'receive' })) {
    offers.add('receive');
  }

  let hold: OrderHold = null;
  if (isDraft && mayStep('submitted')) {
    if (standing.some(({ qty_ordered }) => qty_ordered > 0)) offers.add('submit');
    else hold = 'no-lines';
  }
  const wantsApproval =
    (status === 'submitted' && decision === null) ||
    (status === 'approved' && !decisions.some((one) => approvalStands(order, lines, one)));
  if (status === 'submitted' && decision !== null) hold = 'waits';
  if (status === 'approved' && mayStep('ordered')) {
    if (wantsApproval) hold = 'changed';
    else offers.add('order');
  }
  if (wantsApproval) {
    const why = whyNotApprove(order, person);
    if (why === null) offers.add('approve');
    else if (status === 'submitted') hold = why;
    const mayReturn = status === 'submitted' && (why === null || why === 'above-limit');
    if (mayReturn) offers.add('return');
  }
  return { offers, hold };
}

/** Null when this person may approve the order as it stands. */
export function whyNotApprove(
  order: Pick<JudgedOrder, 'created_by' | 'location_id' | 'lines' | 'limits'>,
  person: Person,
): 'own-order' | 'above-limit' | 'no-approval' | null {
  if (!person.may('po_approvals', 'create', { location_id: order.location_id })) {
    return 'no-approval';
  }
  return whyNotApproveOrder({
    authorId: order.created_by,
    userId: person.userId,
    amountCents: orderTotalCents(order.lines),
    limitCents: orderLimitCents(person.grants, order.location_id, order.limits),
  });
}

/** How an order is called until the server has given it a number. */
export const temporaryNo = (id: string): string => `DRAFT-${id.slice(-5).toUpperCase()}`;
export const orderNo = (order: { readonly id: string; readonly po_no: string | null }): string =>
  order.po_no ?? temporaryNo(order.id);
