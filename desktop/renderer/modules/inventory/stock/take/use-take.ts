import { useMemo } from 'react';
import { AppError } from '#shared/errors/app-error.ts';
import type { InventoryListRow } from '#shared/ipc/views.ts';
import type { LotAtSite } from '#shared/ipc/views.stock.ts';
import { patientActId } from '#shared/schema/tables/patient-uses.ts';
import { useStore, useView } from '#desktop/collections/hooks.tsx';
import { readOnce } from '#desktop/collections/read-once.ts';
import { patientUse } from '../vials/vial-acts.ts';
import { takeAct } from './take-check.ts';

/** Items of which there can be stock: also those that are not bought any more. */
export function useStockItems(): readonly InventoryListRow[] | undefined {
  const { data } = useView('inventory.list', {});
  return useMemo(
    () => data?.filter(({ status }) => status === 'active' || status === 'discontinued'),
    [data],
  );
}

const byItem = (lots: readonly LotAtSite[] | undefined) => {
  const groups = Map.groupBy(lots ?? [], ({ item_id }) => item_id);
  return (itemId: string): readonly LotAtSite[] => groups.get(itemId) ?? [];
};

/** Lots of some items at a site: as they are on the screen, and as they are at this moment. */
export function useLotsAt(siteId: string | null, itemIds: readonly string[]) {
  const { client } = useStore();
  const ids = [...new Set(itemIds)].toSorted();
  const { data } = useView(
    'stock.lots',
    siteId !== null && ids.length > 0 ? { itemIds: ids, siteId } : null,
  );
  const lotsOf = useMemo(() => byItem(data), [data]);
  return {
    lotsOf,
    /** For an act or a scan, which do not wait for the screen. @throws AppError of the view */
    lotsNow: async (wanted: readonly string[]) =>
      byItem(
        siteId === null
          ? []
          : await readOnce(client, 'stock.lots', { itemIds: [...new Set(wanted)], siteId }),
      ),
  };
}

/** Writes the act: exactly one document. @throws AppError when it could not be saved */
export function useTakeStock() {
  const { tables } = useStore();
  /**
   * @param of.patientId whom it is for: then the document is one that only clinical roles read
   * @returns the id of the act in the ledger
   */
  return async ({
    patientId,
    ...of
  }: Omit<Parameters<typeof takeAct>[0], 'now'> & {
    readonly patientId: string | null;
  }): Promise<string> => {
    if (of.lines.length === 0) throw new AppError('ROW_INVALID', { fields: ['lines'] });
    const now = Date.now();
    if (patientId !== null) {
      const use = patientUse({ ...of, patientId, draws: [], now });
      await tables.insert('patient_uses', use);
      return patientActId(use.id);
    }
    const act = takeAct({ ...of, now });
    await tables.insert('stock_acts', act);
    return act.id;
  };
}
