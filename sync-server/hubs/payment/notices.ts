import type pg from 'pg';
import { z } from 'zod';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { asEngine } from '../../db/as-engine.ts';
import type { Queries } from '../../db/with-session.ts';
import type { ChangeSet } from '../../realtime/change.ts';
import { writeRows } from '../write-rows.ts';
import type { Written } from '../write-rows.ts';
import { askPerson, commandOfPayment, readCommand } from './commands.ts';
import type { Command, Happened } from './commands.ts';
import type { PaymentDesk } from './payment-desk.ts';

export interface NoticeDeps {
  readonly pool: pg.Pool;
  readonly announce: (set: ChangeSet) => void;
  readonly hlc: HybridClock;
  readonly log: Logger;
  readonly desk: PaymentDesk;
}

/** What is kept of an event: what is used of it, and nothing about a person or a card. */
const Said = z.object({
  status: z.string().nullish(),
  amount: z.int().nullish(),
  amount_received: z.int().nullish(),
  reason: z.string().nullish(),
  last_payment_error: z.object({ code: z.string().optional() }).nullish(),
  metadata: z.object({ key: z.string().optional() }).nullish(),
});
type Said = z.infer<typeof Said>;

/** An event as Stripe sends it. */
const StripeEvent = z.object({
  id: z.string().max(80),
  type: z.string().max(80),
  created: z.int(),
  data: z.object({
    object: z.looseObject({
      id: z.string().max(80),
      object: z.string(),
      payment_intent: z.string().nullish(),
    }),
  }),
});

/** A stored event. */
interface Notice {
  readonly id: string;
  readonly kind: string;
  readonly paymentRef: string | null;
  readonly objectRef: string;
  readonly said: Said;
}

/** What an event came to. ignored: nothing here follows from it · unmatched: of no payment of ours. */
export type NoticeEnd = 'applied' | 'ignored' | 'unmatched';

/**
 * Takes in an event whose signature has been checked. It is kept before anything follows from it; the same
 * event again is counted, and changes nothing. What is to be done at Stripe because of it is left to
 * whoever calls, since Stripe waits for the answer.
 * @returns the key of a payment that should be looked at; null: none
 */
export async function takeNotice(deps: NoticeDeps, raw: unknown): Promise<string | null> {
  const event = StripeEvent.safeParse(raw);
  // Whatever it is, it is none of those that are listened to; Stripe need not send it again.
  if (!event.success) return null;
  const { id, type, created, data } = event.data;
  const { object } = data;
  const isPayment = object.object === 'payment_intent';
  const said = Said.safeParse(object);
  await asEngine(deps.pool, (db) =>
    db.execute(
      `insert into private.payment_notices as n
         (id, kind, payment_ref, object_ref, said, occurred_at)
       values ($1, $2, $3, $4, $5, to_timestamp($6))
       on conflict (id) do update set times = n.times + 1`,
      [
        id,
        type,
        isPayment ? object.id : (object.payment_intent ?? null),
        object.id,
        JSON.stringify(said.success ? said.data : {}),
        created,
      ],
    ),
  );
  return applyNotice(deps, id);
}

/**
 * Lets what follows from a stored event happen, as if it came now. Twice is once: facts have ids of what
 * happened, and which state follows from them does not depend on their order.
 * @returns as `takeNotice`
 */
export async function applyNotice(deps: NoticeDeps, id: string): Promise<string | null> {
  let toLookAt: string | null = null;
  await writeRows(deps, 'stripe', async (db) => {
    const [notice] = await db.query<Notice>(
      `select n.id, n.kind, n.payment_ref as "paymentRef", n.object_ref as "objectRef", n.said
         from private.payment_notices n where n.id = $1`,
      [id],
    );
    if (!notice) return [];
    const { end, rows, look } = await follow(deps, db, notice);
    toLookAt = look;
    await db.execute(
      `update private.payment_notices set problem = $2::text,
              applied_at = case when $2::text is null then coalesce(applied_at, now()) end
        where id = $1`,
      [id, end === 'unmatched' ? end : null],
    );
    return rows;
  });
  return toLookAt;
}

/** Takes all stored events of a time in again, in the order in which they came. @returns how many */
export async function replayNotices(
  deps: NoticeDeps,
  which: { readonly sinceMs: number; readonly unmatchedOnly: boolean },
): Promise<number> {
  const rows = await asEngine(deps.pool, (db) =>
    db.query<{ id: string }>(
      `select n.id from private.payment_notices n
        where n.received_at >= to_timestamp($1::bigint / 1000.0)
          and (not $2 or n.problem is not null)
        order by n.received_at, n.id`,
      [which.sinceMs, which.unmatchedOnly],
    ),
  );
  for (const { id } of rows) {
    const key = await applyNotice(deps, id);
    if (key !== null) await deps.desk.look(key);
  }
  deps.log.info('payment notices replayed', { notices: rows.length });
  return rows.length;
}

interface Follows {
  readonly end: NoticeEnd;
  readonly rows: readonly Written[];
  readonly look: string | null;
}
const nothing = (end: NoticeEnd): Follows => ({ end, rows: [], look: null });

async function follow(deps: NoticeDeps, db: Queries, notice: Notice): Promise<Follows> {
  const { kind, paymentRef, objectRef, said } = notice;
  if (!LISTENED.test(kind)) return nothing('ignored');
  const own = said.metadata?.key;
  const byKey = own === undefined ? null : await readCommand(db, own);
  const take = paymentRef === null ? null : await commandOfPayment(db, paymentRef);
  // A payment's event may come before the server has noted the id that Stripe gave it.
  const command = take ?? (byKey?.does === 'take' ? byKey : null);
  if (!command) return nothing('unmatched');
  const amount = said.amount ?? undefined;
  const fact = (of: Command, happened: Happened) => deps.desk.fact(db, of, happened);
  switch (kind) {
    case 'payment_intent.succeeded': {
      const amountCents = said.amount_received ?? amount;
      const rows = await fact(command, {
        event: 'succeeded',
        ref: objectRef,
        ...(amountCents === undefined ? {} : { amountCents }),
      });
      return { end: 'applied', rows, look: command.key };
    }
    // What these say changes again: how it is now, and what is to be done, only Stripe knows.
    case 'payment_intent.amount_capturable_updated':
    case 'payment_intent.payment_failed':
    case 'payment_intent.canceled':
    case 'payment_intent.processing':
      return { end: 'applied', rows: [], look: command.isOver ? null : command.key };
    case 'refund.created':
    case 'refund.updated':
    case 'charge.refund.updated':
      return refundNotice(deps, db, { notice, command, own: byKey });
    case 'refund.failed': {
      const about = byKey && byKey.does !== 'take' ? byKey : command;
      const asked = await askPerson(db, deps.hlc, about, 'refund_failed', { about: objectRef });
      return { end: 'applied', rows: asked ? [asked] : [], look: null };
    }
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.funds_withdrawn':
    case 'charge.dispute.funds_reinstated':
    case 'charge.dispute.closed':
      return disputeNotice(deps, db, notice, command);
    default:
      return nothing('ignored');
  }
}

/** Money that was given back: by a command of ours, or on Stripe's own pages. */
async function refundNotice(
  deps: NoticeDeps,
  db: Queries,
  about: { notice: Notice; command: Command; own: Command | null },
): Promise<Follows> {
  const { notice, command, own } = about;
  const { objectRef: ref, said } = notice;
  if (said.status !== 'succeeded') {
    return { end: 'applied', rows: [], look: own !== null && !own.isOver ? own.key : null };
  }
  const isOurs = own !== null && own.does !== 'take';
  const rows = await deps.desk.fact(db, isOurs ? own : command, {
    event: isOurs && own.does === 'void' ? 'voided' : 'refunded',
    ref,
    ...(isOurs ? {} : { key: ref, reason: 'outside' }),
    ...amountOf(said),
  });
  return { end: 'applied', rows, look: isOurs && !own.isOver ? own.key : null };
}

/** A dispute is a question for a person; one that is lost is money that went back. */
async function disputeNotice(
  deps: NoticeDeps,
  db: Queries,
  { kind, objectRef: ref, said }: Notice,
  command: Command,
): Promise<Follows> {
  const rows: Written[] = [];
  const asked = await askPerson(db, deps.hlc, command, 'disputed', { about: ref });
  if (asked) rows.push(asked);
  if (kind === 'charge.dispute.closed' && said.status === 'lost') {
    rows.push(
      ...(await deps.desk.fact(db, command, {
        event: 'refunded',
        key: ref,
        ref,
        reason: 'dispute_lost',
        ...amountOf(said),
      })),
    );
  }
  return { end: 'applied', rows, look: null };
}

const amountOf = ({ amount }: Said): { amountCents?: number } =>
  typeof amount === 'number' ? { amountCents: amount } : {};

const LISTENED = /^(?:payment_intent|refund|charge\.refund|charge\.dispute)\./;
