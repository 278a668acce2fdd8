import { AppError } from '#shared/errors/app-error.ts';

export interface Limiter {
  /**
   * Runs work when its turn comes.
   * @throws AppError SERVER_BUSY when too many are waiting already, and what the work throws
   */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Lets `concurrent` pieces of work run at once and up to `waiting` more wait in line. */
export function createLimiter(concurrent: number, waiting: number): Limiter {
  let running = 0;
  const line: (() => void)[] = [];

  const enter = async (): Promise<void> => {
    if (running < concurrent) {
      running += 1;
      return;
    }
    if (line.length >= waiting) throw new AppError('SERVER_BUSY', { reason: 'queue' });
    // Whoever leaves hands over its place, so nobody who comes later slips in between.
    await new Promise<void>((resolve) => line.push(resolve));
  };
  const leave = (): void => {
    const next = line.shift();
    if (next) next();
    else running -= 1;
  };

  return {
    async run(work) {
      await enter();
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
