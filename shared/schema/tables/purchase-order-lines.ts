import { bool, cents, defineTable, quantity, text, uuid, uuids } from '../define.ts';
import { P0 } from '../marks.ts';

/** One line of an order. What was received of it is the sum of its movements. */
export const purchaseOrderLines = defineTable({
  name: 'purchase_order_lines',
  module: 'inventory',
  kind: 'record',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  expandedFrom: 'purchase_order_acts',
  inserted: true,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    order_id: uuid({ ...P0.ao, references: 'purchase_orders' }),
    item_id: uuid({ ...P0.ao, references: 'inventory_items' }),
    unit: text({ ...P0.lww, min: 1, max: 40 }),
    qty_ordered: quantity({ ...P0.lww, min: 0 }),
    unit_price_cents: cents({ ...P0.lww, nullable: true }),
    substitutes: uuids({ ...P0.lww, max: 10 }),
    removed: bool(P0.lww),
  },
});
