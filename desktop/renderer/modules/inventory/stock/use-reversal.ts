import { AppError } from '#shared/errors/app-error.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { useSites } from '../../../shell/sites.tsx';
import { reversalOf } from './reversal.ts';
import type { ReversalReason } from './reversal.ts';

interface Why {
  readonly reason: ReversalReason;
  readonly note: string | null;
}

/** Takes movements back by an act of their own; nothing is ever deleted. */
export function useReversal() {
  const { tables } = useStore();
  const { byId } = useSites();
  const reverse = async (actId: string, lineNos: readonly number[] | null, why: Why) => {
    const act = await tables.read('stock_acts', actId);
    if (!act) throw new AppError('NOT_FOUND', { table: 'stock_acts' });
    const timeZone = byId.get(act.location_id)?.time_zone ?? 'UTC';
    await tables.insert(
      'stock_acts',
      reversalOf(act, lineNos, { ...why, now: Date.now(), timeZone }),
    );
  };
  return {
    /** All that an act did. @throws AppError */
    act: (actId: string, why: Why): Promise<void> => reverse(actId, null, why),
    /** One movement. @throws AppError */
    movement: async (movementId: string, why: Why): Promise<void> => {
      const movement = await tables.read('stock_movements', movementId);
      if (!movement) throw new AppError('NOT_FOUND', { table: 'stock_movements' });
      await reverse(movement.act_id, [movement.line_no], why);
    },
  };
}
