import type { Code } from './codes.ts';

/**
 * What a device does about an answer, a row's or a whole request's.
 *
 * again: it passes by itself; the rows stay in the queue · anew: the same, after everything was listed
 * again · park: this row is set aside as "needs you"; an edit sends it again · hand-over: parked, and
 * the server keeps it too, so the copy here may go · split: the batch is halved until the row at fault
 * stands alone, which is then parked · sign-in, manager, it, update: nothing works before somebody does
 * that · here: never an answer to a push; it arises on the device or elsewhere.
 */
export type RetryRule =
  | 'again'
  | 'anew'
  | 'park'
  | 'hand-over'
  | 'split'
  | 'sign-in'
  | 'manager'
  | 'it'
  | 'update'
  | 'here';

/** The rules of all codes that an answer to a push can carry. */
export const RETRY_RULES: Partial<Readonly<Record<Code, Exclude<RetryRule, 'here'>>>> = {
  AUTH_TOKEN_EXPIRED: 'again',
  AUTH_TOO_MANY_ATTEMPTS: 'again',
  SERVER_UNREACHABLE: 'again',
  SERVER_ANSWER_INVALID: 'again',
  SERVER_BUSY: 'again',
  RATE_LIMITED: 'again',
  SERVER_OLDER: 'again',
  NOT_FOUND: 'again',
  SYNC_PARENT_MISSING: 'again',
  SYNC_EPOCH_CHANGED: 'anew',

  SYNC_ROW_INVALID: 'park',
  SYNC_ROW_REFUSED: 'park',
  SYNC_ROW_IMMUTABLE: 'park',
  SYNC_TRANSITION_REFUSED: 'park',
  SYNC_UNIQUE_TAKEN: 'park',
  SYNC_SLOT_TAKEN: 'park',
  ITEM_MERGED: 'park',
  REVIEW_MOVED_ON: 'park',
  REVIEW_UNDO_LATE: 'park',
  REVIEW_DECIDED: 'park',
  REVIEW_UNDO_MOVED: 'park',
  SYNC_ROW_CLOSED: 'park',
  SYNC_ROW_GONE: 'park',
  SYNC_OWN_APPROVAL: 'park',
  COUNT_CLOSED: 'park',
  COUNT_OWN_APPROVAL: 'park',
  ROW_INVALID: 'park',
  ROW_NOT_DELETABLE: 'park',
  SYNC_ROW_QUARANTINED: 'hand-over',

  INTERNAL: 'split',
  REQUEST_INVALID: 'split',
  REQUEST_TOO_LARGE: 'split',

  AUTH_CANCELLED: 'sign-in',
  AUTH_SESSION_ENDED: 'sign-in',
  AUTH_TOKEN_INVALID: 'sign-in',
  AUTH_WRONG_PASSWORD: 'sign-in',
  AUTH_CODE_WRONG: 'sign-in',
  AUTH_MFA_NEEDED: 'sign-in',
  AUTH_NO_ACCESS: 'manager',
  AUTH_ACCOUNT_CLOSED: 'manager',
  DEVICE_REFUSED: 'it',
  DEVICE_WIPED: 'it',
  SYNC_CLIENT_TOO_OLD: 'update',
};

/** How a device treats an answer with this code. */
export const retryRule = (code: Code): RetryRule => RETRY_RULES[code] ?? 'here';
