import { AppError } from '#shared/errors/app-error.ts';

/** A use of one open thing. Until it is released the thing stays open. */
export interface Lease<C> {
  readonly item: C;
  release(): void;
}

interface Open<C> {
  readonly item: C;
  pins: number;
}

/**
 * Keeps at most `max` things open, closes the one that was least recently used and is in use by
 * nobody. Opening and closing happen one after the other: RxDB counts open collections, and a
 * reopening must not overtake the closing of the same table.
 */
export class CollectionPool<N extends string, C> {
  readonly #open = new Map<N, Open<C>>();
  readonly #opener: (name: N) => Promise<C>;
  readonly #closer: (item: C) => Promise<void>;
  readonly #max: number;
  readonly #waitMs: number;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting: (() => void)[] = [];

  constructor(options: {
    open: (name: N) => Promise<C>;
    close: (item: C) => Promise<void>;
    max: number;
    /** How long an opening waits for a free place, in milliseconds. */
    waitMs: number;
  }) {
    this.#opener = options.open;
    this.#closer = options.close;
    this.#max = options.max;
    this.#waitMs = options.waitMs;
  }

  /** Names now open, the least recently used first. */
  names(): N[] {
    return [...this.#open.keys()];
  }

  /**
   * Opens what is not open and pins it. While all places are pinned the call waits for a release.
   * @throws AppError STORE_OVERLOADED with the names that are open, when no place came free in time;
   *   else what `open` throws. The place stays free then.
   */
  acquire(name: N): Promise<Lease<C>> {
    // What is open is at hand even while another opening waits for a place.
    const open = this.#open.get(name);
    if (open) return Promise.resolve(this.#pin(name, open));
    const job = this.#queue.then(() => this.#acquire(name));
    this.#queue = job.catch(() => undefined);
    return job;
  }

  async #acquire(name: N): Promise<Lease<C>> {
    let entry = this.#open.get(name);
    if (!entry) {
      await this.#makeRoom();
      entry = { item: await this.#opener(name), pins: 0 };
    }
    return this.#pin(name, entry);
  }

  /** The most recently used is the last. */
  #pin(name: N, entry: Open<C>): Lease<C> {
    this.#open.delete(name);
    this.#open.set(name, entry);
    entry.pins += 1;
    return this.#lease(entry);
  }

  async #makeRoom(): Promise<void> {
    const end = Date.now() + this.#waitMs;
    while (this.#open.size >= this.#max) {
      const victim = [...this.#open].find(([, { pins }]) => pins === 0);
      if (victim) {
        this.#open.delete(victim[0]);
        await this.#closer(victim[1].item);
      } else {
        const left = end - Date.now();
        // A screen that needs more at once is designed wrong, and has to hear it.
        if (left <= 0) throw new AppError('STORE_OVERLOADED', { open: this.names() });
        await this.#released(left);
      }
    }
  }

  #released(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #lease(entry: Open<C>): Lease<C> {
    let released = false;
    return {
      item: entry.item,
      release: () => {
        if (released) return;
        released = true;
        entry.pins -= 1;
        for (const wake of this.#waiting.splice(0)) wake();
      },
    };
  }
}
