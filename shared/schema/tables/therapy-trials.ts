import { bool, date, defineTable, oneOf, text, uuid } from '../define.ts';
import { P0, P2 } from '../marks.ts';

/** A therapy that was tried: what, from when to when, with which result. */
export const therapyTrials = defineTable({
  name: 'therapy_trials',
  module: 'authorizations',
  kind: 'record',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P2.ao, references: 'patients' }),
    request_id: uuid({ ...P2.ao, nullable: true, references: 'authorization_requests' }),
    drug: text({ ...P2.hr, min: 1, max: 160 }),
    drug_class: text({ ...P2.hr, nullable: true, max: 80 }),
    strength: text({ ...P2.hr, nullable: true, max: 60 }),
    started_on: date({ ...P2.hr, nullable: true }),
    ended_on: date({ ...P2.hr, nullable: true }),
    outcome: oneOf(['effective', 'partial', 'failed', 'intolerant', 'contraindicated'], P2.hr),
    reason: text({ ...P2.hr, nullable: true, max: 500 }),
    entered_in_error: bool(P2.lww),
  },
});
