import type Stripe from 'stripe';
import { z } from 'zod';
import type { StripeConfig } from '../../config/hubs-config.ts';
import { HubFailure } from '../hub-failure.ts';
import { HUB_PACE, UniversalHub } from '../universal-hub.ts';
import type { HubCall, HubDeps, HubMode } from '../universal-hub.ts';
import { FRAUD_LIMIT, fraudScore } from './fraud.ts';
import type { FraudFacts } from './fraud.ts';
import { connectStripe, stripeFailure } from './stripe-client.ts';

const CardPresent = z.object({
  brand: z.string().nullish(),
  last4: z.string().nullish(),
  receipt: z
    .object({
      application_preferred_name: z.string().nullish(),
      authorization_code: z.string().nullish(),
      dedicated_file_name: z.string().nullish(),
    })
    .nullish(),
});
const Charge = z.object({
  id: z.string(),
  outcome: z.object({ risk_score: z.number().optional() }).nullish(),
  payment_method_details: z.object({ card_present: CardPresent.optional() }).nullish(),
  receipt_number: z.string().nullish(),
});
type Charge = z.infer<typeof Charge>;
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
const Reader = z.object({
  id: z.string(),
  action: z
    .object({
      status: z.string(),
      process_payment_intent: z.object({ payment_intent: z.unknown() }).nullish(),
    })
    .nullish(),
});
const Refund = z.object({
  id: z.string(),
  amount: z.int(),
  status: z.string().nullish(),
  payment_intent: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
});
type Refund = z.infer<typeof Refund>;

/** How a payment stands at Stripe. */
export type PaymentStanding =
  /** The reader asks for a card, or Stripe is at it. */
  | { readonly is: 'waiting'; readonly intentId: string }
  /** The bank has said yes; nothing is taken before it was judged. */
  | { readonly is: 'authorised'; readonly intentId: string; readonly amountCents: number }
  | { readonly is: 'paid'; readonly intentId: string; readonly amountCents: number }
  | { readonly is: 'declined'; readonly intentId: string; readonly why: string | null }
  /** Nothing was taken: a person has to look at it. */
  | { readonly is: 'risky'; readonly intentId: string; readonly score: number }
  | { readonly is: 'cancelled'; readonly intentId: string };

/** How money that is given back stands: waiting · done · failed. */
export interface RefundStanding {
  readonly refundId: string;
  readonly is: 'waiting' | 'done' | 'failed';
  readonly amountCents: number;
}

/** What has to stand on the slip for the patient. */
export interface CardReceipt {
  readonly brand: string | null;
  readonly last4: string | null;
  readonly application: string | null;
  readonly applicationId: string | null;
  readonly authorisation: string | null;
  readonly number: string | null;
}

type About = HubCall['about'];
export interface PaymentWish {
  /** Names the payment over all tries of it. */
  readonly key: string;
  readonly amountCents: number;
  readonly readerId: string;
  readonly about: About;
}
export type KnownPayment = Pick<PaymentWish, 'key' | 'about'> & { readonly intentId: string };
/** What of a payment's story our own rules look at. */
export type OwnFacts = Omit<FraudFacts, 'amountCents' | 'stripeRisk' | 'toAnotherCard'>;

/** What Stripe has of one payment, for the comparison. */
export interface TheirPayment {
  readonly intentId: string;
  /** Ours; null: it was not begun by this server. */
  readonly key: string | null;
  readonly takenCents: number;
  readonly returnedCents: number;
}

const PARTNER = 'stripe';
/** Most that Stripe gives at once. */
const PAGE = 100;

/**
 * Card payments at the desk. A reader of Stripe's takes the card; its number never comes near this
 * process. What was authorised is taken only after it was judged. Every deed has a key of its own under
 * which Stripe does it once, and leaves a mark by which it is found: where nobody knows whether it was
 * done it is looked up.
 */
export class PaymentHub extends UniversalHub {
  readonly #config: StripeConfig | null;
  readonly #timeoutMs: number;
  #client: Promise<Stripe> | undefined;

  /** @param mode sandbox: the Stripe of the settings is a stand-in on this machine */
  constructor(config: StripeConfig | null, mode: 'live' | 'sandbox', deps: HubDeps) {
    const own: HubMode = config === null ? 'off' : mode;
    super('payment', { [PARTNER]: own }, deps);
    this.#config = config;
    this.#timeoutMs = (deps.pace ?? HUB_PACE).timeoutMs;
  }

  /**
   * Has a reader ask for a card. The same wish again is the same payment.
   * @throws HubFailure PAYMENT_READER_BUSY and those of the base
   */
  async begin(wish: PaymentWish): Promise<PaymentStanding> {
    const intentId = await this.open(wish);
    await this.askReader({ ...wish, intentId });
    return { is: 'waiting', intentId };
  }

  /** Makes the payment at Stripe, which takes nothing yet. @returns its id there */
  async open({ key, amountCents, about }: PaymentWish): Promise<string> {
    const { id } = await this.#call('begin', `${key}-intent`, about, Intent, (stripe, options) =>
      stripe.paymentIntents.create(
        {
          amount: amountCents,
          currency: 'usd',
          allowed_payment_method_types: ['card_present'],
          capture_method: 'manual',
          metadata: { key },
        },
        options,
      ),
    );
    return id;
  }

  /** @throws HubFailure PAYMENT_READER_BUSY */
  async askReader(wish: KnownPayment & Pick<PaymentWish, 'readerId'>): Promise<void> {
    const { key, about, readerId, intentId } = wish;
    await this.#unkeyed('ask-reader', `${key}-reader`, about, Reader, (stripe) =>
      stripe.terminal.readers.processPaymentIntent(readerId, { payment_intent: intentId }),
    );
  }

  /** The payment of a key, of which nobody knows whether it was made. Null: there is none (yet). */
  async find(key: string, sinceMs: number, about: About): Promise<string | null> {
    const all = await this.#list('look-up', key, about, Intent, (stripe, page) =>
      stripe.paymentIntents.list({ created: { gte: Math.floor(sinceMs / 1000) }, ...page }),
    );
    return all.find(({ metadata }) => metadata?.['key'] === key)?.id ?? null;
  }

  /** How a payment stands; nothing is changed. */
  async look({ key, about, intentId }: KnownPayment): Promise<PaymentStanding> {
    return standingOf(await this.#intent(key, about, intentId));
  }

  /**
   * Looks how a payment stands, and takes what was authorised unless it looks like fraud: then it is given
   * up, and a person decides. May be asked as often as one likes.
   * @param hold keeps the score of whoever judges first, and says which one that was
   */
  async settle(
    wish: KnownPayment,
    facts: OwnFacts,
    hold: (score: number) => Promise<number> = async (score) => score,
  ): Promise<PaymentStanding> {
    const { key, about, intentId } = wish;
    const intent = await this.#intent(key, about, intentId);
    if (intent.status !== 'requires_capture') return standingOf(intent);
    const charge = await this.#charge(key, about, intent);
    const stripeRisk = charge?.outcome?.risk_score ?? null;
    const score = await hold(
      fraudScore({ ...facts, amountCents: intent.amount, toAnotherCard: false, stripeRisk }),
    );
    if (score > FRAUD_LIMIT) {
      await this.#cancel(key, about, intentId, 'fraudulent');
      return { is: 'risky', intentId, score };
    }
    const taken = await this.#call('take', `${key}-take`, about, Intent, (stripe, options) =>
      stripe.paymentIntents.capture(intentId, {}, options),
    );
    return standingOf(taken);
  }

  /** Gives a payment up that was not taken yet, and lets the reader go. */
  async cancel(
    wish: KnownPayment & { readonly readerId: string | null },
  ): Promise<PaymentStanding> {
    const { key, about, readerId, intentId } = wish;
    if (readerId !== null && (await this.#isAt(readerId, wish))) {
      await this.#unkeyed('free-reader', `${key}-free`, about, Reader, (stripe) =>
        stripe.terminal.readers.cancelAction(readerId),
      );
    }
    return standingOf(await this.#cancel(key, about, intentId, 'requested_by_customer'));
  }

  /**
   * Gives money back to the card that it came from.
   * @throws HubFailure PAYMENT_RISKY, HUB_REFUSED where it is more than was taken
   */
  async refund(
    wish: KnownPayment & {
      readonly amountCents: number;
      readonly facts: Omit<FraudFacts, 'amountCents' | 'stripeRisk'>;
    },
  ): Promise<RefundStanding> {
    const { key, intentId, amountCents, about, facts } = wish;
    const score = fraudScore({ ...facts, amountCents, stripeRisk: null });
    if (score > FRAUD_LIMIT) throw new HubFailure('PAYMENT_RISKY', { done: 'no' });
    return refundOf(
      await this.#call('refund', `${key}-refund`, about, Refund, (stripe, options) =>
        stripe.refunds.create(
          { payment_intent: intentId, amount: amountCents, metadata: { key } },
          options,
        ),
      ),
    );
  }

  /** What became of a wish to give money back. Null: Stripe knows of none (yet). */
  async findRefund({ key, about, intentId }: KnownPayment): Promise<RefundStanding | null> {
    const all = await this.#list('look-up', key, about, Refund, (stripe, page) =>
      stripe.refunds.list({ payment_intent: intentId, ...page }),
    );
    const own = all.find(({ metadata }) => metadata?.['key'] === key);
    return own ? refundOf(own) : null;
  }

  /** What the slip says of a payment that was taken. */
  async receipt({ key, about, intentId }: KnownPayment): Promise<CardReceipt | null> {
    const charge = await this.#charge(key, about, await this.#intent(key, about, intentId));
    if (!charge) return null;
    const card = charge.payment_method_details?.card_present;
    return {
      brand: card?.brand ?? null,
      last4: card?.last4 ?? null,
      application: card?.receipt?.application_preferred_name ?? null,
      applicationId: card?.receipt?.dedicated_file_name ?? null,
      authorisation: card?.receipt?.authorization_code ?? null,
      number: charge.receipt_number ?? null,
    };
  }

  /** All payments of a time that Stripe has taken or given back, for the comparison with ours. */
  async books(sinceMs: number, about: About): Promise<readonly TheirPayment[]> {
    const created = { gte: Math.floor(sinceMs / 1000) };
    const label = `list-${created.gte}`;
    const refunds = await this.#list('list', label, about, Refund, (stripe, page) =>
      stripe.refunds.list({ created, ...page }),
    );
    const returned = new Map<string, number>();
    for (const { payment_intent: of, amount, status } of refunds) {
      if (!of || status !== 'succeeded') continue;
      returned.set(of, (returned.get(of) ?? 0) + amount);
    }
    const intents = await this.#list('list', label, about, Intent, (stripe, page) =>
      stripe.paymentIntents.list({ created, ...page }),
    );
    return intents
      .filter(({ status }) => status === 'succeeded')
      .map((intent) => ({
        intentId: intent.id,
        key: intent.metadata?.['key'] ?? null,
        takenCents: intent.amount_received ?? 0,
        returnedCents: returned.get(intent.id) ?? 0,
      }));
  }

  /** Whether a reader asks for the card of this payment: it may be at another one long since. */
  async #isAt(readerId: string, { key, about, intentId }: KnownPayment): Promise<boolean> {
    const { action } = await this.#unkeyed('look', key, about, Reader, (stripe) =>
      stripe.terminal.readers.retrieve(readerId),
    );
    return (
      action?.status === 'in_progress' && action.process_payment_intent?.payment_intent === intentId
    );
  }

  #intent(key: string, about: About, intentId: string): Promise<Intent> {
    return this.#unkeyed('look', key, about, Intent, (stripe) =>
      stripe.paymentIntents.retrieve(intentId),
    );
  }

  async #charge(key: string, about: About, intent: Intent): Promise<Charge | null> {
    const charge = intent.latest_charge ?? null;
    if (charge === null) return null;
    return this.#unkeyed('look', key, about, Charge, (stripe) => stripe.charges.retrieve(charge));
  }

  #cancel(
    key: string,
    about: About,
    intentId: string,
    reason: 'fraudulent' | 'requested_by_customer',
  ): Promise<Intent> {
    return this.#call('cancel', `${key}-cancel`, about, Intent, (stripe, options) =>
      stripe.paymentIntents.cancel(intentId, { cancellation_reason: reason }, options),
    );
  }

  /** All pages of a list. */
  async #list<T extends { readonly id: string }>(
    operation: string,
    key: string,
    about: About,
    item: z.ZodType<T>,
    ask: (stripe: Stripe, page: { limit: number; starting_after?: string }) => Promise<unknown>,
  ): Promise<T[]> {
    const all: T[] = [];
    for (let after: string | undefined, isMore = true; isMore; after = all.at(-1)?.id) {
      const page = { limit: PAGE, ...(after === undefined ? {} : { starting_after: after }) };
      const answer = z.object({ data: z.array(item), has_more: z.boolean() });
      const { data, has_more } = await this.#unkeyed(operation, key, about, answer, (stripe) =>
        ask(stripe, page),
      );
      all.push(...data);
      isMore = has_more && data.length > 0;
    }
    return all;
  }

  /**
   * A call without a key: one that only asks, or that is harmless twice and must not be answered as it was
   * the first time. Stripe repeats a refusal ("busy") under its key for a day.
   */
  #unkeyed<T>(
    operation: string,
    key: string,
    about: About,
    answer: z.ZodType<T>,
    ask: (stripe: Stripe) => Promise<unknown>,
  ): Promise<T> {
    return this.#call(operation, key, about, answer, (stripe) => ask(stripe));
  }

  #call<T>(
    operation: string,
    key: string,
    about: About,
    answer: z.ZodType<T>,
    ask: (stripe: Stripe, options: { idempotencyKey: string }) => Promise<unknown>,
  ): Promise<T> {
    return this.executeWithMonitoring(
      { partner: PARTNER, operation, key, repeat: 'same-key', about },
      async () => {
        if (this.#config === null) throw new HubFailure('HUB_OFF', { done: 'no' });
        const stripe = await (this.#client ??= connectStripe(this.#config, this.#timeoutMs));
        const said = await ask(stripe, { idempotencyKey: key }).catch((error: unknown) => {
          throw stripeFailure(error);
        });
        const read = answer.safeParse(said);
        // It was done, and we do not understand what it became.
        if (!read.success)
          throw new HubFailure('HUB_FAILED', { done: 'unknown', theirs: 'answer' });
        return read.data;
      },
    );
  }
}

function standingOf(intent: Intent): PaymentStanding {
  const { id: intentId, status, amount } = intent;
  switch (status) {
    case 'succeeded':
      return { is: 'paid', intentId, amountCents: intent.amount_received ?? amount };
    case 'requires_capture':
      return { is: 'authorised', intentId, amountCents: amount };
    case 'canceled':
      return { is: 'cancelled', intentId };
    case 'requires_payment_method':
      return intent.last_payment_error
        ? { is: 'declined', intentId, why: intent.last_payment_error.code ?? null }
        : { is: 'waiting', intentId };
    default:
      return { is: 'waiting', intentId };
  }
}

function refundOf({ id: refundId, amount: amountCents, status }: Refund): RefundStanding {
  const is =
    status === 'succeeded'
      ? 'done'
      : status === 'failed' || status === 'canceled'
        ? 'failed'
        : 'waiting';
  return { refundId, is, amountCents };
}
