import type pg from 'pg';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { asEngine } from '../db/as-engine.ts';
import type { Effect } from '../sync/effects/effects.ts';

/** Carries effects out. The same id may come again: what was done for it must not be done twice. */
export interface OutboxSink {
  /** @throws when it was not done, or nobody knows whether it was; it comes again then */
  send(effect: Effect): Promise<void>;
}

/** Effects of one round; while they are on their way no other server takes them. */
const ROUND = 20;
const LEASE = '2 minutes';
/** After so many tries an effect waits for a person. */
const MOST_ATTEMPTS = 12;

export interface OutboxWorker {
  /** Carries out what is due, one round. @returns how many were done */
  round(): Promise<number>;
  /** Carries out all that is due. */
  drain(): Promise<number>;
}

/**
 * Drains the outbox. Taking an effect, carrying it out and marking it are three steps: a server that
 * dies between the last two leaves an effect that comes again under the same id. Nothing is locked
 * while a hub is spoken to.
 */
export function createOutboxWorker(pool: pg.Pool, sink: OutboxSink, log: Logger): OutboxWorker {
  const round = async (): Promise<number> => {
    const taken = await asEngine(pool, (db) => db.query<Effect & pg.QueryResultRow>(TAKE_SQL));
    let done = 0;
    for (const effect of taken) {
      try {
        await sink.send(effect);
        await asEngine(pool, (db) => db.execute(DONE_SQL, [effect.id]));
        done += 1;
      } catch (error) {
        const { code } = toAppError(error);
        log.warn('effect not carried out', { kind: effect.kind, code });
        await asEngine(pool, (db) => db.execute(AGAIN_SQL, [effect.id, code, MOST_ATTEMPTS]));
      }
    }
    return done;
  };
  return {
    round,
    async drain() {
      let all = 0;
      for (let done = await round(); done > 0; done = await round()) all += done;
      return all;
    },
  };
}

const TAKE_SQL = `
  update private.outbox o
     set leased_until = now() + interval '${LEASE}', attempts = o.attempts + 1
   where o.id in (
     select w.id from private.outbox w
      where w.done_at is null and w.failed_at is null and w.available_at <= now()
        and (w.leased_until is null or w.leased_until < now())
      order by w.available_at, w.id
      limit ${ROUND} for update skip locked)
  returning o.id, o.kind, o.audience, o.table_name as "table", o.row_id as "rowId",
    o.location_id as "locationId"`;

const DONE_SQL = `
  update private.outbox set done_at = now(), leased_until = null, problem = null where id = $1`;

/** Tried again after 5 s, 10 s, 20 s … at most an hour. */
const AGAIN_SQL = `
  update private.outbox
     set leased_until = null, problem = $2,
         available_at = now() + least(interval '1 hour', interval '5 seconds' * 2 ^ (attempts - 1)),
         failed_at = case when attempts >= $3 then now() end
   where id = $1`;

/** The sink of the embedded mode: nothing is sent, all that would be is written down. */
export function recordingSink(pool: pg.Pool): OutboxSink {
  return {
    async send({ id, kind, audience, table, rowId, locationId }) {
      await asEngine(pool, (db) =>
        db.execute(
          `insert into private.outbox_recorded as r
             (id, kind, audience, table_name, row_id, location_id)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (id) do update set times = r.times + 1`,
          [id, kind, audience, table, rowId, locationId],
        ),
      );
    },
  };
}
