import { date, defineTable, instant, oneOf, text, texts, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** What an insurer answered, as somebody entered it. */
export const insuranceResponses = defineTable({
  name: 'insurance_responses',
  module: 'authorizations',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  actors: ['entered_by'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    request_id: uuid({ ...P2.ao, references: 'authorization_requests' }),
    submission_id: uuid({ ...P2.ao, references: 'pa_submissions' }),
    received_at: instant(P2.ao),
    received_date: date(P2.ao),
    received_via: oneOf(['fax', 'mail', 'phone', 'portal', 'covermymeds', 'none'], P2.ao),
    decision: oneOf(
      ['approved', 'partial', 'denied', 'more_info', 'pended', 'cancelled', 'no_response_deemed'],
      P2.ao,
    ),
    pa_number: text({ ...P2.ao, nullable: true, max: 60 }),
    valid_from: date({ ...P2.ao, nullable: true }),
    valid_to: date({ ...P2.ao, nullable: true }),
    units: text({ ...P2.ao, nullable: true, max: 60 }),
    reason_codes: texts({ ...P2.ao, max: 60, items: 20 }),
    criteria_cited: text({ ...P2.ao, nullable: true, max: 4000 }),
    appeal_deadline: date({ ...P2.ao, nullable: true }),
    document_file_id: uuid({ ...P2.ao, nullable: true, references: 'file_uploads' }),
    entered_by: uuid({ ...P0.ao, references: 'users' }),
  },
  unique: [['submission_id', 'pa_number', 'decision', 'received_date']],
});
