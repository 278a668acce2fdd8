import { defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { P0, P1 } from '../marks.ts';

/** Somebody wants no more messages, by any word. Counts from the moment it was received. */
export const optOuts = defineTable({
  name: 'opt_outs',
  module: 'shared',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 3,
  retentionYears: 7,
  stays: { with: 'patient_id' },
  fields: {
    location_id: uuid({ ...P0.ao, nullable: true, references: 'locations' }),
    patient_id: uuid({ ...P1.ao, nullable: true, references: 'patients' }),
    /** Keyed hash of the phone number or address. */
    destination_hash: text({ ...P1.ao, min: 32, max: 64 }),
    channel: oneOf(['sms', 'email', 'any'], P1.ao),
    source: oneOf(['keyword', 'any_words', 'staff', 'complaint', 'bounce'], P1.ao),
    /** Which messages it covers: those of this channel, or all. */
    covers: oneOf(['channel', 'all'], P1.ao),
    received_at: instant(P1.ao),
    honoured_at: instant({ ...P1.ao, nullable: true }),
  },
  indexes: [['destination_hash']],
});
