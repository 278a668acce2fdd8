import { derivedId } from '#shared/kernel/ids.ts';
import type { Contest } from './join.ts';

/** The id of a conflict: the same however often and wherever it is found. */
export function conflictId(table: string, rowId: string, contest: Contest): string {
  return derivedId('conflict', table, rowId, contest.field, contest.kept.hlc, contest.lost.hlc);
}

/** The id of the review of a contested field: derived from the contested writes. */
export function fieldReviewId(table: string, rowId: string, contest: Contest): string {
  return derivedId('review', table, rowId, contest.field, contest.kept.hlc, contest.lost.hlc);
}

/** The id of the review of a count's variances. */
export const countReviewId = (sessionId: string): string => derivedId('count-review', sessionId);

/** The id of a transition: one step from one state, as of one basis. */
export function transitionId(table: string, rowId: string, to: string, hlc: string): string {
  return derivedId('transition', table, rowId, to, hlc);
}

/** The id of one claim of a visit to one slot; asked for again, it is another claim. */
export function slotClaimId(
  visit: string,
  activity: string,
  startsAt: number,
  hlc: string,
): string {
  return derivedId('slot-claim', visit, activity, String(startsAt), hlc);
}
