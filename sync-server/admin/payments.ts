import { AppError } from '#shared/errors/app-error.ts';
import { OUTBOX_LIMITS } from '#shared/protocol/admin-outbox.ts';
import type { DifferenceView, DisputeView, PaymentView } from '#shared/protocol/admin-outbox.ts';
import type { AdminIn, AdminOut } from '#shared/protocol/admin.ts';
import type { Caller } from '../http/route.ts';
import { replayNotices } from '../hubs/payment/notices.ts';
import type { Payments } from '../hubs/payment/payments.ts';
import { SERVER_CALLER } from '../jobs/server-caller.ts';
import { asAdmin, msOf, numberOf } from './admin-session.ts';
import type { AdminDeps } from './admin-session.ts';
import { requireActs, requireAll } from './outbox.ts';
import type { OutboxState } from './outbox.ts';

type Texts<R, K extends keyof R> = Omit<R, K> & Record<K, string>;

const DAY_MS = 24 * 3_600_000;

const PAYMENTS_SQL = `
  select c.key, c.does, c.state, c.location_id as "locationId", c.amount_cents::text as "amountCents",
         c.problem, c.score::float8 as score, c.payment_ref as "paymentRef",
         ${msOf('c.created_at')} as "createdAt"
    from private.payment_commands c
   where c.ended_at is null or (c.state = 'risky' and c.ended_at > now() - interval '14 days')
   order by c.created_at desc, c.key limit ${OUTBOX_LIMITS.payments}`;

const DIFFERENCES_SQL = `
  select d.payment_ref as "paymentRef", d.location_id as "locationId",
         d.our_cents::text as "ourCents", d.their_cents::text as "theirCents",
         ${msOf('d.found_at')} as "foundAt"
    from private.payment_differences d
   order by d.found_at desc, d.payment_ref limit ${OUTBOX_LIMITS.payments}`;

/** How a dispute stands follows from all that was told of it: once closed, it is. */
const DISPUTES_SQL = `
  select distinct on (n.object_ref) n.object_ref as "disputeRef", n.payment_ref as "paymentRef",
         c.location_id as "locationId", n.said ->> 'amount' as "amountCents",
         coalesce(n.said ->> 'status', '?') as status,
         min(${msOf('n.occurred_at')}) over (partition by n.object_ref) as since
    from private.payment_notices n
    left join private.payment_commands c on c.payment_ref = n.payment_ref and c.does = 'take'
   where n.kind like 'charge.dispute.%' and n.payment_ref is not null
   order by n.object_ref, n.kind = 'charge.dispute.closed' desc, n.occurred_at desc
   limit ${OUTBOX_LIMITS.payments}`;

const EVENTS_SQL = `
  select (select count(*)::int from private.payment_notices) as events,
         (select count(*)::int from private.payment_notices where problem is not null) as unmatched,
         (select ${msOf('max(received_at)')} from private.payment_notices) as "lastEventAt",
         (select ${msOf('max(at)')} from private.payment_comparisons) as "comparedAt"`;

/**
 * Card payments that are not over or that a person should look at, where the books differ, and disputes.
 * @throws AppError as `asAdmin`
 */
export function readPayments(deps: AdminDeps, caller: Caller): Promise<AdminOut<'admin.payments'>> {
  return asAdmin(deps, caller, null, async (session) => {
    await requireAll(session);
    const { tx } = session;
    // Whoever sees the machines only learns that something is to be done, not about how much.
    const mayKnow = await session.may('payment_transactions', 'read', { location_id: null });
    const cents = (text: string | null): number | null => (mayKnow ? numberOf(text) : null);
    const payments = await tx.asEngine((engine) =>
      engine.query<Texts<PaymentView, 'amountCents' | 'createdAt'>>(PAYMENTS_SQL),
    );
    const differences = await tx.asEngine((engine) =>
      engine.query<
        Omit<DifferenceView, 'isOurs' | 'isTheirs' | 'ourCents' | 'theirCents' | 'foundAt'> & {
          ourCents: string | null;
          theirCents: string | null;
          foundAt: string;
        }
      >(DIFFERENCES_SQL),
    );
    const disputes = await tx.asEngine((engine) =>
      engine.query<
        Omit<DisputeView, 'amountCents' | 'since'> & { amountCents: string | null; since: string }
      >(DISPUTES_SQL),
    );
    const [figures] = await tx.asEngine((engine) =>
      engine.query<{
        events: number;
        unmatched: number;
        lastEventAt: string | null;
        comparedAt: string | null;
      }>(EVENTS_SQL),
    );
    if (!figures) throw new AppError('INTERNAL', { reason: 'no figures' });
    return {
      payments: payments.map((one) => ({
        ...one,
        amountCents: cents(one.amountCents),
        createdAt: Number(one.createdAt),
      })),
      differences: differences.map((one) => ({
        ...one,
        isOurs: one.ourCents !== null,
        isTheirs: one.theirCents !== null,
        ourCents: cents(one.ourCents),
        theirCents: cents(one.theirCents),
        foundAt: Number(one.foundAt),
      })),
      disputes: disputes.map((one) => ({
        ...one,
        amountCents: cents(one.amountCents),
        since: Number(one.since),
      })),
      comparedAt: numberOf(figures.comparedAt),
      events: figures.events,
      unmatched: figures.unmatched,
      lastEventAt: numberOf(figures.lastEventAt),
    };
  });
}

/** Asks Stripe what became of a payment. @throws AppError as `asAdmin`; NOT_FOUND, HUB_OFF */
export async function lookAtPayment(
  deps: AdminDeps,
  state: OutboxState,
  caller: Caller,
  { key }: AdminIn<'admin.paymentLook'>,
): Promise<AdminOut<'admin.paymentLook'>> {
  const { desk } = await allowed(deps, state, caller, 'look');
  return { state: (await desk.look(key)).state };
}

/** Compares both books now. @throws as `lookAtPayment`, and HubFailure where Stripe cannot be asked */
export async function compareNow(
  deps: AdminDeps,
  state: OutboxState,
  caller: Caller,
): Promise<AdminOut<'admin.paymentsCompare'>> {
  const payments = await allowed(deps, state, caller, 'compare');
  return { differences: await payments.compare() };
}

/** Takes stored events in again. @throws as `lookAtPayment` */
export async function replayEvents(
  deps: AdminDeps,
  state: OutboxState,
  caller: Caller,
  { unmatchedOnly, days }: AdminIn<'admin.paymentsReplay'>,
): Promise<AdminOut<'admin.paymentsReplay'>> {
  const { notices } = await allowed(deps, state, caller, 'replay');
  const sinceMs = Date.now() - days * DAY_MS;
  return { events: await replayNotices(notices, { sinceMs, unmatchedOnly }) };
}

/** Judges who asks, and notes it, before Stripe is spoken to: no transaction waits for it. */
async function allowed(
  deps: AdminDeps,
  state: OutboxState,
  caller: Caller,
  act: 'look' | 'compare' | 'replay',
): Promise<Payments> {
  const subject = { table: 'payment_transactions', id: SERVER_CALLER.userId } as const;
  return asAdmin(deps, caller, subject, async (session) => {
    await requireActs(session);
    if (state.payments === null) throw new AppError('HUB_OFF');
    await session.audit({
      action: act === 'replay' ? 'update' : 'read',
      table_name: subject.table,
      row_id: subject.id,
      outcome: 'ok',
      field_names: [],
      purpose: `payments.${act}`,
    });
    return state.payments;
  });
}
