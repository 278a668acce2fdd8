import type pg from 'pg';
import { namesOf } from '../db/statement-names.ts';
import { KEPT, withSession } from '../db/with-session.ts';
import type { Tx } from '../db/with-session.ts';
import { readAccess } from './access.ts';
import { HEADS_SQL, headsOf } from './heads.ts';
import type { Asked, HeadsRow } from './heads.ts';
import type { OpenPull, PulledRow } from './ports.ts';
import { newsOfTablesSql, pullSql } from './table-sql.ts';

/** From so many tables on it pays to look first at which of them have changed at all. */
const MANY_TABLES = 12;

/** Pulls over Postgres: one snapshot each, in the name of the caller. */
export function pgPull(pool: pg.Pool): OpenPull {
  // Planned each time, the heads of all tables cost more than they save.
  const keepsStatements = namesOf(pool) !== null;
  return (caller, work) =>
    withSession(
      pool,
      caller,
      (tx) =>
        work({
          access: () => tx.asEngine((engine) => readAccess(engine, caller.userId, caller.deviceId)),
          async news(asked) {
            const look = keepsStatements && asked.length >= MANY_TABLES;
            const behind = look ? await behindHeads(tx, asked) : asked;
            if (behind.length === 0) return asked.map(() => false);
            const { text, values } = newsOfTablesSql(behind);
            const [row] = await tx.query<{ news: boolean[] }>(text, values);
            const news = new Set(behind.filter((_, place) => row?.news[place] === true));
            return asked.map((one) => news.has(one));
          },
          rows(table, parts, limit) {
            const { text, values } = pullSql(table, parts, limit);
            return tx.query<PulledRow>(text, values);
          },
        }),
      { mode: 'snapshot' },
    );
}

/** Tables whose newest row, or a window of whose subjects, lies behind what is held of them. */
async function behindHeads(tx: Tx, asked: readonly Asked[]): Promise<readonly Asked[]> {
  const { values, among } = headsOf(asked);
  const [row] = await tx.asEngine((engine) => engine.query<HeadsRow>(HEADS_SQL, values, KEPT));
  return row ? among(row) : asked;
}
