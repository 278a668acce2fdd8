import { bool, counter, defineTable, instant, oneOf, uuid } from '../define.ts';
import { P0, P1 } from '../marks.ts';

/**
 * One patient's way through check-in, on a kiosk, at the desk or from home. Of an appointment one
 * session is active; a second one is turned into "go on at the desk" and keeps its answers.
 */
export const kioskSessions = defineTable({
  name: 'kiosk_sessions',
  module: 'kiosk',
  kind: 'record',
  scope: { location: 'location_id', own: 'created_by' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 3,
  retentionYears: 7,
  machine: { field: 'state', name: 'kiosk_session' },
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    kiosk_device_id: uuid({ ...P0.ao, nullable: true, references: 'kiosk_devices' }),
    appointment_id: uuid({ ...P1.clm, nullable: true, references: 'appointments' }),
    patient_id: uuid({ ...P1.clm, nullable: true, references: 'patients' }),
    state: oneOf(
      [
        'started',
        'identified',
        'verifying',
        'forms',
        'signing',
        'payment',
        'complete',
        'abandoned',
        'expired',
        'handed_to_staff',
      ],
      P1.sm,
    ),
    locale: oneOf(['en', 'es'], P1.lww),
    accessibility_mode: bool(P1.lww),
    path: oneOf(['kiosk', 'staffed', 'home'], P1.lww),
    started_at: instant(P1.ao),
    last_activity_at: instant(P1.lww),
    lease_until: instant(P1.lww),
    identity_method: oneOf(['qr', 'name_birth_date', 'staff', 'code'], {
      ...P1.lww,
      nullable: true,
    }),
    attempts: counter({ phi: 'P1' }),
    needs_help: bool(P1.lww),
  },
  uniqueWhere: [
    {
      columns: ['appointment_id'],
      field: 'state',
      values: ['started', 'identified', 'verifying', 'forms', 'signing', 'payment'],
    },
  ],
  indexes: [['location_id', 'started_at']],
});
