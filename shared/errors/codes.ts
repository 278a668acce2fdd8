/** How one kind of error is treated everywhere: HTTP status, log level, retry, words for people. */
export interface CodeInfo {
  readonly status: number;
  readonly level: 'info' | 'warn' | 'error';
  /** True when trying the same thing again later can succeed without anybody changing anything. */
  readonly retry: boolean;
  /** What a receptionist reads. */
  readonly say: string;
}

/**
 * The one catalogue of errors. Names are stable: they appear in logs, in answers of the server and
 * in small print on the screen.
 */
export const CODES = {
  // Sign-in and session
  AUTH_WRONG_PASSWORD: {
    status: 400,
    level: 'info',
    retry: false,
    say: 'E-mail address or password is not right. Please try again.',
  },
  AUTH_TOO_MANY_ATTEMPTS: {
    status: 429,
    level: 'warn',
    retry: true,
    say: 'Too many attempts. Please wait a minute and try again.',
  },
  AUTH_CANCELLED: {
    status: 400,
    level: 'info',
    retry: false,
    say: 'Sign-in was cancelled. Nothing has changed.',
  },
  AUTH_SESSION_ENDED: {
    status: 401,
    level: 'info',
    retry: false,
    say: 'Your session has ended. Please sign in again. Your changes are saved on this device.',
  },
  AUTH_TOKEN_EXPIRED: {
    status: 401,
    level: 'info',
    retry: true,
    say: 'Your sign-in needs a refresh. This happens by itself; your changes are saved.',
  },
  AUTH_TOKEN_INVALID: {
    status: 401,
    level: 'warn',
    retry: false,
    say: 'Your sign-in is not valid here. Please sign in again.',
  },
  AUTH_NO_ACCESS: {
    status: 403,
    level: 'warn',
    retry: false,
    say: 'Your account cannot be used here now: it is suspended, or has no role yet. Please ask your manager.',
  },
  AUTH_MFA_NEEDED: {
    status: 403,
    level: 'warn',
    retry: false,
    say: 'This needs your second factor. Please sign in again with it. Your changes are saved on this device.',
  },
  AUTH_CODE_WRONG: {
    status: 400,
    level: 'info',
    retry: false,
    say: 'This code is not right. Please type the one that your authenticator app shows now.',
  },
  AUTH_ACCOUNT_CLOSED: {
    status: 403,
    level: 'warn',
    retry: false,
    say: 'Your account here was closed, so your data was removed from this device.',
  },
  DEVICE_WIPED: {
    status: 403,
    level: 'warn',
    retry: false,
    say: 'This device was reported as lost, so all data was removed from it. Please bring it to IT.',
  },
  DEVICE_REFUSED: {
    status: 403,
    level: 'warn',
    retry: false,
    say: 'This device may not sync. Please ask IT.',
  },
  // Network and server
  SERVER_UNREACHABLE: {
    status: 503,
    level: 'info',
    retry: true,
    say: 'We could not reach the server. What you did is saved on this device.',
  },
  SERVER_ANSWER_INVALID: {
    status: 502,
    level: 'warn',
    retry: true,
    say: 'The network gave an answer that is not from our server. Your changes are saved here.',
  },
  SERVER_BUSY: {
    status: 503,
    level: 'warn',
    retry: true,
    say: 'The server is busy. We will try again by ourselves.',
  },
  RATE_LIMITED: {
    status: 429,
    level: 'warn',
    retry: true,
    say: 'Too many requests in a short time. We will go on by ourselves in a moment.',
  },
  SERVER_OLDER: {
    status: 409,
    level: 'info',
    retry: true,
    say: 'The server is older than this app. This change waits here until the server is updated.',
  },
  INTERNAL: {
    status: 500,
    level: 'error',
    retry: true,
    say: 'Something went wrong on our side. Nothing you entered is lost.',
  },
  NOT_FOUND: { status: 404, level: 'info', retry: false, say: 'This does not exist.' },
  REQUEST_INVALID: {
    status: 400,
    level: 'warn',
    retry: false,
    say: 'The request could not be understood. Nothing was changed.',
  },
  REQUEST_TOO_LARGE: {
    status: 413,
    level: 'warn',
    retry: false,
    say: 'This is too large to send at once.',
  },
  // Sync
  SYNC_CLIENT_TOO_OLD: {
    status: 426,
    level: 'info',
    retry: false,
    say: 'This app is too old to sync. You can keep working; please update it.',
  },
  SYNC_EPOCH_CHANGED: {
    status: 409,
    level: 'warn',
    retry: true,
    say: 'The server was restored from a backup. Data is being loaded again.',
  },
  SYNC_ROW_INVALID: {
    status: 422,
    level: 'warn',
    retry: false,
    say: 'The server could not read this change. It is kept on this device.',
  },
  SYNC_ROW_REFUSED: {
    status: 403,
    level: 'warn',
    retry: false,
    say: 'You may not make this change.',
  },
  SYNC_ROW_IMMUTABLE: {
    status: 409,
    level: 'warn',
    retry: false,
    say: 'This is a recorded fact and cannot be changed. Please record a correction.',
  },
  SYNC_PARENT_MISSING: {
    status: 409,
    level: 'info',
    retry: true,
    say: 'This change waits for another one that it refers to.',
  },
  SYNC_TRANSITION_REFUSED: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'This step is no longer possible, since someone else went ahead.',
  },
  SYNC_UNIQUE_TAKEN: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'Someone else has already used this. Please choose another.',
  },
  SYNC_SLOT_TAKEN: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'Someone else has this slot. Please choose one of the free ones.',
  },
  SYNC_ROW_QUARANTINED: {
    status: 403,
    level: 'warn',
    retry: false,
    say: 'Your right to do this had ended when it arrived. It is kept for a manager to look at.',
  },
  SYNC_ROW_GONE: {
    status: 410,
    level: 'info',
    retry: false,
    say: 'This record, or one that it belongs to, was kept for its time and has been removed. Your change is kept on this device.',
  },
  SYNC_ROW_CLOSED: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'This has been handed in and cannot be edited any more.',
  },
  SYNC_OWN_APPROVAL: {
    status: 403,
    level: 'info',
    retry: false,
    say: 'Someone else has to approve this.',
  },
  COUNT_CLOSED: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'This count is already closed. Please start a new one.',
  },
  COUNT_OWN_APPROVAL: {
    status: 403,
    level: 'info',
    retry: false,
    say: 'A count is approved by someone who did not count it.',
  },
  // Reviews
  REVIEW_MOVED_ON: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'This was changed while you decided. Your choice was not used; please look at it again.',
  },
  REVIEW_DECIDED: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'Someone else decided this first, so their choice stands. You can look at it in the review.',
  },
  REVIEW_UNDO_LATE: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'A decision can be undone for 24 hours. Please change the value itself.',
  },
  REVIEW_UNDO_MOVED: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'This was changed after the decision, so it was not undone. Please look at it again.',
  },
  ITEM_MERGED: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'One of these items has been merged or changed meanwhile. Please look at both again.',
  },
  ITEM_NOT_SENT: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'One of these items was made on this device and has not been sent yet. Please merge them once it has.',
  },
  // Administration
  ADMIN_OWN: {
    status: 403,
    level: 'warn',
    retry: false,
    say: 'Nobody changes their own roles or account. Please ask another administrator.',
  },
  ADMIN_LAST: {
    status: 409,
    level: 'warn',
    retry: false,
    say: 'Somebody has to remain who can give roles. Please give another person that role first.',
  },
  ADMIN_PERIOD: {
    status: 422,
    level: 'info',
    retry: false,
    say: 'A role ends after it begins, and an end can only be brought forward.',
  },
  ADMIN_HELD: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'This person has this role there at that time already.',
  },
  ACCOUNTS_OFF: {
    status: 503,
    level: 'warn',
    retry: false,
    say: 'The server may not make or close accounts for signing in. Please tell IT.',
  },
  // Files
  FILE_TOO_LARGE: {
    status: 413,
    level: 'info',
    retry: false,
    say: 'This file is too large.',
  },
  FILE_TYPE_REFUSED: {
    status: 415,
    level: 'info',
    retry: false,
    say: 'This kind of file cannot be attached. Photos and PDF can.',
  },
  FILE_HASH_WRONG: {
    status: 422,
    level: 'warn',
    retry: true,
    say: 'The file did not arrive as it was sent. It is sent again.',
  },
  FILE_PART_WRONG: {
    status: 422,
    level: 'warn',
    retry: true,
    say: 'A part of the file was damaged on its way. It is sent again.',
  },
  FILE_NOT_ALLOWED: {
    status: 403,
    level: 'warn',
    retry: false,
    say: 'You may not attach files to this record any more. The file is kept on this device.',
  },
  FILE_OWNER_MISSING: {
    status: 409,
    level: 'info',
    retry: true,
    say: 'This file waits for the record that it belongs to.',
  },
  FILE_NOT_READY: {
    status: 409,
    level: 'info',
    retry: true,
    say: 'This file has not reached the server yet. It is still on the device that made it.',
  },
  FILE_GONE: {
    status: 410,
    level: 'info',
    retry: false,
    say: 'This file was removed, since its time of keeping is over.',
  },
  FILE_DAMAGED: {
    status: 422,
    level: 'error',
    retry: false,
    say: 'This file on this device is damaged. It will not be shown or sent.',
  },
  FILES_OFF: {
    status: 503,
    level: 'warn',
    retry: true,
    say: 'The server takes no files yet. They are kept on this device. Please tell IT.',
  },
  FILES_NO_ROOM: {
    status: 507,
    level: 'error',
    retry: true,
    say: 'The server has no room for files. They are kept on this device. Please tell IT.',
  },
  // Import of patients and visits
  IMPORT_UNREADABLE: {
    status: 422,
    level: 'info',
    retry: false,
    say: 'This file is neither a FHIR bundle nor a table that we can read. Nothing was changed.',
  },
  IMPORT_EMPTY: {
    status: 422,
    level: 'info',
    retry: false,
    say: 'There is no patient and no visit in this file. Nothing was changed.',
  },
  IMPORT_TOO_LARGE: {
    status: 413,
    level: 'info',
    retry: false,
    say: 'This file is too large to look at in one go. Please split it into smaller ones.',
  },
  // What leaves the house
  HUB_OFF: {
    status: 503,
    level: 'warn',
    retry: false,
    say: 'This way of sending is not set up on the server. Please tell IT.',
  },
  HUB_UNREACHABLE: {
    status: 503,
    level: 'warn',
    retry: true,
    say: 'The service that we send through cannot be reached. We will try again.',
  },
  HUB_TIMEOUT: {
    status: 504,
    level: 'warn',
    retry: true,
    say: 'The service that we send through is slow. We will try again.',
  },
  HUB_BUSY: {
    status: 429,
    level: 'warn',
    retry: true,
    say: 'The service that we send through takes no more at the moment. We will try again.',
  },
  HUB_FAILED: {
    status: 502,
    level: 'warn',
    retry: true,
    say: 'The service that we send through has a fault. We will try again.',
  },
  HUB_PAUSED: {
    status: 503,
    level: 'warn',
    retry: true,
    say: 'The service that we send through failed too often, so we wait a little before we try again.',
  },
  HUB_SIGN_IN: {
    status: 502,
    level: 'error',
    retry: false,
    say: 'The service that we send through does not let us in. Please tell IT.',
  },
  HUB_REFUSED: {
    status: 422,
    level: 'warn',
    retry: false,
    say: 'The other side did not take this message.',
  },
  HUB_OUTCOME_UNKNOWN: {
    status: 502,
    level: 'warn',
    retry: false,
    say: 'We do not know whether this arrived. Please ask before it is sent again.',
  },
  ORDER_NOT_PLACED: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'Only an order that is marked as ordered can be sent.',
  },
  MESSAGE_NO_ADDRESS: {
    status: 422,
    level: 'info',
    retry: false,
    say: 'There is no address to send this to. Please add it and send again.',
  },
  MESSAGE_NO_CONSENT: {
    status: 403,
    level: 'info',
    retry: false,
    say: 'This person has not agreed to be written to in this way.',
  },
  MESSAGE_OPTED_OUT: {
    status: 403,
    level: 'info',
    retry: false,
    say: 'This person wants no more messages of this kind.',
  },
  MESSAGE_NOT_NOW: {
    status: 409,
    level: 'info',
    retry: true,
    say: 'It is too late or too early to write to somebody. It is sent in the morning.',
  },
  MESSAGE_TOO_OLD: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'This waited for more than a day, so it was not sent by itself. Please look at it again.',
  },
  MESSAGE_TEMPLATE_ENDED: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'The text of this message is not approved any more.',
  },
  MESSAGE_HAS_PHI: {
    status: 422,
    level: 'warn',
    retry: false,
    say: 'This text says something about a patient, so it is not sent as a text message.',
  },
  PAYMENT_DECLINED: {
    status: 402,
    level: 'info',
    retry: false,
    say: 'The card was declined. Please try another one.',
  },
  PAYMENT_RISKY: {
    status: 422,
    level: 'warn',
    retry: false,
    say: 'This payment looks unusual, so it was not made. A manager has to look at it.',
  },
  PAYMENT_READER_BUSY: {
    status: 409,
    level: 'info',
    retry: true,
    say: 'The card reader is busy or switched off. Please try again.',
  },
  // Local store
  ROW_INVALID: {
    status: 422,
    level: 'info',
    retry: false,
    say: 'Something in this form is not right. Please look at the marked fields.',
  },
  ROW_NOT_DELETABLE: {
    status: 409,
    level: 'info',
    retry: false,
    say: 'Records are retired, not deleted.',
  },
  STORE_NOT_OPEN: {
    status: 409,
    level: 'info',
    retry: true,
    say: 'Please sign in first.',
  },
  STORE_RESTARTING: {
    status: 503,
    level: 'warn',
    retry: true,
    say: 'The local store is starting again. Please wait a moment.',
  },
  STORE_KEY_MISSING: {
    status: 500,
    level: 'error',
    retry: false,
    say: 'The key of this profile is missing. Its data is untouched.',
  },
  STORE_KEY_WRONG: {
    status: 500,
    level: 'error',
    retry: false,
    say: 'The key of this profile does not fit. Its data is untouched.',
  },
  STORE_DAMAGED: {
    status: 500,
    level: 'error',
    retry: false,
    say: 'The data on this device is damaged.',
  },
  STORE_NEWER: {
    status: 409,
    level: 'warn',
    retry: false,
    say: 'This data was written by a newer version of the app. Please update the app; nothing is lost.',
  },
  STORE_UPGRADE_FAILED: {
    status: 500,
    level: 'error',
    retry: false,
    say: 'The data on this device could not be brought up to date. It is untouched; please call IT.',
  },
  STORE_DISK_FULL: {
    status: 507,
    level: 'error',
    retry: true,
    say: 'The disk is full, so nothing can be saved. Please free some space.',
  },
  STORE_IN_USE: {
    status: 409,
    level: 'warn',
    retry: true,
    say: 'This data is open in another window of Ganger or by another person on this computer.',
  },
  STORE_READ_ONLY: {
    status: 500,
    level: 'error',
    retry: true,
    say: 'The folder of this data cannot be written to, so nothing can be saved. Please call IT.',
  },
  STORE_IO: {
    status: 500,
    level: 'error',
    retry: true,
    say: 'The disk of this computer did not answer. What was saved is safe; please try again.',
  },
  STORE_TIMEOUT: {
    status: 504,
    level: 'warn',
    retry: true,
    say: 'This takes longer than it should. Please try again.',
  },
  STORE_OVERLOADED: {
    status: 503,
    level: 'warn',
    retry: true,
    say: 'This window asks for too much at once. Please try again in a moment.',
  },
  PIN_NEEDED: {
    status: 401,
    level: 'info',
    retry: false,
    say: 'Please enter your PIN.',
  },
  PIN_WRONG: {
    status: 401,
    level: 'info',
    retry: false,
    say: 'This PIN is not right.',
  },
  PIN_WAIT: {
    status: 429,
    level: 'warn',
    retry: true,
    say: 'Too many wrong PINs. Please wait before you try again.',
  },
  PIN_BLOCKED: {
    status: 403,
    level: 'warn',
    retry: false,
    say: 'Too many wrong PINs. IT can open this profile with the recovery copy of its key.',
  },
  PIN_TOO_SIMPLE: {
    status: 422,
    level: 'info',
    retry: false,
    say: 'Please choose a PIN of 6 to 12 digits that is not a row or a repetition.',
  },
  PIN_OF_WITNESS: {
    status: 403,
    level: 'info',
    retry: false,
    say: 'Whoever saw it has not confirmed it with their own PIN, or too long ago. Nothing was saved.',
  },
  RECOVERY_INVALID: {
    status: 422,
    level: 'warn',
    retry: false,
    say: 'This recovery code is not for this profile, or it was already used.',
  },
  RECOVERY_NONE: {
    status: 409,
    level: 'warn',
    retry: false,
    say: 'There is no recovery copy of the key of this profile.',
  },
  BACKUP_INVALID: {
    status: 422,
    level: 'warn',
    retry: false,
    say: 'This is not a whole backup of Ganger. Nothing was changed.',
  },
  BACKUP_PASSPHRASE_WRONG: {
    status: 401,
    level: 'info',
    retry: false,
    say: 'The passphrase does not open this backup.',
  },
  BACKUP_OTHER_PERSON: {
    status: 409,
    level: 'warn',
    retry: false,
    say: 'This backup belongs to another person. Nothing was changed.',
  },
  CALL_NOT_ALLOWED: {
    status: 403,
    level: 'warn',
    retry: false,
    say: 'This is not allowed from here.',
  },
  KEYCHAIN_UNAVAILABLE: {
    status: 500,
    level: 'error',
    retry: false,
    say: 'This computer offers no safe place for keys. Please call IT.',
  },
} as const satisfies Record<string, CodeInfo>;

export type Code = keyof typeof CODES;

export const isCode = (value: unknown): value is Code =>
  typeof value === 'string' && Object.hasOwn(CODES, value);
