/** A piece of a text: in both, or only in this one. */
export interface Piece {
  readonly text: string;
  readonly isOwn: boolean;
}

/** Longer texts are compared paragraph by paragraph, so that no screen waits for it. */
const MOST_WORDS = 1_500;

/**
 * The words of a text, with those marked that the other has not: by the longest row of words that
 * both have. Joined, the pieces are the text.
 */
export function wordDiff(own: string, other: string): Piece[] {
  const isLong = own.length + other.length > MOST_WORDS * 12;
  const split = (text: string): string[] => text.split(isLong ? /(?<=\n)/ : /(?<=\s)(?=\S)/);
  const [a, b] = [split(own), split(other)];
  if (a.length * b.length > MOST_WORDS * MOST_WORDS) return [{ text: own, isOwn: own !== other }];
  const width = b.length + 1;
  const length = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => length[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      length[i * width + j] = same(a[i], b[j])
        ? at(i + 1, j + 1) + 1
        : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pieces: { text: string; isOwn: boolean }[] = [];
  const push = (text: string, isOwn: boolean): void => {
    const last = pieces.at(-1);
    if (last?.isOwn === isOwn) last.text += text;
    else if (text !== '') pieces.push({ text, isOwn });
  };
  let j = 0;
  for (let i = 0; i < a.length; i += 1) {
    const word = a[i] ?? '';
    while (j < b.length && !same(word, b[j]) && at(i, j + 1) >= at(i + 1, j)) j += 1;
    const isShared = j < b.length && same(word, b[j]);
    push(word, !isShared);
    if (isShared) j += 1;
  }
  return pieces;
}

const same = (a: string | undefined, b: string | undefined): boolean => a?.trim() === b?.trim();
