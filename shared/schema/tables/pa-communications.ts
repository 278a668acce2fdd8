import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** What was said between clinic, insurer, pharmacy and patient about a request. */
export const paCommunications = defineTable({
  name: 'pa_communications',
  module: 'authorizations',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    request_id: uuid({ ...P2.ao, references: 'authorization_requests' }),
    with_whom: oneOf(['insurer', 'pharmacy', 'patient', 'prescriber'], P2.ao),
    channel: oneOf(['phone', 'fax', 'portal', 'email', 'in_person'], P2.ao),
    direction: oneOf(['in', 'out'], P0.ao),
    body: text({ ...P2.ao, min: 1, max: 4000 }),
    occurred_at: instant(P2.ao),
  },
});
