import type pg from 'pg';
import type { Clock } from '#shared/kernel/clock.ts';
import { withoutLiterals } from '#shared/logging/logger.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { HubView } from '#shared/protocol/admin-outbox.ts';
import { percentile } from '../percentile.ts';

/** A statement that takes longer is written into the log, with its text and without its values. */
export const SLOW_MS = 1_000;
const LATEST = 500;
/** As much of a statement as tells which one it is. */
const TEXT_LENGTH = 400;

/** One statement that is over. */
export interface TimedStatement {
  readonly ms: number;
  readonly isOk: boolean;
  readonly isSlow: boolean;
  /** Its text, without values. */
  readonly text: () => string;
}

export interface DatabaseHub {
  health(): HubView;
  /** Statements that took longer than `SLOW_MS`, since the start. */
  readonly slow: number;
}

type Query = (...args: unknown[]) => unknown;

/**
 * Times every statement of a pool. It is no `UniversalHub`: statements are not repeated, since a
 * transaction that failed is begun anew as a whole or not at all, and it is the pool that has time limits.
 * Times are as whoever asked waited, with what stood before it in the same connection.
 */
export function createDatabaseHub(
  pool: pg.Pool,
  deps: {
    readonly clock: Clock;
    readonly log: Logger;
    readonly onStatement?: (statement: TimedStatement) => void;
  },
  slowMs = SLOW_MS,
): DatabaseHub {
  const { clock, log, onStatement } = deps;
  const latest: number[] = [];
  let calls = 0;
  let failures = 0;
  let slow = 0;
  let lastOkAt: number | null = null;
  let lastFailureAt: number | null = null;
  const over = (args: readonly unknown[], began: number, isOk: boolean): void => {
    const ms = performance.now() - began;
    calls += 1;
    latest.push(ms);
    if (latest.length > LATEST) latest.shift();
    if (isOk) lastOkAt = clock.now();
    else {
      failures += 1;
      lastFailureAt = clock.now();
    }
    const isSlow = ms >= slowMs;
    onStatement?.({ ms, isOk, isSlow, text: () => textOf(args[0]) });
    if (!isSlow) return;
    slow += 1;
    log.warn('slow statement', { ms: Math.round(ms), statement: textOf(args[0]) });
  };
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Query;
    const timed: Query = (...args) => {
      const began = performance.now();
      const callback = args.at(-1);
      if (typeof callback === 'function') {
        const rest = args.slice(0, -1);
        return query(...rest, (error: unknown, result: unknown): void => {
          over(args, began, !error);
          (callback as Query)(error, result);
        });
      }
      const answer = query(...args);
      // A stream (of COPY) has its own way to its end.
      if (answer instanceof Promise) {
        answer.then(
          () => over(args, began, true),
          () => over(args, began, false),
        );
      }
      return answer;
    };
    client.query = timed as typeof client.query;
  });
  return {
    get slow() {
      return slow;
    },
    health: () => ({
      hub: 'database',
      partner: 'postgres',
      mode: 'live',
      // That a statement is refused is no fault of the database: people are told no all day.
      state: calls === 0 ? 'unused' : lastOkAt === null ? 'failing' : 'ok',
      calls,
      failures,
      lastOkAt,
      lastFailureAt,
      lastCode: null,
      p95Ms: percentile(latest.map(Math.round), 0.95),
    }),
  };
}

/**
 * The text of a statement in one line. Values stand beside it, as parameters, and are not looked at; what
 * stands in quotes within it goes, whatever it is.
 */
function textOf(asked: unknown): string {
  const { text } =
    typeof asked === 'string' ? { text: asked } : ((asked ?? {}) as { text?: unknown });
  if (typeof text !== 'string') return '';
  return withoutLiterals(text).replaceAll(/\s+/g, ' ').trim().slice(0, TEXT_LENGTH);
}
