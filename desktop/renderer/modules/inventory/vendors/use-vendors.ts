import { newId } from '#shared/kernel/ids.ts';
import { rowIdOf } from '#shared/schema/rows.ts';
import { useDoc, useStore, useView } from '#desktop/collections/hooks.tsx';
import type { Changes, NewRow } from '#desktop/collections/tables.ts';

/** All vendors, with how much is bought there. */
export const useVendorList = () => useView('vendors.list', {});
/** The record of a vendor. */
export const useVendorRecord = (vendorId: string) => useDoc('vendors', vendorId);
/** What a vendor sells to us, and what is on its way from there. */
export const useVendorDetail = (vendorId: string) => useView('vendors.one', { vendorId });

export type NewVendor = Omit<NewRow<'vendors'>, 'id' | 'active'>;

/** What can be done with vendors. Every promise resolves when it is saved on this device. */
export function useVendorActs() {
  const { tables } = useStore();
  return {
    patch: (id: string, changes: Changes<'vendors'>): Promise<void> =>
      tables.patch('vendors', id, changes),
    /** @returns the id of the new vendor */
    create: async (vendor: NewVendor): Promise<string> => {
      const id = newId();
      await tables.insert('vendors', { ...vendor, id, active: true });
      return id;
    },
    patchItem: (id: string, changes: Changes<'vendor_items'>): Promise<void> =>
      tables.patch('vendor_items', id, changes),
    /** Two people who make the same entry offline make one: its id comes from what it is. */
    addItem: async (vendorId: string, itemId: string): Promise<void> => {
      const of = { vendor_id: vendorId, item_id: itemId };
      const id = rowIdOf('vendor_items', of) ?? newId();
      if (await tables.read('vendor_items', id)) return;
      const empty = { vendor_sku: null, min_qty: null, lead_days: null, is_primary: false };
      await tables.insert('vendor_items', { ...of, ...empty, id });
    },
  };
}
