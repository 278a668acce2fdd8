import { z } from 'zod';
import { defineTable, int, json, oneOf, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** A form as one patient fills it in. Handed in it does not change; an amendment is a new row. */
export const formSubmissions = defineTable({
  name: 'form_submissions',
  module: 'kiosk',
  kind: 'record',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  machine: { field: 'progress', name: 'form_submission' },
  editableIn: ['draft'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    session_id: uuid({ ...P1.ao, nullable: true, references: 'kiosk_sessions' }),
    appointment_id: uuid({ ...P1.ao, nullable: true, references: 'appointments' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    version_id: uuid({ ...P2.ao, references: 'form_template_versions' }),
    kind: oneOf(['intake', 'consent', 'insurance', 'medical_history', 'financial', 'hipaa'], P1.ao),
    answers: json(z.record(z.string().max(80), z.json()), P2.hr),
    amends_id: uuid({ ...P1.ao, nullable: true, references: 'form_submissions' }),
    seconds_taken: int({ ...P1.lww, nullable: true, max: 86_400 }),
    progress: oneOf(['draft', 'submitted', 'reviewed', 'amended'], P1.sm),
  },
});
