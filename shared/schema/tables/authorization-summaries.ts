import { defineTable, oneOf, text, uuid } from '../define.ts';
import { AUTHORIZATION_STATES } from '../authorization-states.ts';
import { P0, P1 } from '../marks.ts';

/** How far a request is, without drug, diagnosis or letter. */
export const authorizationSummaries = defineTable({
  name: 'authorization_summaries',
  module: 'authorizations',
  kind: 'central',
  projectionOf: 'authorization_requests',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.cen, references: 'locations' }),
    patient_id: uuid({ ...P1.cen, references: 'patients' }),
    request_no: text({ ...P1.cen, nullable: true, max: 20 }),
    urgency: oneOf(['standard', 'expedited'], P1.cen),
    status: oneOf(AUTHORIZATION_STATES, P1.cen),
  },
});
