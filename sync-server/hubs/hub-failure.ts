import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';

/**
 * A call to a partner that did not end well. What matters most about it is whether it may have been
 * carried out all the same: no · unknown, so that only looking it up, or a person, can tell.
 */
export class HubFailure extends AppError {
  readonly done: 'no' | 'unknown';
  /** How long the partner wants to be left alone, milliseconds. */
  readonly retryAfterMs: number | null;

  constructor(
    code: Code,
    options: {
      readonly done: 'no' | 'unknown';
      readonly retryAfterMs?: number | null;
      /** The partner's own name for it: a status or a number, never its words. */
      readonly theirs?: string;
      readonly cause?: unknown;
    },
  ) {
    super(code, options.theirs === undefined ? {} : { theirs: options.theirs }, options.cause);
    this.name = 'HubFailure';
    this.done = options.done;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }

  /** The same, where a try before it may have been carried out. */
  asUnknown(): HubFailure {
    if (this.done === 'unknown') return this;
    const { code, retryAfterMs, safe, cause } = this;
    const theirs = typeof safe['theirs'] === 'string' ? { theirs: safe['theirs'] } : {};
    return new HubFailure(code, { done: 'unknown', retryAfterMs, cause, ...theirs });
  }
}

/** Errors of a connection that was never made, or over which nothing was said yet. */
const NEVER_SAID: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** What an error of the network means; the code may stand in a cause, as `fetch` has it. */
export function networkFailure(error: unknown): HubFailure {
  const code = codeOf(error) ?? codeOf((error as { cause?: unknown } | null)?.cause);
  if (code !== null && NEVER_SAID.has(code)) {
    return new HubFailure('HUB_UNREACHABLE', { done: 'no', theirs: code, cause: error });
  }
  return new HubFailure('HUB_FAILED', {
    done: 'unknown',
    cause: error,
    ...(code === null ? {} : { theirs: code }),
  });
}

/**
 * What a status of HTTP means. Of a fault of the partner nobody knows how far it came before it.
 * @param retryAfter the header of that name
 */
export function statusFailure(
  status: number,
  theirs: string,
  retryAfter: string | null = null,
): HubFailure {
  if (status === 429) {
    const seconds = Number(retryAfter);
    const retryAfterMs = retryAfter !== null && seconds >= 0 ? seconds * 1000 : null;
    return new HubFailure('HUB_BUSY', { done: 'no', theirs, retryAfterMs });
  }
  if (status === 401 || status === 403)
    return new HubFailure('HUB_SIGN_IN', { done: 'no', theirs });
  if (status >= 500 || status === 408) {
    return new HubFailure('HUB_FAILED', { done: 'unknown', theirs });
  }
  return new HubFailure('HUB_REFUSED', { done: 'no', theirs });
}

function codeOf(error: unknown): string | null {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && code !== '' ? code : null;
}
