import type { ScanCode } from '#shared/ipc/views.ts';
import { pairKey } from '#shared/merge/derive/item-pairs.ts';
import { fold } from '../../../../ui/fold.ts';

/** Why two items may be one. */
export type Reason =
  | { readonly kind: 'gtin' | 'vendorNumber'; readonly code: string }
  | { readonly kind: 'sameName' | 'likeName' };

export interface LikelyPair {
  readonly key: string;
  /** Ids of both items, the one that was there first on top where that is known. */
  readonly a: string;
  readonly b: string;
  /** The strongest first. */
  readonly reasons: readonly Reason[];
}

interface Named {
  readonly item_id: string;
  readonly name: string;
}

const STRENGTH = { gtin: 0, vendorNumber: 1, sameName: 2, likeName: 3 } as const;
/** How much of both names has to be the same words. */
const ALIKE = 0.75;
/** A word in more names than this says nothing about any of them. */
const TOO_COMMON = 200;

/**
 * Items that are likely to be one: the same trade number, the same number at a vendor, the same name or
 * nearly. Names with different figures are different things: gauze of 2 × 2 is not gauze of 4 × 4.
 * @param codes what names items; merged ones stand under the item that they went into
 */
export function likelyPairs(
  items: readonly Named[],
  codes: readonly Pick<ScanCode, 'item_id' | 'kind' | 'code'>[],
): LikelyPair[] {
  const known = new Set(items.map(({ item_id }) => item_id));
  const found = new Map<string, { a: string; b: string; reasons: Reason[] }>();
  const add = (a: string, b: string, reason: Reason): void => {
    if (a === b || !known.has(a) || !known.has(b)) return;
    const [first = a, second = b] = [a, b].toSorted();
    const pair = found.get(pairKey(a, b)) ?? { a: first, b: second, reasons: [] };
    const isSaid = pair.reasons.some(({ kind }) => kind === reason.kind);
    if (!isSaid) pair.reasons.push(reason);
    found.set(pairKey(a, b), pair);
  };
  for (const kind of ['gtin', 'vendor'] as const) {
    const own = codes.filter((code) => code.kind === kind);
    for (const [code, named] of Map.groupBy(own, (one) => fold(one.code))) {
      const ids = [...new Set(named.map(({ item_id }) => item_id))];
      const reason = { kind: kind === 'gtin' ? 'gtin' : 'vendorNumber', code } as const;
      everyTwo(ids, (a, b) => add(a, b, reason));
    }
  }
  likeNames(items, add);
  return [...found]
    .map(([key, { a, b, reasons }]) => ({ key, a, b, reasons: reasons.toSorted(byStrength) }))
    .toSorted((x, y) => byStrength(x.reasons[0], y.reasons[0]) || (x.key < y.key ? -1 : 1));
}

const byStrength = (x: Reason | undefined, y: Reason | undefined): number =>
  STRENGTH[x?.kind ?? 'likeName'] - STRENGTH[y?.kind ?? 'likeName'];

function everyTwo(ids: readonly string[], each: (a: string, b: string) => void): void {
  ids.forEach((a, at) => ids.slice(at + 1).forEach((b) => each(a, b)));
}

/** A name as it is compared: its words, and the figures in it. */
interface NameParts {
  readonly id: string;
  readonly words: ReadonlySet<string>;
  readonly figures: string;
}

function partsOf({ item_id: id, name }: Named): NameParts {
  const all = fold(name)
    .split(/[^\p{L}\p{N}.]+/u)
    .filter((word) => word !== '');
  const isFigure = (word: string): boolean => /\d/.test(word);
  return {
    id,
    words: new Set(all.filter((word) => !isFigure(word) && word.length > 1)),
    figures: all.filter(isFigure).toSorted().join(' '),
  };
}

/** Only names that share a word and have the same figures are compared: 3,000 items stay quick. */
function likeNames(
  items: readonly Named[],
  add: (a: string, b: string, reason: Reason) => void,
): void {
  const byWord = new Map<string, NameParts[]>();
  for (const parts of items.map(partsOf)) {
    for (const word of parts.words) {
      const key = `${word} ${parts.figures}`;
      const others = byWord.get(key) ?? [];
      others.push(parts);
      byWord.set(key, others);
    }
  }
  const compared = new Set<string>();
  for (const group of byWord.values()) {
    if (group.length < 2 || group.length > TOO_COMMON) continue;
    for (const [at, one] of group.entries()) {
      for (const other of group.slice(at + 1)) {
        const key = pairKey(one.id, other.id);
        if (compared.has(key)) continue;
        compared.add(key);
        const likeness = shareOf(one.words, other.words);
        if (likeness === 1) add(one.id, other.id, { kind: 'sameName' });
        else if (likeness >= ALIKE) add(one.id, other.id, { kind: 'likeName' });
      }
    }
  }
}

/** Words in both, of all words in either. */
function shareOf(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((word) => b.has(word)).length;
  const all = a.size + b.size - both;
  return all === 0 ? 0 : both / all;
}
