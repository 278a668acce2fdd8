/**
 * The check digit of a GS1 number: weights 3 and 1 from the right, filled up to the next ten.
 * Source: GS1 General Specifications, section 7.9.1.
 * @param digits without the check digit
 */
export function gs1CheckDigit(digits: string): string {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const weight = (digits.length - index) % 2 === 1 ? 3 : 1;
    sum += Number(digits[index]) * weight;
  }
  return String((10 - (sum % 10)) % 10);
}

/** True for digits that end in their own check digit. */
export const hasCheckDigit = (digits: string): boolean =>
  /^\d+$/.test(digits) && gs1CheckDigit(digits.slice(0, -1)) === digits.at(-1);

/** The characters of HIBC in the order of their values (those of Code 39). */
const HIBC_CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%';

/** True for a text of these characters only. */
export const isHibcText = (text: string): boolean =>
  text.split('').every((character) => HIBC_CHARACTERS.includes(character));

/**
 * The check character of a HIBC message: the sum of the values modulo 43. Source: ANSI/HIBC 2.6,
 * appendix B.
 * @param text all before it, the leading plus sign included
 */
export function hibcCheckCharacter(text: string): string {
  const sum = text
    .split('')
    .reduce((total, character) => total + HIBC_CHARACTERS.indexOf(character), 0);
  return HIBC_CHARACTERS[sum % 43] ?? '';
}
