import { bool, defineTable, int, oneOf, uuid } from '../define.ts';
import { P0, P1 } from '../marks.ts';

/** How a patient wants to be reached, a row for each channel. */
export const patientCommPreferences = defineTable({
  name: 'patient_comm_preferences',
  module: 'handouts',
  kind: 'record',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  stays: { with: 'patient_id' },
  identity: ['patient_id', 'channel'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    channel: oneOf(['print', 'email', 'sms', 'portal'], P1.ao),
    rank: int({ ...P1.lww, min: 1, max: 9 }),
    language: oneOf(['en', 'es'], P1.lww),
    font_scale: int({ ...P1.lww, min: 80, max: 300 }),
    to_proxy: bool(P1.lww),
  },
});
