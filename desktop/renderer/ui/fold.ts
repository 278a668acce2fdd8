/** Text as searching compares it: without case and accents. */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase();

/** True when every word of the search stands somewhere in the text (both folded). */
export function matches(folded: string, search: string): boolean {
  return fold(search)
    .split(/\s+/)
    .every((word) => folded.includes(word));
}
