import { useMemo } from 'react';
import { addDays } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { ReconciledLine } from '#shared/schema/tables/sample-reconciliations.ts';
import { useQuery, useStore, useView } from '#desktop/collections/hooks.tsx';
import { useLevels } from '../use-levels.ts';
import { closetOf, samplesIn, sampleOut } from './sample-acts.ts';

const SHOWN = 1000;
const SHOWN_DAYS = 400;

/** What came into the closet and left it within the last year and a month. */
export function useSampleLog(today: IsoDate) {
  const since = Date.parse(`${addDays(today, -SHOWN_DAYS)}T00:00:00Z`);
  return useView('samples.log', { since, limit: SHOWN });
}

/** Items that are samples. */
export function useSampleItems() {
  const { data } = useQuery('inventory_items', { selector: { kind: 'sample' } });
  return useMemo(
    () =>
      data
        ?.filter(({ status }) => status === 'active' || status === 'discontinued')
        .toSorted((a, b) => a.name.localeCompare(b.name)),
    [data],
  );
}

/** What lies in the closet of a site by the books; undefined while that is read. */
export function useCloset(siteId: string | null, today: IsoDate) {
  const items = useSampleItems();
  const { data: levels } = useLevels(today);
  return useMemo(() => {
    if (!items || !levels || siteId === null) return undefined;
    const samples = new Map(items.map((item) => [item.id, item.controlled_schedule !== 'none']));
    return closetOf(levels, siteId, samples);
  }, [items, levels, siteId]);
}

/** Comparisons of the closet with its log, the latest month first. */
export function useReconciliations() {
  const { data } = useQuery('sample_reconciliations', { selector: {} });
  return useMemo(
    () =>
      data?.toSorted(
        (a, b) =>
          (a.month < b.month ? 1 : a.month > b.month ? -1 : 0) || b.occurred_at - a.occurred_at,
      ),
    [data],
  );
}

/** People by their id, and those who may have prescribed, by name. */
export function usePeople() {
  const { data } = useQuery('users', { selector: {} });
  return useMemo(() => {
    const names = new Map((data ?? []).map(({ id, display_name: name }) => [id, name]));
    const prescribers = (data ?? [])
      .filter(({ status }) => status === 'active')
      .map(({ id, display_name: name, provider_npi: npi }) => ({
        id,
        name,
        isProvider: npi !== null,
      }))
      .toSorted(
        (a, b) => Number(b.isProvider) - Number(a.isProvider) || a.name.localeCompare(b.name),
      );
    return { names, prescribers };
  }, [data]);
}

/** Each makes exactly one document. @throws AppError when it could not be saved */
export function useSampleActs() {
  const { tables } = useStore();
  return {
    receive: (of: Parameters<typeof samplesIn>[0]): Promise<void> =>
      tables.insert('stock_acts', samplesIn(of)),
    give: (of: Parameters<typeof sampleOut>[0]): Promise<void> =>
      tables.insert('sample_log', sampleOut(of)),
    reconcile: (of: {
      readonly siteId: string;
      readonly month: IsoDate;
      readonly lines: readonly ReconciledLine[];
      readonly note: string | null;
      readonly signature: string;
      readonly witnessId: string | null;
    }): Promise<void> =>
      tables.insert('sample_reconciliations', {
        id: newId(),
        location_id: of.siteId,
        month: of.month,
        occurred_at: Date.now(),
        lines: [...of.lines],
        note: of.note,
        signature: of.signature,
        witnessed_by: of.witnessId,
      }),
  };
}
