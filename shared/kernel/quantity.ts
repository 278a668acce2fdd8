/** Quantities are integers of 1/10,000 of the base unit, so that sums are exact. */
export const QUANTITY_SCALE = 10_000;

/** Largest quantity in 1/10,000 base units that a record may hold (ten million base units). */
export const MAX_QUANTITY = 10_000_000 * QUANTITY_SCALE;

/**
 * Reads a quantity as a person types it ("12", "0.5", "1,5") into 1/10,000 base units, or null when
 * the text is not a number, has more than four decimals or is too large.
 */
export function parseQuantity(text: string): number | null {
  const match = /^([+-]?)(\d{1,8})(?:[.,](\d{1,4}))?$/.exec(text.trim());
  if (!match) return null;
  const [, sign, whole, fraction = ''] = match;
  const value = Number(whole) * QUANTITY_SCALE + Number(fraction.padEnd(4, '0'));
  if (value > MAX_QUANTITY) return null;
  return sign === '-' && value !== 0 ? -value : value;
}

/** Plain text of a quantity in base units without trailing zeros: 15000 → "1.5". */
export function formatQuantity(quantity: number): string {
  const sign = quantity < 0 ? '-' : '';
  const absolute = Math.abs(quantity);
  const whole = Math.trunc(absolute / QUANTITY_SCALE);
  const fraction = String(absolute % QUANTITY_SCALE)
    .padStart(4, '0')
    .replace(/0+$/, '');
  return fraction ? `${sign}${whole}.${fraction}` : `${sign}${whole}`;
}
