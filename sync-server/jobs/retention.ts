import type pg from 'pg';
import type { Logger } from '#shared/logging/logger.ts';
import { REMOVAL_ORDER, projectionsOf, refersToItself } from '#shared/schema/retention.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { isWindowPart } from '#shared/schema/window-parts.ts';
import { asEngine } from '../db/as-engine.ts';
import { borrow } from '../db/borrow.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { START, hasTombstones } from '../sync/table-sql.ts';
import { SERVER_DEVICE } from './keep-files.ts';
import { periodic } from './periodic.ts';
import type { JobState } from './periodic.ts';

/** A run is due a day after the last one that came to its end; looked at more often. */
const LOOK_EVERY_MS = 60 * 60_000;
const DUE_AFTER = '20 hours';
/** Only one of several servers removes at a time. */
const LOCK = 731_000_003;
/** Rows that one transaction looks at: it holds the fence of the feed for a moment only. */
const BATCH = 1_000;

/** What one run did. */
export interface Removed {
  readonly removed: number;
  /** Rows whose years are over and that stay: they are in use, or something that stays names them. */
  readonly held: number;
  /** Tables of which rows were removed, with how many. */
  readonly tables: Readonly<Partial<Record<TableName, number>>>;
  readonly batches: number;
  /** The longest transaction, milliseconds. */
  readonly longestMs: number;
}

export interface Retention {
  /** Removes all that is over; null when another server does, or it is not due. */
  run(options?: { readonly evenIfNotDue?: boolean }): Promise<Removed | null>;
  start(): void;
  stop(): Promise<void>;
  state(): JobState;
}

interface Batch {
  readonly looked: number;
  readonly removed: number;
  readonly held: number;
  readonly last_xid: string | null;
  readonly last_id: string | null;
  readonly more: boolean;
  readonly parts: readonly string[];
  readonly xid: string;
}

/**
 * Removes rows whose time of keeping is over, children before parents, in short transactions. What may
 * go judges the database alone (`private.remove_over`), which also notes it for devices and counts it
 * in the audit. A run that dies is begun anew by the next: what is gone is gone, the rest is still due.
 * @param announce told of each transaction that removed something, so that devices ask
 */
export function createRetention(deps: {
  readonly pool: pg.Pool;
  readonly announce: (set: ChangeSet) => void;
  readonly log: Logger;
}): Retention {
  const { pool, announce, log } = deps;
  let stopping = false;

  const asRetention = <R extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<R[]> => asEngine(pool, (db) => db.query<R>(text, values), 'ganger_retention');

  const removeBatch = async (
    table: TableName,
    after: { readonly xid: string; readonly id: string },
    takenBack: boolean,
  ): Promise<Batch> => {
    const [batch] = await asRetention<Batch & pg.QueryResultRow>(
      `select r.*, pg_current_xact_id()::text as xid
         from private.remove_over($1, $2::text::xid8, $3, $4, $5, $6) r`,
      [table, after.xid, after.id, BATCH, SERVER_DEVICE, takenBack],
    );
    if (!batch) throw new Error('the database said nothing of what it removed');
    if (batch.removed > 0) {
      const parts = new Set(batch.parts.map((part) => (isWindowPart(part) ? 'window' : part)));
      // What repeats a row has gone with it.
      const tables = [table, ...projectionsOf(table)];
      announce({
        xid: batch.xid,
        changes: tables.map((one) => ({ table: one, parts: [...parts] })),
      });
    }
    return batch;
  };

  const createCount = () => {
    const tables: Partial<Record<TableName, number>> = {};
    const held = new Map<string, number>();
    let batches = 0;
    let longestMs = 0;
    return {
      async pass(table: TableName, takenBack: boolean): Promise<number> {
        let removed = 0;
        let stay = 0;
        let after: { xid: string; id: string } = START;
        for (let more = true; more && !stopping;) {
          const began = performance.now();
          const batch = await removeBatch(table, after, takenBack);
          longestMs = Math.max(longestMs, performance.now() - began);
          batches += 1;
          removed += batch.removed;
          stay += batch.held;
          ({ more } = batch);
          after = { xid: batch.last_xid ?? after.xid, id: batch.last_id ?? after.id };
        }
        if (removed > 0) tables[table] = (tables[table] ?? 0) + removed;
        held.set(`${table} ${takenBack}`, stay);
        return removed;
      },
      get(): Removed {
        const sum = (list: Iterable<number>): number => [...list].reduce((a, b) => a + b, 0);
        return {
          removed: sum(Object.values(tables)),
          held: sum(held.values()),
          tables,
          batches,
          longestMs: Math.round(longestMs),
        };
      },
    };
  };

  const removeAll = async (): Promise<Removed> => {
    const [begun] = await asRetention<{ id: string }>(
      'insert into private.retention_runs default values returning id',
    );
    const count = createCount();
    let failed = 0;
    for (const table of REMOVAL_ORDER) {
      try {
        for (const takenBack of hasTombstones(table) ? [true, false] : [false]) {
          // What names a row of its own table goes first, and then what it named can.
          while ((await count.pass(table, takenBack)) > 0 && refersToItself(table) && !stopping);
        }
      } catch (error) {
        // One table holds up no other; the run counts as one that did not end.
        failed += 1;
        log.warn('rows of a table not removed', { table, ...safeErrorFields(error) });
      }
    }
    const done = count.get();
    if (!stopping && failed === 0) {
      await asRetention(
        `update private.retention_runs set ended_at = now(), removed = $2, held = $3 where id = $1`,
        [begun?.id, done.removed, done.held],
      );
    }
    return done;
  };

  const run: Retention['run'] = async ({ evenIfNotDue = false } = {}) => {
    const { client, giveBack } = await borrow(pool);
    try {
      const { rows } = await client.query<{ mine: boolean }>(
        `select pg_try_advisory_lock(${LOCK}) as mine`,
      );
      if (rows[0]?.mine !== true) return null;
      try {
        const recent = await asRetention(
          `select from private.retention_runs where ended_at > now() - interval '${DUE_AFTER}' limit 1`,
        );
        if (recent.length > 0 && !evenIfNotDue) return null;
        const done = await removeAll();
        if (done.removed + done.held > 0) {
          const { tables, ...figures } = done;
          const each = Object.entries(tables).map(([table, count]) => `${table} ${count}`);
          log.info('rows kept for their time removed', { ...figures, tables: each });
        }
        return done;
      } finally {
        await client.query(`select pg_advisory_unlock(${LOCK})`);
      }
    } finally {
      giveBack();
    }
  };

  const job = periodic('retention', LOOK_EVERY_MS, run, log, { atStart: false });
  return {
    run,
    start: job.start,
    state: job.state,
    async stop() {
      stopping = true;
      await job.stop();
    },
  };
}
