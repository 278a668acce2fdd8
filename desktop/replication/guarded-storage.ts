import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { Timers } from './timers.ts';
import { deferred, sleep } from './timers.ts';

/** Runs storage calls of the replication. */
export interface StorageGuard {
  /**
   * Runs `work`; when it throws (disk full, file damaged) it is run again after a while, for RxDB's
   * protocol loses rows or dies for good when its storage throws. After `stop` a failing call gives
   * `fallback`.
   */
  run<T>(work: () => T | Promise<T>, fallback: T): Promise<T>;
  /** Resolves when no call is under way. */
  idle(): Promise<void>;
  stop(): void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

export function createStorageGuard(options: {
  readonly timers: Timers;
  readonly log: Logger;
  /** The storage fails with this code; null: it works again. */
  readonly onProblem: (code: Code | null) => void;
}): StorageGuard {
  const { timers, log, onProblem } = options;
  let stopped = false;
  const stopping = deferred<void>();
  const running = new Set<Promise<unknown>>();

  const attempt = async <T>(work: () => T | Promise<T>, fallback: T): Promise<T> => {
    for (let wait = FIRST_WAIT_MS, failed = false; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        const result = await work();
        if (failed) onProblem(null);
        return result;
      } catch (error) {
        if (stopped) return fallback;
        const { code } = toAppError(error);
        log.error('local store failed during sync', { code });
        failed = true;
        onProblem(code);
        await Promise.race([sleep(timers, wait), stopping.promise]);
        if (stopped) return fallback;
      }
    }
  };

  return {
    run(work, fallback) {
      const call = attempt(work, fallback);
      running.add(call);
      void call.finally(() => running.delete(call));
      return call;
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    stop() {
      stopped = true;
      stopping.resolve();
    },
  };
}
