/**
 * A sum of money in equal shares that add up to it exactly: the cents that are left over go, one
 * each, to the first (largest remainder; all remainders are equal here).
 * @returns n shares in cents, the larger ones first
 * @throws RangeError when there is nobody to share, or the sum is no whole number of cents ≥ 0
 */
export function splitShares(totalCents: number, n: number): number[] {
  if (!Number.isSafeInteger(n) || n < 1) throw new RangeError('nobody to share among');
  if (!Number.isSafeInteger(totalCents) || totalCents < 0)
    throw new RangeError('not a sum in cents');
  const share = Math.floor(totalCents / n);
  const left = totalCents - share * n;
  return Array.from({ length: n }, (_, at) => (at < left ? share + 1 : share));
}
