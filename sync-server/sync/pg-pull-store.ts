import type pg from 'pg';
import { withSession } from '../db/with-session.ts';
import { readAccess } from './access.ts';
import type { OpenPull, PulledRow } from './ports.ts';
import { newsOfTablesSql, pullSql } from './table-sql.ts';

/** Pulls over Postgres: one snapshot each, in the name of the caller. */
export function pgPull(pool: pg.Pool): OpenPull {
  return (caller, work) =>
    withSession(
      pool,
      caller,
      (tx) =>
        work({
          access: () => tx.asEngine((engine) => readAccess(engine, caller.userId, caller.deviceId)),
          async news(asked) {
            const { text, values } = newsOfTablesSql(asked);
            const [row] = await tx.query<{ news: boolean[] }>(text, values);
            return row?.news ?? [];
          },
          rows(table, parts, limit) {
            const { text, values } = pullSql(table, parts, limit);
            return tx.query<PulledRow>(text, values);
          },
        }),
      { mode: 'snapshot' },
    );
}
