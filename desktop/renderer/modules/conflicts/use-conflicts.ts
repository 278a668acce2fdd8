import { newId } from '#shared/kernel/ids.ts';
import type { ReviewDecided, ReviewGroup } from '#shared/ipc/views.ts';
import { undoOf } from '#shared/schema/review-lines.ts';
import type { Row } from '#shared/schema/define.ts';
import { isTableName, tableOf } from '#shared/schema/tables.ts';
import { useStore, useView } from '#desktop/collections/hooks.tsx';
import type { NewRow } from '#desktop/collections/tables.ts';
import { mayDecide } from '../../shell/review-rights.ts';
import { useSession } from '../../shell/session.tsx';
import { useSites } from '../../shell/sites.tsx';
import { fieldWord, tableWord } from '../../ui/domain-words.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { decisionOf } from './steps.ts';
import type { Choice, Step } from './steps.ts';
import { valueWords } from './value-words.ts';

const LIMIT = 500;

/** What there is to review, newest first: all, or about one item. */
export const useReviewGroups = (itemId: string | null = null) =>
  useView('review.inbox', { limit: LIMIT, itemId });

export interface ReviewActs {
  /** Writes a decision; saved on the device when it resolves. @throws AppError REVIEW_… */
  decide(step: Step, choice: Pick<Choice, 'value' | 'item'> | null): Promise<ReviewedRow>;
  /** Lets a late row be applied, or not; a step of its review, and final. @throws AppError */
  settle(step: Step, end: string): Promise<void>;
  /** Takes a decision back, as a decision of its own. @throws AppError REVIEW_UNDO_… */
  undo(row: ReviewDecided['row']): Promise<void>;
}
export type ReviewedRow = NewRow<'review_decisions'>;

/** One click is one document. */
export function useReviewActs(): ReviewActs {
  const { tables } = useStore();
  const { who } = useSession();
  return {
    async decide(step, choice) {
      const row = { id: newId(), ...decisionOf(step, choice) } as ReviewedRow;
      await tables.insert('review_decisions', row);
      return row;
    },
    async settle({ entries }, end) {
      const step = { status: 'decided' as const, decision: end, decided_by: who.userId };
      for (const { id } of entries) await tables.patch('review_items', id, step);
    },
    async undo(row) {
      // As the store has it: with the stamp that it was made or taken with.
      const made = await tables.read('review_decisions', String(row['id']));
      const back = undoOf((made ?? row) as unknown as Row);
      await tables.insert('review_decisions', { id: newId(), ...back } as ReviewedRow);
    },
  };
}

/** What a record, a field and its values are called. */
export function useReviewWords() {
  const { t, fmt } = useI18n();
  const { byId } = useSites();
  const words = {
    ...fmt,
    yes: t('common.yes'),
    no: t('common.no'),
    empty: t('review.emptyValue'),
  };
  return {
    site: (id: string | null): string | null => (id === null ? null : (byId.get(id)?.name ?? null)),
    record: (group: ReviewGroup): string => {
      const name = group.name ?? tableWord(t, group.table_name);
      const site = group.location_id === null ? undefined : byId.get(group.location_id);
      return site ? `${name}, ${site.name}` : name;
    },
    field: (field: string | null): string => (field === null ? '' : fieldWord(t, field)),
    value: (table: string, field: string | null, value: unknown, label: string | null = null) =>
      field === null ? '' : valueWords(table, field, value, words, label),
  };
}

/** Tells of a question whether this person decides it. */
export function useMayDecide(): (step: Step) => boolean {
  const session = useSession();
  return ({ group, entries }) => mayDecide(session, group, entries);
}

/** PHI class of the field of a step; clinical where nothing is known. */
export const phiOf = ({ group, field }: Step) =>
  (isTableName(group.table_name) && field !== null
    ? tableOf(group.table_name).fields[field]?.phi
    : undefined) ?? 'P2';
