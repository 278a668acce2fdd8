import { endOfMonth, isIsoDate } from '#shared/kernel/dates.ts';
import type { IsoDate } from '#shared/kernel/dates.ts';

/** A date on a label: of some only the month is said, and then it is the month's last day. */
export interface LabelDate {
  readonly date: IsoDate;
  readonly precision: 'day' | 'month';
}

/** How the product is named: by its GTIN (14 digits), or by a labeler's own number (HIBC). */
export type ProductCode =
  | { readonly kind: 'gtin'; readonly gtin: string }
  | {
      readonly kind: 'hibc';
      /** Labeler identification code, four characters. */
      readonly labeler: string;
      /** The labeler's product or catalogue number. */
      readonly number: string;
      /** 0 for the unit of use, 1 to 8 for larger packs, 9 where the pack is told by the quantity. */
      readonly unit: number;
    };

/** What a label says. A value that it does not say is null. */
export interface Reading {
  readonly symbology: 'gs1' | 'hibc' | 'gtin';
  readonly product: ProductCode | null;
  readonly lot: string | null;
  readonly serial: string | null;
  readonly expiry: LabelDate | null;
  readonly produced: LabelDate | null;
  /** Pieces in the pack, as far as the label says it. */
  readonly quantity: number | null;
  /** Everything that it says, in its order: application identifier (GS1) or field name → text. */
  readonly elements: readonly (readonly [name: string, value: string])[];
  /** Of a HIBC label in two parts: the character by which the parts know each other. */
  readonly link: string | null;
}

export type ScanResult =
  /** Exactly one thing can be meant. */
  | { readonly outcome: 'read'; readonly reading: Reading }
  /**
   * More than one thing can be meant: a person chooses or scans again. `separator-lost`: the scanner
   * may have swallowed the character that ends a lot or serial number.
   */
  | {
      readonly outcome: 'ask';
      readonly why: 'separator-lost' | 'more-than-one';
      readonly readings: readonly Reading[];
    }
  /** It is such a label, but not a whole or a true one: scan again or type it. */
  | {
      readonly outcome: 'damaged';
      readonly symbology: 'gs1' | 'hibc';
      readonly why: 'check-character' | 'date' | 'structure';
    }
  /** A code of this suite's own: what it names. */
  | { readonly outcome: 'own'; readonly names: string; readonly id: string }
  /** No structure that is known here: a number of a vendor, or a stock number, to be looked up. */
  | { readonly outcome: 'plain'; readonly code: string }
  | { readonly outcome: 'empty' };

export const EMPTY_READING: Omit<Reading, 'symbology'> = {
  product: null,
  lot: null,
  serial: null,
  expiry: null,
  produced: null,
  quantity: null,
  elements: [],
  link: null,
};

/**
 * A date of a label.
 * @param day 0 where only the month is said
 * @returns null when it does not stand in the calendar
 */
export function labelDate(year: number, month: number, day: number): LabelDate | null {
  if (month < 1 || month > 12) return null;
  if (day === 0) return { date: endOfMonth(year, month), precision: 'month' };
  const pad = (value: number): string => String(value).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`;
  return isIsoDate(date) ? { date, precision: 'day' } : null;
}
