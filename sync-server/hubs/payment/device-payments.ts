import { AppError } from '#shared/errors/app-error.ts';
import { clinicDate } from '#shared/kernel/dates.ts';
import { paymentState } from '#shared/merge/derive/payment-state.ts';
import type { PaymentFact } from '#shared/merge/derive/payment-state.ts';
import type { BeginPayment, PaymentReply, ReturnPayment } from '#shared/protocol/payments.ts';
import { asAdmin } from '../../admin/admin-session.ts';
import type { AdminDeps, AdminSession } from '../../admin/admin-session.ts';
import type { Caller } from '../../http/route.ts';
import { readCommand } from './commands.ts';
import type { Command, NewCommand } from './commands.ts';
import type { PaymentDesk } from './payment-desk.ts';

export interface DevicePayments {
  readonly deps: AdminDeps;
  /** Null: this server carries nothing out. */
  readonly desk: PaymentDesk | null;
  readonly now: () => number;
}

const TABLE = 'payment_transactions';

/**
 * Begins a card payment for somebody at a desk, who must have the right to write payments of the site and see
 * the patient.
 * @throws AppError as `asAdmin`; HUB_OFF, SYNC_PARENT_MISSING, SYNC_UNIQUE_TAKEN
 */
export async function beginPayment(
  own: DevicePayments,
  caller: Caller,
  wish: BeginPayment,
): Promise<PaymentReply> {
  const desk = deskOf(own);
  const subject = { table: TABLE, id: wish.intentId } as const;
  await asAdmin(own.deps, caller, subject, async ({ require, tx }) => {
    await require(TABLE, 'create', { location_id: wish.locationId, event: 'created' });
    const seen = await tx.query(
      `select 1 from public.patients p where p.id = $1
          and ($2::uuid is null or exists (
            select from public.appointments a where a.id = $2 and a.patient_id = p.id))`,
      [wish.patientId, wish.appointmentId],
    );
    if (seen.length === 0) throw new AppError('SYNC_PARENT_MISSING');
  });
  const { readerId: readerRef, ...fields } = wish;
  const command: NewCommand = {
    ...fields,
    does: 'take',
    readerRef,
    paymentRef: null,
    reasonCode: null,
    askedBy: caller.userId,
  };
  return viewOf(await desk.begin(command));
}

/** How a command stands, or gives it up. @throws AppError as `beginPayment`; NOT_FOUND */
export async function onePayment(
  own: DevicePayments,
  caller: Caller,
  key: string,
  act: 'look' | 'cancel',
): Promise<PaymentReply> {
  const desk = deskOf(own);
  await mustReach(own, caller, key);
  return viewOf(await desk[act](key));
}

/** What the slip says. @throws as `onePayment`; HubFailure */
export async function paymentReceipt(own: DevicePayments, caller: Caller, key: string) {
  const desk = deskOf(own);
  await mustReach(own, caller, key);
  const slip = await desk.receipt(key);
  if (slip === null) throw new AppError('NOT_FOUND');
  return slip;
}

/**
 * Gives money of a payment back. More than the clinic holds of it is refused here already; a void is all of a
 * payment of today.
 * @throws as `onePayment`; REQUEST_INVALID, SYNC_OWN_APPROVAL
 */
export async function returnPayment(
  own: DevicePayments,
  caller: Caller,
  wish: ReturnPayment,
): Promise<PaymentReply> {
  const desk = deskOf(own);
  const subject = { table: TABLE, id: wish.intentId } as const;
  const command = await asAdmin(own.deps, caller, subject, async (session) => {
    const known = await session.tx.asEngine((engine) => readCommand(engine, wish.key));
    const taken = await takenOf(session, wish.intentId);
    if (!taken) throw new AppError('NOT_FOUND');
    const { location_id: locationId, key: takeKey, cents: heldCents, day, zone } = taken;
    await session.require(TABLE, 'approve', { location_id: locationId, event: 'refunded' });
    const take = await session.tx.asEngine((engine) => readCommand(engine, takeKey));
    if (!take) throw new AppError('NOT_FOUND');
    // Asked again, it is the same deed: what it gave back already counts no more against it.
    if (!known) {
      const isAll = wish.amountCents === take.amountCents && heldCents === take.amountCents;
      const isToday = day === clinicDate(own.now(), zone);
      const may = wish.does === 'void' ? isAll && isToday : wish.amountCents <= heldCents;
      if (!may) throw new AppError('REQUEST_INVALID', { fields: ['amountCents'] });
      // Above a limit money goes back only by somebody who did not take it.
      if (
        take.askedBy === caller.userId &&
        wish.amountCents > (await limitAt(session, locationId))
      ) {
        throw new AppError('SYNC_OWN_APPROVAL');
      }
    }
    const asked: NewCommand = {
      key: wish.key,
      does: wish.does,
      locationId,
      patientId: take.patientId,
      appointmentId: take.appointmentId,
      intentId: wish.intentId,
      purpose: 'refund',
      amountCents: wish.amountCents,
      readerRef: null,
      paymentRef: take.paymentRef,
      reasonCode: wish.reasonCode,
      askedBy: caller.userId,
    };
    return asked;
  });
  return viewOf(await desk.begin(command));
}

interface Taken {
  readonly key: string;
  readonly location_id: string;
  readonly day: string;
  readonly zone: string;
  /** Of what was taken and not given back, less what is on its way back. */
  readonly cents: number;
}

async function takenOf({ tx }: AdminSession, intentId: string): Promise<Taken | null> {
  const facts = await tx.asEngine((engine) =>
    engine.query<
      Omit<PaymentFact, 'amount_cents'> & {
        amount_cents: string;
        location_id: string;
        day: string;
        zone: string;
      }
    >(
      `select f.id, f.idempotency_key, f.event, f.amount_cents::text as amount_cents, f.location_id,
              f.local_date::text as day, l.time_zone as zone
         from public.payment_transactions f join public.locations l on l.id = f.location_id
        where f.intent_id = $1 and f.method = 'card_present'`,
      [intentId],
    ),
  );
  const one = facts.find(({ event }) => event === 'succeeded');
  if (!one) return null;
  const state = paymentState(
    facts.map((fact) => ({ ...fact, amount_cents: Number(fact.amount_cents) })),
  );
  const [waiting] = await tx.asEngine((engine) =>
    engine.query<{ cents: string }>(
      `select coalesce(sum(c.amount_cents), 0)::text as cents from private.payment_commands c
        where c.intent_id = $1 and c.does <> 'take' and c.ended_at is null`,
      [intentId],
    ),
  );
  return {
    key: one.idempotency_key,
    location_id: one.location_id,
    day: one.day,
    zone: one.zone,
    cents: (state?.balanceCents ?? 0) - Number(waiting?.cents ?? 0),
  };
}

/** As the guard of the table has it (`shared/access/duties.ts`). */
async function limitAt({ tx }: AdminSession, locationId: string): Promise<number> {
  const [row] = await tx.asEngine((engine) =>
    engine.query<{ cents: string }>(
      `select private.setting($1, 'refund.limit', 10000)::text as cents`,
      [locationId],
    ),
  );
  return Number(row?.cents ?? 0);
}

function deskOf({ desk }: DevicePayments): PaymentDesk {
  if (desk === null) throw new AppError('HUB_OFF');
  return desk;
}

/** @throws AppError NOT_FOUND, CALL_NOT_ALLOWED */
async function mustReach(own: DevicePayments, caller: Caller, key: string): Promise<void> {
  await asAdmin(own.deps, caller, null, async ({ tx, require }) => {
    const command = await tx.asEngine((engine) => readCommand(engine, key));
    if (!command) throw new AppError('NOT_FOUND');
    await require(TABLE, 'create', { location_id: command.locationId, event: 'created' });
  });
}

const viewOf = (command: Command): PaymentReply => ({
  key: command.key,
  does: command.does,
  state: command.state,
  isOver: command.isOver,
  amountCents: command.amountCents,
  problem: command.problem,
});
