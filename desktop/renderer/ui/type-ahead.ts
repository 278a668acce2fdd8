import { fold } from './fold.ts';

/** How long a pause ends a word that is typed into a list, milliseconds. */
export const PAUSE_MS = 800;

/**
 * The row that typed letters mean: the next from `at` on whose words begin with them. The same letter
 * again and again walks through the rows that begin with it.
 * @param texts what the rows are called, in their order
 * @param at index of the active row, −1 for none
 * @returns an index, or −1 when no row begins so
 */
export function rowOfLetters(texts: readonly string[], letters: string, at: number): number {
  const typed = fold(letters);
  const [first = '', ...others] = Array.from(typed);
  const isOneLetter = others.every((letter) => letter === first);
  const wanted = isOneLetter ? first : typed;
  if (wanted === '') return -1;
  const from = isOneLetter ? at + 1 : Math.max(0, at);
  for (let step = 0; step < texts.length; step += 1) {
    const index = (from + step) % texts.length;
    if (fold(texts[index] ?? '').startsWith(wanted)) return index;
  }
  return -1;
}
