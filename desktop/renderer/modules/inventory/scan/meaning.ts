import type { ProductCode, Reading, ScanResult } from '#shared/barcode/reading.ts';
import type { ScanCode } from '#shared/ipc/views.ts';

/** What a code names: an item, and which of its packs where the code says so. */
export interface Match {
  readonly itemId: string;
  /** The unit that the code stands on; null: it names the item, not how it is packed. */
  readonly unit: string | null;
}

/** One thing that a scan can mean. */
export interface ScannedThing {
  /** Null: the label says no product. */
  readonly match: Match | null;
  /** What else the label says; null for a plain number. */
  readonly reading: Reading | null;
}
export interface ScannedItem extends ScannedThing {
  readonly match: Match;
}

export type Meaning =
  /** Exactly one item. */
  | { readonly kind: 'item'; readonly found: ScannedItem }
  /** Lot, dates or serial without a product: the second of two codes. */
  | { readonly kind: 'part'; readonly reading: Reading }
  /**
   * A person chooses. `maybe`: the code itself is not known, but something like it: another pack of
   * the same trade item, the same number of a maker who cannot be compared.
   */
  | {
      readonly kind: 'ask';
      readonly why: 'separator-lost' | 'more-than-one' | 'maybe';
      readonly options: readonly ScannedThing[];
    }
  | {
      readonly kind: 'damaged';
      readonly why: 'check-character' | 'date' | 'structure';
    }
  /** Read, but nothing here has that code. */
  | { readonly kind: 'unknown'; readonly reading: Reading | null }
  /** The sheet or the code of a count. */
  | { readonly kind: 'count'; readonly id: string }
  /** A code of this suite that names neither. */
  | { readonly kind: 'other' }
  | { readonly kind: 'empty' };

/** Every code that names an item on this device, by what it is compared by. */
export class CodeIndex {
  readonly #exact = new Map<string, Match[]>();
  /** What is only like it: trade items without their pack, numbers without their maker. */
  readonly #similar = new Map<string, Match[]>();
  readonly #items: ReadonlySet<string>;

  /** @param keyOf what a scan that was linked by hand is compared by; null when it is by nothing */
  constructor(codes: readonly ScanCode[], keyOf: (raw: string) => string | null) {
    this.#items = new Set(codes.map(({ item_id }) => item_id));
    for (const { item_id, kind, code, unit } of codes) {
      const match = { itemId: item_id, unit };
      if (kind === 'linked') {
        const key = keyOf(code);
        if (key !== null) add(this.#exact, key, match);
      } else if (kind === 'gtin') {
        add(this.#exact, `gtin ${code}`, match);
        add(this.#similar, `trade ${tradeItem(code)}`, { itemId: item_id, unit: null });
      } else {
        add(this.#exact, `plain ${plainOf(code)}`, match);
        add(this.#similar, `number ${lettersOf(code)}`, match);
      }
    }
  }

  has(itemId: string): boolean {
    return this.#items.has(itemId);
  }

  plain(code: string): readonly Match[] {
    return this.#exact.get(`plain ${plainOf(code)}`) ?? [];
  }

  exact(product: ProductCode): readonly Match[] {
    const found = this.#exact.get(productKey(product)) ?? [];
    // A vendor may use what looks like a trade number as their own.
    const asNumber = product.kind === 'gtin' ? numbersOf(product.gtin) : [];
    return distinct([...found, ...asNumber.flatMap((code) => this.plain(code))]);
  }

  similar(product: ProductCode): readonly Match[] {
    if (product.kind === 'gtin') {
      return distinct(this.#similar.get(`trade ${tradeItem(product.gtin)}`) ?? []);
    }
    const { labeler, number } = product;
    return distinct(
      [number, `${labeler}${number}`].flatMap(
        (code) => this.#similar.get(`number ${lettersOf(code)}`) ?? [],
      ),
    );
  }
}

function add(to: Map<string, Match[]>, key: string, match: Match): void {
  to.set(key, [...(to.get(key) ?? []), match]);
}

function distinct(matches: readonly Match[]): Match[] {
  const byKey = new Map(matches.map((match) => [`${match.itemId} ${match.unit ?? ''}`, match]));
  // An item by itself says less than one of its packs.
  return [...byKey.values()].filter(
    ({ itemId, unit }) =>
      unit !== null || !matches.some((other) => other.itemId === itemId && other.unit !== null),
  );
}

const plainOf = (code: string): string => code.trim().toUpperCase();
/** HIBC writes the number of a maker without what is not a letter or a digit. */
const lettersOf = (code: string): string => code.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
/** The trade item without pack indicator and check digit. */
const tradeItem = (gtin: string): string => gtin.slice(1, 13);
/** A GTIN as it may have been typed in: with and without leading zeros. */
const numbersOf = (gtin: string): string[] => {
  const short = gtin.replace(/^0+/, '');
  return [...new Set([8, 12, 13, 14].map((length) => short.padStart(length, '0')))];
};

/** What a product is compared by. */
export function productKey(product: ProductCode): string {
  return product.kind === 'gtin'
    ? `gtin ${product.gtin}`
    : `hibc ${product.labeler}${product.number}/${product.unit}`;
}

/** What a scan is compared by as a whole, or null when it names no one product. */
export function scanKey(result: ScanResult): string | null {
  if (result.outcome === 'plain') return `plain ${plainOf(result.code)}`;
  const readings =
    result.outcome === 'read' ? [result.reading] : result.outcome === 'ask' ? result.readings : [];
  const keys = new Set(
    readings.map(({ product }) => (product === null ? null : productKey(product))),
  );
  return keys.size === 1 ? ([...keys][0] ?? null) : null;
}

/** What a scan means in this catalogue. Never guesses: whatever is not certain is asked. */
export function meaningOf(result: ScanResult, codes: CodeIndex): Meaning {
  switch (result.outcome) {
    case 'empty':
      return { kind: 'empty' };
    case 'damaged':
      return { kind: 'damaged', why: result.why };
    case 'own':
      if (result.names === 'inventory/counts') return { kind: 'count', id: result.id };
      if (result.names !== 'inventory/items') return { kind: 'other' };
      return codes.has(result.id)
        ? { kind: 'item', found: { match: { itemId: result.id, unit: null }, reading: null } }
        : { kind: 'unknown', reading: null };
    case 'plain':
      return decided(
        codes.plain(result.code).map((match) => ({ match, reading: null })),
        'more-than-one',
        null,
      );
    case 'read': {
      const { reading } = result;
      if (reading.product === null) return { kind: 'part', reading };
      const exact = codes.exact(reading.product).map((match) => ({ match, reading }));
      if (exact.length > 0) return decided(exact, 'more-than-one', reading);
      const similar = codes.similar(reading.product).map((match) => ({ match, reading }));
      return similar.length > 0
        ? { kind: 'ask', why: 'maybe', options: similar }
        : { kind: 'unknown', reading };
    }
    case 'ask': {
      const options = result.readings.flatMap((reading): ScannedThing[] => {
        if (reading.product === null) return [{ match: null, reading }];
        return codes.exact(reading.product).map((match) => ({ match, reading }));
      });
      if (options.some(({ match }) => match !== null)) {
        return { kind: 'ask', why: result.why, options };
      }
      const products = result.readings.filter(({ product }) => product !== null);
      if (products.length === 0) return { kind: 'ask', why: result.why, options };
      const similar = products.flatMap((reading) =>
        reading.product === null
          ? []
          : codes.similar(reading.product).map((match) => ({ match, reading })),
      );
      return similar.length > 0
        ? { kind: 'ask', why: 'maybe', options: similar }
        : { kind: 'unknown', reading: products[0] ?? null };
    }
  }
}

function decided(
  found: readonly ScannedItem[],
  why: 'more-than-one',
  reading: Reading | null,
): Meaning {
  const [only, ...more] = found;
  if (!only) return { kind: 'unknown', reading };
  return more.length === 0 ? { kind: 'item', found: only } : { kind: 'ask', why, options: found };
}
