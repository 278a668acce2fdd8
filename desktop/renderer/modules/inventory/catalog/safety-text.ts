import type { SafetySheet } from '#shared/ipc/catalogue-views.ts';
import { fold, matcher } from '../../../ui/fold.ts';

/** A sheet with the text in which it is sought. */
export interface SoughtSheet extends SafetySheet {
  readonly text: string;
}

/** Name of product and item, SKU, CAS number and hazard class. */
export const soughtSheet = (sheet: SafetySheet): SoughtSheet => ({
  ...sheet,
  text: fold(
    [sheet.product_name, sheet.item_name, sheet.sku, sheet.cas_no, sheet.hazard_class]
      .filter((part) => part !== null)
      .join(' '),
  ),
});

const RANK = { current: 0, draft: 1, missing: 2 } as const;

/**
 * The sheets that fit a search, the most useful first: in force before drafts before missing ones,
 * a name that begins with the text before one that has it elsewhere.
 */
export function findSheets(sheets: readonly SoughtSheet[], search: string): SoughtSheet[] {
  const fits = matcher(search);
  const wanted = fold(search.trim());
  const begins = ({ product_name }: SafetySheet): number =>
    fold(product_name).startsWith(wanted) ? 0 : 1;
  return sheets
    .filter(({ text }) => fits(text))
    .toSorted(
      (a, b) =>
        RANK[a.status] - RANK[b.status] ||
        begins(a) - begins(b) ||
        a.product_name.localeCompare(b.product_name) ||
        a.id.localeCompare(b.id),
    );
}

/** True for a CAS number whose last digit is right: the others weighted 1, 2, 3 … from the right, modulo 10. */
export function isCasNumber(text: string): boolean {
  const match = /^(\d{2,7})-(\d{2})-(\d)$/.exec(text.trim());
  if (!match) return false;
  const digits = `${match[1]}${match[2]}`.split('').toReversed();
  const sum = digits.reduce((total, digit, at) => total + Number(digit) * (at + 1), 0);
  return sum % 10 === Number(match[3]);
}
