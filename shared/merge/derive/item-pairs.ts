/** An answer to the question whether two items are one. */
export interface PairAnswer {
  readonly id: string;
  readonly item_id: string;
  readonly other_id: string;
  readonly differs: boolean;
  readonly hlc?: string | undefined;
}

/** Names two items, whichever comes first. */
export const pairKey = (a: string, b: string): string => (a < b ? `${a} ${b}` : `${b} ${a}`);

/**
 * The pairs that are said to be different things: of several answers about the same two the latest
 * counts, in whatever order they came.
 */
export function differentPairs(answers: Iterable<PairAnswer>): ReadonlySet<string> {
  const latest = new Map<string, PairAnswer>();
  for (const answer of answers) {
    const key = pairKey(answer.item_id, answer.other_id);
    const known = latest.get(key);
    if (!known || isLater(answer, known)) latest.set(key, answer);
  }
  return new Set([...latest].filter(([, { differs }]) => differs).map(([key]) => key));
}

/** Stamps name their device, so two are equal only of one fact that came twice. */
const isLater = (a: PairAnswer, b: PairAnswer): boolean =>
  (a.hlc ?? '') === (b.hlc ?? '') ? a.id > b.id : (a.hlc ?? '') > (b.hlc ?? '');
