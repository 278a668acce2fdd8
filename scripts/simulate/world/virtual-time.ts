import type { Clock } from '#shared/kernel/clock.ts';
import type { Timers } from '#desktop/replication/timers.ts';
import { Rng } from '../../demo-data/rng.ts';

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  isOff: boolean;
}

/** Taken before anybody replaces it: the one real thing that a simulated moment waits for. */
const realImmediate = setImmediate;

/** All promises that can go on without time passing have done so. */
const settled = (): Promise<void> => new Promise((resolve) => void realImmediate(resolve));

/** Longer than any seed may take: a loop that does not end is told apart from a long run. */
const MOST_EVENTS = 2_000_000;

/**
 * Time that passes only when it is told to, for all that runs in a simulation: what is given a clock
 * and timers, and (installed) what uses those of the process. What falls due at one moment runs in
 * the order in which it was asked for, each with all promises behind it before the next, so that one
 * seed is one run.
 */
export class VirtualTime implements Clock, Timers {
  #now: number;
  readonly #start: number;
  #order = 0;
  #heap: Due[] = [];
  /** Events that have run. */
  events = 0;

  constructor(start = Date.UTC(2026, 5, 1, 8)) {
    this.#now = start;
    this.#start = start;
  }

  now = (): number => this.#now;

  /** Milliseconds since the beginning. */
  get passed(): number {
    return this.#now - this.#start;
  }

  after(ms: number, run: () => void): () => void {
    const due: Due = {
      at: this.#now + Math.max(0, Math.ceil(ms)),
      order: this.#order,
      run,
      isOff: false,
    };
    this.#order += 1;
    push(this.#heap, due);
    return () => {
      due.isOff = true;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** Lets time pass. @throws Error when far too much happens in it */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settled();
    while ((this.#heap[0]?.at ?? Number.POSITIVE_INFINITY) <= end) await this.#next();
    this.#now = end;
  }

  /** Lets time pass until something is done, no longer than so many milliseconds. */
  async until(work: Promise<unknown>, withinMs: number): Promise<boolean> {
    let isDone = false;
    const done = (): void => {
      isDone = true;
    };
    work.then(done, done);
    const end = this.#now + withinMs;
    await settled();
    while (!isDone && (this.#heap[0]?.at ?? Number.POSITIVE_INFINITY) <= end) await this.#next();
    return isDone;
  }

  async #next(): Promise<void> {
    const due = pop(this.#heap);
    if (!due || due.isOff) return;
    this.#now = due.at;
    this.events += 1;
    if (this.events > MOST_EVENTS) throw new Error('the simulation does not come to an end');
    due.run();
    await settled();
  }

  /**
   * Puts this time, and numbers that follow from a seed, in the place of those of the process.
   * @returns puts the real ones back
   */
  install(seed: number): () => void {
    const rng = new Rng(seed, 'process');
    const now = this.now;
    const after = this.after.bind(this);
    const RealDate = Date;
    class VirtualDate extends RealDate {
      constructor(...args: []) {
        if (args.length === 0) super(now());
        else super(...args);
      }
      static override now = now;
    }
    const handleOf = (cancel: () => void) => ({
      cancel,
      ref() {
        return this;
      },
      unref() {
        return this;
      },
      hasRef: () => true,
    });
    const clear = (handle: unknown): void => {
      (handle as { cancel?: () => void } | null)?.cancel?.();
    };
    type Run = (...args: unknown[]) => void;
    const later = (run: Run, ms = 0, ...args: unknown[]) =>
      handleOf(after(Math.max(1, ms), () => run(...args)));
    const every = (run: Run, ms = 0, ...args: unknown[]) => {
      let cancel: () => void = () => undefined;
      const again = (): void => {
        cancel = after(Math.max(1, ms), () => {
          again();
          run(...args);
        });
      };
      again();
      return handleOf(() => cancel());
    };
    const fill = <T extends ArrayBufferView>(into: T): T => {
      const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength);
      for (let at = 0; at < bytes.length; at += 1) bytes[at] = rng.int(0, 255);
      return into;
    };
    const undo = [
      replace(globalThis, 'Date', VirtualDate),
      replace(globalThis, 'setTimeout', later),
      replace(globalThis, 'clearTimeout', clear),
      replace(globalThis, 'setInterval', every),
      replace(globalThis, 'clearInterval', clear),
      replace(globalThis, 'setImmediate', (run: Run, ...args: unknown[]) =>
        handleOf(after(0, () => run(...args))),
      ),
      replace(globalThis, 'clearImmediate', clear),
      replace(performance, 'now', () => this.passed),
      replace(Math, 'random', () => rng.float()),
      replace(crypto, 'getRandomValues', fill),
    ];
    return () => {
      for (const put of undo) put();
    };
  }
}

function replace(owner: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    if (before) Object.defineProperty(owner, name, before);
    else Reflect.deleteProperty(owner, name);
  };
}

const isBefore = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A binary heap, the earliest on top. */
function push(heap: Due[], due: Due): void {
  heap.push(due);
  let at = heap.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (!above || !isBefore(due, above)) break;
    heap[at] = above;
    heap[parent] = due;
    at = parent;
  }
}

function pop(heap: Due[]): Due | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (!first || !last || first === last) return first;
  let at = 0;
  heap[0] = last;
  for (;;) {
    const left = 2 * at + 1;
    const [a, b] = [heap[left], heap[left + 1]];
    const smaller = a && b && isBefore(b, a) ? left + 1 : left;
    const below = heap[smaller];
    if (!below || !isBefore(below, last)) return first;
    heap[at] = below;
    heap[smaller] = last;
    at = smaller;
  }
}
