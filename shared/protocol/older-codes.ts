import type { Code } from '#shared/errors/codes.ts';

/** A code that came with a version of the wire. */
interface NewerCode {
  readonly since: number;
  /**
   * What an older client is told in its place: it reads an answer with a code that it does not know as
   * no answer at all. Null where nothing that an older client can ask is answered with it.
   */
  readonly before: Code | null;
}

const OF_FILES: NewerCode = { since: 2, before: null };
/** Nobody merged items before; that one has not been sent is said on the device only. */
const OF_MERGES: NewerCode = { since: 2, before: null };
const OF_REVIEWS: NewerCode = { since: 2, before: null };
/** Stand in rows about what was sent, never in an answer. */
const OF_HUBS: NewerCode = { since: 2, before: null };
/** Asked by windows of this build alone: nothing of it is part of the exchange of rows. */
const OF_ADMINISTRATION: NewerCode = { since: 2, before: null };
/** Said on the device only. */
const OF_IMPORTS: NewerCode = { since: 2, before: null };

/** Every code that is not of version 1; a test compares with the wire that was released. */
export const NEWER_CODES: Partial<Record<Code, NewerCode>> = {
  SYNC_SLOT_TAKEN: { since: 2, before: 'SYNC_UNIQUE_TAKEN' },
  SYNC_ROW_GONE: { since: 2, before: 'SYNC_ROW_REFUSED' },
  SYNC_ROW_QUARANTINED: { since: 2, before: 'SYNC_ROW_REFUSED' },
  RATE_LIMITED: { since: 2, before: 'SERVER_BUSY' },
  // Said on the device only.
  SERVER_OLDER: { since: 2, before: null },
  ACCOUNTS_OFF: OF_ADMINISTRATION,
  ADMIN_HELD: OF_ADMINISTRATION,
  ADMIN_LAST: OF_ADMINISTRATION,
  ADMIN_OWN: OF_ADMINISTRATION,
  ADMIN_PERIOD: OF_ADMINISTRATION,
  // Of the administration at first; since sessions are asked for it too, an older client signs in anew.
  AUTH_MFA_NEEDED: { since: 2, before: 'AUTH_TOKEN_INVALID' },
  // Said on the device only.
  AUTH_CODE_WRONG: { since: 2, before: null },
  // Said on the device only.
  AUTH_ACCOUNT_CLOSED: { since: 2, before: null },
  DEVICE_WIPED: { since: 2, before: null },
  FILES_NO_ROOM: OF_FILES,
  FILES_OFF: OF_FILES,
  FILE_DAMAGED: OF_FILES,
  FILE_GONE: OF_FILES,
  FILE_HASH_WRONG: OF_FILES,
  FILE_NOT_ALLOWED: OF_FILES,
  FILE_NOT_READY: OF_FILES,
  FILE_OWNER_MISSING: OF_FILES,
  FILE_PART_WRONG: OF_FILES,
  FILE_TOO_LARGE: OF_FILES,
  FILE_TYPE_REFUSED: OF_FILES,
  HUB_BUSY: OF_HUBS,
  HUB_FAILED: OF_HUBS,
  HUB_OFF: OF_HUBS,
  HUB_OUTCOME_UNKNOWN: OF_HUBS,
  HUB_PAUSED: OF_HUBS,
  HUB_REFUSED: OF_HUBS,
  HUB_SIGN_IN: OF_HUBS,
  HUB_TIMEOUT: OF_HUBS,
  HUB_UNREACHABLE: OF_HUBS,
  MESSAGE_HAS_PHI: OF_HUBS,
  MESSAGE_NOT_NOW: OF_HUBS,
  MESSAGE_NO_ADDRESS: OF_HUBS,
  MESSAGE_NO_CONSENT: OF_HUBS,
  MESSAGE_OPTED_OUT: OF_HUBS,
  MESSAGE_TEMPLATE_ENDED: OF_HUBS,
  MESSAGE_TOO_OLD: OF_HUBS,
  ORDER_NOT_PLACED: OF_HUBS,
  PAYMENT_DECLINED: OF_HUBS,
  PAYMENT_RISKY: OF_HUBS,
  PAYMENT_READER_BUSY: OF_HUBS,
  IMPORT_EMPTY: OF_IMPORTS,
  IMPORT_TOO_LARGE: OF_IMPORTS,
  IMPORT_UNREADABLE: OF_IMPORTS,
  ITEM_MERGED: OF_MERGES,
  ITEM_NOT_SENT: OF_MERGES,
  // Said on the device only.
  PIN_OF_WITNESS: { since: 2, before: null },
  REVIEW_DECIDED: OF_REVIEWS,
  REVIEW_MOVED_ON: OF_REVIEWS,
  REVIEW_UNDO_LATE: OF_REVIEWS,
  REVIEW_UNDO_MOVED: OF_REVIEWS,
};

/** A code as a client of a version knows it. */
export function codeFor(code: Code, version: number): Code {
  const newer = NEWER_CODES[code];
  return newer && version < newer.since ? (newer.before ?? 'INTERNAL') : code;
}
