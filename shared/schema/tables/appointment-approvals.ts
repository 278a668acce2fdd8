import { defineTable, int, oneOf, text, uuid } from '../define.ts';
import { P0 } from '../marks.ts';

/** A decision about a visit as it was asked for. */
export const appointmentApprovals = defineTable({
  name: 'appointment_approvals',
  module: 'pharma',
  kind: 'fact',
  scope: { location: 'location_id' },
  priority: 5,
  retentionYears: 7,
  actors: ['approver_id'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    appointment_id: uuid({ ...P0.ao, references: 'pharma_appointments' }),
    stage: int({ ...P0.ao, min: 1, max: 5 }),
    approver_id: uuid({ ...P0.ao, references: 'users' }),
    decision: oneOf(['approved', 'denied'], P0.ao),
    reason: text({ ...P0.ao, nullable: true, max: 300 }),
    basis_version: text({ ...P0.ao, min: 1, max: 64 }),
  },
});
