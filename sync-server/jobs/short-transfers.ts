import { writeDown } from '../sync/batch.ts';
import { judgeTransfers } from '../sync/stock.ts';
import { SERVER_CALLER, serverBatch } from './server-caller.ts';
import type { ServerWrites } from './server-caller.ts';

/**
 * Looks at everything that is on its way between sites: a transfer whose legs still differ 72 hours after
 * it was shipped becomes short, and a review of it opens.
 * @returns how many transfers changed
 */
export async function judgeLateTransfers(deps: ServerWrites): Promise<number> {
  const { open, announce } = deps;
  const { result, xid } = await open(SERVER_CALLER, async (store) => {
    const shipped = await store.find('transfers', { fields: { status: ['shipped'] } });
    if (shipped.length === 0) return null;
    await store.lockKeys(shipped.map(({ id }) => `transfer/${id}`));
    const batch = serverBatch(store, deps);
    for (const { id } of shipped) batch.transfersToJudge.add(id);
    const count = await judgeTransfers(batch);
    await writeDown(batch);
    return { count, changes: batch.changes.list() };
  });
  if (result && xid !== null) announce({ xid, changes: result.changes });
  return result?.count ?? 0;
}
