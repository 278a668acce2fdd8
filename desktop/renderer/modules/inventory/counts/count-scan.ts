import { formatQuantity, QUANTITY_SCALE } from '#shared/kernel/quantity.ts';
import { toBase } from '../receive/packs.ts';
import type { Unit } from '../receive/packs.ts';
import { EMPTY_COUNT } from './count-draft.ts';
import type { CountEntryText } from './count-draft.ts';

/** A scan of something on the shelf. */
export interface CountScan {
  readonly itemId: string;
  /** The pack that was scanned; null where the code names the item only: then one base unit. */
  readonly unit: string | null;
  /** The lot that the label names; null where it names none. */
  readonly lotId: string | null;
}

/** The quantity of a line in 1/10,000 base units, or null when it cannot be read. */
export function quantityOf(entry: CountEntryText, units: readonly Unit[]): number | null {
  if (entry.typed === null) return entry.scanned;
  const unit = unitOf(entry, units);
  const read = unit ? toBase(entry.typed, unit, 'zero') : null;
  return read?.ok ? read.quantity : null;
}

export const unitOf = (
  { unit }: Pick<CountEntryText, 'unit'>,
  units: readonly Unit[],
): Unit | undefined => (unit === null ? units[0] : units.find(({ name }) => name === unit));

/** The text of the field of a quantity: what was typed, else what the scans say. */
export function quantityText(entry: CountEntryText, units: readonly Unit[]): string {
  if (entry.typed !== null) return entry.typed;
  if (entry.scanned === null) return '';
  const unit = unitOf(entry, units);
  return formatQuantity((entry.scanned * QUANTITY_SCALE) / (unit?.perUnit ?? QUANTITY_SCALE));
}

/**
 * True when a scan is of what stands in the fields: it adds to it. A label without a lot is of the lot
 * that was chosen; one with a lot says nothing about what came before it without one.
 */
export const isSameCount = (entry: CountEntryText, scan: CountScan): boolean =>
  entry.itemId === scan.itemId &&
  (scan.lotId === null || entry.scanned === null || entry.lot === scan.lotId);

/**
 * What somebody typed counts like what was scanned from here on: a moment later the field may hold keys
 * of the next scan. Null when it cannot be read as a quantity.
 */
export function settled(entry: CountEntryText, units: readonly Unit[]): CountEntryText | null {
  if (entry.typed === null) return entry;
  const scanned = quantityOf(entry, units);
  return scanned === null ? null : { ...entry, typed: null, scanned };
}

/**
 * The fields after a scan, from settled ones.
 * @param units of the scanned item, the base unit first
 * @param before what was counted of it in this count already, in 1/10,000 base units
 */
export function scanIntoCount(
  entry: CountEntryText,
  scan: CountScan,
  units: readonly Unit[],
  before: number,
): CountEntryText {
  const pack = unitOf(scan, units);
  const [base] = units;
  const isSame = isSameCount(entry, scan);
  const former = isSame && entry.scanned !== null ? entry.scanned : before;
  const sum = former + (pack?.perUnit ?? QUANTITY_SCALE);
  const wished = isSame ? (unitOf(entry, units) ?? pack) : pack;
  // A box and three singles are not a number of boxes.
  const comesOut = wished !== undefined && sum % wished.perUnit === 0;
  return {
    ...(isSame ? entry : EMPTY_COUNT),
    itemId: scan.itemId,
    lot: scan.lotId ?? (isSame ? entry.lot : null),
    unit: (comesOut ? wished : base)?.name ?? null,
    typed: null,
    scanned: sum,
    scans: entry.scans + 1,
  };
}

/**
 * The fields after somebody chose the lot: what was counted of that lot before is added.
 * @param counted what was counted already of what stands as the lot, in 1/10,000 base units
 */
export function chooseLot(
  entry: CountEntryText,
  lot: string | null,
  counted: (lot: string | null) => number,
): CountEntryText {
  if (entry.scanned === null) return { ...entry, lot };
  const scanned = entry.scanned - counted(entry.lot) + counted(lot);
  return { ...entry, lot, scanned, scans: entry.scans + 1 };
}
