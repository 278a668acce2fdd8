import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { formatQuantity } from '#shared/kernel/quantity.ts';
import type { TransferRow } from '#shared/ipc/views.stock.ts';
import { TakePage } from '../take/take-page.tsx';
import { MissingTransfer } from './missing-transfer.tsx';
import { useTransfers } from './use-transfers.ts';

const route = getRouteApi('/inventory/ship');

/** The shipping leg: what is wanted stands in the form, lots by first expiry. */
export function ShipPage() {
  const { transfer: id } = route.useSearch();
  const { data, error } = useTransfers();
  const transfer = data?.find((one) => one.id === id);
  if (!transfer) return <MissingTransfer isRead={data !== undefined} error={error} />;
  return <Ship key={transfer.id} transfer={transfer} />;
}

function Ship({ transfer }: { transfer: TransferRow }) {
  const begin = useMemo(
    () =>
      transfer.wanted.flatMap(({ item_id: item, qty_base: wanted }) => {
        const sent = transfer.lines
          .filter((line) => line.item_id === item)
          .reduce((sum, line) => sum + line.sent, 0);
        const rest = wanted - sent;
        return rest > 0
          ? [{ key: item, itemId: item, unit: null, quantity: formatQuantity(rest), lot: null }]
          : [];
      }),
    [transfer],
  );
  return <TakePage kind="transfer_out" transfer={transfer} begin={begin} />;
}
