import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import type { StripeConfig } from '../config/hubs-config.ts';

/**
 * Stripe, as far as the hub uses it: intents, a reader that somebody holds a card against, refunds, and
 * keys under which a deed is done once. A real server on this machine, judged by Stripe's own description.
 */
export interface FakeStripe {
  readonly config: StripeConfig;
  /** What the next calls meet before they are answered, one after the other. */
  readonly troubles: Trouble[];
  readonly intents: Map<string, FakeIntent>;
  readonly refunds: Json[];
  readonly replies: { method: string; path: string; status: number; body: unknown }[];
  readonly forms: { path: string; form: Readonly<Record<string, string>> }[];
  /** Somebody holds a card against the reader. */
  present(readerId: string, card: { readonly risk?: number; readonly declined?: string }): void;
  close(): Promise<void>;
}

/** `after`: the deed was done, and its answer did not arrive. */
export type Trouble = 'drops' | 'drops-after' | 'fault' | 'busy' | 'sign-in' | 'ok';
type Json = Record<string, unknown>;
export type FakeIntent = Json & { id: string; status: string; amount: number };

interface Answer {
  readonly status: number;
  readonly body: Json;
}

export async function startStripe(): Promise<FakeStripe> {
  const troubles: Trouble[] = [];
  const intents = new Map<string, FakeIntent>();
  const refunds: Json[] = [];
  const replies: FakeStripe['replies'] = [];
  const forms: FakeStripe['forms'] = [];
  const charges = new Map<string, Json>();
  const readers = new Map<string, Json | null>();
  const byKey = new Map<string, { asked: string; answer: Answer }>();
  const secret = `rk_test_${randomBytes(12).toString('hex')}`;
  const work = (method: string, url: URL, form: Record<string, string>): Answer => {
    const [, , kind = '', ...rest] = url.pathname.split('/');
    const [id = '', act = ''] = kind === 'terminal' ? rest.slice(1) : rest;
    if (kind === 'payment_intents' && id === '') {
      return method === 'GET' ? listed(intents, url) : ok(keep(intents, newIntent(form)));
    }
    if (kind === 'payment_intents') {
      const intent = intents.get(id);
      if (!intent) return fault(404, 'invalid_request_error', 'resource_missing');
      if (method === 'GET') return ok(intent);
      const from = act === 'capture' ? ['requires_capture'] : OPEN;
      if (!from.includes(intent.status)) {
        return fault(400, 'invalid_request_error', 'payment_intent_unexpected_state');
      }
      intent.status = act === 'capture' ? 'succeeded' : 'canceled';
      if (act === 'capture') intent['amount_received'] = intent.amount;
      else intent['cancellation_reason'] = form['cancellation_reason'] ?? null;
      return ok(intent);
    }
    if (kind === 'charges') {
      const charge = charges.get(id);
      return charge ? ok(charge) : fault(404, 'invalid_request_error', 'resource_missing');
    }
    if (kind === 'refunds') {
      const intent = intents.get(form['payment_intent'] ?? '');
      const back = refunds
        .filter((one) => one['payment_intent'] === intent?.id)
        .reduce((sum, one) => sum + Number(one['amount']), 0);
      if (!intent || intent.status !== 'succeeded') {
        return fault(400, 'invalid_request_error', 'charge_not_refundable');
      }
      if (back + Number(form['amount']) > intent.amount) {
        return fault(400, 'invalid_request_error', 'charge_already_refunded');
      }
      const refund = newRefund(form);
      refunds.push(refund);
      return ok(refund);
    }
    if (act === 'cancel_action') readers.set(id, null);
    else {
      const busy = readers.get(id);
      const asked = form['payment_intent'];
      if (busy && busy['payment_intent'] !== asked) {
        return fault(409, 'invalid_request_error', 'terminal_reader_busy');
      }
      readers.set(id, { payment_intent: asked ?? '' });
    }
    return ok(readerOf(id, readers.get(id) ?? null));
  };

  const server = http.createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://stripe');
      const method = request.method ?? 'GET';
      const body = await readText(request);
      const form = Object.fromEntries(new URLSearchParams(body));
      const trouble = troubles.shift() ?? 'ok';
      const reply = ({ status, body: json }: Answer): void => {
        const copy: unknown = structuredClone(json);
        replies.push({ method, path: url.pathname, status, body: copy });
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(json));
      };
      if (request.headers.authorization !== `Bearer ${secret}` || trouble === 'sign-in') {
        return reply(fault(401, 'invalid_request_error'));
      }
      if (trouble === 'busy') return reply(fault(429, 'invalid_request_error', 'rate_limit'));
      if (trouble === 'drops') return void request.socket.destroy();
      if (trouble === 'fault') return reply(fault(500, 'api_error'));
      if (method === 'POST') forms.push({ path: url.pathname, form });
      const key = request.headers['idempotency-key'];
      const asked = `${url.pathname} ${body}`;
      const known = typeof key === 'string' ? byKey.get(key) : undefined;
      if (known && known.asked !== asked) return reply(fault(400, 'idempotency_error'));
      const answer = known?.answer ?? work(method, url, form);
      if (typeof key === 'string') byKey.set(key, { asked, answer: structuredClone(answer) });
      if (trouble === 'drops-after') return void request.socket.destroy();
      return reply(answer);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    config: { secret, url: `http://127.0.0.1:${port}` },
    troubles,
    intents,
    refunds,
    replies,
    forms,
    present(readerId, { risk, declined }) {
      const intent = intents.get(String(readers.get(readerId)?.['payment_intent']));
      if (!intent) throw new Error('the reader asks for no card');
      readers.set(readerId, null);
      if (declined !== undefined) {
        intent['last_payment_error'] = { type: 'card_error', code: declined };
        return;
      }
      const charge = newCharge(intent, risk);
      charges.set(String(charge['id']), charge);
      intent['latest_charge'] = charge['id'];
      intent.status = 'requires_capture';
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const OPEN = ['requires_payment_method', 'requires_capture', 'requires_confirmation'];
const id = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;
const now = (): number => Math.floor(Date.now() / 1000);
const ok = (body: Json): Answer => ({ status: 200, body });
const fault = (status: number, type: string, code?: string): Answer => ({
  status,
  body: { error: { type, message: 'no', ...(code === undefined ? {} : { code }) } },
});

function keep(all: Map<string, FakeIntent>, intent: FakeIntent): FakeIntent {
  all.set(intent.id, intent);
  return intent;
}

const newIntent = (form: Readonly<Record<string, string>>): FakeIntent => ({
  id: id('pi'),
  object: 'payment_intent',
  amount: Number(form['amount']),
  amount_received: 0,
  capture_method: form['capture_method'] ?? 'automatic',
  confirmation_method: 'automatic',
  created: now(),
  currency: form['currency'] ?? 'usd',
  last_payment_error: null,
  latest_charge: null,
  livemode: false,
  metadata: { key: form['metadata[key]'] ?? '' },
  payment_method_types: ['card_present'],
  status: 'requires_payment_method',
});

const newCharge = (intent: FakeIntent, risk: number | undefined): Json => ({
  id: id('ch'),
  object: 'charge',
  amount: intent.amount,
  amount_captured: 0,
  amount_refunded: 0,
  billing_details: { address: null, email: null, name: null, phone: null },
  captured: false,
  created: now(),
  currency: 'usd',
  disputed: false,
  livemode: false,
  metadata: {},
  outcome: {
    network_status: 'approved_by_network',
    reason: null,
    ...(risk === undefined ? {} : { risk_score: risk }),
    seller_message: 'Payment complete.',
    type: 'authorized',
  },
  paid: true,
  payment_intent: intent.id,
  refunded: false,
  status: 'succeeded',
});

const newRefund = (form: Readonly<Record<string, string>>): Json => ({
  id: id('re'),
  object: 'refund',
  amount: Number(form['amount']),
  created: now(),
  currency: 'usd',
  metadata: { key: form['metadata[key]'] ?? '' },
  payment_intent: form['payment_intent'] ?? '',
  status: 'succeeded',
});

const readerOf = (readerId: string, action: Json | null): Json => ({
  id: readerId,
  object: 'terminal.reader',
  action: action && {
    type: 'process_payment_intent',
    status: 'in_progress',
    failure_code: null,
    failure_message: null,
    process_payment_intent: { payment_intent: action['payment_intent'] },
  },
  device_type: 'bbpos_wisepos_e',
  label: 'Front desk',
  livemode: false,
  metadata: {},
  serial_number: '123-456',
});

function listed(intents: ReadonlyMap<string, FakeIntent>, url: URL): Answer {
  const since = Number(url.searchParams.get('created[gte]') ?? 0);
  const limit = Number(url.searchParams.get('limit') ?? 10);
  const all = [...intents.values()]
    .filter((intent) => Number(intent['created']) >= since)
    .toReversed();
  const after = url.searchParams.get('starting_after');
  const from = after === null ? 0 : all.findIndex((intent) => intent.id === after) + 1;
  const data = all.slice(from, from + limit);
  const has_more = from + limit < all.length;
  return ok({ object: 'list', data, has_more, url: '/v1/payment_intents' });
}
