import { defineTable, instant, int, quantity, uuid } from '../define.ts';

/**
 * What somebody saw on the shelf. An observation, not an overwrite: once its session is posted it is
 * the checkpoint from which on-hand is reckoned, and only later movements count.
 */
export const countLines = defineTable({
  name: 'count_lines',
  module: 'inventory',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 4,
  retentionYears: 7,
  stays: { reckoned: true },
  actors: ['counter_id'],
  fields: {
    session_id: uuid({ phi: 'P0', merge: 'AO', references: 'count_sessions' }),
    location_id: uuid({ phi: 'P0', merge: 'AO', references: 'locations' }),
    item_id: uuid({ phi: 'P0', merge: 'AO', references: 'inventory_items' }),
    lot_id: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'inventory_lots' }),
    counted_qty: quantity({ phi: 'P0', merge: 'AO', min: 0 }),
    counted_at: instant({ phi: 'P0', merge: 'AO' }),
    counter_id: uuid({ phi: 'P0', merge: 'AO', references: 'users' }),
    pass: int({ phi: 'P0', merge: 'AO', min: 1, max: 9 }),
  },
  indexes: [['session_id'], ['item_id', 'location_id']],
});
