import { distinctFacts } from '../facts.ts';

/**
 * What can happen to something that is sent to a patient, in rank order: a later one stands for
 * more than all before it, however late a webhook tells of an earlier one. A bounce ranks over
 * `delivered`, since a mail server that took a letter may still return it; whoever opened it, got it.
 */
export const DELIVERY_EVENTS = [
  'queued',
  'consent_checked',
  'consent_blocked',
  'sent',
  'failed',
  'printed',
  'delivered',
  'bounced',
  'link_expired',
  'opened',
  'opted_out',
  'acknowledged',
] as const;
export type DeliveryEvent = (typeof DELIVERY_EVENTS)[number];

export interface DeliveryFact {
  readonly id: string;
  readonly event: DeliveryEvent;
  /** From 1; a new attempt starts from the beginning. */
  readonly attempt_no: number;
}

/** Reached its patient by one attempt: no other attempt takes that back. */
const REACHED: ReadonlySet<DeliveryEvent> = new Set([
  'printed',
  'delivered',
  'link_expired',
  'opened',
  'opted_out',
  'acknowledged',
]);

/**
 * Where one delivery stands: the furthest that an attempt which reached the patient has come, or
 * else the furthest of the latest attempt. The same for any order and repetition of its events.
 * @returns null when nothing is known of it
 */
export function deliveryStatus(facts: readonly DeliveryFact[]): DeliveryEvent | null {
  const furthest = new Map<number, DeliveryEvent>();
  for (const { attempt_no: attempt, event } of distinctFacts(facts)) {
    const known = furthest.get(attempt);
    if (known === undefined || rankOf(event) > rankOf(known)) furthest.set(attempt, event);
  }
  const reached = [...furthest.values()].filter((event) => REACHED.has(event));
  if (reached.length > 0) return reached.reduce((a, b) => (rankOf(b) > rankOf(a) ? b : a));
  return furthest.get(Math.max(...furthest.keys())) ?? null;
}

const rankOf = (event: DeliveryEvent): number => DELIVERY_EVENTS.indexOf(event);
