import { derivedId } from '#shared/kernel/ids.ts';
import type { Row } from './define.ts';

/** Lot numbers are compared in upper case and without spaces: "ab 12" and "AB12" are one lot. */
export const normalizeLotNo = (lotNo: string): string => lotNo.toUpperCase().replaceAll(/\s+/g, '');

/** The id of a lot: the same on every device, whoever meets it first. */
export function lotId(lot: {
  itemId: string;
  lotNo: string;
  expiryDate: string | null;
  serial: string;
}): string {
  return derivedId(
    'lot',
    lot.itemId,
    normalizeLotNo(lot.lotNo),
    lot.expiryDate ?? '',
    lot.serial.trim(),
  );
}

/**
 * True when a row that an act stands for lacks what its item asks for: a movement without a lot where
 * lots are required, a lot without its date where dates are. The date stands with the lot, so where a
 * date is required, a movement needs a lot.
 * @param table what the row is: `stock_movements` or `inventory_lots`
 */
export function lacksLot(
  table: string,
  row: Readonly<Record<string, unknown>>,
  item: Readonly<Record<string, unknown>>,
): boolean {
  const needsDate = item['expiry_policy'] === 'required';
  if (table === 'inventory_lots') return needsDate && row['expiry_date'] === null;
  const needsLot = needsDate || item['lot_policy'] === 'required';
  return table === 'stock_movements' && needsLot && row['lot_id'] === null;
}

/** What an item may ask of those who book its stock, and when it asks for nothing. */
const ASKED = { lot_policy: 'none', expiry_policy: 'none', controlled_schedule: 'none' } as const;

/**
 * An item as it asked of an act: what was decided after the act counts for nothing, since whoever did
 * not know of it did nothing wrong.
 * @param hlc stamp of the act
 */
export function askedAt(item: Row, hlc: string | undefined): Row {
  const stamps = item.field_hlc ?? {};
  const since = Object.entries(ASKED).filter(
    ([field]) => hlc !== undefined && (stamps[field] ?? '') > hlc,
  );
  return since.length === 0 ? item : { ...item, ...Object.fromEntries(since) };
}
