import { fold } from '../../ui/fold.ts';

/** A text made ready to be searched: folded once, however often it is asked. */
export interface Searchable {
  readonly text: string;
  /** A number or code that stands for it as well. */
  readonly code?: string;
}

const NOT_FOUND = 0;

/**
 * How well texts answer a search; made ready once for many texts. Every word must stand in the text or
 * begin the code. The better ones begin with the search, then those with a word that begins so.
 * @returns 0 when it does not fit; higher is better
 */
export function ranker(search: string): (candidate: Searchable) => number {
  const whole = fold(search).trim();
  const words = whole.split(/\s+/).filter((word) => word !== '');
  return ({ text, code = '' }) => {
    if (words.length === 0) return 1;
    if (code !== '' && code === whole) return 5;
    if (code !== '' && code.startsWith(whole)) return 4;
    let beginnings = 0;
    for (const word of words) {
      const at = text.indexOf(word);
      if (at < 0) return code.includes(word) ? 1 : NOT_FOUND;
      if (at === 0 || text.includes(` ${word}`)) beginnings += 1;
    }
    if (text.startsWith(whole)) return 4;
    return beginnings === words.length ? 3 : 2;
  };
}

/** The best answers of a search, equal ones in the order in which they came. */
export function best<Row>(
  rows: readonly Row[],
  of: (row: Row) => Searchable,
  search: string,
  most: number,
): Row[] {
  const rank = ranker(search);
  const found: { row: Row; score: number; at: number }[] = [];
  rows.forEach((row, at) => {
    const score = rank(of(row));
    if (score > NOT_FOUND) found.push({ row, score, at });
  });
  return found
    .toSorted((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, most)
    .map(({ row }) => row);
}
