import type { CacheStore, Entry, Place } from './cache-store.ts';
import { fits } from './pattern.ts';

interface Held {
  readonly entry: Entry;
  readonly tags: readonly string[];
  /** The count of changes when it began to be read. */
  readonly mark: number;
}

/** Of so many tags and patterns it is known when they were dropped; what is older counts as dropped. */
const MOST_DROPS = 20_000;
const MOST_SWEEPS = 32;

/** What is kept of one type, the longest unasked first. */
interface Shelf {
  readonly entries: Map<string, Held>;
  /** Tag → count of changes when it was dropped. */
  readonly drops: Map<string, number>;
  sweeps: readonly { readonly at: number; readonly pattern: string }[];
  /** What began to be read before does not count. */
  floor: number;
}

/**
 * Keeps values in the memory of this process, so many of each type, and drops the one that was not asked
 * for longest.
 * @param mostOf how many of a type
 */
export function createMemoryStore(mostOf: (type: string) => number): CacheStore & {
  /** Values that are held, whether they still count or not. */
  readonly size: number;
} {
  const shelves = new Map<string, Shelf>();
  let changes = 0;

  const shelfOf = (type: string): Shelf => {
    const known = shelves.get(type);
    if (known) return known;
    const made: Shelf = { entries: new Map(), drops: new Map(), sweeps: [], floor: 0 };
    shelves.set(type, made);
    return made;
  };
  const counts = (shelf: Shelf, key: string, { mark, tags }: Held): boolean =>
    mark >= shelf.floor &&
    tags.every((tag) => (shelf.drops.get(tag) ?? 0) <= mark) &&
    shelf.sweeps.every(({ at, pattern }) => at <= mark || !fits(pattern, key));

  return {
    async read({ type, key }: Place) {
      const shelf = shelfOf(type);
      const held = shelf.entries.get(key);
      const found = { entry: null, mark: String(changes) };
      if (!held) return found;
      shelf.entries.delete(key);
      if (!counts(shelf, key, held)) return found;
      shelf.entries.set(key, held);
      return { ...found, entry: held.entry };
    },
    async write({ type, key, tags }, entry, mark) {
      const shelf = shelfOf(type);
      const held = { entry, tags, mark: Number(mark) };
      if (!counts(shelf, key, held)) return;
      shelf.entries.delete(key);
      shelf.entries.set(key, held);
      if (shelf.entries.size > mostOf(type)) dropOldest(shelf.entries);
    },
    async drop(type, tags) {
      const shelf = shelfOf(type);
      changes += 1;
      for (const tag of tags) {
        shelf.drops.delete(tag);
        shelf.drops.set(tag, changes);
        if (shelf.drops.size > MOST_DROPS) shelf.floor = dropOldest(shelf.drops) ?? shelf.floor;
      }
    },
    async sweep(type, pattern) {
      const shelf = shelfOf(type);
      changes += 1;
      for (const key of shelf.entries.keys()) if (fits(pattern, key)) shelf.entries.delete(key);
      const [oldest] = shelf.sweeps;
      if (oldest && shelf.sweeps.length >= MOST_SWEEPS) shelf.floor = oldest.at;
      shelf.sweeps = [...shelf.sweeps.slice(1 - MOST_SWEEPS), { at: changes, pattern }];
    },
    async clear(type) {
      const shelf = shelfOf(type);
      changes += 1;
      shelf.entries.clear();
      shelf.floor = changes;
    },
    get size() {
      return [...shelves.values()].reduce((sum, { entries }) => sum + entries.size, 0);
    },
  };
}

/** @returns what stood under the oldest key */
function dropOldest<V>(map: Map<string, V>): V | undefined {
  for (const [key, value] of map) {
    map.delete(key);
    return value;
  }
  return undefined;
}
