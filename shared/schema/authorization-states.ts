/** States of an authorization request; see the machine of the same name. */
export const AUTHORIZATION_STATES = [
  'draft',
  'gathering',
  'ready_for_review',
  'signed',
  'submitted',
  'pended',
  'more_info',
  'approved',
  'partially_approved',
  'denied',
  'deemed_granted',
  'withdrawn',
  'expired',
  'duplicate_submission',
] as const;
