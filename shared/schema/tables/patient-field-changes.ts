import { z } from 'zod';
import { defineTable, json, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/** A proposal to change what the EHR has of a patient, with what was there when it was made. */
export const patientFieldChanges = defineTable({
  name: 'patient_field_changes',
  module: 'kiosk',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    session_id: uuid({ ...P1.ao, nullable: true, references: 'kiosk_sessions' }),
    field: text({ ...P1.ao, min: 1, max: 63 }),
    base_value: json(z.json(), { ...P2.ao, nullable: true }),
    new_value: json(z.json(), { ...P2.ao, nullable: true }),
    source: oneOf(['kiosk', 'desk', 'home', 'import'], P1.ao),
  },
});
