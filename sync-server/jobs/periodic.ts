import type { Logger } from '#shared/logging/logger.ts';

/** How a job fares on this server. */
export interface JobState {
  readonly name: string;
  readonly everyMs: number;
  /** End of its last round, milliseconds since the Unix epoch, and how long that took. */
  readonly lastRunAt: number | null;
  readonly lastMs: number | null;
  readonly state: 'not-run' | 'ok' | 'failed';
}

export interface PeriodicJob {
  start(): void;
  /** Does a round at once; while one runs, another one right behind it. */
  now(): void;
  /** Waits for a round that runs. */
  stop(): Promise<void>;
  state(): JobState;
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
  let isWanted = false;
  let state: JobState = { name, everyMs, lastRunAt: null, lastMs: null, state: 'not-run' };
  const round = (): void => {
    if (running) return;
    const began = performance.now();
    const over = (how: 'ok' | 'failed'): void => {
      const lastMs = Math.round(performance.now() - began);
      state = { name, everyMs, lastRunAt: Date.now(), lastMs, state: how };
    };
    running = work()
      .then(() => over('ok'))
      .catch((error: unknown) => {
        over('failed');
        log.warn('job failed', { job: name, reason: error instanceof Error ? error.name : '?' });
      })
      .finally(() => {
        running = null;
        if (isWanted) now();
      });
  };
  const now = (): void => {
    // Not after the end, and not before the beginning.
    isWanted = running !== null && timer !== undefined;
    if (timer !== undefined) round();
  };
  return {
    now,
    start() {
      if (atStart) round();
      timer = setInterval(round, everyMs);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      await running;
    },
    state: () => state,
  };
}
