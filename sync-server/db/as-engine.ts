import type pg from 'pg';
import { borrow } from './borrow.ts';
import type { Queries } from './with-session.ts';

/** How long a job may take, milliseconds; an open transaction holds the fence for everybody. */
const LIMIT_MS = 15_000;

/**
 * One transaction of the server's own, in nobody's name, for jobs.
 * @param role what the statements run as
 * @throws what the work throws; nothing is committed then
 */
export async function asEngine<T>(
  pool: pg.Pool,
  work: (queries: Queries) => Promise<T>,
  role: 'ganger_engine' | 'ganger_retention' = 'ganger_engine',
): Promise<T> {
  const { client, giveBack } = await borrow(pool);
  let lost: Error | undefined;
  try {
    await client.query(
      `begin; set local role ${role}; set local statement_timeout = ${LIMIT_MS};
       set local transaction_timeout = ${LIMIT_MS}; set local lock_timeout = 5000`,
    );
    const result = await work({
      query: async <R extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
        (await client.query<R>(text, [...values])).rows,
      execute: async (text, values = []) => (await client.query(text, [...values])).rowCount ?? 0,
    });
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failed: unknown) => {
      lost = failed instanceof Error ? failed : new Error('rollback failed');
    });
    throw error;
  } finally {
    // A connection in an unknown state serves nobody.
    giveBack(lost);
  }
}
