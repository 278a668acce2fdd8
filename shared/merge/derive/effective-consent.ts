import { distinctFacts } from '../facts.ts';

export const CONSENT_DECISIONS = ['given', 'declined', 'revoked'] as const;
export type ConsentDecision = (typeof CONSENT_DECISIONS)[number];

export interface ConsentFact {
  readonly id: string;
  readonly decision: ConsentDecision;
  /** Milliseconds since the Unix epoch; null when nobody knows when. */
  readonly given_at: number | null;
}

export interface OptOutFact {
  readonly id: string;
  /** Milliseconds since the Unix epoch; null when nobody knows when. */
  readonly received_at: number | null;
}

/** Only `given` allows anything. unknown: nobody was asked. */
export type EffectiveConsent = ConsentDecision | 'opted_out' | 'unknown';

/** Of decisions of the same moment the one that protects more. */
const CAUTION = { given: 0, declined: 1, revoked: 2 } as const;

/**
 * What a patient allows, of one purpose or channel. The newest decision counts, at the same moment a
 * revocation; an opt-out that is newer than the consent, of the same moment, or of a moment that
 * nobody knows, counts more. To consent again after it takes a later consent. The same for any order
 * and repetition.
 */
export function effectiveConsent(
  consents: readonly ConsentFact[],
  optOuts: readonly OptOutFact[],
): EffectiveConsent {
  let newest: ConsentFact | null = null;
  for (const consent of distinctFacts(consents)) {
    if (!newest || isNewer(consent, newest)) newest = consent;
  }
  const outs = distinctFacts(optOuts);
  if (!newest) return outs.length > 0 ? 'opted_out' : 'unknown';
  if (newest.decision !== 'given') return newest.decision;
  // A consent of unknown moment is older than all, an opt-out of unknown moment newer than all.
  const consentedAt = newest.given_at ?? -Infinity;
  const isOut = outs.some(({ received_at: at }) => (at ?? Infinity) >= consentedAt);
  return isOut ? 'opted_out' : 'given';
}

function isNewer(a: ConsentFact, b: ConsentFact): boolean {
  const left = a.given_at ?? -Infinity;
  const right = b.given_at ?? -Infinity;
  return left === right ? CAUTION[a.decision] > CAUTION[b.decision] : left > right;
}
