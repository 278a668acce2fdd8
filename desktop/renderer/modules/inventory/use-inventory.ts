import { useMemo } from 'react';
import { derivedId } from '#shared/kernel/ids.ts';
import type { InventoryListRow, SiteStock } from '#shared/ipc/views.ts';
import { useDoc, useStore, useView } from '#desktop/collections/hooks.tsx';
import type { Changes } from '#desktop/collections/tables.ts';
import { fold } from '../../ui/fold.ts';

export interface ListedItem extends InventoryListRow {
  /** Name, SKU and category as the search compares them. */
  readonly text: string;
}

/** All items with their stock at each site. */
export function useInventoryList() {
  const { data, stale, error } = useView('inventory.list', {});
  const items = useMemo(() => data && listed(data), [data]);
  return { items, stale, error };
}

/** The first items by name, which come sooner than all; nothing once those are here. */
export function useFirstItems(areAllHere: boolean): readonly ListedItem[] | undefined {
  const { data } = useView('inventory.first', areAllHere ? null : {});
  return useMemo(() => data && listed(data), [data]);
}

const listed = (rows: readonly InventoryListRow[]): readonly ListedItem[] =>
  rows
    .filter(({ status }) => status !== 'merged')
    .map((row) => ({ ...row, text: fold(`${row.name} ${row.sku} ${row.category ?? ''}`) }));

/** The record of an item: what the list does not carry. */
export const useItemRecord = (itemId: string | null) => useDoc('inventory_items', itemId);

export const useItemLots = (itemId: string | null) =>
  useView('inventory.lots', itemId === null ? null : { itemId });

const HISTORY_LIMIT = 1000;
export const useItemHistory = (itemId: string) =>
  useView('inventory.history', { itemId, limit: HISTORY_LIMIT });

/** Edits of an item and of what a site wants to hold of it. Saved on the device at once. */
export function useInventoryEdits() {
  const { tables } = useStore();
  return {
    item: (itemId: string, changes: Changes<'inventory_items'>): Promise<void> =>
      tables.patch('inventory_items', itemId, changes),

    /** Changes par or bin of an item at a site; makes the row where the site has none yet. */
    site: async (
      itemId: string,
      stock: Pick<SiteStock, 'item_location_id' | 'location_id'>,
      changes: Changes<'item_locations'>,
    ): Promise<void> => {
      // Two people who make the same row offline make one: its id comes from what it is.
      const made = derivedId('item_location', itemId, stock.location_id);
      const id = stock.item_location_id ?? made;
      if (stock.item_location_id !== null || (await tables.read('item_locations', made))) {
        await tables.patch('item_locations', id, changes);
        return;
      }
      await tables.insert('item_locations', {
        id: made,
        item_id: itemId,
        location_id: stock.location_id,
        par: null,
        min: null,
        max: null,
        reorder_qty: null,
        bin: null,
        is_stocked: true,
        ...changes,
      });
    },
  };
}
