import { date, defineTable, int, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** What a patient takes or took, from the EHR. */
export const patientMedications = defineTable({
  name: 'patient_medications',
  module: 'shared',
  kind: 'central',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 5,
  retentionYears: 7,
  stays: { with: 'patient_id' },
  fields: {
    location_id: uuid({ ...P0.cen, references: 'locations' }),
    patient_id: uuid({ ...P2.cen, references: 'patients' }),
    medication_id: uuid({ ...P2.cen, nullable: true, references: 'medications' }),
    ehr_id: text({ ...P1.cen, nullable: true, max: 80 }),
    name: text({ ...P2.cen, min: 1, max: 160 }),
    sig: text({ ...P2.cen, nullable: true, max: 300 }),
    started_on: date({ ...P2.cen, nullable: true }),
    ended_on: date({ ...P2.cen, nullable: true }),
    status: oneOf(['active', 'completed', 'stopped', 'entered-in-error'], P2.cen),
    source_version: int(P0.cen),
  },
});
