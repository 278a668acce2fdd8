import { date, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** An order. Its totals and what was received are derived; its number is given at approval. */
export const purchaseOrders = defineTable({
  name: 'purchase_orders',
  module: 'inventory',
  kind: 'record',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  machine: { field: 'status', name: 'purchase_order' },
  editableIn: ['draft', 'returned'],
  openFields: ['note'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    vendor_id: uuid({ ...P0.lww, references: 'vendors' }),
    po_no: text({ ...P0.cen, nullable: true, max: 20 }),
    urgency: oneOf(['routine', 'urgent', 'emergency'], P0.lww),
    need_by: date({ ...P0.lww, nullable: true }),
    note: text({ ...P0.lww, nullable: true, max: 1000 }),
    status: oneOf(
      [
        'draft',
        'submitted',
        'returned',
        'approved',
        'ordered',
        'partially_received',
        'received',
        'closed',
        'cancelled',
      ],
      P0.sm,
    ),
  },
  uniqueWhere: [{ columns: ['po_no'], field: 'po_no', values: null }],
  indexes: [['location_id', 'status']],
});
