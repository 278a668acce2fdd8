import { rightsOf } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { OUTBOX_LIMITS } from '#shared/protocol/admin-outbox.ts';
import type { DeadLetterView, HubView, SandboxView } from '#shared/protocol/admin-outbox.ts';
import type { AdminIn, AdminOut } from '#shared/protocol/admin.ts';
import type { Caller } from '../http/route.ts';
import { settleArrived } from '../outbox/carry-out.ts';
import type { CarryOutDeps } from '../outbox/carry-out.ts';
import type { Payments } from '../hubs/payment/payments.ts';
import { asAdmin, msOf } from './admin-session.ts';
import type { AdminDeps, AdminSession } from './admin-session.ts';

/** What this process knows of what leaves the house. */
export interface OutboxState {
  readonly mode: 'record' | 'send' | 'keep';
  readonly health: () => HubView[];
  /** Null where nothing is carried out. */
  readonly deps: CarryOutDeps | null;
  readonly payments: Payments | null;
}

interface Figures {
  readonly waiting: number;
  readonly failed: number;
  readonly recorded: number;
}

const FIGURES_SQL = `
  select (select count(*)::int from private.outbox where done_at is null and failed_at is null)
           as waiting,
         (select count(*)::int from private.outbox where failed_at is not null) as failed,
         (select count(*)::int from private.sandbox) as recorded`;

const LETTERS_SQL = `
  select o.id, o.kind, o.table_name as "tableName", o.row_id as "rowId",
         o.location_id as "locationId", ${msOf('o.created_at')} as "createdAt",
         ${msOf('o.failed_at')} as "failedAt", o.attempts, o.runs, o.problem,
         o.begun_at is not null as "isUnknown"
    from private.outbox o where o.failed_at is not null
   order by o.failed_at desc, o.id limit ${OUTBOX_LIMITS.deadLetters}`;

/** What may say something about a patient is not read at all. */
const SANDBOX_SQL = `
  select s.key, s.channel, s.kind, s.location_id as "locationId",
         ${msOf('s.recorded_at')} as "recordedAt", s.times,
         case when s.shown then jsonb_build_object(
           'destination', s.destination, 'subject', s.subject, 'body', s.body) end as content
    from private.sandbox s
   order by s.recorded_at desc, s.key limit ${OUTBOX_LIMITS.sandbox}`;

type Texts<R, K extends keyof R> = Omit<R, K> & Record<K, string>;

/**
 * How the partners are, what was given up, and what the sandbox holds: for those who see all machines.
 * @throws AppError as `asAdmin`
 */
export function readOutbox(
  deps: AdminDeps,
  state: OutboxState,
  caller: Caller,
): Promise<AdminOut<'admin.outbox'>> {
  return asAdmin(deps, caller, null, async (session) => {
    await requireAll(session);
    const { tx } = session;
    const [figures] = await tx.asEngine((engine) => engine.query<Figures>(FIGURES_SQL));
    const letters = await tx.asEngine((engine) =>
      engine.query<Texts<DeadLetterView, 'createdAt' | 'failedAt'>>(LETTERS_SQL),
    );
    const sandbox = await tx.asEngine((engine) =>
      engine.query<Texts<SandboxView, 'recordedAt'>>(SANDBOX_SQL),
    );
    if (!figures) throw new AppError('INTERNAL', { reason: 'no figures' });
    return {
      mode: state.mode,
      hubs: state.health(),
      ...figures,
      deadLetters: letters.map((one) => ({
        ...one,
        createdAt: Number(one.createdAt),
        failedAt: Number(one.failedAt),
      })),
      sandbox: sandbox.map((one) => ({ ...one, recordedAt: Number(one.recordedAt) })),
    };
  });
}

/**
 * Has an effect carried out again that was given up, under a new key: what partners know of the former
 * one does not hold it back. Asked twice, it is done once.
 * @throws AppError as `asAdmin`; NOT_FOUND; SYNC_TRANSITION_REFUSED when it has moved on meanwhile
 */
export async function sendAgain(
  deps: AdminDeps,
  state: OutboxState,
  caller: Caller,
  { id, runs }: AdminIn<'admin.outboxAgain'>,
): Promise<AdminOut<'admin.outboxAgain'>> {
  return asAdmin(deps, caller, { table: 'audit_logs', id }, async (session) => {
    await requireActs(session);
    if (state.deps === null) throw new AppError('HUB_OFF');
    const { tx, audit } = session;
    const changed = await tx.asEngine((engine) =>
      engine.query<{ table: 'audit_logs'; row: string; location: string | null }>(
        `update private.outbox o
            set failed_at = null, problem = null, begun_at = null, queued_at = null,
                available_at = now(), attempts = 0, runs = o.runs + 1
          where o.id = $1 and o.runs = $2 and o.failed_at is not null
         returning o.table_name as "table", o.row_id as row, o.location_id as location`,
        [id, runs],
      ),
    );
    const [letter] = changed;
    if (!letter) throw await movedOn(session, id);
    await audit({
      action: 'update',
      table_name: letter.table,
      row_id: letter.row,
      outcome: 'ok',
      location_id: letter.location,
      field_names: [],
      purpose: 'outbox.again',
    });
    return { id };
  });
}

/**
 * Says of an effect of which nobody knew whether it was done that it was: a person has asked.
 * @throws AppError as `sendAgain`
 */
export async function noteArrived(
  deps: AdminDeps,
  state: OutboxState,
  caller: Caller,
  { id, runs }: AdminIn<'admin.outboxArrived'>,
): Promise<AdminOut<'admin.outboxArrived'>> {
  const carry = await asAdmin(deps, caller, { table: 'audit_logs', id }, async (session) => {
    await requireActs(session);
    if (state.deps === null) throw new AppError('HUB_OFF');
    const [letter] = await session.tx.asEngine((engine) =>
      engine.query<{ table: 'audit_logs'; row: string; location: string | null }>(
        `select o.table_name as "table", o.row_id as row, o.location_id as location
           from private.outbox o
          where o.id = $1 and o.runs = $2 and o.failed_at is not null and o.begun_at is not null`,
        [id, runs],
      ),
    );
    if (!letter) throw await movedOn(session, id);
    await session.audit({
      action: 'update',
      table_name: letter.table,
      row_id: letter.row,
      outcome: 'ok',
      location_id: letter.location,
      field_names: [],
      purpose: 'outbox.arrived',
    });
    return state.deps;
  });
  await settleArrived(carry, id);
  return { id };
}

/** Why there is nothing to do any more. */
async function movedOn({ tx }: AdminSession, id: string): Promise<AppError> {
  const found = await tx.asEngine((engine) =>
    engine.query('select 1 from private.outbox where id = $1', [id]),
  );
  return new AppError(found.length === 0 ? 'NOT_FOUND' : 'SYNC_TRANSITION_REFUSED');
}

export async function requireAll({ access, require }: AdminSession): Promise<void> {
  if (!rightsOf(access.grants, 'devices', 'read').all) throw new AppError('CALL_NOT_ALLOWED');
  await require('devices', 'read', { location_id: null });
}

/** Who may set how the clinic works may also say that something goes out again. */
export async function requireActs(session: AdminSession): Promise<void> {
  await requireAll(session);
  await session.require('location_configs', 'update', { location_id: null });
}
