import type { ReactNode } from 'react';

/** A column of a table: how a row looks in it, and what of it is compared, written out and sought. */
export interface Column<R> {
  readonly id: string;
  readonly title: string;
  /** Said by screen readers in place of the title. */
  readonly longTitle?: string;
  /** What the column sorts by; without it the column does not sort. */
  readonly sort?: (row: R) => string | number | null;
  /** What stands in an exported file; without it what the column sorts by. */
  readonly text?: (row: R) => string | number | null;
  /** By what rows are filtered, '' for nothing; without it the column offers no filter. */
  readonly filter?: (row: R) => string;
  /** How that is called, where it is no word of the clinic itself: views outlive the language. */
  readonly filterWord?: (value: string) => string;
  readonly cell: (row: R) => ReactNode;
  readonly minWidth: number;
  /** Share of the room that is left; 0 keeps the column at its minimum. */
  readonly grow?: number;
  readonly number?: boolean;
  /** Columns with a higher number leave first when the table is narrow; 0 stays. */
  readonly drop?: number;
}

/** What a column says of a row outside of the screen, or null where it says nothing. */
export function textOf<R>(column: Column<R>, row: R): string | number | null {
  return (column.text ?? column.sort)?.(row) ?? null;
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Order of two values of a column: numbers by size, words as a dictionary has them. */
export function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return collator.compare(String(a), String(b));
}
