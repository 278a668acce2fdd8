/** Waiting, passed as an argument so that simulations own time. */
export interface Timers {
  /** Calls `run` once after `ms` milliseconds. @returns a function that calls it off */
  after(ms: number, run: () => void): () => void;
}

/** The timers of the process. */
export const realTimers: Timers = {
  after(ms, run) {
    const handle = setTimeout(run, ms);
    return () => clearTimeout(handle);
  },
};

/** Resolves after `ms` milliseconds. */
export const sleep = (timers: Timers, ms: number): Promise<void> =>
  new Promise((resolve) => void timers.after(ms, resolve));

/** A promise with its ends in reach. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

export function deferred<T>(): Deferred<T> {
  let end: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => {
    end = resolve;
  });
  return { promise, resolve: (value) => end(value) };
}
