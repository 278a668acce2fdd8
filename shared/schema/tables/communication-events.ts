import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { DELIVERY_EVENTS } from '../delivery-events.ts';
import { P0, P1 } from '../marks.ts';

/** What happened with a message to somebody; the server writes what providers report. */
export const communicationEvents = defineTable({
  name: 'communication_events',
  module: 'shared',
  kind: 'log',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 6,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, nullable: true, references: 'patients' }),
    message_id: uuid(P1.ao),
    channel: oneOf(['sms', 'email', 'voice', 'portal'], P1.ao),
    template_code: text({ ...P0.ao, min: 1, max: 60 }),
    destination_hash: text({ ...P1.ao, min: 32, max: 64 }),
    event: oneOf(DELIVERY_EVENTS, P1.ao),
    provider_id: text({ ...P1.ao, nullable: true, max: 80 }),
    error_code: text({ ...P0.ao, nullable: true, max: 40 }),
    occurred_at: instant(P1.ao),
  },
  indexes: [['message_id']],
});
