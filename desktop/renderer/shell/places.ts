import { useView } from '#desktop/collections/hooks.tsx';
import { useI18n } from '../ui/i18n.tsx';
import { useSession } from './session.tsx';

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
  const { may } = useSession();
  const reviews = may('conflict_log', 'read');
  const { data: counts } = useView(
    'inventory.counts',
    may('count_sessions', 'read') ? { limit: MAX_SHOWN } : null,
  );
  // A conflict is merged already and waits for nobody; a count in review does.
  const open = counts?.filter(({ status }) => status === 'in_review').length ?? 0;
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
