import { date, defineTable, oneOf, text, uuid } from '../define.ts';

/**
 * A lot of an item. It comes into being from the first act line that names it; its id is derived
 * from what it is, so two devices that meet the same lot offline make one row.
 */
export const inventoryLots = defineTable({
  name: 'inventory_lots',
  kind: 'record',
  scope: { kind: 'org' },
  priority: 3,
  retentionYears: 7,
  expandedFrom: 'stock_acts',
  fields: {
    item_id: uuid({ phi: 'P0', merge: 'AO', references: 'inventory_items' }),
    lot_no: text({ phi: 'P0', merge: 'AO', min: 1, max: 40 }),
    expiry_date: date({ phi: 'P0', merge: 'AO', nullable: true }),
    serial: text({ phi: 'P0', merge: 'AO', max: 40 }),
    recall_status: oneOf(['none', 'suspect', 'recalled', 'cleared'], { phi: 'P0', merge: 'CEN' }),
  },
  indexes: [['item_id']],
});
