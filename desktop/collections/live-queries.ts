import type { MangoQuery, RxCollection, RxQuery } from 'rxdb/plugins/core';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { TableName, TableRow } from '#shared/schema/tables.ts';
import type { WindowDatabase } from './database.ts';
import { UNKNOWN } from './store-client.ts';
import type { Live, Watch } from './store-client.ts';
import { isRestart, writeError } from './write-errors.ts';

export type Selector = Readonly<Record<string, unknown>>;

/** A query of RxDB over one table. */
export interface TableQuery {
  readonly selector: Selector;
  readonly sort?: readonly Readonly<Record<string, 'asc' | 'desc'>>[];
  readonly skip?: number;
  readonly limit?: number;
}

/** A collection whose rows nobody looks into here. */
type Collection = RxCollection<Record<string, unknown>>;
type AnyQuery = RxQuery<Record<string, unknown>, unknown>;

/** How a kind of query is made, and what is kept of its result: plain values, never documents. */
interface Kind {
  make(collection: Collection, query: TableQuery): AnyQuery;
  valueOf(result: unknown): unknown;
}

const ROWS: Kind = {
  make: (collection, query) =>
    collection.find(query as unknown as MangoQuery<Record<string, unknown>>) as unknown as AnyQuery,
  valueOf: (documents) => (documents as { toJSON(): unknown }[]).map((one) => one.toJSON()),
};
const COUNT: Kind = {
  make: (collection, { selector }) =>
    collection.count({ selector } as MangoQuery<Record<string, unknown>>) as unknown as AnyQuery,
  valueOf: (count) => count,
};

/** How long a collection stays leased after its last reader went, in milliseconds. */
const LEASE_MS = 50;
/** How long the last answer is kept after its last reader went, to be shown as stale. */
const KEEP_MS = 15_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;

/**
 * Live queries of the tables, shared by all who ask the same. Each survives restarts of the store
 * process and the closing of its collection: meanwhile its last answer counts as stale.
 */
export class LiveQueries {
  readonly #database: WindowDatabase;
  readonly #known = new Map<string, LiveQuery>();

  constructor(database: WindowDatabase) {
    this.#database = database;
  }

  /** The rows of a query in its order; nothing is asked before somebody subscribes. */
  rows<N extends TableName>(name: N, query: TableQuery): Watch<readonly TableRow<N>[]> {
    return this.#shared('rows', ROWS, name, query) as Watch<readonly TableRow<N>[]>;
  }

  /** How many rows match. */
  count(name: TableName, selector: Selector): Watch<number> {
    return this.#shared('count', COUNT, name, { selector }) as Watch<number>;
  }

  #shared(what: string, kind: Kind, name: TableName, query: TableQuery): Watch<unknown> {
    const key = `${what} ${name} ${queryKey(query)}`;
    const known = this.#known.get(key);
    if (known) return known;
    const made = new LiveQuery(this.#database, kind, name, query, {
      used: () => void this.#known.set(key, made),
      unused: () => {
        if (this.#known.get(key) === made) this.#known.delete(key);
      },
    });
    this.#known.set(key, made);
    return made;
  }
}

/** Null and absent are different things in a selector, so the key keeps them apart. */
function queryKey({ selector, ...rest }: TableQuery): string {
  return `${JSON.stringify(selector)} ${canonicalJson(rest)}`;
}

interface Owner {
  used(): void;
  unused(): void;
}

class LiveQuery implements Watch<unknown> {
  readonly #database: WindowDatabase;
  readonly #kind: Kind;
  readonly #name: TableName;
  readonly #query: TableQuery;
  readonly #owner: Owner;
  readonly #listeners = new Set<() => void>();
  #state: Live<unknown> = UNKNOWN;
  /** True from the first reader on until the collection has been given back. */
  #isActive = false;
  /** Ends what runs now. */
  #end: () => void = nothing;
  #offReset: (() => void) | null = null;
  /** To the next step of having no reader. */
  #leaving: Timer | undefined;
  #retry: Timer | undefined;
  #retryMs = FIRST_RETRY_MS;

  constructor(
    database: WindowDatabase,
    kind: Kind,
    name: TableName,
    query: TableQuery,
    owner: Owner,
  ) {
    this.#database = database;
    this.#kind = kind;
    this.#name = name;
    this.#query = query;
    this.#owner = owner;
    // Whoever asked may never subscribe (a screen that was not shown after all).
    this.#leaving = setTimeout(() => owner.unused(), KEEP_MS);
  }

  current(): Live<unknown> {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    // Of its own, so that one function may subscribe twice.
    const mine = (): void => listener();
    this.#listeners.add(mine);
    clearTimeout(this.#leaving);
    this.#activate();
    return () => {
      if (!this.#listeners.delete(mine) || this.#listeners.size > 0) return;
      this.#leaving = setTimeout(() => this.#rest(), LEASE_MS);
    };
  }

  #activate(): void {
    this.#owner.used();
    this.#offReset ??= this.#database.onReset(({ forget }) => this.#reset(forget));
    if (this.#isActive) return;
    this.#isActive = true;
    this.#run();
  }

  /** Gives the collection back; the answer stays for a while, as a stale one. */
  #rest(): void {
    this.#isActive = false;
    this.#stop();
    this.#markStale();
    this.#leaving = setTimeout(() => {
      this.#offReset?.();
      this.#offReset = null;
      this.#owner.unused();
    }, KEEP_MS);
  }

  #reset(forget: boolean): void {
    this.#stop();
    if (forget) this.#set(UNKNOWN);
    else this.#markStale();
    this.#retryMs = FIRST_RETRY_MS;
    if (this.#isActive) this.#run();
  }

  #stop(): void {
    clearTimeout(this.#retry);
    this.#end();
    this.#end = nothing;
  }

  #run(): void {
    let isOver = false;
    let release = nothing;
    this.#end = () => {
      isOver = true;
      release();
    };
    const fail = (error: unknown): void => {
      if (isOver) return;
      this.#stop();
      this.#fail(error);
    };
    this.#database.acquire(this.#name).then((lease) => {
      if (isOver) {
        lease.release();
        return;
      }
      let unlisten = nothing;
      release = () => {
        unlisten();
        lease.release();
      };
      unlisten = this.#listen(lease.item as unknown as Collection, () => isOver, fail);
      if (isOver) unlisten();
    }, fail);
  }

  /** Follows the query on an open collection. @returns ends it */
  #listen(
    collection: Collection,
    isOver: () => boolean,
    fail: (error: unknown) => void,
  ): () => void {
    const query = this.#kind.make(collection, this.#query);
    const take = (result: unknown): void => {
      if (isOver()) return;
      this.#retryMs = FIRST_RETRY_MS;
      this.#set({ data: this.#kind.valueOf(result), stale: false, error: null });
    };
    const failed = (error: unknown): void => {
      // RxDB keeps a query that has failed once, and it fails for ever.
      for (const [key, known] of collection._queryCache._map) {
        if ((known as unknown) === query) collection._queryCache._map.delete(key);
      }
      fail(error);
    };
    const subscription = query.$.subscribe({ next: take, error: failed });
    // After a purge the query runs again; what is shown until then is not the latest.
    const offPurge = this.#database.onPurge((table) => {
      if (table !== this.#name) return;
      this.#markStale();
      query.exec().then(take, failed);
    });
    return () => {
      subscription.unsubscribe();
      offPurge();
    };
  }

  #fail(thrown: unknown): void {
    const error = writeError(thrown);
    // A store that starts again is no error: the query is asked anew by itself.
    this.#set({ data: this.#state.data, stale: true, error: isRestart(error) ? null : error });
    this.#retry = setTimeout(() => this.#run(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #markStale(): void {
    const { data, error, stale } = this.#state;
    if (!stale) this.#set({ data, stale: true, error });
  }

  #set(state: Live<unknown>): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

type Timer = ReturnType<typeof setTimeout>;
const nothing = (): void => undefined;
