import { defineTable, oneOf, uuid } from '../define.ts';
import { P0, P1 } from '../marks.ts';

/** Whether a patient's forms are done, without their answers. */
export const formSubmissionSummaries = defineTable({
  name: 'form_submission_summaries',
  module: 'kiosk',
  kind: 'central',
  projectionOf: 'form_submissions',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.cen, references: 'locations' }),
    patient_id: uuid({ ...P1.cen, references: 'patients' }),
    appointment_id: uuid({ ...P1.cen, nullable: true, references: 'appointments' }),
    kind: oneOf(
      ['intake', 'consent', 'insurance', 'medical_history', 'financial', 'hipaa'],
      P1.cen,
    ),
    progress: oneOf(['draft', 'submitted', 'reviewed', 'amended'], P1.cen),
  },
});
