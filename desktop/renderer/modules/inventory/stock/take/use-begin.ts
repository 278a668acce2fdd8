import { useMemo } from 'react';
import { formatQuantity } from '#shared/kernel/quantity.ts';
import { useDoc } from '#desktop/collections/hooks.tsx';
import { refOf } from './take-check.ts';
import type { TakenLine } from './take-check.ts';

/**
 * What a form begins with when another screen leads to it: an item, a quantity, a lot of it.
 * @returns undefined while the lot is read
 */
export function useBegin(of: {
  readonly item?: string | undefined;
  readonly lot?: string | undefined;
  /** 1/10,000 base units. */
  readonly qty?: number | undefined;
}): readonly TakenLine[] | undefined {
  const { item, lot: lotId, qty } = of;
  const { data: lot, stale } = useDoc('inventory_lots', lotId ?? null);
  return useMemo(() => {
    if (item === undefined) return [];
    if (lotId !== undefined && stale) return undefined;
    const line = {
      key: [item, lotId ?? '', qty ?? 0].join('/'),
      itemId: item,
      unit: null,
      quantity: qty === undefined ? '1' : formatQuantity(qty),
      lot: lot ? refOf({ ...lot, lot_id: lot.id }) : null,
    };
    return [line];
  }, [item, lotId, qty, lot, stale]);
}
