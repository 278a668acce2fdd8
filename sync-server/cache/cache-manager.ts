import type { Clock } from '#shared/kernel/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';
import type { Change } from '../realtime/change.ts';
import type { CacheStore, Entry, Place } from './cache-store.ts';
import { createCounts } from './counts.ts';
import type { CacheStats } from './counts.ts';
import { DATA_TYPE_NAMES, dataTypeOf } from './data-types.ts';
import type { DataType, DataTypeName } from './data-types.ts';

/** What a read asks for. */
export interface Wanted<T> {
  readonly key: string;
  /**
   * What the value depends on: `table` for any row of it, `table/part` for rows of a part (as change notices
   * name them), `table#id` for one row. A change that names none of them leaves the value as it is.
   */
  readonly tags: readonly string[];
  /** Reads the value where it comes from; null: there is nothing, which is remembered for a shorter time. */
  readonly load: () => Promise<T | null>;
  /** How long this one counts, where that is shorter than what its type says, milliseconds. */
  readonly freshMs?: (value: T) => number;
}

export interface CacheManager {
  /**
   * The value, from the cache or anew. Who may see it is judged by the caller, before or after: the key says
   * everything that the value depends on, the person included where it does.
   * @throws what `load` throws; nothing is kept then. A cache that is away is no error.
   */
  through<T>(type: DataTypeName, wanted: Wanted<T>): Promise<T | null>;
  /** The value if it is there and counts; undefined when it is not known, null when there is nothing. */
  get<T>(type: DataTypeName, at: Pick<Wanted<T>, 'key' | 'tags'>): Promise<T | null | undefined>;
  /** Ends all values of a type that carry one of the tags. Done when the next read sees it. */
  dropTags(type: DataTypeName, tags: readonly string[]): Promise<void>;
  /**
   * Ends values by their keys: `type:key`, where `*` stands for any run of characters. Of types that hold PHI
   * it stands for whole parts between slashes.
   */
  invalidate(pattern: string): Promise<void>;
  /** Ends what a change that was committed here concerns. */
  committed(changes: readonly Change[]): Promise<void>;
  /** Ends what a change, here or on another replica, concerns in this process. */
  heard(changes: readonly Change[]): Promise<void>;
  /** Nobody knows what was not heard: all that lies in this process ends. */
  forget(): Promise<void>;
  /** Hits and misses by type, for whoever watches. */
  stats(): CacheStats;
  stop(): void;
}

/** A place for all replicas. */
export interface SharedStore {
  readonly store: CacheStore;
  /**
   * False while it cannot be trusted: it is away, or was and may hold what was changed meanwhile. Reads go
   * to where values come from then.
   */
  readonly isTrusted: () => boolean;
  /** Told of a call that failed, so that what may have been missed is made up for before it is trusted again. */
  readonly failed: (error: unknown) => void;
  /** Told of a change that was not brought there, for the same. */
  readonly missed: () => void;
  readonly stop: () => void;
}

/** Names that leave the process, for types that hold PHI; null: values of those are not kept outside. */
export interface Naming {
  readonly nameOf: (key: string) => string;
}

export interface CacheParts {
  /** In this process. */
  readonly memory: CacheStore;
  /** Null for a server that is alone: everything lies in this process then. */
  readonly shared: SharedStore | null;
  /** Where shared values with PHI go: sealed, under names that say nothing. Null: nowhere. */
  readonly sealed: (SharedStore & Naming) | null;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of every look-up; what went past the cache is a miss. */
  readonly onLookup?: ((type: DataTypeName, outcome: 'hit' | 'stale' | 'miss') => void) | undefined;
}

/** Where the values of a type lie, and what a failure there means. */
interface Home {
  readonly store: CacheStore;
  readonly shared: SharedStore | null;
  readonly nameOf: (key: string) => string;
}

const same = (key: string): string => key;

/**
 * The cache of the server. It is right before it is fast: a value ends with the change that is told of,
 * also one that is only being read; a shared place that fails is passed by, and not trusted again before
 * it was emptied; what fails is never kept.
 */
export function createCacheManager(parts: CacheParts): CacheManager {
  const { memory, clock, log, onLookup } = parts;
  const counts = createCounts();
  /** Loads that run, by place and mark: whoever came after a change has another mark. */
  const flights = new Map<string, Promise<unknown>>();

  const homeOf = ({ place, phi }: DataType): Home | null => {
    if (place === 'process' || !parts.shared) return { store: memory, shared: null, nameOf: same };
    const shared = phi ? parts.sealed : parts.shared;
    if (!shared?.isTrusted()) return null;
    return {
      store: shared.store,
      shared,
      nameOf: phi && parts.sealed ? parts.sealed.nameOf : same,
    };
  };
  const missed = ({ phi }: DataType): void => (phi ? parts.sealed : parts.shared)?.missed();
  const placeAt = (
    type: DataTypeName,
    home: Home,
    { key, tags }: Pick<Wanted<unknown>, 'key' | 'tags'>,
  ): Place => ({
    type,
    key: home.nameOf(key),
    tags: withRowTags(tags).map((tag) => home.nameOf(tag)),
  });

  /** Undefined when the place does not answer. */
  const attempt = async <R>(home: Home, work: () => Promise<R>): Promise<R | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!home.shared) throw error;
      home.shared.failed(error);
      return undefined;
    }
  };
  const keep = async <T>(
    type: DataTypeName,
    home: Home,
    place: Place,
    mark: string,
    value: T | null,
    freshMs: Wanted<T>['freshMs'],
  ): Promise<void> => {
    const { freshMs: usual, staleMs, missingMs } = dataTypeOf(type);
    const least = value === null ? missingMs : Math.min(usual, freshMs?.(value) ?? usual);
    if (least <= 0) return;
    const freshUntil = clock.now() + least;
    const until = freshUntil + (value === null ? 0 : staleMs);
    counts.of(type).fills += 1;
    await attempt(home, () =>
      home.store.write(place, { value, freshUntil, until }, mark, until - clock.now()),
    );
  };
  const load = <T>(
    type: DataTypeName,
    home: Home,
    place: Place,
    mark: string,
    wanted: Wanted<T>,
  ): Promise<T | null> => {
    const flight = `${type} ${place.key} ${mark}`;
    const running = flights.get(flight);
    if (running) {
      counts.of(type).joined += 1;
      return running as Promise<T | null>;
    }
    const begun = (async () => {
      const value = await wanted.load();
      await keep(type, home, place, mark, value, wanted.freshMs);
      return value;
    })().finally(() => flights.delete(flight));
    flights.set(flight, begun);
    return begun;
  };
  /** What still counts, and whether it is due to be read anew. */
  const judged = (entry: Entry | null): 'fresh' | 'stale' | 'none' => {
    const now = clock.now();
    if (!entry || entry.until <= now) return 'none';
    return entry.freshUntil > now ? 'fresh' : 'stale';
  };

  const drop = async (type: DataTypeName, tags: readonly string[]): Promise<void> => {
    const data = dataTypeOf(type);
    counts.of(type).dropped += 1;
    const home = homeOf(data);
    if (!home) return missed(data);
    await attempt(home, () =>
      home.store.drop(
        type,
        tags.map((tag) => home.nameOf(tag)),
      ),
    );
  };
  const told = async (
    changes: readonly Change[],
    concerns: (data: DataType) => boolean,
  ): Promise<void> => {
    const work = DATA_TYPE_NAMES.filter((type) => concerns(dataTypeOf(type))).flatMap((type) => {
      const tags = changes
        .filter(({ table }) => dataTypeOf(type).tables.includes(table))
        .flatMap(tagsOf);
      return tags.length === 0 ? [] : [drop(type, [...new Set(tags)])];
    });
    await Promise.all(work);
  };
  const isHere = ({ place }: DataType): boolean => place === 'process' || !parts.shared;

  return {
    async through(type, wanted) {
      const count = counts.of(type);
      const home = homeOf(dataTypeOf(type));
      if (!home) {
        count.passed += 1;
        onLookup?.(type, 'miss');
        return wanted.load();
      }
      const place = placeAt(type, home, wanted);
      const found = await attempt(home, () => home.store.read(place));
      if (!found) {
        count.passed += 1;
        onLookup?.(type, 'miss');
        return wanted.load();
      }
      const { entry, mark } = found;
      const state = judged(entry);
      if (state === 'none') {
        count.misses += 1;
        onLookup?.(type, 'miss');
        return load(type, home, place, mark, wanted);
      }
      count.hits += 1;
      onLookup?.(type, state === 'stale' ? 'stale' : 'hit');
      const value = entry?.value as Awaited<ReturnType<typeof wanted.load>>;
      if (value === null) count.nothing += 1;
      if (state === 'stale') {
        count.stale += 1;
        load(type, home, place, mark, wanted).catch((error: unknown) => {
          log.warn('a value could not be read anew', { type, ...safeErrorFields(error) });
        });
      }
      return value;
    },
    async get<T>(type: DataTypeName, at: Pick<Wanted<T>, 'key' | 'tags'>) {
      const home = homeOf(dataTypeOf(type));
      const found = home && (await attempt(home, () => home.store.read(placeAt(type, home, at))));
      return judged(found?.entry ?? null) === 'none'
        ? undefined
        : (found?.entry?.value as T | null);
    },
    dropTags: drop,
    async invalidate(pattern) {
      const [type, ...rest] = pattern.split(':');
      const name = DATA_TYPE_NAMES.find((known) => known === type);
      if (!name || rest.length === 0) throw new TypeError('a pattern is type:key');
      const home = homeOf(dataTypeOf(name));
      counts.of(name).dropped += 1;
      if (!home) return missed(dataTypeOf(name));
      const keys = home.nameOf(rest.join(':'));
      await attempt(home, () => home.store.sweep(name, keys));
    },
    committed: (changes) => told(changes, () => true),
    heard: (changes) => told(changes, isHere),
    async forget() {
      const here = DATA_TYPE_NAMES.filter((type) => isHere(dataTypeOf(type)));
      await Promise.all(
        here.filter((type) => dataTypeOf(type).tables.length > 0).map((type) => memory.clear(type)),
      );
    },
    stats: counts.stats,
    stop() {
      parts.shared?.stop();
      parts.sealed?.stop();
    },
  };
}

const ROW = '#';
const ANY_ROW = '#*';

/** Who depends on one row ends as well when it is not said which rows of the table changed. */
function withRowTags(tags: readonly string[]): readonly string[] {
  const tables = new Set(
    tags.filter((tag) => tag.includes(ROW)).map((tag) => tag.slice(0, tag.indexOf(ROW))),
  );
  return tables.size === 0 ? tags : [...tags, ...[...tables].map((table) => table + ANY_ROW)];
}

function tagsOf({ table, parts, ids }: Change): string[] {
  return [
    table,
    ...parts.map((part) => `${table}/${part}`),
    ...(ids ? ids.map((id) => `${table}${ROW}${id}`) : [`${table}${ANY_ROW}`]),
  ];
}
