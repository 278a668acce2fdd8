import { defineTable, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** What a person thinks of what a model said. */
export const aiReviews = defineTable({
  name: 'ai_reviews',
  module: 'authorizations',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 5,
  retentionYears: 7,
  actors: ['reviewer_id'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    request_id: uuid({ ...P2.ao, references: 'authorization_requests' }),
    result_id: uuid({ ...P2.ao, references: 'ai_analysis_results' }),
    reviewer_id: uuid({ ...P0.ao, references: 'users' }),
    verdict: oneOf(['agree', 'edit', 'reject'], P2.ao),
    edited_text: text({ ...P2.ao, nullable: true, max: 60_000 }),
    reason: text({ ...P2.ao, nullable: true, max: 500 }),
  },
});
