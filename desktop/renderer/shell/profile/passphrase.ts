import type { T } from '../../ui/i18n.tsx';

export const PASSPHRASE_MIN = 12;
/** As the contract of `profile.backup` allows. */
export const PASSPHRASE_MAX = 1000;

export type Strength = 'weak' | 'fair' | 'strong';

const FAIR_BITS = 45;
const STRONG_BITS = 65;
/** What a guesser pays for one more word: they try words, not letters. */
const BITS_PER_WORD = 13;

/**
 * A rough guess from above of what it costs to guess a passphrase: repeated pieces and rows count
 * once, and a text of words counts by words. It helps a person to choose; it promises nothing.
 */
export function passphraseStrength(passphrase: string): Strength {
  const bits = Math.min(bitsByCharacters(passphrase), bitsByWords(passphrase));
  return bits < FAIR_BITS ? 'weak' : bits < STRONG_BITS ? 'fair' : 'strong';
}

function bitsByCharacters(text: string): number {
  const characters = Array.from(text.normalize('NFC'));
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\d\s]/u, /\s/];
  const sizes = [26, 26, 10, 30, 1];
  const size = kinds.reduce((sum, kind, at) => sum + (kind.test(text) ? (sizes[at] ?? 0) : 0), 0);
  // A character that goes on a row, or that ends a pair seen before, adds next to nothing.
  const pairs = new Set<string>();
  let counted = 0;
  for (const [at, character] of characters.entries()) {
    const former = characters[at - 1];
    const pair = `${former ?? ''}${character}`.toLowerCase();
    const step =
      former === undefined ? 9 : (character.codePointAt(0) ?? 0) - (former.codePointAt(0) ?? 0);
    if (Math.abs(step) > 1 && !pairs.has(pair)) counted += 1;
    pairs.add(pair);
  }
  return counted * Math.log2(Math.max(2, size));
}

function bitsByWords(text: string): number {
  const words = text
    .toLowerCase()
    .split(/[\s\-_.,;]+/)
    .filter((word) => word !== '');
  // One long run of letters and digits is judged by its characters alone.
  if (words.length < 3) return Number.POSITIVE_INFINITY;
  return new Set(words).size * BITS_PER_WORD;
}

/** What is wrong with the form of a new backup, in words; null where nothing is. */
export function checkNewPassphrase(
  t: T,
  fields: { passphrase: string; repeat: string },
): { passphrase: string | null; repeat: string | null } {
  const { passphrase, repeat } = fields;
  return {
    passphrase:
      passphrase === ''
        ? t('backup.problem.missing')
        : passphrase.length < PASSPHRASE_MIN
          ? t('backup.problem.short')
          : passphraseStrength(passphrase) === 'weak'
            ? t('backup.problem.weak')
            : null,
    repeat: repeat === passphrase ? null : t('backup.problem.different'),
  };
}
