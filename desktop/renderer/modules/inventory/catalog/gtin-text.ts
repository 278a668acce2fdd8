import { gs1CheckDigit, hasCheckDigit } from '#shared/barcode/check-digits.ts';

export type GtinProblem =
  | { readonly key: 'gtinDigits' }
  | { readonly key: 'gtinLength' }
  /** `digit`: what the last one would have to be. */
  | { readonly key: 'gtinCheck'; readonly digit: string };

const LENGTHS: ReadonlySet<number> = new Set([8, 12, 13, 14]);

/**
 * A trade number as people type it or a file has it (GTIN-8, UPC, EAN, GTIN-14; blanks and hyphens do
 * not count) as fourteen digits.
 * @returns null for an empty text
 */
export function readGtin(
  text: string,
): { ok: true; gtin: string | null } | { ok: false; problem: GtinProblem } {
  const digits = text.replaceAll(/[\s-]/g, '');
  if (digits === '') return { ok: true, gtin: null };
  if (!/^\d+$/.test(digits)) return { ok: false, problem: { key: 'gtinDigits' } };
  if (!LENGTHS.has(digits.length)) return { ok: false, problem: { key: 'gtinLength' } };
  if (!hasCheckDigit(digits)) {
    return {
      ok: false,
      problem: { key: 'gtinCheck', digit: gs1CheckDigit(digits.slice(0, -1)) },
    };
  }
  return { ok: true, gtin: digits.padStart(14, '0') };
}
