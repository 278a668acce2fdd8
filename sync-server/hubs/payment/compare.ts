import type pg from 'pg';
import type { Clock } from '#shared/kernel/clock.ts';
import { asEngine } from '../../db/as-engine.ts';
import { SERVER_CALLER } from '../../jobs/server-caller.ts';
import type { PaymentHub, TheirPayment } from './payment-hub.ts';

/** How far back a comparison goes: two days, so that none falls between two of them. */
const BACK_MS = 48 * 3_600_000;
/** Comparisons that are kept. */
const KEPT = 200;

/** What we have of one payment. */
interface OurPayment {
  readonly paymentRef: string;
  readonly locationId: string;
  readonly cents: number;
  /** Something is under way: what Stripe has may be ahead of us. */
  readonly isOpen: boolean;
}

export interface Difference {
  readonly paymentRef: string;
  readonly locationId: string | null;
  /** What the clinic holds of it by our facts, and by Stripe's; null: one of the two knows nothing of it. */
  readonly ourCents: number | null;
  readonly theirCents: number | null;
}

/** Where the books of both are not the same, over payments that are settled. */
export function differencesOf(
  ours: readonly OurPayment[],
  theirs: readonly TheirPayment[],
): Difference[] {
  const byRef = new Map(ours.map((one) => [one.paymentRef, one]));
  const found: Difference[] = [];
  for (const { intentId, takenCents, returnedCents } of theirs) {
    const own = byRef.get(intentId);
    byRef.delete(intentId);
    const theirCents = takenCents - returnedCents;
    if (own?.isOpen || own?.cents === theirCents) continue;
    found.push({
      paymentRef: intentId,
      locationId: own?.locationId ?? null,
      ourCents: own?.cents ?? null,
      theirCents,
    });
  }
  // Of what Stripe has not taken we may hold nothing.
  for (const { paymentRef, locationId, cents, isOpen } of byRef.values()) {
    if (cents !== 0 && !isOpen) {
      found.push({ paymentRef, locationId, ourCents: cents, theirCents: null });
    }
  }
  return found.toSorted((a, b) => (a.paymentRef < b.paymentRef ? -1 : 1));
}

/**
 * Compares what Stripe has of the last two days with what we have, and keeps where they differ for a person
 * to see. What is the same again goes from the list.
 * @throws HubFailure where Stripe cannot be asked
 */
export async function comparePayments(deps: {
  readonly pool: pg.Pool;
  readonly hub: PaymentHub;
  readonly clock: Clock;
}): Promise<readonly Difference[]> {
  const { pool, hub, clock } = deps;
  const since = clock.now() - BACK_MS;
  const about = { table: 'payment_transactions', id: SERVER_CALLER.userId, locationId: null };
  const theirs = await hub.books(since, about);
  // Read after theirs: what happened between is open here, or known.
  return asEngine(pool, async (db) => {
    const rows = await db.query<Omit<OurPayment, 'cents'> & { cents: string }>(OURS_SQL, [
      since,
      theirs.map(({ intentId }) => intentId),
    ]);
    const ours = rows.map((row) => ({ ...row, cents: Number(row.cents) }));
    const found = differencesOf(ours, theirs);
    await db.execute(
      `insert into private.payment_differences as d (payment_ref, location_id, our_cents, their_cents)
       select f.payment_ref, f.location_id, f.our_cents, f.their_cents
         from jsonb_to_recordset($1) as f(payment_ref text, location_id uuid, our_cents bigint,
                                          their_cents bigint)
       on conflict (payment_ref) do update
         set our_cents = excluded.our_cents, their_cents = excluded.their_cents, seen_at = now()`,
      [
        JSON.stringify(
          found.map((one) => ({
            payment_ref: one.paymentRef,
            location_id: one.locationId,
            our_cents: one.ourCents,
            their_cents: one.theirCents,
          })),
        ),
      ],
    );
    // One that is older than the time compared stays until a person has seen to it at Stripe.
    await db.execute(
      `delete from private.payment_differences d
        where d.payment_ref = any ($1) and not d.payment_ref = any ($2)`,
      [
        [...theirs.map(({ intentId }) => intentId), ...ours.map(({ paymentRef }) => paymentRef)],
        found.map(({ paymentRef }) => paymentRef),
      ],
    );
    await db.execute(
      `insert into private.payment_comparisons (since, payments, differences)
       values (to_timestamp($1::bigint / 1000.0), $2, $3)`,
      [since, theirs.length, found.length],
    );
    await db.execute(
      `delete from private.payment_comparisons where at not in (
         select c.at from private.payment_comparisons c order by c.at desc limit ${KEPT})`,
    );
    return found;
  });
}

/**
 * What we hold of each payment that was begun in the time, or that Stripe has named. A dispute that was lost is
 * money that went back, and no refund of Stripe's.
 */
const OURS_SQL = `
  select c.payment_ref as "paymentRef", c.location_id as "locationId",
         coalesce(sum(case
           when f.event = 'succeeded' then f.amount_cents
           when f.event in ('refunded', 'voided') and f.reason_code is distinct from 'dispute_lost'
             then -f.amount_cents
           else 0 end), 0)::text as cents,
         bool_or(o.key is not null) as "isOpen"
    from private.payment_commands c
    left join public.payment_transactions f
      on f.intent_id = c.intent_id and f.method = 'card_present'
     and (f.idempotency_key = c.key or f.event in ('refunded', 'voided'))
    left join lateral (
      select w.key from private.payment_commands w
       where w.intent_id = c.intent_id and w.ended_at is null limit 1) o on true
   where c.does = 'take' and c.payment_ref is not null
     and (c.created_at >= to_timestamp($1::bigint / 1000.0) or c.payment_ref = any ($2))
     -- A payment that was tried again counts where it was taken.
     and (c.state = 'done' or exists (
       select from public.payment_transactions s
        where s.idempotency_key = c.key and s.event = 'succeeded'))
   group by c.payment_ref, c.location_id`;
