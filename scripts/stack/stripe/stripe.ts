import { createHmac, randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { StripeBooks, fault } from './books.ts';
import type { Answer } from './books.ts';
import { newId } from './objects.ts';
import type { Card, Form, StripeEvent } from './objects.ts';

/**
 * What a call meets. before: nothing was done · after: it was done, and the answer is lost.
 * `fault-after` is kept under the key of the call, as Stripe does: asked again it is the same fault, and
 * only a look-up tells.
 */
export type Trouble =
  | 'ok'
  | 'drops'
  | 'drops-after'
  | 'hangs'
  | 'hangs-after'
  | 'fault'
  | 'fault-after'
  | 'busy'
  | 'in-use'
  | 'sign-in';

/** A call as it came in. */
export interface StripeCallSeen {
  readonly nth: number;
  readonly method: string;
  readonly path: string;
  readonly key: string | null;
}

/** What somebody who breaks things does at each step of a call. */
export interface Meddler {
  /** Nothing was done yet. */
  before?(call: StripeCallSeen): Promise<Trouble> | Trouble;
  /** It is done, and nothing was answered. */
  acted?(call: StripeCallSeen): Promise<void> | void;
  /** The answer has left. */
  answered?(call: StripeCallSeen): Promise<void> | void;
}

export interface StripeOptions {
  /** By default a free one. */
  readonly port?: number;
  /** By default a new one. */
  readonly secret?: string;
  /** Whom events are told to, at once. */
  readonly hook?: { readonly url: string; readonly secret: string };
  /** A card is held against a reader so long after it asked for one. */
  readonly autoCardMs?: number;
}

export interface RunningStripe {
  readonly url: string;
  readonly secret: string;
  readonly books: StripeBooks;
  /** What the next calls meet, one after the other; then `ok`. */
  readonly troubles: Trouble[];
  meddler: Meddler | null;
  /** All that was answered, to be judged by Stripe's own description. */
  readonly replies: { method: string; path: string; status: number; body: unknown }[];
  readonly forms: { path: string; form: Form }[];
  present(readerId: string, card?: Card): void;
  /** Tells somebody of an event. @returns the status of their answer; 0: there was none */
  deliver(event: StripeEvent, hook: { url: string; secret: string }): Promise<number>;
  stop(): Promise<void>;
}

/** Header by which Stripe signs what it tells. @param at seconds since the Unix epoch */
export function signatureOf(payload: string, secret: string, at: number): string {
  const mac = createHmac('sha256', secret).update(`${at}.${payload}`).digest('hex');
  return `t=${at},v1=${mac}`;
}

const BEFORE: Partial<Record<Trouble, Answer>> = {
  'sign-in': fault(401, 'invalid_request_error'),
  busy: fault(429, 'invalid_request_error', 'rate_limit'),
  'in-use': fault(409, 'idempotency_error', 'idempotency_key_in_use'),
  fault: fault(500, 'api_error'),
};
/** Refusals before any work, which Stripe does not keep under the key. */
const NOT_KEPT: ReadonlySet<number> = new Set([401, 409, 429]);

/**
 * Stripe, as far as the payment hub uses it, as a server of its own: intents that are captured by hand,
 * readers that somebody holds a card against, refunds, disputes, events with signatures, and keys under
 * which a deed is done once. The official library speaks to it as it is.
 */
export async function startStripe(options: StripeOptions = {}): Promise<RunningStripe> {
  const { hook, autoCardMs } = options;
  const secret = options.secret ?? `rk_test_${randomBytes(12).toString('hex')}`;
  const troubles: Trouble[] = [];
  const replies: RunningStripe['replies'] = [];
  const forms: RunningStripe['forms'] = [];
  const byKey = new Map<string, { asked: string; answer: Answer }>();
  const now = (): number => Math.floor(Date.now() / 1000);
  const timers = new Set<NodeJS.Timeout>();
  let nth = 0;
  const books = new StripeBooks((event) => {
    if (hook) void tell(event, hook);
  }, now);

  const deliver: RunningStripe['deliver'] = async (event, to) => {
    const payload = JSON.stringify(event);
    const answer = await fetch(to.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'stripe-signature': signatureOf(payload, to.secret, now()),
      },
      body: payload,
    }).catch(() => null);
    await answer?.arrayBuffer().catch(() => undefined);
    return answer?.status ?? 0;
  };
  /** As Stripe does: again, later and later, until somebody says that they have it. */
  const tell = async (event: StripeEvent, to: { url: string; secret: string }): Promise<void> => {
    for (let tries = 0; tries < 5; tries += 1) {
      const status = await deliver(event, to);
      if (status >= 200 && status < 300) return;
      await sleep(250 * 2 ** tries, undefined, { ref: false });
    }
  };

  const holdCard = (path: string): void => {
    const reader = /^\/v1\/terminal\/readers\/(\w+)\/process_payment_intent$/.exec(path)?.[1];
    if (autoCardMs === undefined || reader === undefined) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (books.readers.get(reader)?.status === 'in_progress') books.present(reader);
    }, autoCardMs);
    timers.add(timer);
  };

  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stripe');
    const method = request.method ?? 'GET';
    const cut = (): void => void request.socket.destroy();
    const handle = async (): Promise<void> => {
      const body = await readText(request);
      const form = Object.fromEntries(new URLSearchParams(body));
      const given = request.headers['idempotency-key'];
      const key = typeof given === 'string' ? given : null;
      const call: StripeCallSeen = { nth, method, path: url.pathname, key };
      nth += 1;
      const { meddler } = api;
      const trouble = (await meddler?.before?.(call)) ?? troubles.shift() ?? 'ok';
      const reply = ({ status, body: json }: Answer): void => {
        const text = JSON.stringify(json);
        replies.push({ method, path: url.pathname, status, body: JSON.parse(text) as unknown });
        response.writeHead(status, {
          'content-type': 'application/json',
          'request-id': newId('req'),
          ...(status === 429 ? { 'retry-after': '0' } : {}),
        });
        response.end(text);
      };
      if (trouble === 'drops') return cut();
      if (trouble === 'hangs') return undefined;
      const early =
        request.headers.authorization === `Bearer ${secret}` ? BEFORE[trouble] : BEFORE['sign-in'];
      if (early) return reply(early);
      if (method === 'POST') forms.push({ path: url.pathname, form });
      const asked = `${url.pathname} ${body}`;
      const known = key === null ? undefined : byKey.get(key);
      if (known && known.asked !== asked) return reply(fault(400, 'idempotency_error'));
      let answer = known?.answer;
      if (!answer) {
        const done = books.work(method, url, form);
        if (done.status === 200) holdCard(url.pathname);
        answer = trouble === 'fault-after' ? fault(500, 'api_error') : done;
        if (key !== null && !NOT_KEPT.has(answer.status)) {
          byKey.set(key, { asked, answer: structuredClone(answer) });
        }
      }
      await meddler?.acted?.(call);
      if (trouble === 'drops-after') return cut();
      if (trouble === 'hangs-after') return undefined;
      reply(answer);
      await meddler?.answered?.(call);
      return undefined;
    };
    handle().catch(cut);
  });
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const api: RunningStripe = {
    url: `http://127.0.0.1:${port}`,
    secret,
    books,
    troubles,
    meddler: null,
    replies,
    forms,
    present: (readerId, card) => books.present(readerId, card),
    deliver,
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return api;
}
