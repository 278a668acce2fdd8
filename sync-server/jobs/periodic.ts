import type { Logger } from '#shared/logging/logger.ts';

export interface PeriodicJob {
  start(): void;
  /** Waits for a round that runs. */
  stop(): Promise<void>;
}

/**
 * Runs work at the start and then again and again, one round at a time, whatever becomes of it. Work
 * that several servers may do at once has to bear that itself.
 * @param atStart false: the first round comes after the first interval
 */
export function periodic(
  name: string,
  everyMs: number,
  work: () => Promise<unknown>,
  log: Logger,
  { atStart = true }: { readonly atStart?: boolean } = {},
): PeriodicJob {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> | null = null;
  const round = (): void => {
    if (running) return;
    running = work()
      .catch((error: unknown) => {
        log.warn('job failed', { job: name, reason: error instanceof Error ? error.name : '?' });
      })
      .finally(() => {
        running = null;
      });
  };
  return {
    start() {
      if (atStart) round();
      timer = setInterval(round, everyMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
