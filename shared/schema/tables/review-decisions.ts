import { z } from 'zod';
import { isHlc } from '#shared/kernel/hlc.ts';
import { defineTable, instant, json, text, uuid } from '../define.ts';
import { P0, P2 } from '../marks.ts';

/**
 * What somebody decided about one entry of a review or of the conflict log.
 * kept, lost: one of its two values · other: a value of their own · done: it was settled elsewhere,
 * no field changes · undo: as it was before the decision that this one reverses.
 */
export const ReviewLine = z.strictObject({
  about: z.enum(['review_items', 'conflict_log']),
  about_id: z.guid(),
  /** Null for what is not about one field. */
  field: z.string().min(1).max(63).nullable(),
  choice: z.enum(['kept', 'lost', 'other', 'done', 'undo']),
  /** What the field is from now on, and what stood in it when this was decided. */
  value: z.json(),
  before: z.json(),
  /** Stamp of the field as the person saw it; null where nobody had ever set it. */
  seen: z.string().refine(isHlc, 'is not a stamp').nullable(),
});
export type ReviewLine = z.infer<typeof ReviewLine>;

/**
 * One click in the review: what becomes of one or several fields of one record. The edits of that
 * record and the step of the reviews follow from it (`shared/merge/decide.ts`), here and on the
 * server. An undo is a decision of its own that names the one which it reverses.
 */
export const reviewDecisions = defineTable({
  name: 'review_decisions',
  module: 'sync',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    /** Site of the record. */
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    /** The record whose fields were decided. */
    table_name: text({ ...P0.ao, max: 63 }),
    row_id: uuid(P0.ao),
    lines: json(z.array(ReviewLine).min(1).max(50), P2.ao),
    reverses_id: uuid({ ...P0.ao, nullable: true, references: 'review_decisions' }),
    /** When the server took it; from then on it can be undone for a day. Null until then. */
    accepted_at: instant({ ...P0.ao, nullable: true }),
  },
  indexes: [['row_id']],
  uniqueWhere: [{ columns: ['reverses_id'], field: 'reverses_id', values: null }],
});
