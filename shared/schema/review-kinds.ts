/** Why something waits for a person. */
export const REVIEW_KINDS = [
  'field_conflict',
  'count_variance',
  'negative_stock',
  'duplicate_person',
  'identity_merge',
  'order_changed',
  'slot_conflict',
  'session_conflict',
  'transfer_short',
  'gtin_clash',
  'contradictory_response',
  'duplicate_submission',
  'voided_signature',
  'unknown_payment',
  'patient_proposal',
  'quarantined',
] as const;
