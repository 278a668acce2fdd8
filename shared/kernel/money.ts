/**
 * Splits an amount into shares that differ by a cent at most and sum to it exactly: the largest
 * remainder method, where all remainders are equal, so that the first shares get the odd cents.
 * @throws RangeError when there is nobody to share with, or the amount is not whole cents
 */
export function splitCents(totalCents: number, shares: number): number[] {
  if (!Number.isSafeInteger(shares) || shares < 1) throw new RangeError('nobody to share with');
  if (!Number.isSafeInteger(totalCents) || totalCents < 0) throw new RangeError('not whole cents');
  const least = Math.floor(totalCents / shares);
  const odd = totalCents - least * shares;
  return Array.from({ length: shares }, (_, index) => least + (index < odd ? 1 : 0));
}
