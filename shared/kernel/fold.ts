/** Text as searching compares it: without case and accents. */
export const fold = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/**
 * The words of a name as searching compares them: folded, parted at blanks, hyphens and commas;
 * `O'Brien` is one word, however its apostrophe is written.
 */
export const nameWords = (name: string): string[] =>
  fold(name)
    .replaceAll(/['’`´.]/g, '')
    .split(/[\s,\-‐–]+/u)
    .filter((word) => word !== '');

/** The digits of a phone number, without the country code of North America. */
export function phoneDigits(phone: string): string {
  const digits = phone.replaceAll(/\D/g, '');
  return digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits;
}
