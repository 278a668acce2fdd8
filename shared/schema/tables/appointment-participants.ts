import { defineTable, oneOf, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';

/** Somebody of the clinic, or a guest, at a visit. */
export const appointmentParticipants = defineTable({
  name: 'appointment_participants',
  module: 'pharma',
  kind: 'record',
  scope: { location: 'location_id', own: 'user_id' },
  priority: 5,
  retentionYears: 7,
  identity: ['appointment_id', 'person_key'],
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    appointment_id: uuid({ ...P0.ao, references: 'pharma_appointments' }),
    user_id: uuid({ ...P0.ao, nullable: true, references: 'users' }),
    /** The user's id, or the guest's name in lower case. */
    person_key: text({ ...PII.ao, min: 1, max: 120 }),
    guest_name: text({ ...PII.ao, nullable: true, max: 120 }),
    response: oneOf(['invited', 'accepted', 'declined'], P0.lww),
    dietary_note: text({ ...PII.lww, nullable: true, max: 300 }),
  },
});
