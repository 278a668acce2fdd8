import { defineTable, instant, int, oneOf, text, uuid } from '../define.ts';
import { DELIVERY_EVENTS } from '../delivery-events.ts';
import { P0, P1 } from '../marks.ts';

/** What happened with a handout on its way; where it stands is derived by rank, not by order. */
export const deliveryTracking = defineTable({
  name: 'delivery_tracking',
  module: 'handouts',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 5,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, references: 'patients' }),
    pack_id: uuid({ ...P1.ao, references: 'handout_packs' }),
    channel: oneOf(['print', 'email', 'sms', 'portal', 'qr'], P1.ao),
    destination_hash: text({ ...P1.ao, nullable: true, max: 64 }),
    destination_tail: text({ ...P1.ao, nullable: true, max: 12 }),
    attempt_no: int({ ...P0.ao, min: 1, max: 1000 }),
    event: oneOf(DELIVERY_EVENTS, P1.ao),
    provider_message_id: text({ ...P1.ao, nullable: true, max: 80 }),
    error_code: text({ ...P0.ao, nullable: true, max: 40 }),
    occurred_at: instant(P1.ao),
  },
  uniqueWhere: [
    { columns: ['provider_message_id', 'event'], field: 'provider_message_id', values: null },
  ],
});
