import type { Timers } from '#desktop/replication/timers.ts';
import { databaseError } from './model-errors.ts';

/**
 * How strongly something is locked, as Postgres locks rows: `keyshare` by a row that refers to it,
 * `share` by FOR SHARE, `nokey` by an update, `update` by FOR UPDATE and by a new key of an index.
 */
export type LockMode = 'keyshare' | 'share' | 'nokey' | 'update';

const CONFLICTS: Readonly<Record<LockMode, ReadonlySet<LockMode>>> = {
  keyshare: new Set(['update']),
  share: new Set(['nokey', 'update']),
  nokey: new Set(['share', 'nokey', 'update']),
  update: new Set(['keyshare', 'share', 'nokey', 'update']),
};

/** Whoever locks: a transaction. */
export interface Locker {
  readonly name: number;
}

interface Waiter {
  readonly owner: Locker;
  readonly mode: LockMode;
  readonly grant: () => void;
  readonly fail: (error: Error) => void;
}

interface Held {
  readonly owner: Locker;
  readonly mode: LockMode;
}

interface Lock {
  readonly held: Held[];
  readonly waiting: Waiter[];
}

/** As `lock_timeout` of the server's sessions. */
const LOCK_TIMEOUT_MS = 4_000;

/** Locks of one database: who holds what, who waits for whom. */
export class LockTable {
  readonly #locks = new Map<string, Lock>();
  /** In the order of taking, so that a savepoint can give back what came after it. */
  readonly #byOwner = new Map<Locker, { key: string; mode: LockMode }[]>();
  readonly #timers: Timers;
  /** Waits that came about, and how many of them ended as a deadlock. */
  waits = 0;
  deadlocks = 0;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /**
   * Takes a lock, waiting for those who hold it.
   * @throws DatabaseError 40P01 when the wait would close a circle (Postgres picks one of its members
   *   after a second, here it is always the last), 55P03 when it takes too long
   */
  async take(owner: Locker, key: string, mode: LockMode): Promise<void> {
    const lock = this.#locks.get(key) ?? { held: [], waiting: [] };
    this.#locks.set(key, lock);
    const own = lock.held.filter((held) => held.owner === owner);
    if (own.some((held) => held.mode === mode || held.mode === 'update')) return;
    // Who holds a part of it already goes before those who hold nothing.
    const isFree = own.length > 0 || lock.waiting.length === 0;
    if (isFree && !this.#isBlocked(lock, owner, mode)) return this.#give(lock, owner, key, mode);
    this.waits += 1;
    if (this.#wouldCircle(owner, lock, mode)) {
      this.deadlocks += 1;
      throw databaseError('40P01');
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        const at = lock.waiting.indexOf(waiter);
        if (at >= 0) lock.waiting.splice(at, 1);
      };
      const cancel = this.#timers.after(LOCK_TIMEOUT_MS, () => {
        leave();
        reject(databaseError('55P03'));
        this.#wake(key);
      });
      const waiter: Waiter = {
        owner,
        mode,
        grant: () => {
          cancel();
          leave();
          this.#give(lock, owner, key, mode);
          resolve();
        },
        fail: (error) => {
          cancel();
          leave();
          reject(error);
        },
      };
      lock.waiting.push(waiter);
    });
  }

  /** How many locks somebody holds: a place to go back to. */
  mark(owner: Locker): number {
    return this.#byOwner.get(owner)?.length ?? 0;
  }

  /** Gives back what was taken since a mark, all without one. */
  release(owner: Locker, since = 0): void {
    const taken = this.#byOwner.get(owner)?.splice(since) ?? [];
    for (const { key, mode } of taken) {
      const lock = this.#locks.get(key);
      const at = lock?.held.findIndex((held) => held.owner === owner && held.mode === mode) ?? -1;
      if (at >= 0) lock?.held.splice(at, 1);
    }
    for (const { key } of taken) this.#wake(key);
    if (since === 0) this.#byOwner.delete(owner);
  }

  /** Ends a wait from outside: the connection is gone. */
  interrupt(owner: Locker, error: Error): void {
    for (const lock of this.#locks.values()) {
      lock.waiting.find((waiter) => waiter.owner === owner)?.fail(error);
    }
  }

  #give(lock: Lock, owner: Locker, key: string, mode: LockMode): void {
    lock.held.push({ owner, mode });
    const taken = this.#byOwner.get(owner) ?? [];
    taken.push({ key, mode });
    this.#byOwner.set(owner, taken);
  }

  #wake(key: string): void {
    const lock = this.#locks.get(key);
    if (!lock) return;
    for (const waiter of lock.waiting.slice()) {
      if (this.#isBlocked(lock, waiter.owner, waiter.mode)) break;
      waiter.grant();
    }
    if (lock.held.length === 0 && lock.waiting.length === 0) this.#locks.delete(key);
  }

  #isBlocked(lock: Lock, owner: Locker, mode: LockMode): boolean {
    return lock.held.some((held) => held.owner !== owner && CONFLICTS[mode].has(held.mode));
  }

  /** True when one of those who would be waited for waits, in the end, for the asker. */
  #wouldCircle(asker: Locker, lock: Lock, mode: LockMode): boolean {
    const seen = new Set<Locker>();
    const blockersOf = (of: Lock, owner: Locker, wanted: LockMode): Locker[] => [
      ...of.held
        .filter((held) => held.owner !== owner && CONFLICTS[wanted].has(held.mode))
        .map((held) => held.owner),
      ...of.waiting.filter((waiter) => waiter.owner !== owner).map((waiter) => waiter.owner),
    ];
    const look = (owners: readonly Locker[]): boolean =>
      owners.some((owner) => {
        if (owner === asker) return true;
        if (seen.has(owner)) return false;
        seen.add(owner);
        for (const other of this.#locks.values()) {
          const waits = other.waiting.find((waiter) => waiter.owner === owner);
          if (waits) {
            const ahead = other.waiting.slice(0, other.waiting.indexOf(waits));
            const held = other.held.filter(
              (h) => h.owner !== owner && CONFLICTS[waits.mode].has(h.mode),
            );
            return look([...held, ...ahead].map((one) => one.owner));
          }
        }
        return false;
      });
    return look(blockersOf(lock, asker, mode));
  }
}
