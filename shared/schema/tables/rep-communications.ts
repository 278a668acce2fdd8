import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';

/** What was written or said to a representative. */
export const repCommunications = defineTable({
  name: 'rep_communications',
  module: 'pharma',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 6,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    rep_id: uuid({ ...P0.ao, references: 'pharma_representatives' }),
    appointment_id: uuid({ ...P0.ao, nullable: true, references: 'pharma_appointments' }),
    channel: oneOf(['email', 'phone', 'in_person', 'web'], P0.ao),
    direction: oneOf(['in', 'out'], P0.ao),
    body: text({ ...PII.ao, min: 1, max: 2000 }),
    occurred_at: instant(P0.ao),
  },
});
