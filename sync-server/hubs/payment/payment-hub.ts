import { z } from 'zod';
import type { StripeConfig } from '../../config/hubs-config.ts';
import { HubFailure } from '../hub-failure.ts';
import { UniversalHub } from '../universal-hub.ts';
import type { HubCall, HubDeps } from '../universal-hub.ts';
import { FRAUD_LIMIT, fraudScore } from './fraud.ts';
import type { FraudFacts } from './fraud.ts';
import { callStripe } from './stripe-api.ts';
import type { StripeCall } from './stripe-api.ts';

const Charge = z.object({
  id: z.string(),
  outcome: z.object({ risk_score: z.number().optional() }).nullish(),
});
const Intent = z.object({
  id: z.string(),
  amount: z.int(),
  amount_received: z.int().optional(),
  status: z.string(),
  latest_charge: z.string().nullish(),
  last_payment_error: z.object({ code: z.string().optional() }).nullish(),
  metadata: z.record(z.string(), z.string()).optional(),
});
type Intent = z.infer<typeof Intent>;
const Reader = z.object({ id: z.string(), action: z.object({ status: z.string() }).nullish() });
const Refund = z.object({ id: z.string(), amount: z.int(), status: z.string().nullish() });
const Intents = z.object({ data: z.array(Intent) });

/** How a payment stands. */
export type PaymentState =
  /** The reader asks for a card, or Stripe is at it. */
  | { readonly is: 'waiting'; readonly intentId: string }
  | { readonly is: 'paid'; readonly intentId: string; readonly amountCents: number }
  | { readonly is: 'declined'; readonly intentId: string; readonly why: string | null }
  /** Nothing was taken: a person has to look at it. */
  | { readonly is: 'risky'; readonly intentId: string; readonly score: number }
  | { readonly is: 'cancelled'; readonly intentId: string };

export interface PaymentWish {
  /** Names the payment over all tries of it. */
  readonly key: string;
  readonly amountCents: number;
  readonly readerId: string;
  readonly about: HubCall['about'];
}

const PARTNER = 'stripe';

/**
 * Card payments at the desk. A reader of Stripe's takes the card; its number never comes near this
 * process. What was authorised is taken only after it was judged. Every deed has a key of its own under
 * which Stripe does it once, so what may have been done is simply asked for again.
 */
export class PaymentHub extends UniversalHub {
  readonly #stripe: StripeConfig | null;

  constructor(stripe: StripeConfig | null, deps: HubDeps) {
    super('payment', { [PARTNER]: stripe === null ? 'off' : 'live' }, deps);
    this.#stripe = stripe;
  }

  /**
   * Has a reader ask for a card. The same wish again is the same payment.
   * @throws HubFailure PAYMENT_READER_BUSY and those of the base
   */
  async begin({ key, amountCents, readerId, about }: PaymentWish): Promise<PaymentState> {
    const intent = await this.#call('begin', `${key}-intent`, about, Intent, {
      method: 'POST',
      path: '/v1/payment_intents',
      form: {
        amount: amountCents,
        currency: 'usd',
        payment_method_types: ['card_present'],
        capture_method: 'manual',
        'metadata[key]': key,
      },
    });
    await this.#call('ask-reader', `${key}-reader`, about, Reader, {
      method: 'POST',
      path: `/v1/terminal/readers/${readerId}/process_payment_intent`,
      form: { payment_intent: intent.id },
      isKeyed: false,
    });
    return { is: 'waiting', intentId: intent.id };
  }

  /**
   * Looks how a payment stands, and takes what was authorised unless it looks like fraud: then it is given
   * up, and a person decides. May be asked as often as one likes.
   */
  async settle(
    wish: Pick<PaymentWish, 'key' | 'about'> & { readonly intentId: string },
    facts: Omit<FraudFacts, 'amountCents' | 'stripeRisk' | 'toAnotherCard'>,
  ): Promise<PaymentState> {
    const { key, about, intentId } = wish;
    const intent = await this.#call('look', key, about, Intent, {
      method: 'GET',
      isKeyed: false,
      path: `/v1/payment_intents/${intentId}`,
    });
    if (intent.status !== 'requires_capture') return stateOf(intent);
    const score = fraudScore({
      ...facts,
      amountCents: intent.amount,
      toAnotherCard: false,
      stripeRisk: await this.#risk(key, about, intent),
    });
    if (score > FRAUD_LIMIT) {
      await this.#cancel(key, about, intentId, 'fraudulent');
      return { is: 'risky', intentId, score };
    }
    const taken = await this.#call('take', `${key}-take`, about, Intent, {
      method: 'POST',
      path: `/v1/payment_intents/${intentId}/capture`,
    });
    return stateOf(taken);
  }

  /** Gives a payment up that was not taken yet, and lets the reader go. */
  async cancel(
    wish: Pick<PaymentWish, 'key' | 'about' | 'readerId'> & { readonly intentId: string },
  ): Promise<PaymentState> {
    const { key, about, readerId, intentId } = wish;
    await this.#call('free-reader', `${key}-free`, about, Reader, {
      method: 'POST',
      path: `/v1/terminal/readers/${readerId}/cancel_action`,
      isKeyed: false,
    });
    return stateOf(await this.#cancel(key, about, intentId, 'requested_by_customer'));
  }

  /**
   * Gives money back to the card that it came from.
   * @returns id of the refund and whether Stripe has it done already
   * @throws HubFailure PAYMENT_RISKY, HUB_REFUSED where it is more than was taken
   */
  async refund(wish: {
    readonly key: string;
    readonly intentId: string;
    readonly amountCents: number;
    readonly about: HubCall['about'];
    readonly facts: Omit<FraudFacts, 'amountCents' | 'stripeRisk'>;
  }): Promise<{ readonly refundId: string; readonly isDone: boolean }> {
    const { key, intentId, amountCents, about, facts } = wish;
    const score = fraudScore({ ...facts, amountCents, stripeRisk: null });
    if (score > FRAUD_LIMIT) throw new HubFailure('PAYMENT_RISKY', { done: 'no' });
    const refund = await this.#call('refund', `${key}-refund`, about, Refund, {
      method: 'POST',
      path: '/v1/refunds',
      form: { payment_intent: intentId, amount: amountCents, 'metadata[key]': key },
    });
    return { refundId: refund.id, isDone: refund.status === 'succeeded' };
  }

  /**
   * What Stripe has of a time, for the evening's comparison with what the desk has: by our key.
   * @param since seconds since the Unix epoch
   */
  async taken(
    since: number,
    about: HubCall['about'],
  ): Promise<ReadonlyMap<string, { readonly intentId: string; readonly amountCents: number }>> {
    const found = new Map<string, { intentId: string; amountCents: number }>();
    let after: string | undefined;
    do {
      const { data } = await this.#call('list', `list-${since}`, about, Intents, {
        method: 'GET',
        isKeyed: false,
        path: '/v1/payment_intents',
        form: {
          'created[gte]': since,
          limit: PAGE,
          ...(after === undefined ? {} : { starting_after: after }),
        },
      });
      for (const { id, status, amount_received: received, metadata } of data) {
        const key = metadata?.['key'];
        if (status !== 'succeeded' || key === undefined) continue;
        found.set(key, { intentId: id, amountCents: received ?? 0 });
      }
      after = data.length === PAGE ? data.at(-1)?.id : undefined;
    } while (after !== undefined);
    return found;
  }

  /** What Stripe thinks of the card; null where it says nothing. */
  async #risk(key: string, about: HubCall['about'], intent: Intent): Promise<number | null> {
    const charge = intent.latest_charge ?? null;
    if (charge === null) return null;
    const { outcome } = await this.#call('look', key, about, Charge, {
      method: 'GET',
      isKeyed: false,
      path: `/v1/charges/${charge}`,
    });
    return outcome?.risk_score ?? null;
  }

  #cancel(
    key: string,
    about: HubCall['about'],
    intentId: string,
    reason: 'fraudulent' | 'requested_by_customer',
  ): Promise<Intent> {
    return this.#call('cancel', `${key}-cancel`, about, Intent, {
      method: 'POST',
      path: `/v1/payment_intents/${intentId}/cancel`,
      form: { cancellation_reason: reason },
    });
  }

  /**
   * @param call `isKeyed: false` for what is harmless twice and must not be answered as it was the first
   *   time: Stripe repeats a refusal ("busy") under its key for a day
   */
  #call<T>(
    operation: string,
    key: string,
    about: HubCall['about'],
    answer: z.ZodType<T>,
    call: Omit<StripeCall, 'key' | 'signal'> & { readonly isKeyed?: false },
  ): Promise<T> {
    return this.executeWithMonitoring(
      { partner: PARTNER, operation, key, repeat: 'same-key', about },
      ({ signal }) => {
        if (this.#stripe === null) throw new HubFailure('HUB_OFF', { done: 'no' });
        return callStripe(
          this.#stripe,
          { ...call, signal, ...(call.isKeyed === false ? {} : { key }) },
          answer,
        );
      },
    );
  }
}

/** Most that Stripe gives at once. */
const PAGE = 100;

function stateOf(intent: Intent): PaymentState {
  const { id: intentId, status } = intent;
  if (status === 'succeeded') {
    return { is: 'paid', intentId, amountCents: intent.amount_received ?? intent.amount };
  }
  if (status === 'canceled') return { is: 'cancelled', intentId };
  if (status === 'requires_payment_method' && intent.last_payment_error) {
    return { is: 'declined', intentId, why: intent.last_payment_error.code ?? null };
  }
  return { is: 'waiting', intentId };
}
