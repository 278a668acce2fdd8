import { z } from 'zod';

/**
 * Card payments, as devices ask for them. They need the server: a card is never taken offline. What
 * happened reaches devices as rows of `payment_transactions`.
 */

const Id = z.guid().toLowerCase();
/** Names a command over all tries of it; a device makes one and keeps it until it knows the end. */
const Key = z.string().min(8).max(80);

export const BeginPayment = z.strictObject({
  key: Key,
  /** Groups the commands about one thing that is paid for. */
  intentId: Id,
  locationId: Id,
  patientId: Id,
  appointmentId: Id.nullable(),
  purpose: z.enum(['copay', 'balance', 'deductible', 'deposit', 'fee']),
  amountCents: z.int().min(50).max(100_000_00),
  /** Of Stripe, as the site's settings name it. */
  readerId: z.string().regex(/^tmr_\w{1,60}$/),
});
export type BeginPayment = z.infer<typeof BeginPayment>;

export const ReturnPayment = z.strictObject({
  key: Key,
  /** Of the payment that is given back. */
  intentId: Id,
  /** void: all of a payment of today · refund: any part of it. */
  does: z.enum(['refund', 'void']),
  amountCents: z.int().min(1).max(100_000_00),
  reasonCode: z.string().regex(/^[a-z][a-z_]{1,39}$/),
});
export type ReturnPayment = z.infer<typeof ReturnPayment>;

export const OnePayment = z.strictObject({ key: Key });
export type OnePayment = z.infer<typeof OnePayment>;

export const PAYMENT_STATES = [
  'begun',
  'waiting',
  'unknown',
  'done',
  'declined',
  'refused',
  'cancelled',
  'risky',
] as const;

/** How a command stands. unknown: it is looked up, nobody may ask for it again meanwhile. */
export const PaymentReply = z.object({
  key: z.string(),
  does: z.enum(['take', 'refund', 'void']),
  state: z.enum(PAYMENT_STATES),
  isOver: z.boolean(),
  amountCents: z.int(),
  /** Name of an error code. */
  problem: z.string().nullable(),
});
export type PaymentReply = z.infer<typeof PaymentReply>;

/** What the slip for the patient says beside amount, date and place. */
export const ReceiptReply = z.object({
  brand: z.string().nullable(),
  last4: z.string().nullable(),
  application: z.string().nullable(),
  applicationId: z.string().nullable(),
  authorisation: z.string().nullable(),
  number: z.string().nullable(),
});

export const PAYMENT_PATHS = {
  begin: '/v1/payments/begin',
  look: '/v1/payments/look',
  cancel: '/v1/payments/cancel',
  giveBack: '/v1/payments/return',
  receipt: '/v1/payments/receipt',
} as const;
