/** What can happen to something that is sent, in no order: late reports must not move it back. */
export const DELIVERY_EVENTS = [
  'queued',
  'consent_checked',
  'consent_blocked',
  'sent',
  'delivered',
  'failed',
  'bounced',
  'opened',
  'link_expired',
  'opted_out',
  'printed',
  'acknowledged',
] as const;
export type DeliveryEvent = (typeof DELIVERY_EVENTS)[number];
