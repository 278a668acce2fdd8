import type pg from 'pg';
import { asEngine } from '../db/as-engine.ts';

/** Rows of one statement: a backlog goes in many short transactions, none of which holds the fence. */
const CHUNK = 5_000;

/**
 * What is kept for a time only, and how long. What devices pushed is remembered for longer than any
 * device may work without the server, so that every request that can still come again is known.
 */
const KEPT: readonly { readonly table: string; readonly over: string }[] = [
  { table: 'outbox', over: `done_at < now() - interval '30 days'` },
  { table: 'outbox_recorded', over: `recorded_at < now() - interval '30 days'` },
  { table: 'sandbox', over: `recorded_at < now() - interval '30 days'` },
  { table: 'push_memory', over: `recorded_at < now() - interval '180 days'` },
  // As the windows forget who left them: no device's grants outlast this.
  { table: 'part_departures', over: `left_at < now() - interval '90 days'` },
  { table: 'removed_rows', over: `removed_at < now() - interval '2 years'` },
];

/** Removes what nobody needs any more. Several servers may do it at once. @returns rows removed */
export async function upkeep(pool: pg.Pool): Promise<number> {
  let removed = 0;
  for (const { table, over } of KEPT) {
    for (let gone = CHUNK; gone === CHUNK; removed += gone) {
      gone = await asEngine(pool, (db) =>
        db.execute(
          `delete from private.${table} where ctid = any (array(
             select ctid from private.${table} where ${over} limit ${CHUNK} for update skip locked))`,
        ),
      );
    }
  }
  return removed;
}
