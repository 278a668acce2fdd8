import { mayDo } from './rights.ts';
import type { Grant } from './rights.ts';

/**
 * Separation of duties that is more than "not the author" of a state machine: what the database
 * refuses (migration "duties"), told here so that the screen says it before. Amounts are cents.
 */

/**
 * Up to which amount a role decides about an order alone, unless a site has set it otherwise
 * (`location_configs`, key `po.limit.<role>`).
 */
export const ORDER_LIMIT_CENTS = { LM: 50_000, MG: 250_000 } as const;

/**
 * Above this amount who took the money does not give it back, unless a site has set it otherwise
 * (`location_configs`, key `refund.limit`).
 */
export const REFUND_LIMIT_CENTS = 10_000;

/**
 * Up to which amount somebody decides about an order of a site alone.
 * @param grants those that hold now
 * @param limits of the site, where they differ from the usual ones
 */
export function orderLimitCents(
  grants: readonly Grant[],
  locationId: string,
  limits: Readonly<Partial<Record<'LM' | 'MG', number>>> = {},
): number {
  const here = grants.filter((g) => g.locationId === null || g.locationId === locationId);
  return Math.max(
    0,
    ...here.map(({ role }) => {
      if (role === 'SA') return Number.POSITIVE_INFINITY;
      if (role === 'LM' || role === 'MG') return limits[role] ?? ORDER_LIMIT_CENTS[role];
      return 0;
    }),
  );
}

/** Why somebody may not approve an order, or null when they may. */
export function whyNotApproveOrder(options: {
  readonly authorId: string | null;
  readonly userId: string;
  readonly amountCents: number;
  readonly limitCents: number;
}): 'own-order' | 'above-limit' | null {
  if (options.authorId === options.userId) return 'own-order';
  return options.amountCents > options.limitCents ? 'above-limit' : null;
}

/**
 * True for a submitted order that waits for this person's decision: by the usual limits, since a list
 * does not know those of each site.
 * @param order `decision` is one that counts already, wherever it was made
 */
export function awaitsDecision(
  order: {
    readonly status: string;
    readonly decision: string | null;
    readonly created_by: string | null;
    readonly location_id: string;
    readonly total_cents: number;
  },
  userId: string,
  grants: readonly Grant[],
): boolean {
  const { location_id: siteId, total_cents: amountCents, created_by: authorId } = order;
  if (order.status !== 'submitted' || order.decision !== null) return false;
  if (!mayDo(grants, userId, 'po_approvals', 'create', { location_id: siteId })) return false;
  const limitCents = orderLimitCents(grants, siteId);
  return whyNotApproveOrder({ authorId, userId, amountCents, limitCents }) === null;
}

/** True when somebody else has to give the money back. */
export function mustLeaveRefund(options: {
  readonly takenBy: readonly (string | null)[];
  readonly userId: string;
  readonly amountCents: number;
  readonly limitCents?: number;
}): boolean {
  const { takenBy, userId, amountCents, limitCents = REFUND_LIMIT_CENTS } = options;
  return amountCents > limitCents && takenBy.includes(userId);
}

/** True when somebody gathered the evidence and nobody else has looked at the result yet. */
export const mustLeaveAiReview = (options: {
  readonly evidenceBy: readonly (string | null)[];
  readonly reviewedBy: readonly string[];
  readonly userId: string;
}): boolean =>
  options.evidenceBy.includes(options.userId) &&
  options.reviewedBy.every((id) => id === options.userId);

/** Why a waste cannot be finished yet, or null: a reason always, a second person for what is controlled. */
export function whyNotWaste(options: {
  readonly reason: string | null;
  /** True when one of its items stands on a schedule of controlled substances. */
  readonly controlled: boolean;
  readonly userId: string | null;
  readonly witnessId: string | null;
}): 'reason-missing' | 'witness-missing' | 'own-witness' | null {
  const { reason, controlled, userId, witnessId } = options;
  if (reason === null) return 'reason-missing';
  if (witnessId !== null && witnessId === userId) return 'own-witness';
  return controlled && witnessId === null ? 'witness-missing' : null;
}
