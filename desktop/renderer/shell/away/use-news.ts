import { useView } from '#desktop/collections/hooks.tsx';
import { useWaiting } from '../places.ts';
import { useSession } from '../session.tsx';
import { useSites } from '../sites.tsx';
import { stockAt, stockLevel } from '../stock-level.ts';
import { worthSaying } from './away.ts';
import type { AwayLine } from './away.ts';

export type NewsName =
  | 'reviews'
  | 'refused'
  | 'toApprove'
  | 'belowPar'
  | 'received'
  | 'moved'
  | 'counted'
  | 'items';

export interface News {
  /** What waits for this person now. */
  readonly waiting: readonly AwayLine<NewsName>[];
  /** What others did since then. */
  readonly done: readonly AwayLine<NewsName>[];
}

/**
 * What waits and what happened since an instant, all of it from this device.
 * @param since null: nobody asks
 * @returns undefined while it is being read
 */
export function useNews(since: number | null): News | undefined {
  const { who, may } = useSession();
  const { site } = useSites();
  const asked = since !== null && may('inventory_items', 'read');
  const { data: news } = useView('away.news', asked ? { since, userId: who.userId } : null);
  const { data: items } = useView('inventory.list', asked ? {} : null);
  const { questions, toApprove, refused } = useWaiting();
  if (asked && (!news || !items)) return undefined;
  const below =
    items?.filter((row) => stockLevel(stockAt(row, site?.id ?? null)) !== 'fine').length ?? 0;
  return {
    waiting: worthSaying<AwayLine<NewsName>>([
      { name: 'refused', n: refused, to: '/sync' },
      { name: 'reviews', n: questions, to: '/review' },
      { name: 'toApprove', n: toApprove, to: '/review' },
      { name: 'belowPar', n: below, to: '/inventory?only=below' },
    ]),
    done: worthSaying<AwayLine<NewsName>>([
      { name: 'received', n: news?.received ?? 0, to: '/inventory' },
      { name: 'moved', n: news?.moved ?? 0, to: '/inventory' },
      { name: 'counted', n: news?.counted ?? 0, to: '/counts' },
      { name: 'items', n: news?.items ?? 0, to: '/inventory' },
    ]),
  };
}
