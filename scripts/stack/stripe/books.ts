import {
  inBrackets,
  newCharge,
  newDispute,
  newEvent,
  newIntent,
  newRefund,
  readerOf,
  TEST_CARDS,
} from './objects.ts';
import type {
  Card,
  Charge,
  Dispute,
  Form,
  Intent,
  Json,
  ReaderAction,
  Refund,
  StripeEvent,
} from './objects.ts';

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
}

export const fault = (status: number, type: string, code?: string): Answer => ({
  status,
  body: { error: { type, message: 'no', ...(code === undefined ? {} : { code }) } },
});
const ok = (body: Json): Answer => ({ status: 200, body });
const missing = (): Answer => fault(404, 'invalid_request_error', 'resource_missing');
const notNow = (): Answer => fault(400, 'invalid_request_error', 'payment_intent_unexpected_state');

/** What Stripe knows: intents, charges, refunds, disputes, readers, and all that has happened. */
export class StripeBooks {
  readonly intents = new Map<string, Intent>();
  readonly charges = new Map<string, Charge>();
  readonly refunds = new Map<string, Refund>();
  readonly disputes = new Map<string, Dispute>();
  readonly readers = new Map<string, ReaderAction | null>();
  readonly offline = new Set<string>();
  readonly events: StripeEvent[] = [];
  /** Refunds that are made are not done at once. */
  refundsWait = false;
  readonly #happened: (event: StripeEvent) => void;
  readonly #now: () => number;

  /** @param now seconds since the Unix epoch */
  constructor(happened: (event: StripeEvent) => void, now: () => number) {
    this.#happened = happened;
    this.#now = now;
  }

  /** Does what a request asks for. */
  work(method: string, url: URL, form: Form): Answer {
    const [, , kind = '', ...rest] = url.pathname.split('/');
    if (kind === 'test_helpers') return this.#presentTestCard(rest[2] ?? '', form);
    if (kind === 'terminal') return this.#reader(rest[1] ?? '', rest[2] ?? '', form);
    const [id = '', act = ''] = rest;
    switch (kind) {
      case 'payment_intents':
        if (id !== '') return this.#intent(method, id, act, form);
        return method === 'GET' ? listed(this.intents, url) : this.#begin(form);
      case 'charges':
        return found(this.charges, id);
      case 'refunds':
        if (id !== '') return found(this.refunds, id);
        return method === 'GET' ? listed(this.refunds, url) : this.#refund(form);
      case 'events':
        return found(new Map(this.events.map((event) => [event.id, event])), id);
      default:
        return missing();
    }
  }

  /** Somebody holds a card against a reader. */
  present(readerId: string, card: Card = {}): void {
    const action = this.readers.get(readerId);
    const intent = action?.status === 'in_progress' ? this.intents.get(action.intent) : undefined;
    if (!action || !intent) throw new Error('the reader asks for no card');
    if (intent.status !== 'requires_payment_method') return;
    if (card.declined !== undefined) {
      intent['last_payment_error'] = { type: 'card_error', code: card.declined };
      this.readers.set(readerId, { ...action, status: 'failed', failure: card.declined });
      this.#tell('payment_intent.payment_failed', intent);
      this.#tell('terminal.reader.action_failed', readerOf(readerId, action));
      return;
    }
    const charge = newCharge(intent, card, this.#now());
    this.charges.set(charge.id, charge);
    intent.latest_charge = charge.id;
    intent.status = 'requires_capture';
    intent['amount_capturable'] = intent.amount;
    intent['last_payment_error'] = null;
    this.readers.set(readerId, { ...action, status: 'succeeded' });
    this.#tell('payment_intent.amount_capturable_updated', intent);
    this.#tell('terminal.reader.action_succeeded', readerOf(readerId, action));
  }

  /** The card holder disputes a payment at their bank. */
  dispute(intentId: string): Dispute {
    const charge = this.#chargeOf(intentId);
    charge['disputed'] = true;
    const dispute = newDispute(charge, this.#now());
    this.disputes.set(dispute.id, dispute);
    this.#tell('charge.dispute.created', dispute);
    this.#tell('charge.dispute.funds_withdrawn', dispute);
    return dispute;
  }

  /** The bank has decided. */
  closeDispute(id: string, status: 'won' | 'lost'): void {
    const dispute = this.disputes.get(id);
    if (!dispute) throw new Error('there is no such dispute');
    dispute.status = status;
    if (status === 'won') this.#tell('charge.dispute.funds_reinstated', dispute);
    this.#tell('charge.dispute.closed', dispute);
  }

  /** What becomes of a refund that waited, or was taken for done. */
  endRefund(id: string, status: 'succeeded' | 'failed'): void {
    const refund = this.refunds.get(id);
    if (!refund) throw new Error('there is no such refund');
    refund.status = status;
    if (status === 'failed') {
      refund['failure_reason'] = 'lost_or_stolen_card';
      this.#chargeOf(refund.payment_intent).amount_refunded -= refund.amount;
      this.#tell('refund.failed', refund);
    }
    this.#tell('refund.updated', refund);
  }

  /** Somebody gives money back on Stripe's own pages, not through this clinic's server. */
  refundOutside(intentId: string, amount: number): Answer {
    return this.#refund({ payment_intent: intentId, amount: String(amount) });
  }

  #begin(form: Form): Answer {
    const intent = newIntent(form, this.#now());
    if (!Number.isSafeInteger(intent.amount) || intent.amount < 50) {
      return fault(400, 'invalid_request_error', 'amount_too_small');
    }
    this.intents.set(intent.id, intent);
    this.#tell('payment_intent.created', intent);
    return ok(intent);
  }

  #intent(method: string, id: string, act: string, form: Form): Answer {
    const intent = this.intents.get(id);
    if (!intent) return missing();
    if (method === 'GET') return ok(intent);
    if (act === 'capture') {
      if (intent.status !== 'requires_capture') return notNow();
      const charge = this.#chargeOf(id);
      charge['captured'] = true;
      charge['amount_captured'] = intent.amount;
      charge['receipt_number'] = `1${charge.id.slice(-7)}`;
      intent.status = 'succeeded';
      intent.amount_received = intent.amount;
      intent['amount_capturable'] = 0;
      this.#tell('payment_intent.succeeded', intent);
      return ok(intent);
    }
    if (act !== 'cancel') return missing();
    if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_capture') {
      return notNow();
    }
    intent.status = 'canceled';
    intent['canceled_at'] = this.#now();
    intent['amount_capturable'] = 0;
    intent['cancellation_reason'] = form['cancellation_reason'] ?? 'abandoned';
    this.#tell('payment_intent.canceled', intent);
    return ok(intent);
  }

  #reader(id: string, act: string, form: Form): Answer {
    if (!id.startsWith('tmr_')) return missing();
    if (act === '') return ok(readerOf(id, this.readers.get(id) ?? null));
    if (this.offline.has(id)) {
      return fault(400, 'invalid_request_error', 'terminal_reader_offline');
    }
    if (act === 'cancel_action') this.readers.set(id, null);
    else if (act === 'process_payment_intent') {
      const intent = this.intents.get(form['payment_intent'] ?? '');
      if (!intent) return missing();
      if (intent.status !== 'requires_payment_method') return notNow();
      const busy = this.readers.get(id);
      if (busy?.status === 'in_progress' && busy.intent !== intent.id) {
        return fault(409, 'invalid_request_error', 'terminal_reader_busy');
      }
      this.readers.set(id, { intent: intent.id, status: 'in_progress', failure: null });
    } else return missing();
    return ok(readerOf(id, this.readers.get(id) ?? null));
  }

  #presentTestCard(id: string, form: Form): Answer {
    if (this.readers.get(id)?.status !== 'in_progress') {
      return fault(400, 'invalid_request_error', 'terminal_reader_invalid_location_for_payment');
    }
    const number = inBrackets(form, 'card_present')['number'] ?? '4242424242424242';
    this.present(id, TEST_CARDS[number] ?? {});
    return ok(readerOf(id, this.readers.get(id) ?? null));
  }

  #refund(form: Form): Answer {
    const intent = this.intents.get(form['payment_intent'] ?? '');
    if (!intent) return missing();
    if (intent.status !== 'succeeded') {
      return fault(400, 'invalid_request_error', 'charge_not_refundable');
    }
    const charge = this.#chargeOf(intent.id);
    const refund = newRefund(form, intent, this.#now());
    if (charge.amount_refunded + refund.amount > charge.amount) {
      return fault(400, 'invalid_request_error', 'charge_already_refunded');
    }
    if (this.refundsWait) refund.status = 'pending';
    charge.amount_refunded += refund.amount;
    charge['refunded'] = charge.amount_refunded === charge.amount;
    this.refunds.set(refund.id, refund);
    this.#tell('refund.created', refund);
    this.#tell('charge.refunded', charge);
    return ok(refund);
  }

  #chargeOf(intentId: string): Charge {
    const charge = this.charges.get(this.intents.get(intentId)?.latest_charge ?? '');
    if (!charge) throw new Error('nothing was charged');
    return charge;
  }

  #tell(type: string, object: Json): void {
    const event = newEvent(type, object, this.#now());
    this.events.push(event);
    this.#happened(event);
  }
}

const found = (all: ReadonlyMap<string, Json>, id: string): Answer => {
  const one = all.get(id);
  return one ? ok(one) : missing();
};

/** The newest first, page by page. */
function listed(all: ReadonlyMap<string, Json>, url: URL): Answer {
  const of = (name: string): string | null => url.searchParams.get(name);
  const since = Number(of('created[gte]') ?? 0);
  const limit = Number(of('limit') ?? 10);
  const intent = of('payment_intent');
  const matching = [...all.values()]
    .filter((one) => Number(one['created']) >= since)
    .filter((one) => intent === null || one['payment_intent'] === intent)
    .toReversed();
  const after = of('starting_after');
  const from = after === null ? 0 : matching.findIndex((one) => one['id'] === after) + 1;
  return ok({
    object: 'list',
    data: matching.slice(from, from + limit),
    has_more: from + limit < matching.length,
    url: url.pathname,
  });
}
