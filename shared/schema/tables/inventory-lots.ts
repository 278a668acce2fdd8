import { date, defineTable, oneOf, text, uuid } from '../define.ts';

/**
 * A lot of an item. It comes into being from the first act line that names it; its id is derived
 * from what it is, so two devices that meet the same lot offline make one row.
 */
export const inventoryLots = defineTable({
  name: 'inventory_lots',
  module: 'inventory',
  kind: 'record',
  scope: {},
  priority: 3,
  retentionYears: 7,
  expandedFrom: 'stock_acts',
  machine: { field: 'recall_status', name: 'lot_recall' },
  fields: {
    item_id: uuid({ phi: 'P0', merge: 'AO', references: 'inventory_items' }),
    lot_no: text({ phi: 'P0', merge: 'AO', min: 1, max: 40 }),
    expiry_date: date({ phi: 'P0', merge: 'AO', nullable: true }),
    serial: text({ phi: 'P0', merge: 'AO', max: 40 }),
    /** Month: the label names no day, and the lot is good to the last day of the month. */
    expiry_precision: oneOf(['day', 'month'], { phi: 'P0', merge: 'AO', nullable: true }),
    received_from: uuid({ phi: 'P0', merge: 'CEN', nullable: true, references: 'vendors' }),
    transaction_doc_file_id: uuid({
      phi: 'P0',
      merge: 'LWW',
      nullable: true,
      references: 'file_uploads',
    }),
    recall_status: oneOf(['none', 'suspect', 'recalled', 'cleared'], { phi: 'P0', merge: 'SM' }),
  },
  indexes: [['item_id']],
});
