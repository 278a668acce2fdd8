import { CODES } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';
import { retryRule } from '#shared/errors/retry.ts';
import type { RetryRule } from '#shared/errors/retry.ts';

/**
 * What a failed request means for the rows in it.
 * `later`: nothing is known of the rows, ask again · `closed`: nothing will work before somebody does
 * something (sign in, update, call IT) · `rows`: the server is there and cannot take this batch.
 */
export type FailureKind = 'later' | 'closed' | 'rows';

const KINDS: Readonly<Record<RetryRule, FailureKind>> = {
  again: 'later',
  anew: 'later',
  here: 'later',
  park: 'rows',
  'hand-over': 'rows',
  split: 'rows',
  'sign-in': 'closed',
  manager: 'closed',
  it: 'closed',
  update: 'closed',
};

/** How a whole request that failed with this code is to be treated. */
export const failureKind = (code: Code): FailureKind => KINDS[retryRule(code)];

/** True when trying again can succeed without anybody changing anything. */
export const mayPassLater = (code: Code): boolean => CODES[code].retry;

/** True when the server keeps the refused row, so that no copy of it has to stay here. */
export const isHandedOver = (code: Code): boolean => retryRule(code) === 'hand-over';
