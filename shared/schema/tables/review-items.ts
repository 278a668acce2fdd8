import { z } from 'zod';
import { REVIEW_KINDS } from '../review-kinds.ts';
import { defineTable, json, oneOf, text, uuid } from '../define.ts';

/** Something that a person with the right role has to decide. Opened by the server. */
export const reviewItems = defineTable({
  name: 'review_items',
  module: 'sync',
  kind: 'record',
  scope: { location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  stays: { until: { field: 'status', is: ['decided', 'void'] } },
  actors: ['decided_by'],
  machine: { field: 'status', name: 'review_item' },
  fields: {
    location_id: uuid({ phi: 'P0', merge: 'AO', nullable: true, references: 'locations' }),
    kind: oneOf(REVIEW_KINDS, { phi: 'P0', merge: 'AO' }),
    table_name: text({ phi: 'P0', merge: 'AO', max: 63 }),
    row_id: uuid({ phi: 'P0', merge: 'AO' }),
    field: text({ phi: 'P0', merge: 'AO', max: 63, nullable: true }),
    /** What the person needs to decide: for a conflict both values, for a count the variances. */
    facts: json(z.json(), { phi: 'P0', merge: 'AO' }),
    status: oneOf(['open', 'decided', 'void'], { phi: 'P0', merge: 'SM' }),
    decision: text({ phi: 'P0', merge: 'LWW', max: 40, nullable: true }),
    decided_by: uuid({ phi: 'P0', merge: 'LWW', nullable: true, references: 'users' }),
  },
  indexes: [['row_id']],
});
