/** Where a value lies, and what it depends on. The same place always carries the same tags. */
export interface Place {
  readonly type: string;
  readonly key: string;
  readonly tags: readonly string[];
}

/** A value with its times, in milliseconds of the clock of whoever reads it. */
export interface Entry {
  /** Null: there is nothing, and that is remembered. */
  readonly value: unknown;
  readonly freshUntil: number;
  /** After that it is gone; between the two it may be given out while it is read anew. */
  readonly until: number;
}

/** What was found at a place. */
export interface Found {
  readonly entry: Entry | null;
  /**
   * What holds at this moment. A value that is read from now on is put down under this mark, and counts only
   * while nothing of it has changed: one that began to be read before a change ends with that change, no
   * matter when it is put down.
   */
  readonly mark: string;
}

/**
 * Keeps values. One suite judges the one in memory and the one in Redis alike (`cache-store.suite.ts`).
 * @throws whatever keeps it from answering; nobody may take that for "nothing is there"
 */
export interface CacheStore {
  read(place: Place): Promise<Found>;
  /** @param keepMs how long it is kept at most */
  write(place: Place, entry: Entry, mark: string, keepMs: number): Promise<void>;
  /** From now on no value of the type counts that carries one of the tags. */
  drop(type: string, tags: readonly string[]): Promise<void>;
  /** From now on no value of the type counts whose key fits; `*` stands for any run of characters. */
  sweep(type: string, pattern: string): Promise<void>;
  /** From now on no value of the type counts. */
  clear(type: string): Promise<void>;
}
