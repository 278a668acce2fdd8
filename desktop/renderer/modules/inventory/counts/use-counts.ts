import { newId } from '#shared/kernel/ids.ts';
import { findTransition } from '#shared/schema/machines.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { CountSessionRow } from '#shared/ipc/views.ts';
import { useStore, useView } from '#desktop/collections/hooks.tsx';

const LIMIT = 500;

/** Counts with their lines, the latest first. */
export const useCounts = () => useView('inventory.counts', { limit: LIMIT });

export type CountKind = 'spot' | 'cycle' | 'full';
export type CountStep = 'submitted' | 'posted' | 'voided';

/** What one can do with counts. Every promise resolves when it is saved on the device. */
export function useCountActs(userId: string) {
  const { tables } = useStore();
  return {
    /** @returns the id of the new count */
    start: async (locationId: string, kind: CountKind): Promise<string> => {
      const id = newId();
      await tables.insert('count_sessions', {
        id,
        location_id: locationId,
        kind,
        zone: null,
        // Who counts sees what is on the shelf, not what the books expect.
        blind: true,
        status: 'open',
        counted_by: userId,
        started_at: Date.now(),
        line_count: null,
        note: null,
      });
      return id;
    },

    /** @returns the id of the observation */
    observe: async (
      session: Pick<CountSessionRow, 'id' | 'location_id'>,
      seen: { itemId: string; lotId: string | null; quantity: number },
    ): Promise<string> => {
      const id = newId();
      await tables.insert('count_lines', {
        id,
        session_id: session.id,
        location_id: session.location_id,
        item_id: seen.itemId,
        lot_id: seen.lotId,
        counted_qty: seen.quantity,
        counted_at: Date.now(),
        counter_id: userId,
        pass: 1,
      });
      return id;
    },

    /**
     * @param lineCount how many lines the counter finished with
     * @throws AppError SYNC_TRANSITION_REFUSED when the step does not exist from where it stands
     */
    step: async (
      session: Pick<CountSessionRow, 'id' | 'status' | 'lines'>,
      to: CountStep,
      lineCount: number = session.lines.length,
    ): Promise<void> => {
      if (!findTransition('count_session', session.status, to)) {
        throw new AppError('SYNC_TRANSITION_REFUSED', { table: 'count_sessions' });
      }
      // A long count travels in parts: the server judges it when it has as many lines as this says.
      const finished = to === 'submitted' ? { line_count: lineCount } : {};
      await tables.patch('count_sessions', session.id, { status: to, ...finished });
    },
  };
}
