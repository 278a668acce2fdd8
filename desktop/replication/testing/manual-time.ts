import type { Clock } from '#shared/kernel/clock.ts';
import type { Timers } from '../timers.ts';

/** Time that stands still until it is told to go on. */
export interface ManualTime extends Clock, Timers {
  /** Lets time pass and runs what falls due, with the promises in between. */
  pass(ms: number): Promise<void>;
  /** Milliseconds until the next timer, or null without one. */
  readonly next: number | null;
}

export function manualTime(start = Date.UTC(2026, 5, 1)): ManualTime {
  let now = start;
  let due: { at: number; run: () => void }[] = [];
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      due.push(timer);
      return () => {
        due = due.filter((other) => other !== timer);
      };
    },
    async pass(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const [first] = due.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at);
        if (!first) break;
        due = due.filter((other) => other !== first);
        now = first.at;
        first.run();
        await settle();
      }
      now = end;
      await settle();
    },
    get next() {
      return due.length > 0 ? Math.min(...due.map(({ at }) => at)) - now : null;
    },
  };
}
