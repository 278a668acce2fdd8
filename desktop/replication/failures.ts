import { CODES } from '#shared/errors/codes.ts';
import type { Code } from '#shared/errors/codes.ts';

/**
 * What a failed request means for the rows in it.
 * `later`: nothing is known of the rows, ask again · `closed`: nothing will work before somebody does
 * something (sign in, update, call IT) · `rows`: the server is there and cannot take this batch.
 */
export type FailureKind = 'later' | 'closed' | 'rows';

const CLOSED: ReadonlySet<Code> = new Set<Code>([
  'AUTH_CANCELLED',
  'AUTH_NO_ACCESS',
  'AUTH_SESSION_ENDED',
  'AUTH_TOKEN_INVALID',
  'AUTH_WRONG_PASSWORD',
  'DEVICE_REFUSED',
  'SYNC_CLIENT_TOO_OLD',
]);

const ROWS: ReadonlySet<Code> = new Set<Code>([
  'INTERNAL',
  'REQUEST_INVALID',
  'REQUEST_TOO_LARGE',
  'ROW_INVALID',
  'SYNC_ROW_IMMUTABLE',
  'SYNC_ROW_INVALID',
  'SYNC_ROW_REFUSED',
  'SYNC_UNIQUE_TAKEN',
]);

/** How a whole request that failed with this code is to be treated. */
export function failureKind(code: Code): FailureKind {
  if (CLOSED.has(code)) return 'closed';
  return ROWS.has(code) ? 'rows' : 'later';
}

/** True when trying again can succeed without anybody changing anything. */
export const mayPassLater = (code: Code): boolean => CODES[code].retry;
