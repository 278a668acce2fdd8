import { z } from 'zod';
import { isUuid, derivedId } from '#shared/kernel/ids.ts';
import { defineTable, json, uuid } from '../define.ts';
import { filled } from '../text.ts';
import { P0 } from '../marks.ts';

/** Lines put into an order at once, say from reorder suggestions. */
export const PurchaseLine = z.strictObject({
  item_id: z.string().refine(isUuid, 'is not an id'),
  unit: filled(40),
  qty_ordered: z.int().positive().max(100_000_000_000),
  unit_price_cents: z.int().min(0).max(100_000_000_000).nullable(),
});
export type PurchaseLine = z.infer<typeof PurchaseLine>;

export const purchaseOrderActs = defineTable({
  name: 'purchase_order_acts',
  module: 'inventory',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    order_id: uuid({ ...P0.ao, references: 'purchase_orders' }),
    lines: json(z.array(PurchaseLine).min(1).max(200), P0.ao),
  },
  expand: (act) =>
    (act['lines'] as readonly PurchaseLine[]).map((line, index) => ({
      table: 'purchase_order_lines',
      row: {
        id: derivedId('order-line', act.id, String(index)),
        created_at: act.created_at,
        created_by: act.created_by,
        device_id: act.device_id,
        field_hlc: {},
        location_id: act['location_id'],
        order_id: act['order_id'],
        item_id: line.item_id,
        unit: line.unit,
        qty_ordered: line.qty_ordered,
        unit_price_cents: line.unit_price_cents,
        substitutes: [],
        removed: false,
      },
    })),
});
