import { defineTable, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** What somebody thinks of a piece of evidence. */
export const evidenceReviews = defineTable({
  name: 'evidence_reviews',
  module: 'authorizations',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  actors: ['reviewer_id'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    evidence_id: uuid({ ...P2.ao, references: 'authorization_evidence' }),
    reviewer_id: uuid({ ...P0.ao, references: 'users' }),
    verdict: oneOf(['accepted', 'edited', 'rejected'], P2.ao),
    reason: text({ ...P2.ao, nullable: true, max: 500 }),
  },
});
