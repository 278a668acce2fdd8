import { defineTable, oneOf, quantity, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** Somebody asks for more of an item. */
export const reorderRequests = defineTable({
  name: 'reorder_requests',
  module: 'inventory',
  kind: 'record',
  scope: { location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  machine: { field: 'status', name: 'reorder_request' },
  editableIn: ['pending'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    item_id: uuid({ ...P0.ao, references: 'inventory_items' }),
    qty_base: quantity({ ...P0.lww, min: 1 }),
    reason: text({ ...P0.lww, nullable: true, max: 300 }),
    order_id: uuid({ ...P0.cen, nullable: true, references: 'purchase_orders' }),
    status: oneOf(['pending', 'approved', 'rejected', 'ordered'], P0.sm),
  },
});
