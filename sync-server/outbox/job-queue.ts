import { EventEmitter } from 'node:events';
import { Logger as QueueLogger, run } from 'graphile-worker';
import type { Runner, Task, WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';
import { carryOut, giveUp } from './carry-out.ts';
import type { CarryOutDeps } from './carry-out.ts';

/** The one kind of job: carry out an effect of the outbox. */
const TASK = 'carry-out';
/** Tries of one job; the queue waits e^n seconds between them, which comes to about a day. */
export const MOST_ATTEMPTS = 12;
/** Effects that become jobs in one transaction. */
const BATCH = 100;
/** A process that has not been heard of for so long is dead, and its jobs are others' to do. */
const SILENT = '30 seconds';
const BEAT_MS = 10_000;
const POLL_MS = 2_000;
const AT_ONCE = 4;

export interface JobQueue {
  /** Waits for jobs that run, for a moment. */
  stop(): Promise<void>;
  /** Makes jobs of what waits in the outbox. @returns how many */
  relay(): Promise<number>;
  /**
   * Begins to work where it does not; says that this process lives, frees what dead ones held, and gives
   * up what has no job any more.
   */
  beat(): Promise<void>;
  readonly beatMs: number;
}

/**
 * The queue of jobs on graphile-worker, in the same database: an effect becomes a job in the
 * transaction that marks it, so never twice and never not. Which process does a job, when it is tried
 * again and how the others hear of it is the queue's; what a try is, `carry-out.ts` says.
 */
export function createJobQueue(
  options: { readonly databaseUrl: string },
  deps: CarryOutDeps,
): JobQueue {
  const { log } = deps;
  const pool = queuePool(options.databaseUrl, log);
  let runner: Runner | null = null;
  let workerId: string | null = null;

  let isStopped = false;

  /** Brings the queue's own tables up to date, and begins to work. */
  const launch = async (): Promise<void> => {
    const events = new EventEmitter() as WorkerEvents;
    events.once('pool:create', ({ workerPool }) => {
      workerId = workerPool.id;
    });
    const running = await run({
      pgPool: pool,
      events,
      concurrency: AT_ONCE,
      pollInterval: POLL_MS,
      noHandleSignals: true,
      noPreparedStatements: true,
      logger: queueLogger(log),
      parsedCronItems: [],
      taskList: { [TASK]: doJob },
    });
    runner = running;
    const ended = (error?: unknown): void => {
      if (runner === running) runner = null;
      // The next beat begins anew: a database that was away is no reason to send nothing any more.
      if (!isStopped)
        log.warn('job queue ended', error === undefined ? {} : safeErrorFields(error));
    };
    running.promise.then(() => ended(), ended);
    if (isStopped) await running.stop();
  };

  const doJob: Task = async (payload, helpers) => {
    const { job } = helpers;
    const { id } = payload as { readonly id: string };
    const isLast = job.attempts >= job.max_attempts;
    const verdict = await carryOut(deps, id, { isLast });
    if (verdict.is === 'again') throw new AppError(verdict.code);
    if (verdict.is === 'later') {
      // The key is this job's own, so the queue makes a new one in its place.
      await helpers.withPgClient((client) =>
        client.query(LATER_SQL, [job.key, id, verdict.at, MOST_ATTEMPTS]),
      );
    }
  };

  return {
    beatMs: BEAT_MS,

    async relay() {
      // Its tables may not be there yet.
      if (runner === null) return 0;
      const kinds = [...deps.carriers.keys()];
      let all = 0;
      for (let made = BATCH; made === BATCH; all += made) {
        const { rows } = await pool.query<{ n: number }>(RELAY_SQL, [kinds, MOST_ATTEMPTS]);
        made = rows[0]?.n ?? 0;
      }
      return all;
    },

    async beat() {
      if (runner === null && !isStopped) await launch();
      await pool.query(
        `insert into private.job_workers (id) values ($1)
         on conflict (id) do update set seen_at = now()`,
        [workerId],
      );
      await pool.query(FREE_SQL);
      await pool.query(`delete from private.job_workers where seen_at < now() - interval '1 hour'`);
      const { rows } = await pool.query<{ id: string }>(STRANDED_SQL);
      for (const { id } of rows) await giveUp(deps, id);
    },

    async stop() {
      isStopped = true;
      await runner?.stop().catch(() => undefined);
      if (workerId !== null) {
        await pool
          .query('delete from private.job_workers where id = $1', [workerId])
          .catch(() => undefined);
      }
      await pool.end();
    },
  };
}

/** Connections of the queue act as the engine, whose schema its tables are in. */
function queuePool(connectionString: string, log: Logger): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: AT_ONCE + 2,
    application_name: 'ganger-jobs',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    // Waited for: no connection is lent before it acts as the engine.
    // oxlint-disable-next-line no-misused-promises -- the pool waits for it, though its types do not say so
    onConnect: (client) => client.query('set role ganger_engine').then(() => undefined),
  });
  // One that drops while it is lent tells whoever has it as well; unheard, it would end the process.
  const lost = (error: Error): void => log.warn('database connection lost', safeErrorFields(error));
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}

/** Its lines may quote errors of anybody, so only their kind is kept. */
function queueLogger(log: Logger): QueueLogger {
  return new QueueLogger((scope) => (level, _message, meta) => {
    if (level !== 'error' && level !== 'warning') return;
    const error = (meta as { error?: unknown } | undefined)?.error;
    const code = error instanceof AppError ? error.code : undefined;
    const fields = { label: scope.label ?? null, ...(code ? { code } : safeErrorFields(error)) };
    if (level === 'error' && code === undefined) log.warn('job queue', fields);
    else log.debug('job queue', fields);
  });
}

const KEY = `'outbox/' || o.id || '/' || o.runs`;

/** Marks effects and makes their jobs in one statement. */
const RELAY_SQL = `
  with due as (
    select w.id from private.outbox w
     where w.queued_at is null and w.done_at is null and w.failed_at is null
       and w.available_at <= now() and w.kind = any ($1::text[])
     order by w.available_at, w.id limit ${BATCH} for update skip locked),
  marked as (
    update private.outbox o set queued_at = now() from due where o.id = due.id
    returning o.id, o.runs),
  made as (
    select graphile_worker.add_job(
      '${TASK}', json_build_object('id', o.id), job_key := ${KEY}, max_attempts := $2) as job
      from marked o)
  select count(*)::int as n from made where (job).id is not null`;

const LATER_SQL = `
  select graphile_worker.add_job('${TASK}', json_build_object('id', $2::text), job_key := $1,
    run_at := timestamptz 'epoch' + $3::bigint * interval '1 millisecond', max_attempts := $4)`;

/** The queue itself frees jobs of dead processes after four hours. */
const FREE_SQL = `
  select graphile_worker.force_unlock_workers(array_agg(distinct j.locked_by))
    from graphile_worker.jobs j
   where j.locked_by is not null and j.locked_at < now() - interval '${SILENT}'
     and not exists (select from private.job_workers w
                      where w.id = j.locked_by and w.seen_at > now() - interval '${SILENT}')
  having count(*) > 0`;

/** Effects whose job has used up its tries without an end, as after a crash in the last one. */
const STRANDED_SQL = `
  select o.id from private.outbox o
   where o.queued_at < now() - interval '1 minute' and o.done_at is null and o.failed_at is null
     and not exists (
       select from graphile_worker.jobs j
        where j.key = ${KEY} and (j.locked_at is not null or j.attempts < j.max_attempts))
   limit ${BATCH}`;
