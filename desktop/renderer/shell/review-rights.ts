import { RELEASING_ROLES } from '#shared/access/matrix.ts';
import type { ReviewEntry, ReviewGroup } from '#shared/ipc/views.ts';
import { REVIEW_WAYS, isReviewKind } from '#shared/schema/review-kinds.ts';
import { isTableName } from '#shared/schema/tables.ts';
import type { Session } from './session.tsx';

type Who = Pick<Session, 'mayRow' | 'holds'>;

/**
 * True when this person decides these questions about a record: by the rights on the record itself,
 * and of a review by those on its kind of record too.
 */
export function mayDecide(
  { mayRow, holds }: Who,
  { table_name: table, scope, location_id: site }: ReviewGroup,
  entries: readonly Pick<ReviewEntry, 'about' | 'kind'>[],
): boolean {
  if (!isTableName(table)) return false;
  return entries.every(({ about, kind }) => {
    const way = isReviewKind(kind) ? REVIEW_WAYS[kind] : 'elsewhere';
    if (way === 'elsewhere') return false;
    const review = { table_name: table, location_id: site };
    if (about === 'review_items' && !mayRow('review_items', 'approve', review)) return false;
    if (way === 'release') return holds(RELEASING_ROLES, site);
    return way === 'handled' || mayRow(table, 'update', scope);
  });
}

/** How many open questions this person decides; a field counts once, however often it was contested. */
export function openQuestions(groups: readonly ReviewGroup[], who: Who): number {
  return groups.reduce((sum, group) => {
    const open = group.entries.filter(
      (entry) => entry.state === 'open' && mayDecide(who, group, [entry]),
    );
    const fields = open.map(({ kind, field, id }) =>
      kind === 'field_conflict' ? (field ?? id) : id,
    );
    return sum + new Set(fields).size;
  }, 0);
}
