import { useMemo } from 'react';
import { AppError } from '#shared/errors/app-error.ts';
import type { VialEvent, VialRow } from '#shared/ipc/views.vials.ts';
import { addDays } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { isOpened } from '#shared/schema/vials.ts';
import { useQuery, useStore, useView } from '#desktop/collections/hooks.tsx';
import { discardAct, drawAct, drawsOf, openAct, patientUse, undoAct } from './vial-acts.ts';
import type { DrawPlan, Place } from './vial-acts.ts';

const SHOWN_DAYS = 30;

/** Containers that stand open, and those that were closed within the last month. */
export function useVials(today: IsoDate) {
  // By the day, so that the question does not change with every minute.
  const closedSince = Date.parse(`${addDays(today, -SHOWN_DAYS)}T00:00:00Z`);
  return useView('vials.list', { closedSince });
}

export const useVialEvents = (vialId: string | null) =>
  useView('vials.events', vialId === null ? null : { vialId });

/** Items whose containers are opened by an act of their own. */
export function useOpenedItems() {
  const { data } = useQuery('inventory_items', { selector: { status: 'active' } });
  return useMemo(
    () => data?.filter(isOpened).toSorted((a, b) => a.name.localeCompare(b.name)),
    [data],
  );
}

/** Each makes exactly one document. @throws AppError when it could not be saved */
export function useVialActs() {
  const { tables } = useStore();
  return {
    /** @returns the id of the opened container */
    open: async (...of: Parameters<typeof openAct>): Promise<string> => {
      const act = openAct(...of);
      await tables.insert('vial_acts', act);
      return act.id;
    },
    /** Without a patient from one container only: what happens to two of them is two acts. */
    draw: async (
      plan: Extract<DrawPlan, { ok: true }>,
      patientId: string | null,
      site: Place,
      note: string | null,
    ): Promise<void> => {
      const now = Date.now();
      const [only] = plan.draws;
      if (patientId !== null) {
        const use = { patientId, lines: [], draws: drawsOf(plan), reason: null, note, site, now };
        await tables.insert('patient_uses', patientUse(use));
      } else if (only && plan.draws.length === 1) {
        await tables.insert('vial_acts', { ...drawAct(only.vial, only.units, site, now), note });
      } else throw new AppError('ROW_INVALID', { fields: ['draws'] });
    },
    discard: (vial: VialRow, how: Parameters<typeof discardAct>[1], site: Place): Promise<void> =>
      tables.insert('vial_acts', discardAct(vial, how, site, Date.now())),
    undo: (vial: VialRow, event: VialEvent, reason: string, site: Place): Promise<void> =>
      tables.insert('vial_acts', undoAct(vial, event, reason, site, Date.now())),
  };
}
