import type { Timers } from './timers.ts';

export interface BackoffOptions {
  readonly timers: Timers;
  /** A number in [0, 1), as Math.random gives it. */
  readonly random: () => number;
  /** Called each time a wait is over, by time or by `wake`. */
  readonly onReady: () => void;
  /** Shortest wait and first step, milliseconds. */
  readonly baseMs?: number;
  /** Longest wait, milliseconds. */
  readonly maxMs?: number;
}

export interface Backoff {
  /** False while a wait runs. */
  readonly ready: boolean;
  /** Failures in a row. */
  readonly attempts: number;
  /**
   * Something failed: starts a wait of base/2 to min(max, base × 2^attempts), evenly spread.
   * With `slow` 30 to 60 s: trying again is unlikely to help. Never before
   * `notBeforeMs`, which the server asked for: no reason to believe anything ends that wait.
   */
  failed(options?: { slow?: boolean; notBeforeMs?: number }): void;
  /** Something worked: the next failure starts small again. */
  succeeded(): void;
  /** Ends a wait now, because there is reason to believe that it would work. */
  wake(): void;
  stop(): void;
}

/**
 * Longest wait, milliseconds: half of the time in which all must be in step after an outage, so that the
 * other half is left for the work itself.
 */
const LONGEST_MS = 15_000;
/** Shortest of the slow waits, milliseconds; the longest is twice as long. */
const SLOW_MS = 30_000;

/**
 * Exponential waiting with full jitter, so that devices that lost the server together do not come
 * back together.
 */
export function createBackoff(options: BackoffOptions): Backoff {
  const { timers, random, onReady, baseMs = 500, maxMs = LONGEST_MS } = options;
  let attempts = 0;
  let cancel: (() => void) | null = null;
  let cancelAsked: (() => void) | null = null;
  let stopped = false;

  const end = (): void => {
    cancel = null;
    if (!stopped) onReady();
  };

  return {
    get ready() {
      return cancel === null;
    },
    get attempts() {
      return attempts;
    },
    failed({ slow = false, notBeforeMs = 0 } = {}) {
      if (stopped || cancel) return;
      attempts += 1;
      const cap = Math.min(maxMs, baseMs * 2 ** Math.min(attempts, 20));
      const wait = slow ? SLOW_MS * (1 + random()) : baseMs / 2 + random() * (cap - baseMs / 2);
      cancel = timers.after(notBeforeMs + wait, end);
      if (notBeforeMs === 0) return;
      cancelAsked = timers.after(notBeforeMs, () => {
        cancelAsked = null;
      });
    },
    succeeded() {
      attempts = 0;
      cancel?.();
      cancel = null;
      cancelAsked?.();
      cancelAsked = null;
    },
    wake() {
      if (!cancel || cancelAsked || stopped) return;
      cancel();
      end();
    },
    stop() {
      stopped = true;
      cancel?.();
      cancel = null;
      cancelAsked?.();
      cancelAsked = null;
    },
  };
}
