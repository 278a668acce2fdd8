import { derivedId } from '#shared/kernel/ids.ts';

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
