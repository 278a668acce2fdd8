import { z } from 'zod';
import { isHlc } from '#shared/kernel/hlc.ts';
import { defineTable, json, oneOf, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A field of the item that stays, and what it is from now on. */
export const MergeLine = z.strictObject({
  field: z.string().min(1).max(63),
  value: z.json(),
  /** What stood there when this was decided, and its stamp; null where nobody had ever set it. */
  before: z.json(),
  seen: z.string().refine(isHlc, 'is not a stamp').nullable(),
});
export type MergeLine = z.infer<typeof MergeLine>;

/**
 * Two items of the catalogue turned out to be one: the merged one stands for the other from now on, with
 * all that was booked of it. The edits of both follow from this (`shared/merge/item-merge.ts`), on
 * the device and on the server, which judges which of two merges came first. An undo is a row of its own.
 */
export const itemMerges = defineTable({
  name: 'item_merges',
  module: 'inventory',
  kind: 'fact',
  scope: {},
  priority: 2,
  // What was booked of a merged item is found by it, as long as anything is.
  retentionYears: null,
  fields: {
    survivor_id: uuid({ ...P0.ao, references: 'inventory_items' }),
    merged_id: uuid({ ...P0.ao, references: 'inventory_items' }),
    /** State of the merged item, to which an undo brings it back. */
    status_before: oneOf(['draft', 'active', 'discontinued'], P0.ao),
    lines: json(z.array(MergeLine).max(30), P0.ao),
    reverses_id: uuid({ ...P0.ao, nullable: true, references: 'item_merges' }),
  },
  indexes: [['merged_id'], ['survivor_id']],
  uniqueWhere: [{ columns: ['reverses_id'], field: 'reverses_id', values: null }],
});
