import { z } from 'zod';
import type { StripeConfig } from '../../config/hubs-config.ts';
import { HubFailure, statusFailure } from '../hub-failure.ts';

/** The version of Stripe's API that this code was written against. */
const STRIPE_VERSION = '2025-09-30.clover';

export type StripeForm = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface StripeCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly form?: StripeForm;
  /** Stripe does what has one key once, whatever is asked how often. */
  readonly key?: string;
  readonly signal: AbortSignal;
}

const Fault = z.object({
  error: z.looseObject({
    type: z.string(),
    code: z.string().optional(),
    decline_code: z.string().optional(),
  }),
});

/**
 * One call of Stripe's API. Its library is not used: what the hub needs is seven calls, and whether a
 * call may have been carried out has to be known exactly.
 * @throws HubFailure or an error of the network
 */
export async function callStripe<T>(
  { secret, url }: StripeConfig,
  { method, path, form = {}, key, signal }: StripeCall,
  answer: z.ZodType<T>,
): Promise<T> {
  const fields = encoded(form);
  const query = method === 'GET' && fields.size > 0 ? `?${fields.toString()}` : '';
  const response = await fetch(`${url}${path}${query}`, {
    method,
    headers: {
      authorization: `Bearer ${secret}`,
      'stripe-version': STRIPE_VERSION,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(method === 'POST' ? { body: fields } : {}),
    redirect: 'error',
    signal,
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw faultOf(response, body);
  const read = answer.safeParse(body);
  // It was done, and we do not understand what it became.
  if (!read.success) throw new HubFailure('HUB_FAILED', { done: 'unknown', theirs: 'answer' });
  return read.data;
}

/** Errors of Stripe whose code says more than their status. */
const CODES: Readonly<Record<string, ConstructorParameters<typeof HubFailure>[0]>> = {
  terminal_reader_busy: 'PAYMENT_READER_BUSY',
  terminal_reader_offline: 'PAYMENT_READER_BUSY',
  terminal_reader_timeout: 'PAYMENT_READER_BUSY',
};

function faultOf(response: Response, body: unknown): HubFailure {
  const read = Fault.safeParse(body);
  const error = read.success ? read.data.error : null;
  const theirs = error?.code ?? error?.type ?? String(response.status);
  const known = error?.code === undefined ? undefined : CODES[error.code];
  if (known) return new HubFailure(known, { done: 'no', theirs });
  // Another call with the same key runs at this moment: its end is ours.
  if (response.status === 409) return new HubFailure('HUB_BUSY', { done: 'unknown', theirs });
  if (response.status === 402) return new HubFailure('PAYMENT_DECLINED', { done: 'no', theirs });
  return statusFailure(response.status, theirs, response.headers.get('retry-after'));
}

function encoded(form: StripeForm): URLSearchParams {
  const out = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    if (typeof value === 'object') for (const one of value) out.append(`${name}[]`, one);
    else out.append(name, String(value));
  }
  return out;
}
