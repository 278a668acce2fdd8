/**
 * How something that waits for a person is decided.
 * fields: by choosing a value of each field, in the review itself · elsewhere: by a step on the screen
 * of the thing, which closes the review · handled: people settle it on the screen of the thing and
 * say so in the review.
 */
export type ReviewWay = 'fields' | 'elsewhere' | 'handled';

/** Why something waits for a person, and how it is decided. */
export const REVIEW_WAYS = {
  field_conflict: 'fields',
  count_variance: 'elsewhere',
  negative_stock: 'handled',
  duplicate_person: 'handled',
  identity_merge: 'handled',
  order_changed: 'handled',
  slot_conflict: 'handled',
  session_conflict: 'handled',
  transfer_short: 'handled',
  gtin_clash: 'fields',
  contradictory_response: 'handled',
  duplicate_submission: 'handled',
  voided_signature: 'handled',
  unknown_payment: 'handled',
  patient_proposal: 'handled',
  quarantined: 'handled',
} as const satisfies Record<string, ReviewWay>;

export type ReviewKind = keyof typeof REVIEW_WAYS;
export const REVIEW_KINDS = Object.keys(REVIEW_WAYS) as [ReviewKind, ...ReviewKind[]];

export const isReviewKind = (value: unknown): value is ReviewKind =>
  typeof value === 'string' && Object.hasOwn(REVIEW_WAYS, value);
