import { awaitsDecision } from '#shared/access/duties.ts';
import { activeGrants } from '#shared/access/rights.ts';
import { useView } from '#desktop/collections/hooks.tsx';
import { useI18n } from '../ui/i18n.tsx';
import { mayAdminister } from './admin-rights.ts';
import { useNow } from '../ui/use-now.ts';
import { openQuestions } from './review-rights.ts';
import { useSession } from './session.tsx';
import { useSync } from './use-sync.ts';

export type PlaceName =
  | 'inventory'
  | 'counts'
  | 'orders'
  | 'review'
  | 'patients'
  | 'visits'
  | 'administration';

export interface Place {
  readonly name: PlaceName;
  readonly to:
    | '/inventory'
    | '/counts'
    | '/orders'
    | '/review'
    | '/patients'
    | '/visits'
    | '/administration';
  readonly title: string;
  /** How many things wait there for somebody. */
  readonly waiting: number;
}

const MAX_SHOWN = 500;

/** What waits for this person to decide: not for others, and not what they may not. */
export function useWaiting(): {
  /** Questions of the review. */
  readonly questions: number;
  readonly toApprove: number;
  /** Orders of other people. */
  readonly orders: number;
  /** Changes that the server did not take. */
  readonly refused: number;
} {
  const session = useSession();
  const { may, mayRow, who } = session;
  const { data: counts } = useView(
    'inventory.counts',
    may('count_sessions', 'read') ? { limit: MAX_SHOWN } : null,
  );
  const { data: groups } = useView(
    'review.inbox',
    may('conflict_log', 'read') ? { limit: MAX_SHOWN, itemId: null } : null,
  );
  const { data: orders } = useView(
    'orders.list',
    may('po_approvals', 'create') ? { limit: MAX_SHOWN } : null,
  );
  const grants = activeGrants(who.grants, useNow(60_000));
  const { status } = useSync();
  // A count is approved by somebody who did not count it.
  const toApprove = counts?.filter(
    (count) =>
      count.status === 'in_review' &&
      count.counted_by !== who.userId &&
      count.lines.every(({ counter_id }) => counter_id !== who.userId) &&
      mayRow('count_sessions', 'approve', { ...count }),
  );
  return {
    questions: openQuestions(groups ?? [], session),
    toApprove: toApprove?.length ?? 0,
    orders: orders?.filter((one) => awaitsDecision(one, who.userId, grants)).length ?? 0,
    refused: status?.needsYou ?? 0,
  };
}

/** Where this person can go: the same list for the rail and for Ctrl+K. */
export function usePlaces(): readonly Place[] {
  const { t } = useI18n();
  const session = useSession();
  const { may } = session;
  const { questions, toApprove, orders, refused } = useWaiting();
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
    {
      name: 'orders',
      to: '/orders',
      title: t('nav.orders'),
      waiting: orders,
      when: may('purchase_orders', 'read'),
    },
    {
      name: 'review',
      to: '/review',
      title: t('nav.review'),
      waiting: questions + toApprove + refused,
      when: may('conflict_log', 'read'),
    },
    {
      name: 'patients',
      to: '/patients',
      title: t('nav.patients'),
      waiting: 0,
      when: may('patients', 'read'),
    },
    {
      name: 'visits',
      to: '/visits',
      title: t('nav.visits'),
      waiting: 0,
      when: may('appointments', 'read'),
    },
    {
      name: 'administration',
      to: '/administration',
      title: t('nav.administration'),
      waiting: 0,
      when: mayAdminister(session),
    },
  ];
  return places.filter(({ when }) => when);
}
