import { date, defineTable, instant, int, oneOf, text, uuid } from '../define.ts';
import { P0, P1, P2 } from '../marks.ts';

/**
 * A visit as the EHR plans it. Arriving is no field of it: it follows from `check_in_records`.
 * Statuses are those of FHIR Appointment.
 */
export const appointments = defineTable({
  name: 'appointments',
  module: 'shared',
  kind: 'record',
  scope: { location: 'location_id' },
  window: { subject: 'appointments', column: 'id' },
  priority: 2,
  retentionYears: 7,
  stays: { ends: 'ends_at' },
  machine: { field: 'status', name: 'appointment' },
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    ehr_id: text({ ...P1.cen, nullable: true, max: 80 }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    provider_id: uuid({ ...P0.cen, nullable: true, references: 'users' }),
    starts_at: instant(P1.cen),
    ends_at: instant(P1.cen),
    local_date: date(P1.cen),
    type: text({ ...P1.cen, min: 1, max: 80 }),
    reason: text({ ...P2.cen, nullable: true, max: 300, onDevice: true }),
    status: oneOf(
      [
        'proposed',
        'pending',
        'booked',
        'arrived',
        'checked-in',
        'fulfilled',
        'cancelled',
        'noshow',
        'waitlist',
        'entered-in-error',
      ],
      P1.sm,
    ),
    source_version: int(P0.cen),
  },
  uniqueWhere: [{ columns: ['ehr_id'], field: 'ehr_id', values: null }],
  indexes: [['location_id', 'local_date'], ['patient_id']],
});
