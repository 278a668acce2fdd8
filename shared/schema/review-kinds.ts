/**
 * How something that waits for a person is decided.
 * fields: by choosing a value of each field, in the review itself · elsewhere: by a step on the screen
 * of the thing, which closes the review · handled: people settle it on the screen of the thing and
 * say so in the review · release: by a step of the review, after which the server applies what was
 * written, or keeps it unapplied.
 */
export type ReviewWay = 'fields' | 'elsewhere' | 'handled' | 'release';

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
  vial_overdrawn: 'handled',
  gtin_clash: 'fields',
  contradictory_response: 'handled',
  duplicate_submission: 'handled',
  voided_signature: 'handled',
  unknown_payment: 'handled',
  patient_proposal: 'handled',
  quarantined: 'release',
} as const satisfies Record<string, ReviewWay>;

export type ReviewKind = keyof typeof REVIEW_WAYS;
/** Kinds that are settled on another screen. */
export type HandledKind = {
  [K in ReviewKind]: (typeof REVIEW_WAYS)[K] extends 'handled' ? K : never;
}[ReviewKind];
export const REVIEW_KINDS = Object.keys(REVIEW_WAYS) as [ReviewKind, ...ReviewKind[]];

export const isHandledKind = (value: unknown): value is HandledKind =>
  isReviewKind(value) && REVIEW_WAYS[value] === 'handled';

export const isReviewKind = (value: unknown): value is ReviewKind =>
  typeof value === 'string' && Object.hasOwn(REVIEW_WAYS, value);
