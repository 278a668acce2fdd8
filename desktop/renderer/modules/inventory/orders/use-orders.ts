import { useMemo } from 'react';
import { activeGrants } from '#shared/access/rights.ts';
import { newId } from '#shared/kernel/ids.ts';
import { orderBasis, orderTotalCents } from '#shared/merge/derive/purchase-order.ts';
import type { Language } from '#shared/i18n/format.ts';
import type { SendChannel } from '#shared/schema/tables/order-sends.ts';
import type { PurchaseLine } from '#shared/schema/tables/purchase-order-acts.ts';
import { useQuery, useStore, useView } from '#desktop/collections/hooks.tsx';
import type { Changes } from '#desktop/collections/tables.ts';
import { useSession } from '../../../shell/session.tsx';
import { useNow } from '../../../ui/use-now.ts';
import type { JudgedOrder, Person } from './order-rules.ts';

const LIMIT = 2000;

/** All orders that this person may see, the latest first. */
export const useOrders = () => useView('orders.list', { limit: LIMIT });
export const useOrder = (orderId: string | null) =>
  useView('orders.one', orderId === null ? null : { orderId });
export const useVendors = () => useView('orders.vendors', {});
export const useItemPrices = (itemId: string | null) =>
  useView('orders.prices', itemId === null ? null : { itemId });
export const useReorder = (siteId: string | null, since: string) =>
  useView('orders.reorder', siteId === null ? null : { siteId, since });
/** What was asked for at a site, in any state. */
export const useRequests = (siteId: string | null) =>
  useQuery('reorder_requests', siteId === null ? null : { selector: { location_id: siteId } });

/** The signed-in person as the rules of orders ask for them. */
export function usePerson(): Person {
  const { who, mayRow } = useSession();
  const now = useNow(60_000);
  return useMemo(
    () => ({ userId: who.userId, grants: activeGrants(who.grants, now), may: mayRow }),
    [who, now, mayRow],
  );
}

export interface NewOrder {
  readonly siteId: string;
  readonly vendorId: string;
  readonly urgency: 'routine' | 'urgent' | 'emergency';
  readonly needBy: string | null;
  readonly lines: readonly PurchaseLine[];
}

/** What one can do with orders. Every promise resolves when it is saved on the device. */
export function useOrderActs() {
  const { tables } = useStore();
  const { who } = useSession();
  const addLines = (
    order: { readonly id: string; readonly location_id: string },
    lines: readonly PurchaseLine[],
  ): Promise<void> =>
    tables.insert('purchase_order_acts', {
      id: newId(),
      location_id: order.location_id,
      order_id: order.id,
      lines: [...lines],
    });
  return {
    /** @returns the id of the new draft */
    make: async ({ siteId, vendorId, urgency, needBy, lines }: NewOrder): Promise<string> => {
      const id = newId();
      await tables.insert('purchase_orders', {
        id,
        location_id: siteId,
        vendor_id: vendorId,
        po_no: null,
        urgency,
        need_by: needBy,
        note: null,
        status: 'draft',
      });
      if (lines.length > 0) await addLines({ id, location_id: siteId }, lines);
      return id;
    },

    addLines,

    edit: (orderId: string, changes: Changes<'purchase_orders'>): Promise<void> =>
      tables.patch('purchase_orders', orderId, changes),

    editLine: (lineId: string, changes: Changes<'purchase_order_lines'>): Promise<void> =>
      tables.patch('purchase_order_lines', lineId, changes),

    /** @throws AppError SYNC_TRANSITION_REFUSED when the step does not exist from where it stands */
    step: (orderId: string, to: 'submitted' | 'ordered' | 'closed' | 'cancelled'): Promise<void> =>
      tables.patch('purchase_orders', orderId, { status: to }),

    /** A decision about the order as it is seen here: the server takes the step that follows. */
    decide: (
      order: JudgedOrder,
      decision: 'approved' | 'returned',
      reason: string | null,
    ): Promise<void> =>
      tables.insert('po_approvals', {
        id: newId(),
        location_id: order.location_id,
        order_id: order.id,
        approver_id: who.userId,
        decision,
        amount_cents: orderTotalCents(order.lines),
        basis_version: orderBasis(order, order.lines),
        reason,
      }),

    /**
     * Wants the summary sent. It waits on this device until the server has it, which sends it once.
     * @param repeats the latest one by this way that the person sees
     */
    send: (
      order: { readonly id: string; readonly location_id: string },
      channel: SendChannel,
      language: Language,
      repeats: string | null,
    ): Promise<void> =>
      tables.insert('order_sends', {
        id: newId(),
        location_id: order.location_id,
        order_id: order.id,
        channel,
        language,
        repeats_id: repeats,
      }),

    /** Somebody asks for more of an item. */
    ask: (siteId: string, itemId: string, quantity: number, reason: string | null): Promise<void> =>
      tables.insert('reorder_requests', {
        id: newId(),
        location_id: siteId,
        item_id: itemId,
        qty_base: quantity,
        reason,
        order_id: null,
        status: 'pending',
      }),

    answer: (requestId: string, to: 'approved' | 'rejected'): Promise<void> =>
      tables.patch('reorder_requests', requestId, { status: to }),

    notePrice: (price: {
      vendorId: string;
      itemId: string;
      unit: string;
      cents: number;
      seenOn: string;
    }): Promise<void> =>
      tables.insert('vendor_prices', {
        id: newId(),
        vendor_id: price.vendorId,
        item_id: price.itemId,
        unit: price.unit,
        price_cents: price.cents,
        seen_on: price.seenOn,
        source: 'quote',
      }),
  };
}
