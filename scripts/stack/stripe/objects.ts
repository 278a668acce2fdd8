import { randomBytes } from 'node:crypto';

/**
 * Objects of Stripe's API, with the fields that its description asks for and ours reads. Fields of a list of
 * values are absent where Stripe sends null: the list in its description leaves null out.
 */
export type Json = Record<string, unknown>;
export type Form = Readonly<Record<string, string>>;
export type IntentStatus =
  | 'requires_payment_method'
  | 'requires_capture'
  | 'succeeded'
  | 'canceled';
export type Intent = Json & {
  id: string;
  status: IntentStatus;
  amount: number;
  amount_received: number;
  latest_charge: string | null;
  metadata: Record<string, string>;
};
export type Charge = Json & {
  id: string;
  amount: number;
  amount_refunded: number;
  payment_intent: string;
};
export type Refund = Json & {
  id: string;
  amount: number;
  payment_intent: string;
  status: string;
  metadata: Record<string, string>;
};
export type Dispute = Json & { id: string; status: string; payment_intent: string };
export type StripeEvent = Json & { id: string; type: string; data: { object: Json } };

/** What a card does when it is held against a reader. */
export interface Card {
  /** 0 to 100; absent: Stripe says none, as of most cards that are present. */
  readonly risk?: number;
  /** Stripe's code for why it is declined. */
  readonly declined?: string;
  readonly last4?: string;
}

/** Stripe's own numbers for trying things out. */
export const TEST_CARDS: Readonly<Record<string, Card>> = {
  '4242424242424242': { last4: '4242' },
  '4000000000000002': { declined: 'card_declined', last4: '0002' },
  '4000000000009995': { declined: 'insufficient_funds', last4: '9995' },
  '4000000000009235': { risk: 70, last4: '9235' },
  '4000000000004954': { risk: 95, last4: '4954' },
};

export const newId = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

/** Fields of a form that stand in brackets: `metadata[key]`. */
export function inBrackets(form: Form, name: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [field, value] of Object.entries(form)) {
    if (field.startsWith(`${name}[`)) found[field.slice(name.length + 1, -1)] = value;
  }
  return found;
}

export const newIntent = (form: Form, created: number): Intent => ({
  id: newId('pi'),
  object: 'payment_intent',
  amount: Number(form['amount']),
  amount_capturable: 0,
  amount_received: 0,
  canceled_at: null,
  capture_method: form['capture_method'] ?? 'automatic',
  confirmation_method: 'automatic',
  created,
  currency: form['currency'] ?? 'usd',
  description: null,
  last_payment_error: null,
  latest_charge: null,
  livemode: false,
  metadata: inBrackets(form, 'metadata'),
  next_action: null,
  payment_method_types: Object.values({
    ...inBrackets(form, 'payment_method_types'),
    ...inBrackets(form, 'allowed_payment_method_types'),
  }),
  receipt_email: null,
  status: 'requires_payment_method',
});

export const newCharge = (intent: Intent, card: Card, created: number): Charge => ({
  id: newId('ch'),
  object: 'charge',
  amount: intent.amount,
  amount_captured: 0,
  amount_refunded: 0,
  billing_details: { address: null, email: null, name: null, phone: null },
  captured: false,
  created,
  currency: intent['currency'],
  disputed: false,
  livemode: false,
  metadata: {},
  outcome: {
    network_status: 'approved_by_network',
    reason: null,
    ...(card.risk === undefined ? {} : { risk_level: levelOf(card.risk), risk_score: card.risk }),
    seller_message: 'Payment complete.',
    type: 'authorized',
  },
  paid: true,
  payment_intent: intent.id,
  payment_method_details: {
    type: 'card_present',
    card_present: {
      brand: 'visa',
      exp_month: 12,
      exp_year: 2034,
      incremental_authorization_supported: false,
      last4: card.last4 ?? '4242',
      overcapture_supported: false,
      read_method: 'contactless_emv',
      receipt: {
        account_type: 'credit',
        application_preferred_name: 'Visa Credit',
        authorization_code: '123456',
        authorization_response_code: '3030',
        dedicated_file_name: 'A0000000031010',
      },
    },
  },
  receipt_number: null,
  receipt_url: null,
  refunded: false,
  status: 'succeeded',
});
const levelOf = (risk: number): string =>
  risk >= 75 ? 'highest' : risk >= 65 ? 'elevated' : 'normal';

export const newRefund = (form: Form, intent: Intent, created: number): Refund => ({
  id: newId('re'),
  object: 'refund',
  amount: Number(form['amount'] ?? intent.amount),
  charge: intent.latest_charge,
  created,
  currency: intent['currency'],
  metadata: inBrackets(form, 'metadata'),
  payment_intent: intent.id,
  ...(form['reason'] === undefined ? {} : { reason: form['reason'] }),
  status: 'succeeded',
});

export const newDispute = (charge: Charge, created: number): Dispute => ({
  id: newId('dp'),
  object: 'dispute',
  amount: charge.amount,
  charge: charge.id,
  created,
  currency: charge['currency'],
  livemode: false,
  metadata: {},
  payment_intent: charge.payment_intent,
  reason: 'general',
  status: 'needs_response',
});

/** What a reader is at; null: it is free. */
export interface ReaderAction {
  readonly intent: string;
  readonly status: 'in_progress' | 'succeeded' | 'failed';
  readonly failure: string | null;
}

export const readerOf = (id: string, action: ReaderAction | null): Json => ({
  id,
  object: 'terminal.reader',
  action: action && {
    type: 'process_payment_intent',
    status: action.status,
    failure_code: action.failure,
    failure_message: action.failure === null ? null : 'no',
    process_payment_intent: { payment_intent: action.intent },
  },
  device_type: 'bbpos_wisepos_e',
  label: 'Front desk',
  livemode: false,
  metadata: {},
  serial_number: '123-456',
  status: 'online',
});

export const newEvent = (type: string, object: Json, created: number): StripeEvent => ({
  id: newId('evt'),
  object: 'event',
  api_version: '2026-10-28.endive',
  created,
  // As it was then: what happens to it later is another event.
  data: { object: structuredClone(object) },
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type,
});
