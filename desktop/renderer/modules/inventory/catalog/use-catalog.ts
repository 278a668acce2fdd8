import { useCallback, useMemo } from 'react';
import type { FileRef, ItemPlace } from '#shared/ipc/catalogue-views.ts';
import { derivedId } from '#shared/kernel/ids.ts';
import { useStore, useView } from '#desktop/collections/hooks.tsx';
import type { Changes, NewRow } from '#desktop/collections/tables.ts';
import { useAttachFile } from '../../../shell/files/use-files.ts';
import { smallPicture } from './small-picture.ts';

/** The other item that has a trade number, by name; null where it is free or this item's own. */
export function useGtinOwner(itemId: string | null): (gtin: string) => string | null {
  const { data: codes } = useView('inventory.codes', {});
  const { data: items } = useView('inventory.list', {});
  return useMemo(() => {
    const names = new Map(items?.map(({ item_id, name }) => [item_id, name]));
    const owners = new Map(
      codes?.flatMap(({ kind, code, item_id }) =>
        kind === 'gtin' && item_id !== itemId ? [[code, item_id] as const] : [],
      ),
    );
    return (gtin) => {
      const owner = owners.get(gtin);
      return owner === undefined ? null : (names.get(owner) ?? owner);
    };
  }, [codes, items, itemId]);
}

/** The pictures of all items that have one, by item. */
export function usePictures(): ReadonlyMap<string, FileRef> {
  const { data } = useView('inventory.pictures', {});
  return useMemo(() => new Map(data?.map(({ item_id, file }) => [item_id, file])), [data]);
}

/** What can be done with an item. Every promise resolves when it is saved on this device. */
export function useItemActs() {
  const { tables } = useStore();
  const attach = useAttachFile();
  const patch = useCallback(
    (id: string, changes: Changes<'inventory_items'>): Promise<void> =>
      tables.patch('inventory_items', id, changes),
    [tables],
  );
  /** @param picture scaled down before it is kept: a list of them must be quick. */
  const setPicture = useCallback(
    async (id: string, picture: File): Promise<string> => {
      const small = await smallPicture(picture);
      const fileId = await attach(small, { table: 'inventory_items', id }, null);
      await patch(id, { image_file_id: fileId });
      return fileId;
    },
    [attach, patch],
  );
  return {
    patch,
    setPicture,
    create: async (row: NewRow<'inventory_items'>, picture: File | null): Promise<void> => {
      await tables.insert('inventory_items', row);
      if (picture) await setPicture(row.id, picture);
    },
  };
}

export type PlaceChanges = Partial<Omit<ItemPlace, 'id' | 'item_id' | 'location_id'>>;

const EMPTY_PLACE = {
  par: null,
  min: null,
  max: null,
  reorder_qty: null,
  bin: null,
  is_stocked: true,
};

/** What sites want to hold, and changes of it. */
export function usePlaces() {
  const { tables } = useStore();
  const { data, error } = useView('inventory.places', {});
  const byKey = useMemo(
    () => data && new Map(data.map((place) => [placeKey(place.item_id, place.location_id), place])),
    [data],
  );
  /** Changes what one site wants to hold of items; makes the rows where the site has none yet. */
  const save = useCallback(
    async (locationId: string, changes: ReadonlyMap<string, PlaceChanges>): Promise<void> => {
      const made: NewRow<'item_locations'>[] = [];
      const changed = new Map<string, PlaceChanges>();
      for (const [itemId, wanted] of changes) {
        const known = byKey?.get(placeKey(itemId, locationId));
        // Two people who make the same row offline make one: its id comes from what it is.
        const id = known?.id ?? derivedId('item_location', itemId, locationId);
        if (known) changed.set(id, wanted);
        else {
          const row = { ...EMPTY_PLACE, ...wanted };
          made.push({ id, item_id: itemId, location_id: locationId, ...row });
        }
      }
      const refused = [
        ...(await tables.insertMany('item_locations', made)).values(),
        ...(await tables.patchMany('item_locations', changed)).values(),
      ];
      if (refused[0]) throw refused[0];
    },
    [tables, byKey],
  );
  return { byKey, error, save };
}

export const placeKey = (itemId: string, locationId: string): string => `${itemId} ${locationId}`;

/** A site's wishes for an item of which it has said nothing yet. */
export const unsetPlace = (itemId: string, locationId: string): ItemPlace => ({
  id: '',
  item_id: itemId,
  location_id: locationId,
  ...EMPTY_PLACE,
});
