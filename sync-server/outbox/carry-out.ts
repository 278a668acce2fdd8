import type pg from 'pg';
import type { Clock } from '#shared/kernel/clock.ts';
import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { asEngine } from '../db/as-engine.ts';
import type { Queries } from '../db/with-session.ts';
import type { LookUp } from '../hubs/communication/messages.ts';
import { HubFailure } from '../hubs/hub-failure.ts';
import { SERVER_CALLER } from '../jobs/server-caller.ts';
import type { Tracing } from '../monitoring/tracing/tracing.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';
import { collectChanges } from '../realtime/change.ts';
import type { ChangeSet } from '../realtime/change.ts';
import type { Effect } from '../sync/effects/effects.ts';
import type { Carrier, Deed, Ending, Plan } from './carrier.ts';

/** What the queue does with a job when a try is over. */
export type Verdict =
  /** Nothing more is to be done, whatever became of it. */
  | { readonly is: 'over' }
  /** The queue tries again by its own pace. */
  | { readonly is: 'again'; readonly code: Code }
  | { readonly is: 'later'; readonly at: number };

export interface CarryOutDeps {
  readonly pool: pg.Pool;
  readonly carriers: ReadonlyMap<string, Carrier>;
  readonly announce: (set: ChangeSet) => void;
  readonly clock: Clock;
  readonly log: Logger;
  /** Does work under the trace that set it off; left out: none is followed. */
  readonly follow?: Tracing['follow'];
}

interface Taken {
  readonly effect: Effect;
  readonly carrier: Carrier;
  readonly deed: Deed;
  /** Set where a try before this one was begun and never ended. */
  readonly begunAt: number | null;
  readonly plan: Plan<unknown>;
  readonly trace: string | null;
}

type Row = Effect & {
  readonly runs: number;
  readonly begun_at: string | null;
  readonly over: boolean;
  readonly trace: string | null;
};

/**
 * Carries out one effect of the outbox. Three transactions and a call between the last two: it is noted
 * as begun, the partner is called, the end is noted. Nothing is locked while a partner is spoken to.
 * Who finds an effect begun and not ended does not call again: what became of the call is looked up,
 * and where that cannot be, a person is asked. So whatever dies in between, nothing is sent twice.
 */
export async function carryOut(
  deps: CarryOutDeps,
  id: string,
  attempt: { readonly isLast: boolean },
): Promise<Verdict> {
  const taken = await begin(deps, id);
  if (taken === null) return { is: 'over' };
  const follow: Tracing['follow'] = deps.follow ?? ((_trace, _name, work) => work());
  return follow(taken.trace, `outbox ${taken.effect.kind}`, () => proceed(deps, taken, attempt));
}

async function proceed(
  deps: CarryOutDeps,
  taken: Taken,
  attempt: { readonly isLast: boolean },
): Promise<Verdict> {
  const { plan } = taken;
  // It was begun for something that is not to be sent any more: what was sent nobody can look up.
  if (taken.begunAt !== null && (plan.do === 'skip' || plan.do === 'refuse')) {
    return over(deps, taken, unknown(null));
  }
  switch (plan.do) {
    case 'skip':
      return over(deps, taken, { event: 'skipped' });
    case 'refuse': {
      const { code, destination = null } = plan;
      return over(deps, taken, { event: 'failed', code, destination });
    }
    case 'wait':
      return { is: 'later', at: plan.until };
    case 'send':
      return call(deps, taken, plan.message, attempt.isLast);
  }
}

/** Calls the partner, after a look-up where an earlier call has no known end. */
async function call(
  deps: CarryOutDeps,
  taken: Taken,
  message: unknown,
  isLast: boolean,
): Promise<Verdict> {
  const { carrier, deed, begunAt } = taken;
  const destination = carrier.destination(message);
  let isOpen = begunAt !== null;
  let found: LookUp = 'not-sent';
  try {
    if (begunAt !== null) {
      found = await carrier.lookUp(message, deed, begunAt);
      isOpen = false;
    }
    if (found === 'not-sent') {
      await carrier.send(message, deed);
      found = 'sent';
    }
  } catch (error) {
    return failed(deps, taken, { error, destination, isLast, isOpen });
  }
  return over(
    deps,
    taken,
    found === 'sent' ? { event: 'sent', destination } : unknown(destination),
  );
}

/** Gives an effect up of which the queue has no job any more, so that a person sees it. */
export async function giveUp(deps: CarryOutDeps, id: string): Promise<void> {
  const [row] = await asEngine(deps.pool, (db) => db.query<Row>(READ_SQL, [id]));
  const carrier = row && deps.carriers.get(row.kind);
  if (!row || !carrier || row.over) return;
  const taken = { effect: effectOf(row), carrier };
  const ending: Ending =
    row.begun_at === null
      ? { event: 'failed', code: 'INTERNAL', destination: null }
      : unknown(null);
  await over(deps, taken, ending);
}

/** Notes that an effect of which nobody knew was done after all, as a person says. */
export async function settleArrived(deps: CarryOutDeps, id: string): Promise<void> {
  const [row] = await asEngine(deps.pool, (db) => db.query<Row>(READ_SQL, [id]));
  const carrier = row && deps.carriers.get(row.kind);
  if (!row || !carrier) return;
  await over(deps, { effect: effectOf(row), carrier }, { event: 'sent', destination: null });
}

const unknown = (destination: string | null): Ending => ({
  event: 'unknown',
  code: 'HUB_OUTCOME_UNKNOWN',
  destination,
});

/** Says that it is begun, and what is to be done. Null: it is over, or nobody carries it out here. */
function begin({ pool, carriers }: CarryOutDeps, id: string): Promise<Taken | null> {
  return asEngine(pool, async (db) => {
    const [row] = await db.query<Row>(`${READ_SQL} for update`, [id]);
    const carrier = row && carriers.get(row.kind);
    if (!row || !carrier || row.over) return null;
    const effect = effectOf(row);
    const plan = await carrier.plan(db, effect);
    if (plan.do === 'send' && row.begun_at === null) {
      await db.execute(
        'update private.outbox set begun_at = now(), attempts = attempts + 1 where id = $1',
        [id],
      );
    }
    const deed = { key: row.runs === 0 ? id : `${id}-${row.runs}`, effect };
    const begunAt = row.begun_at === null ? null : Number(row.begun_at);
    return { effect, carrier, deed, begunAt, plan, trace: row.trace };
  });
}

/** What follows from a call that failed. */
async function failed(
  deps: CarryOutDeps,
  taken: Taken,
  how: {
    error: unknown;
    destination: string | null;
    isLast: boolean;
    /** A call before this one has no known end, and the look-up of it was what failed. */
    isOpen: boolean;
  },
): Promise<Verdict> {
  const { error, destination, isLast, isOpen } = how;
  const { effect } = taken;
  // What is not a failure of a hub is a fault of ours, after which nobody knows.
  const failure =
    error instanceof HubFailure
      ? error
      : new HubFailure(toAppError(error).code, { done: 'unknown', cause: error });
  const { code } = failure;
  deps.log.warn('effect not carried out', {
    kind: effect.kind,
    code,
    done: failure.done,
    ...(error instanceof HubFailure ? {} : safeErrorFields(error)),
  });
  const isUnknown = isOpen || failure.done === 'unknown';
  if (isUnknown && isLast) return over(deps, taken, unknown(destination));
  if (!isUnknown && (isLast || !failure.info.retry)) {
    return over(deps, taken, { event: 'failed', code, destination });
  }
  // What stays begun is looked up by the next try before anything else.
  await asEngine(deps.pool, (db) =>
    db.execute(
      `update private.outbox set problem = $2${isUnknown ? '' : ', begun_at = null'} where id = $1`,
      [effect.id, code],
    ),
  );
  return failure.retryAfterMs === null
    ? { is: 'again', code }
    : { is: 'later', at: deps.clock.now() + failure.retryAfterMs };
}

/** Notes the end, with what the carrier writes about it and an entry of the audit. */
async function over(
  { pool, announce }: CarryOutDeps,
  { effect, carrier }: Pick<Taken, 'effect' | 'carrier'>,
  ending: Ending,
): Promise<Verdict> {
  const changes = collectChanges();
  const isDone = ending.event === 'sent' || ending.event === 'skipped';
  const xid = await asEngine(pool, async (db) => {
    const noted = await db.execute(
      isDone
        ? `update private.outbox set done_at = now(), failed_at = null, problem = null
            where id = $1 and done_at is null`
        : `update private.outbox set failed_at = now(), problem = $2,
                  begun_at = case when $3 then begun_at end
            where id = $1 and done_at is null and failed_at is null`,
      isDone
        ? [effect.id]
        : [effect.id, 'code' in ending ? ending.code : null, ending.event === 'unknown'],
    );
    // Another server was quicker: one end is written down.
    if (noted === 0) return null;
    const rows = await carrier.end(db, effect, ending);
    for (const { table, row } of rows) changes.add(table, row);
    return rows.length === 0 ? null : auditRows(db, rows);
  });
  if (changes.list().length > 0) announce({ xid, changes: changes.list() });
  return { is: 'over' };
}

type Ended = Awaited<ReturnType<Carrier['end']>>;

async function auditRows(db: Queries, rows: Ended): Promise<string | null> {
  const entries = rows.map(({ table, row }) => ({
    action: 'insert',
    table_name: table,
    row_id: row.id,
    outcome: 'ok',
    location_id: row['location_id'] ?? null,
    field_names: [],
  }));
  const [now] = await db.query<{ xid: string }>(
    `select private.append_audit($1, $2::jsonb), pg_current_xact_id()::text as xid`,
    [SERVER_CALLER.deviceId, JSON.stringify(entries)],
  );
  return now?.xid ?? null;
}

const effectOf = ({ id, kind, audience, table, rowId, locationId }: Row): Effect => ({
  id,
  kind,
  audience,
  table,
  rowId,
  locationId,
});

const READ_SQL = `
  select o.id, o.kind, o.audience, o.table_name as "table", o.row_id as "rowId",
         o.location_id as "locationId", o.runs,
         floor(extract(epoch from o.begun_at) * 1000)::bigint::text as begun_at,
         o.done_at is not null or o.failed_at is not null as over, o.trace
    from private.outbox o where o.id = $1`;
