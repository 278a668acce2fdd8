import type Stripe from 'stripe';
import type { StripeConfig } from '../../config/hubs-config.ts';
import { HubFailure, networkFailure, statusFailure } from '../hub-failure.ts';

/**
 * The official client. It tries once: when a call is repeated, and under which key, the hub decides (one
 * repetition it makes by itself, with the same key, where a kept connection turns out to be closed).
 * @param timeoutMs of one call; the library gives it up then
 */
export async function connectStripe(
  { secret, url }: StripeConfig,
  timeoutMs: number,
): Promise<Stripe> {
  // Loaded with the first call: a server without card payments never does.
  const { default: Library } = await import('stripe');
  const { protocol, hostname, port } = new URL(url);
  return new Library(secret, {
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port === '' ? {} : { port }),
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
  });
}

/** What an error of Stripe's library carries; its words may say something about a card, and stay here. */
interface LibraryError {
  readonly type?: string;
  readonly statusCode?: number;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly detail?: unknown;
}

/** Errors of Stripe whose code says more than their status. */
const CODES: Readonly<Record<string, ConstructorParameters<typeof HubFailure>[0]>> = {
  terminal_reader_busy: 'PAYMENT_READER_BUSY',
  terminal_reader_offline: 'PAYMENT_READER_BUSY',
  terminal_reader_timeout: 'PAYMENT_READER_BUSY',
};

/** What an error of the library means, and above all whether the deed may have been done. */
export function stripeFailure(error: unknown): HubFailure {
  if (error instanceof HubFailure) return error;
  const { type, statusCode, code, headers, detail } = (error ?? {}) as LibraryError;
  if (statusCode === undefined) {
    const cause = detail instanceof Error ? detail : error;
    if (type === 'StripeConnectionError' && (cause as { code?: unknown }).code === 'ETIMEDOUT') {
      return new HubFailure('HUB_TIMEOUT', { done: 'unknown' });
    }
    return networkFailure(cause);
  }
  const theirs = code ?? type ?? String(statusCode);
  const known = code === undefined ? undefined : CODES[code];
  if (known) return new HubFailure(known, { done: 'no', theirs });
  // Another call with the same key runs at this moment: its end is ours.
  if (statusCode === 409) return new HubFailure('HUB_BUSY', { done: 'unknown', theirs });
  if (statusCode === 402) return new HubFailure('PAYMENT_DECLINED', { done: 'no', theirs });
  return statusFailure(statusCode, theirs, headers?.['retry-after'] ?? null);
}
