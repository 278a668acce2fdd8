import { bool, defineTable, quantity, text, uuid } from '../define.ts';

/** What one site wants to hold of an item and where it lies. On-hand is derived, never stored. */
export const itemLocations = defineTable({
  name: 'item_locations',
  module: 'inventory',
  kind: 'record',
  scope: { location: 'location_id' },
  priority: 3,
  retentionYears: 7,
  stays: { with: 'item_id' },
  fields: {
    item_id: uuid({ phi: 'P0', merge: 'AO', references: 'inventory_items' }),
    location_id: uuid({ phi: 'P0', merge: 'AO', references: 'locations' }),
    par: quantity({ phi: 'P0', merge: 'LWW', min: 0, nullable: true }),
    min: quantity({ phi: 'P0', merge: 'LWW', min: 0, nullable: true }),
    max: quantity({ phi: 'P0', merge: 'LWW', min: 0, nullable: true }),
    reorder_qty: quantity({ phi: 'P0', merge: 'LWW', min: 0, nullable: true }),
    bin: text({ phi: 'P0', merge: 'LWW', max: 40, nullable: true }),
    is_stocked: bool({ phi: 'P0', merge: 'LWW' }),
  },
  unique: [['item_id', 'location_id']],
  indexes: [['item_id'], ['location_id', 'item_id']],
});
