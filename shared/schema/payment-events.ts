/** What can happen to a payment; see the machine `payment`. */
export const PAYMENT_EVENTS = [
  'created',
  'processing',
  'succeeded',
  'failed',
  'deferred',
  'voided',
  'refunded',
  'reconciled',
] as const;
export type PaymentEvent = (typeof PAYMENT_EVENTS)[number];
