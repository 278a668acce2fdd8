import { useMemo } from 'react';
import { isTableName } from '#shared/schema/tables.ts';
import { useView } from '#desktop/collections/hooks.tsx';
import { tableWord } from '../../ui/domain-words.ts';
import { fold } from '../../ui/fold.ts';
import { useI18n } from '../../ui/i18n.tsx';
import { mayDecide } from '../review-rights.ts';
import { useSession } from '../session.tsx';
import type { Searchable } from './search.ts';

/** A record as Ctrl+K finds it. */
export interface FoundRecord {
  readonly id: string;
  readonly kind: 'item' | 'vendor' | 'review' | 'patient';
  readonly title: string;
  readonly hint: string;
  /** Address of the window that shows it. */
  readonly to: string;
  readonly search: Searchable;
}

const MOST_REVIEWS = 500;
/**
 * Everything that this person can look up by name or number, folded once for all keys that follow.
 * Undefined while it is being read.
 */
export function useRecords(): readonly FoundRecord[] | undefined {
  const { t } = useI18n();
  const session = useSession();
  const { may } = session;
  const { data: items } = useView('search.items', may('inventory_items', 'read') ? {} : null);
  const { data: vendors } = useView('orders.vendors', may('vendors', 'read') ? {} : null);
  const reviews = may('conflict_log', 'read');
  const { data: groups } = useView(
    'review.inbox',
    reviews ? { limit: MOST_REVIEWS, itemId: null } : null,
  );
  const named = useMemo(
    () =>
      items?.map(({ id, title, code }): FoundRecord => ({
        id: `item ${id}`,
        kind: 'item',
        title,
        hint: code,
        to: `/inventory?item=${id}`,
        search: { text: fold(`${title} ${code}`), code: fold(code) },
      })),
    [items],
  );
  const sellers = useMemo(
    () =>
      vendors?.map(({ id, name, active }): FoundRecord => ({
        id: `vendor ${id}`,
        kind: 'vendor',
        title: name,
        hint: active ? t('orders.vendor') : t('vendors.inactive'),
        to: `/vendors?vendor=${id}`,
        search: { text: fold(`${name} ${t('orders.vendor')}`) },
      })),
    [vendors, t],
  );
  const asked = useMemo(
    () =>
      groups?.flatMap((group): FoundRecord[] => {
        const open = group.entries.filter(({ state }) => state === 'open');
        if (!open.some((entry) => mayDecide(session, group, [entry]))) return [];
        const table = isTableName(group.table_name) ? tableWord(t, group.table_name) : '';
        const title = group.name ?? table;
        const hint = [table, group.location_code].filter(Boolean).join(', ');
        return [
          {
            id: `review ${group.key}`,
            kind: 'review',
            title: t('palette.review', { name: title }),
            hint,
            to: `/review?record=${encodeURIComponent(group.key)}`,
            search: { text: fold(`${title} ${hint} ${t('nav.review')}`) },
          },
        ];
      }),
    [groups, session, t],
  );
  return useMemo(
    () =>
      named || sellers || asked
        ? [...(named ?? []), ...(sellers ?? []), ...(asked ?? [])]
        : undefined,
    [named, sellers, asked],
  );
}
