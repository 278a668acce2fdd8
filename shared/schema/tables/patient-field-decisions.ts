import { z } from 'zod';
import { defineTable, json, oneOf, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** What staff decided about a proposal: take it, refuse it, or take something else. */
export const patientFieldDecisions = defineTable({
  name: 'patient_field_decisions',
  module: 'kiosk',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  actors: ['decided_by'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    change_id: uuid({ ...P1.ao, references: 'patient_field_changes' }),
    decision: oneOf(['accepted', 'rejected', 'edited'], P1.ao),
    value: json(z.json(), { ...P2.ao, nullable: true }),
    decided_by: uuid({ ...P0.ao, references: 'users' }),
  },
});
