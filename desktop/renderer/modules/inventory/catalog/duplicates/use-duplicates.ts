import { useMemo } from 'react';
import type { MergedItem } from '#shared/ipc/catalogue-views.ts';
import { newId } from '#shared/kernel/ids.ts';
import { differentPairs } from '#shared/merge/derive/item-pairs.ts';
import { undoOfMerge } from '#shared/merge/item-merge.ts';
import type { NewRow } from '#desktop/collections/tables.ts';
import { useQuery, useStore, useView } from '#desktop/collections/hooks.tsx';
import { useInventoryList } from '../../use-inventory.ts';
import type { ListedItem } from '../../use-inventory.ts';
import { likelyPairs } from './find-duplicates.ts';
import type { LikelyPair } from './find-duplicates.ts';
import { mergeDocument } from './merge-choice.ts';
import type { Choices, Item } from './merge-choice.ts';

export interface ShownPair extends LikelyPair {
  readonly items: readonly [ListedItem, ListedItem];
}

/**
 * Items that are likely to be one, and those of them that somebody said are not; undefined while they
 * are being read.
 */
export function useLikelyPairs() {
  const { items, error } = useInventoryList();
  const { data: codes } = useView('inventory.codes', {});
  const { data: answers } = useQuery('item_distinctions', { selector: {} });
  const told = useMemo(() => answers && differentPairs(answers), [answers]);
  const all = useMemo<readonly ShownPair[] | undefined>(() => {
    if (!items || !codes) return undefined;
    const byId = new Map(items.map((item) => [item.item_id, item]));
    return likelyPairs(items, codes).flatMap((pair) => {
      const [a, b] = [byId.get(pair.a), byId.get(pair.b)];
      return a && b ? [{ ...pair, items: [a, b] as const }] : [];
    });
  }, [items, codes]);
  const groups = useMemo(
    () => all && told && Map.groupBy(all, ({ key }) => (told.has(key) ? 'apart' : 'open')),
    [all, told],
  );
  return {
    items,
    open: groups && (groups.get('open') ?? NONE),
    /** Those that somebody told apart. */
    apart: groups && (groups.get('apart') ?? NONE),
    error,
  };
}

const NONE: readonly ShownPair[] = [];

/** Items that were merged into others, by name. */
export function useMerged(): readonly MergedItem[] | undefined {
  return useView('inventory.merged', {}).data;
}

/** The item that each stands for: itself where it was not merged. */
export function useRootOf(): (itemId: string) => string {
  const merged = useMerged();
  return useMemo(() => {
    const roots = new Map(merged?.map(({ id, root_id: root }) => [id, root]));
    return (itemId) => roots.get(itemId) ?? itemId;
  }, [merged]);
}

/** Merging and its undoing: one document each, saved on this device when the promise resolves. */
export function useMergeActs() {
  const { tables } = useStore();
  const undo = async (mergeId: string): Promise<void> => {
    const merge = await tables.read('item_merges', mergeId);
    const survivor = merge && (await tables.read('inventory_items', merge.survivor_id));
    if (!merge || !survivor) return;
    const row = { id: newId(), ...undoOfMerge({ ...merge }, { ...survivor }) };
    await tables.insert('item_merges', row as NewRow<'item_merges'>);
  };
  return {
    /** @returns the id of the merge. @throws AppError ITEM_MERGED, ITEM_NOT_SENT, SYNC_ROW_… */
    merge: async (survivor: Item, other: Item, choices: Choices): Promise<string> => {
      const id = newId();
      await tables.insert('item_merges', mergeDocument(id, survivor, other, choices));
      return id;
    },
    undo,
    /** Says for everyone that two items are not one, or that they may be. @throws AppError SYNC_ROW_… */
    tellApart: (a: string, b: string, differs: boolean): Promise<void> =>
      tables.insert('item_distinctions', { id: newId(), item_id: a, other_id: b, differs }),
  };
}
