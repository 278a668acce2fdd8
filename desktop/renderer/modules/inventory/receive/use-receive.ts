import { useMemo } from 'react';
import { AppError } from '#shared/errors/app-error.ts';
import type { InventoryListRow } from '#shared/ipc/views.ts';
import type { StockActLine } from '#shared/schema/tables/stock-acts.ts';
import { useQuery, useStore, useView } from '#desktop/collections/hooks.tsx';
import { unitsOf } from './packs.ts';
import { receiveAct } from './receive-check.ts';
import type { ExpiredReason, ReceivableItem } from './receive-check.ts';

/** Items that can be received, for the type-ahead. */
export function useActiveItems(): readonly InventoryListRow[] | undefined {
  const { data } = useView('inventory.list', {});
  return useMemo(() => data?.filter(({ status }) => status === 'active'), [data]);
}

/**
 * What is needed to check lines of these items: policies and units, by item. The list knows all but
 * the packs, so a line can be finished before the record of its item has been read.
 */
export function useReceivable(
  ids: readonly string[],
  items: readonly InventoryListRow[] | undefined,
): ReadonlyMap<string, ReceivableItem> {
  const wanted = [...new Set(ids)].toSorted();
  const key = wanted.join(' ');
  const { data: rows } = useQuery(
    'inventory_items',
    wanted.length > 0 ? { selector: { id: { $in: wanted } } } : null,
  );
  return useMemo(() => {
    const known = new Map<string, ReceivableItem>();
    const asked = new Set(key.split(' '));
    for (const item of items ?? []) {
      if (asked.has(item.item_id)) {
        known.set(item.item_id, { ...item, units: unitsOf({ ...item, packs: [] }) });
      }
    }
    for (const row of rows ?? []) known.set(row.id, { ...row, units: unitsOf(row) });
    return known;
  }, [key, items, rows]);
}

/** Writes the receipt: exactly one document. @throws AppError when it could not be saved */
export function useReceiveStock() {
  const { tables } = useStore();
  return async (
    site: { id: string; time_zone: string },
    lines: readonly StockActLine[],
    reason: ExpiredReason | null,
    note: string | null = null,
  ): Promise<void> => {
    if (lines.length === 0) throw new AppError('ROW_INVALID', { fields: ['lines'] });
    await tables.insert('stock_acts', receiveAct(site, lines, Date.now(), reason, note));
  };
}
