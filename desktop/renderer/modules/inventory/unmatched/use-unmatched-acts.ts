import type { Pack } from '#shared/schema/tables/inventory-items.ts';
import { useStore } from '#desktop/collections/hooks.tsx';
import { packsWith } from './link-code.ts';

/** What one can do with a scan that named nothing. Every promise resolves when it is saved here. */
export function useUnmatchedActs() {
  const { tables } = useStore();
  const set = (id: string, resolved_item_id: string | null, dismissed: boolean) =>
    tables.patch('unmatched_scans', id, { resolved_item_id, dismissed });
  return {
    /**
     * Says which item the code means; its trade number goes on a pack as well, where one is given.
     * @returns takes both back
     */
    link: async (
      id: string,
      itemId: string,
      pack: { readonly unit: string; readonly gtin: string } | null,
    ): Promise<() => Promise<void>> => {
      const item = pack ? await tables.read('inventory_items', itemId) : null;
      const packs = item && pack ? packsWith(item, pack.unit, pack.gtin) : null;
      if (packs) await tables.patch('inventory_items', itemId, { packs });
      await set(id, itemId, false);
      return async () => {
        await set(id, null, false);
        if (packs && pack) await without(itemId, pack.gtin);
      };
    },
    dismiss: (id: string): Promise<void> => set(id, null, true),
    restore: (id: string): Promise<void> => set(id, null, false),
  };

  /** Others may have changed the packs since: only the number goes. */
  async function without(itemId: string, gtin: string): Promise<void> {
    const item = await tables.read('inventory_items', itemId);
    if (!item) return;
    const packs = item.packs.map((pack: Pack): Pack =>
      pack.gtin === gtin ? { ...pack, gtin: null } : pack,
    );
    await tables.patch('inventory_items', itemId, { packs });
  }
}
