import { bool, defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { P0, PII } from '../marks.ts';

/** Somebody was there: signed in at the desk or the kiosk, ate or did not. */
export const visitorSignIns = defineTable({
  name: 'visitor_sign_ins',
  module: 'pharma',
  kind: 'fact',
  scope: { location: 'location_id', own: 'user_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    appointment_id: uuid({ ...P0.ao, references: 'pharma_appointments' }),
    user_id: uuid({ ...P0.ao, nullable: true, references: 'users' }),
    name: text({ ...PII.ao, min: 1, max: 120 }),
    event: oneOf(['signed_in', 'signed_out', 'ate', 'did_not_eat'], P0.ao),
    covered_recipient: bool(P0.ao),
    occurred_at: instant(P0.ao),
  },
});
