import { DATA_TYPE_NAMES } from './data-types.ts';
import type { DataTypeName } from './data-types.ts';

/** What happened to reads of one type since the process began. */
interface Count {
  hits: number;
  misses: number;
  /** Of the hits: given out while they were read anew. */
  stale: number;
  /** Of the hits: it was known that there is nothing. */
  nothing: number;
  /** Of the misses: they waited for a read that ran already. */
  joined: number;
  /** Went past the cache, since its place could not be trusted. */
  passed: number;
  fills: number;
  /** How often values of it were ended by a change. */
  dropped: number;
}

/** Hits and misses; `hitRate` is null where nothing was asked yet. */
export interface CacheStats {
  readonly types: Readonly<
    Record<DataTypeName, Readonly<Count> & { readonly hitRate: number | null }>
  >;
  readonly hits: number;
  readonly misses: number;
  readonly passed: number;
  readonly hitRate: number | null;
}

const none = (): Count => ({
  hits: 0,
  misses: 0,
  stale: 0,
  nothing: 0,
  joined: 0,
  passed: 0,
  fills: 0,
  dropped: 0,
});

/** What went past the cache counts as not found in it. */
const rateOf = ({ hits, misses, passed }: Pick<Count, 'hits' | 'misses' | 'passed'>) => {
  const asked = hits + misses + passed;
  return asked === 0 ? null : hits / asked;
};

export function createCounts(): {
  readonly of: (type: DataTypeName) => Count;
  readonly stats: () => CacheStats;
} {
  const counts = Object.fromEntries(DATA_TYPE_NAMES.map((type) => [type, none()])) as Record<
    DataTypeName,
    Count
  >;
  return {
    of: (type) => counts[type],
    stats() {
      const all = Object.values(counts);
      const sum = (of: 'hits' | 'misses' | 'passed'): number =>
        all.reduce((total, count) => total + count[of], 0);
      const total = { hits: sum('hits'), misses: sum('misses'), passed: sum('passed') };
      const types = Object.fromEntries(
        DATA_TYPE_NAMES.map((type) => [type, { ...counts[type], hitRate: rateOf(counts[type]) }]),
      ) as CacheStats['types'];
      return { types, ...total, hitRate: rateOf(total) };
    },
  };
}
