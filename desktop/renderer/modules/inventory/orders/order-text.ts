import {
  lineTotalCents,
  orderTotalCents,
  standingLines,
} from '#shared/merge/derive/purchase-order.ts';
import type { SummaryOrder } from '#shared/i18n/order-summary.ts';
import type { OrderDetail } from '#shared/ipc/order-views.ts';
import type { TableRow } from '#shared/schema/tables.ts';
import { orderNo } from './order-rules.ts';

/** Where a delivery goes; undefined while the sites load. */
export type DeliverySite = Pick<TableRow<'locations'>, 'address' | 'phone'> | undefined;

/** An order as its vendor reads it. */
export const summaryOf = (order: OrderDetail, site: DeliverySite): SummaryOrder => ({
  no: orderNo(order),
  vendor: order.vendor_name,
  deliverTo: [order.location_name, site?.address ?? null, site?.phone ?? null],
  account: order.account_no,
  urgency: order.urgency,
  needBy: order.need_by,
  lines: standingLines(order.lines).map((line) => ({
    name: line.item_name,
    number: line.vendor_sku ?? line.sku,
    quantity: line.qty_ordered,
    unit: line.unit,
    priceCents: line.unit_price_cents,
    totalCents: lineTotalCents(line),
  })),
  totalCents: orderTotalCents(order.lines),
});
