import type pg from 'pg';
import type { Logger } from '#shared/logging/logger.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';

export interface Fence {
  /**
   * Resolves once every new reader sees the transaction behind its fence, or after the bound: a
   * notice that comes too early costs one empty pull, one that never comes costs up to a minute.
   * @param xid null when it is not known: all that runs at the first look is waited for
   */
  passed(xid: string | null): Promise<void>;
  /** Lets everybody who still waits go. */
  stop(): void;
}

/** Longer than any transaction may run, so that one that hangs has been ended by then. */
const GIVE_UP_AFTER_MS = 25_000;
const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 250;

interface Waiting {
  /** Every transaction before this one must have ended; null until the first look. */
  end: bigint | null;
  readonly until: number;
  readonly release: () => void;
}

/** Watches the oldest running transaction while somebody waits for it, with one query for all. */
export function createFence(pool: Pick<pg.Pool, 'query'>, log: Logger): Fence {
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | null = null;
  let looking = false;
  let pause = SHORTEST_PAUSE_MS;
  let stopped = false;

  const letGo = (ready: (entry: Waiting) => boolean): void => {
    const left: Waiting[] = [];
    for (const entry of waiting) {
      if (ready(entry)) entry.release();
      else left.push(entry);
    }
    waiting = left;
  };

  const look = async (): Promise<void> => {
    timer = null;
    looking = true;
    try {
      const { rows } = await pool.query<{ xmin: string; xmax: string }>(
        `select pg_snapshot_xmin(s)::text as xmin, pg_snapshot_xmax(s)::text as xmax
           from pg_current_snapshot() s`,
      );
      const [xmin, xmax] = [BigInt(rows[0]?.xmin ?? 0), BigInt(rows[0]?.xmax ?? 0)];
      letGo((entry) => (entry.end ??= xmax) <= xmin);
    } catch (error) {
      log.warn('fence could not be read', safeErrorFields(error));
    }
    looking = false;
    const now = performance.now();
    letGo(({ until }) => stopped || now >= until);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    if (waiting.length > 0) timer = setTimeout(() => void look(), pause);
  };

  return {
    passed(xid) {
      if (stopped) return Promise.resolve();
      return new Promise((resolve) => {
        const until = performance.now() + GIVE_UP_AFTER_MS;
        waiting.push({ end: xid === null ? null : BigInt(xid) + 1n, until, release: resolve });
        pause = SHORTEST_PAUSE_MS;
        if (looking) return;
        if (timer) clearTimeout(timer);
        void look();
      });
    },
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      timer = null;
      letGo(() => true);
    },
  };
}
