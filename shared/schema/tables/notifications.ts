import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { P0, P1 } from '../marks.ts';

/**
 * Something that one person should know. The server addresses a role at a site as one row for each
 * person who has it. The body never holds PHI; what it is about stands behind `ref_id`.
 */
export const notifications = defineTable({
  name: 'notifications',
  module: 'shared',
  kind: 'fact',
  scope: { location: 'location_id', own: 'recipient_id' },
  priority: 3,
  retentionYears: 2,
  fields: {
    recipient_id: uuid({ ...P0.ao, references: 'users' }),
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    kind: text({ ...P0.ao, min: 1, max: 60 }),
    severity: oneOf(['info', 'warning', 'urgent'], P0.ao),
    ref_table: text({ ...P0.ao, nullable: true, max: 63 }),
    ref_id: uuid({ ...P1.ao, nullable: true }),
    body: text({ ...P0.ao, min: 1, max: 300 }),
    dedupe_key: text({ ...P0.ao, min: 1, max: 120 }),
    expires_at: instant({ ...P0.ao, nullable: true }),
  },
  unique: [['dedupe_key']],
});
