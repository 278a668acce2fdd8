import type pg from 'pg';
import type { Logger } from '#shared/logging/logger.ts';
import { borrow } from '../db/borrow.ts';
import { WINDOWED } from '../realtime/change.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { periodic } from './periodic.ts';
import type { JobState } from './periodic.ts';

/** Midnight comes at every site within an hour of this; a run that finds nothing to do is cheap. */
const EVERY_MS = 60 * 60_000;

/** Only one of several servers moves the windows at a time. */
const LOCK = 731_000_001;

/** The windows of every site lie within two months: a whole group moves in seconds. */
const LIMIT = '60s';

export interface WindowMover {
  /** Moves the windows to today; returns how many rows came or went, null when another server does. */
  run(): Promise<number | null>;
  start(): void;
  stop(): Promise<void>;
  state(): JobState;
}

/**
 * Lets patients and visits enter and leave the windows that devices hold, as the days go by.
 * @param announce told when something came or went, so that devices ask
 */
export function createWindowMover(
  pool: pg.Pool,
  announce: (set: ChangeSet) => void,
  log: Logger,
): WindowMover {
  const run = async (): Promise<number | null> => {
    const { client, giveBack } = await borrow(pool);
    try {
      await client.query(`begin; set local role ganger_engine;
        set local statement_timeout = '${LIMIT}'; set local transaction_timeout = '${LIMIT}'`);
      const { rows } = await client.query<{ xid: string; moved: number | null }>(
        `select pg_current_xact_id()::text as xid,
                case when pg_try_advisory_xact_lock(${LOCK}) then private.move_windows() end as moved`,
      );
      await client.query('commit');
      const { xid, moved } = rows[0] ?? { xid: '0', moved: null };
      if (moved !== null && moved > 0) {
        announce({ xid, changes: WINDOWED.map((table) => ({ table, parts: ['window'] })) });
        log.info('windows moved', { rows: moved });
      }
      giveBack();
      return moved;
    } catch (error) {
      // A connection in an unknown state serves nobody.
      giveBack(error instanceof Error ? error : new Error('windows not moved'));
      throw error;
    }
  };

  return { run, ...periodic('move-windows', EVERY_MS, run, log) };
}
