import { cents, date, defineTable, instant, oneOf, text, uuid } from '../define.ts';
import { PAYMENT_EVENTS } from '../payment-events.ts';
import { P0, P2 } from '../marks.ts';

/**
 * What happened with a payment. Its state and the balance are derived. Card events come from the
 * server alone; a card number never stands anywhere.
 */
export const paymentTransactions = defineTable({
  name: 'payment_transactions',
  module: 'kiosk',
  kind: 'fact',
  scope: { location: 'location_id' },
  window: { subject: 'patients', column: 'patient_id' },
  priority: 4,
  retentionYears: 7,
  fields: {
    location_id: uuid({ ...P0.ao, references: 'locations' }),
    patient_id: uuid({ ...P2.ao, references: 'patients' }),
    appointment_id: uuid({ ...P2.ao, nullable: true, references: 'appointments' }),
    intent_id: uuid(P2.ao),
    idempotency_key: text({ ...P0.ao, min: 8, max: 80 }),
    purpose: oneOf(['copay', 'balance', 'deductible', 'deposit', 'fee', 'refund'], P2.ao),
    amount_cents: cents({ ...P2.ao, min: 1 }),
    currency: oneOf(['USD'], P0.ao),
    method: oneOf(['card_present', 'cash', 'cheque', 'deferred'], P2.ao),
    event: oneOf(PAYMENT_EVENTS, P2.ao),
    processor_ref: text({ ...P2.ao, nullable: true, max: 80 }),
    last4: text({ ...P2.ao, nullable: true, max: 4 }),
    brand: text({ ...P2.ao, nullable: true, max: 20 }),
    reason_code: text({ ...P2.ao, nullable: true, max: 40 }),
    collected_by: uuid({ ...P0.ao, nullable: true, references: 'users' }),
    occurred_at: instant(P2.ao),
    local_date: date(P2.ao),
  },
  unique: [['idempotency_key', 'event']],
  indexes: [['intent_id'], ['location_id', 'local_date']],
});
