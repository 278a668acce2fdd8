import type { AwayNews } from '#shared/ipc/views.ts';
import { live } from './definition.ts';
import type { ViewDefinition } from './definition.ts';

interface Arg {
  readonly since: number;
  readonly userId: string;
}

const count = (from: string, where: string): string =>
  `(select count(*) from ${live(from)}, asked where ${where})`;
/** Made by somebody else since then; rows of the system have no maker. */
const BY_OTHERS = 'created_at >= since and created_by is not null and created_by <> me';

const NEWS = `with asked as (select ? as since, ? as me) select
  ${count('stock_acts', `${BY_OTHERS} and kind = 'receive'`)} as received,
  ${count('stock_acts', `${BY_OTHERS} and kind <> 'receive'`)} as moved,
  ${count('count_sessions', 'started_at >= since and counted_by <> me')} as counted,
  ${count('inventory_items', BY_OTHERS)} as items`;
const NOTHING: AwayNews = { received: 0, moved: 0, counted: 0, items: 0 };

/** How much others did since an instant, as far as this device holds it. Numbers only. */
export const awayNews: ViewDefinition<Arg, AwayNews> = {
  reads: ['stock_acts', 'count_sessions', 'inventory_items'],
  compute: (read, { since, userId }) => read<AwayNews>(NEWS, [since, userId])[0] ?? NOTHING,
};
