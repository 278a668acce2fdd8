import type { Timers } from './timers.ts';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

/** Rows that the server told to come again later, because what they refer to has not arrived. */
export interface HeldRows {
  readonly size: number;
  has(id: string): boolean;
  hold(id: string): void;
  /** The row got an answer: its next wait starts small. */
  settle(id: string): void;
  /** Another row has arrived at the server: those that waited may have been waiting for it. */
  releaseAll(): void;
  stop(): void;
}

/**
 * Holds rows back for 1 s, 2 s … 60 s, longer each time.
 * @param onDue rows may be sent again
 */
export function createHeldRows(timers: Timers, onDue: () => void): HeldRows {
  const cancels = new Map<string, () => void>();
  const attempts = new Map<string, number>();
  const release = (id: string): void => {
    cancels.get(id)?.();
    cancels.delete(id);
  };
  return {
    get size() {
      return cancels.size;
    },
    has: (id) => cancels.has(id),
    hold(id) {
      release(id);
      const attempt = attempts.get(id) ?? 0;
      attempts.set(id, attempt + 1);
      const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempt, 10), LONGEST_WAIT_MS);
      const cancel = timers.after(wait, () => {
        cancels.delete(id);
        onDue();
      });
      cancels.set(id, cancel);
    },
    settle(id) {
      release(id);
      attempts.delete(id);
    },
    releaseAll() {
      if (cancels.size === 0) return;
      for (const id of cancels.keys()) release(id);
      onDue();
    },
    stop() {
      for (const id of cancels.keys()) release(id);
    },
  };
}
