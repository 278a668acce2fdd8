import { useView } from '#desktop/collections/hooks.tsx';
import { useI18n } from '../ui/i18n.tsx';
import { openQuestions } from './review-rights.ts';
import { useSession } from './session.tsx';
import { useSync } from './use-sync.ts';

export type PlaceName = 'inventory' | 'counts' | 'review';

export interface Place {
  readonly name: PlaceName;
  readonly to: '/inventory' | '/counts' | '/review';
  readonly title: string;
  /** How many things wait there for somebody. */
  readonly waiting: number;
}

const MAX_SHOWN = 500;

/** Where this person can go: the same list for the rail and for Ctrl+K. */
export function usePlaces(): readonly Place[] {
  const { t } = useI18n();
  const session = useSession();
  const { may, mayRow, who } = session;
  const reviews = may('conflict_log', 'read');
  const { data: counts } = useView(
    'inventory.counts',
    may('count_sessions', 'read') ? { limit: MAX_SHOWN } : null,
  );
  const { data: groups } = useView(
    'review.inbox',
    reviews ? { limit: MAX_SHOWN, itemId: null } : null,
  );
  const { status } = useSync();
  // Only what this person decides, and what the server did not take from them.
  // A count is approved by somebody who did not count it.
  const toApprove = counts?.filter(
    (count) =>
      count.status === 'in_review' &&
      count.counted_by !== who.userId &&
      mayRow('count_sessions', 'approve', { ...count }),
  );
  const open =
    (toApprove?.length ?? 0) + openQuestions(groups ?? [], session) + (status?.needsYou ?? 0);
  const places: readonly (Place & { readonly when: boolean })[] = [
    {
      name: 'inventory',
      to: '/inventory',
      title: t('nav.inventory'),
      waiting: 0,
      when: may('inventory_items', 'read'),
    },
    {
      name: 'counts',
      to: '/counts',
      title: t('nav.counts'),
      waiting: 0,
      when: may('count_sessions', 'read'),
    },
    { name: 'review', to: '/review', title: t('nav.review'), waiting: open, when: reviews },
  ];
  return places.filter(({ when }) => when);
}
