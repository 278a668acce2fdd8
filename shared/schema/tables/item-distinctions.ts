import { bool, defineTable, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/**
 * Somebody looked at two items that may be one and said that they are not, or took that back. Of
 * several answers about the same two the latest counts, for everyone; see
 * `shared/merge/derive/item-pairs.ts`.
 */
export const itemDistinctions = defineTable({
  name: 'item_distinctions',
  module: 'inventory',
  kind: 'fact',
  scope: {},
  priority: 4,
  // Without the answer the same two would be asked about again, as long as both are there.
  retentionYears: null,
  fields: {
    item_id: uuid({ ...P0.ao, references: 'inventory_items' }),
    other_id: uuid({ ...P0.ao, references: 'inventory_items' }),
    /** False: this was taken back, the two may be one after all. */
    differs: bool(P0.ao),
  },
  indexes: [['item_id'], ['other_id']],
});
