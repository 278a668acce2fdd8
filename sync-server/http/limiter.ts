import { AppError } from '#shared/errors/app-error.ts';

export interface Limiter {
  /**
   * Looks whether there would be a place now, before anything is spent on a piece of work.
   * @throws AppError SERVER_BUSY
   */
  check(): void;
  /**
   * Runs work when its turn comes.
   * @throws AppError SERVER_BUSY when too many are waiting already or it would wait too long, and what
   *   the work throws
   */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Share of the newest piece of work in what work takes on average. */
const NEWEST = 0.1;

/**
 * Lets `concurrent` pieces of work run at once and up to `waiting` more wait in line. Who would wait
 * longer than `maxWaitMs`, by what work took lately, is told at once: a late answer helps nobody.
 */
export function createLimiter(
  concurrent: number,
  waiting: number,
  maxWaitMs = Number.POSITIVE_INFINITY,
): Limiter {
  let running = 0;
  let tookMs = 0;
  const line: (() => void)[] = [];

  const check = (): void => {
    if (running < concurrent) return;
    const wait = (tookMs * (line.length + 1)) / concurrent;
    if (line.length >= waiting || wait > maxWaitMs) {
      throw new AppError('SERVER_BUSY', { reason: 'queue' });
    }
  };
  const enter = async (): Promise<void> => {
    check();
    if (running < concurrent) {
      running += 1;
      return;
    }
    // Whoever leaves hands over its place, so nobody who comes later slips in between.
    await new Promise<void>((resolve) => line.push(resolve));
  };
  const leave = (): void => {
    const next = line.shift();
    if (next) next();
    else running -= 1;
  };

  return {
    check,
    async run(work) {
      await enter();
      const began = performance.now();
      try {
        return await work();
      } finally {
        tookMs += (performance.now() - began - tookMs) * NEWEST;
        leave();
      }
    },
  };
}
