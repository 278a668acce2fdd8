import { bool, defineTable, int, quantity, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** What a vendor calls an item, how little they sell of it and how long it takes. */
export const vendorItems = defineTable({
  name: 'vendor_items',
  module: 'inventory',
  kind: 'record',
  scope: {},
  priority: 3,
  retentionYears: 7,
  stays: { with: 'item_id' },
  identity: ['vendor_id', 'item_id'],
  fields: {
    vendor_id: uuid({ ...P0.ao, references: 'vendors' }),
    item_id: uuid({ ...P0.ao, references: 'inventory_items' }),
    vendor_sku: text({ ...P0.lww, nullable: true, max: 60 }),
    min_qty: quantity({ ...P0.lww, min: 0, nullable: true }),
    lead_days: int({ ...P0.lww, nullable: true, max: 365 }),
    is_primary: bool(P0.lww),
  },
  indexes: [['item_id']],
});
