import type { Clock } from '#shared/kernel/clock.ts';

export interface BreakerPace {
  /** Failures in a row after which the partner is left alone. */
  readonly failures: number;
  /** For how long at first, milliseconds; twice as long after each trial that failed. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
}

export const BREAKER_PACE: BreakerPace = {
  failures: 5,
  pauseMs: 15_000,
  longestPauseMs: 5 * 60_000,
};

export interface CircuitBreaker {
  /** How long nothing should be asked of the partner, milliseconds; 0: now is the time. */
  waitMs(): number;
  /** A call begins. After a pause one call is a trial, and the others wait for what becomes of it. */
  begin(): void;
  succeeded(): void;
  failed(): void;
  /** The call said nothing about how the partner is. */
  neither(): void;
  readonly isOpen: boolean;
}

/** Leaves a partner alone who fails again and again, and tries with one call whether it is back. */
export function createCircuitBreaker(
  clock: Clock,
  pace: BreakerPace = BREAKER_PACE,
): CircuitBreaker {
  let inARow = 0;
  let pauses = 0;
  let openUntil: number | null = null;
  let isOnTrial = false;
  return {
    waitMs() {
      if (openUntil === null) return 0;
      const left = openUntil - clock.now();
      if (left > 0) return left;
      return isOnTrial ? pace.pauseMs : 0;
    },
    begin() {
      if (openUntil !== null) isOnTrial = true;
    },
    succeeded() {
      inARow = 0;
      pauses = 0;
      openUntil = null;
      isOnTrial = false;
    },
    failed() {
      inARow += 1;
      const wasOpen = openUntil !== null;
      isOnTrial = false;
      if (!wasOpen && inARow < pace.failures) return;
      openUntil = clock.now() + Math.min(pace.longestPauseMs, pace.pauseMs * 2 ** pauses);
      pauses += 1;
    },
    neither() {
      isOnTrial = false;
    },
    get isOpen() {
      return openUntil !== null;
    },
  };
}
