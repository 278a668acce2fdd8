import { monitorEventLoopDelay } from 'node:perf_hooks';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';

export interface LoadLimits {
  /** Beyond this delay of the event loop (its 90th percentile), twice in a row, new work is turned away. */
  readonly maxLagMs: number;
  /** Beyond this resident memory new work is turned away, MiB. */
  readonly maxMemoryMb: number;
}

/** What the process is like at a moment. */
export interface Load {
  readonly lagMs: number;
  readonly memoryMb: number;
}

export interface LoadGuard {
  /** @throws AppError SERVER_BUSY while the process has more to do than it can */
  check(): void;
  stop(): void;
}

const LOOK_EVERY_MS = 250;
/** It has to be better by so much than where it began, so that it does not flicker. */
const RELEASE_AT = 0.8;

/**
 * Turns work away early: a process that is behind with its event loop, or that is about to run out of
 * memory, serves nobody when it takes on more.
 */
export function createLoadGuard(options: {
  limits: LoadLimits;
  log: Logger;
  /** Looks at the process; by default at this one. */
  look?: () => Load;
}): LoadGuard {
  const { limits, log } = options;
  const own = options.look ? null : watchProcess();
  const look = options.look ?? own?.look ?? (() => ({ lagMs: 0, memoryMb: 0 }));
  let reason: 'lag' | 'memory' | null = null;
  let lags = 0;

  const judge = (): void => {
    const { lagMs, memoryMb } = look();
    const beyond = (value: number, limit: number, mine: 'lag' | 'memory'): boolean =>
      value > limit * (reason === mine ? RELEASE_AT : 1);
    // One long piece of work is no load: it has to be behind at two looks.
    lags = beyond(lagMs, limits.maxLagMs, 'lag') ? lags + 1 : 0;
    const next = beyond(memoryMb, limits.maxMemoryMb, 'memory')
      ? 'memory'
      : lags > 1
        ? 'lag'
        : null;
    if (next === reason) return;
    if (next === null) log.info('work is taken again', { lagMs: Math.round(lagMs) });
    else {
      const fields = { reason: next, lagMs: Math.round(lagMs), memoryMb: Math.round(memoryMb) };
      log.warn('work is turned away', fields);
    }
    reason = next;
  };
  const timer = setInterval(judge, LOOK_EVERY_MS);
  timer.unref();

  return {
    check() {
      if (reason !== null) throw new AppError('SERVER_BUSY', { reason });
    },
    stop() {
      clearInterval(timer);
      own?.stop();
    },
  };
}

function watchProcess(): { look: () => Load; stop: () => void } {
  const histogram = monitorEventLoopDelay({ resolution: 10 });
  histogram.enable();
  return {
    look() {
      // Of an idle loop the delay is the resolution itself.
      const lagMs = Math.max(0, histogram.percentile(90) / 1e6 - 10);
      histogram.reset();
      return { lagMs, memoryMb: process.memoryUsage.rss() / 2 ** 20 };
    },
    stop: () => histogram.disable(),
  };
}
