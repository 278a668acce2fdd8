/** What is known of a payment that somebody may not have made in good faith. */
export interface FraudFacts {
  readonly amountCents: number;
  /** Payments that were begun at the same reader within ten minutes, this one among them. */
  readonly triesAtReader: number;
  /** Declined ones of the same patient today. */
  readonly declinedToday: number;
  /** Of money given back: to another card than it came from. */
  readonly toAnotherCard: boolean;
  /** Stripe's own, 0 to 100; null where it says none (a card that was held against a reader). */
  readonly stripeRisk: number | null;
}

/** Above this a payment is refused and a person looks at it. */
export const FRAUD_LIMIT = 0.8;
/** A skin clinic rarely takes more at its desk. */
const USUAL_MOST_CENTS = 200_000;

/**
 * How likely a payment is not what it seems, 0 to 1: the larger of what our rules and what Stripe says. No
 * rule alone reaches the limit but money that goes to another card than it came from.
 */
export function fraudScore(facts: FraudFacts): number {
  const own =
    (facts.amountCents > USUAL_MOST_CENTS ? 0.4 : 0) +
    Math.min(0.4, Math.max(0, facts.triesAtReader - 2) * 0.15) +
    Math.min(0.4, facts.declinedToday * 0.15) +
    (facts.toAnotherCard ? 0.9 : 0);
  return Math.min(1, Math.max(own, (facts.stripeRisk ?? 0) / 100));
}
