import { date, defineTable, instant, oneOf, uuid } from '../define.ts';
import { P0, P1 } from '../marks.ts';

/** Somebody arrived, checked in, left. Two check-ins are one: the earliest counts. */
export const checkInRecords = defineTable({
  name: 'check_in_records',
  module: 'kiosk',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 3,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    appointment_id: uuid({ ...P1.ao, references: 'appointments' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    session_id: uuid({ ...P1.ao, nullable: true, references: 'kiosk_sessions' }),
    event: oneOf(['arrived', 'checked_in', 'undo', 'left', 'roomed'], P1.ao),
    source: oneOf(['kiosk', 'desk', 'home'], P1.ao),
    occurred_at: instant(P1.ao),
    local_date: date(P1.ao),
    undoes_id: uuid({ ...P1.ao, nullable: true, references: 'check_in_records' }),
  },
  indexes: [['location_id', 'local_date']],
});
