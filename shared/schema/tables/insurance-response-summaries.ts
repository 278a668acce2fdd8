import { date, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** What the desk says when a patient asks: decided how, under which number, until when. */
export const insuranceResponseSummaries = defineTable({
  name: 'insurance_response_summaries',
  module: 'authorizations',
  kind: 'central',
  projectionOf: 'insurance_responses',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.cen, references: 'locations' }),
    patient_id: uuid({ ...P1.cen, references: 'patients' }),
    request_id: uuid({ ...P1.cen, references: 'authorization_requests' }),
    received_date: date(P1.cen),
    decision: oneOf(
      ['approved', 'partial', 'denied', 'more_info', 'pended', 'cancelled', 'no_response_deemed'],
      P2.cen,
    ),
    pa_number: text({ ...P2.cen, nullable: true, max: 60 }),
    valid_from: date({ ...P2.cen, nullable: true }),
    valid_to: date({ ...P2.cen, nullable: true }),
  },
});
