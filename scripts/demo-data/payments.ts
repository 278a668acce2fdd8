import { DAY_MS } from './calendar.ts';
import type { CheckIn } from './check-in.ts';
import type { Visit } from './visit.ts';
import { localDate, person, siteId } from './world.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
type Event =
  | 'created'
  | 'processing'
  | 'succeeded'
  | 'failed'
  | 'deferred'
  | 'refunded'
  | 'reconciled';

/** The copay of a visit: mostly by card, some in cash, some later. */
export function writePayment(world: World, visit: Visit, checkIn: CheckIn, doneAt: number): void {
  const { rng, patient } = visit;
  const copay = patient.coverage?.copay ?? 15_000;
  if (copay === 0 || !rng.chance(0.88)) return;
  const amount = visit.type.isProcedure ? copay + rng.int(0, 4) * 500 : copay;
  const method = rng.weighted([
    ['card_present', 68],
    ['deferred', 17],
    ['cash', 12],
    ['cheque', 3],
  ] as const);
  const intent = world.book.newId(doneAt);
  const write = paymentWriter(world, visit, checkIn, intent, amount);
  if (method === 'card_present') {
    const card = { last4: String(rng.int(0, 9999)).padStart(4, '0'), brand: rng.pick(BRANDS) };
    const failed = rng.chance(0.02);
    write('created', method, doneAt, 1);
    write('processing', method, doneAt + 4000, 1, card);
    write(failed ? 'failed' : 'succeeded', method, doneAt + 9000, 1, {
      ...card,
      ...(failed ? { reason: 'declined' } : { ref: `demo_pi_${intent.slice(24)}` }),
    });
    if (failed) {
      write('processing', method, doneAt + MINUTE_MS, 2, card);
      write('succeeded', method, doneAt + MINUTE_MS + 6000, 2, card);
    } else if (rng.chance(0.004)) {
      write('refunded', method, doneAt + DAY_MS, 2, { reason: 'visit_not_charged' });
    }
    return;
  }
  if (method === 'deferred') {
    write('deferred', method, doneAt, 1, { reason: 'patient_asked' });
    return;
  }
  write('succeeded', method, doneAt, 1);
  write('reconciled', method, visit.day.midnight + 1060 * MINUTE_MS, 1);
}

/** Cards come from the reader by the server; the desk writes cash, cheques and what is deferred. */
function paymentWriter(
  world: World,
  visit: Visit,
  { clerk, device }: CheckIn,
  intent: string,
  amount: number,
) {
  return (
    event: Event,
    method: 'card_present' | 'cash' | 'cheque' | 'deferred',
    at: number,
    command: number,
    more: { last4?: string; brand?: string; ref?: string; reason?: string } = {},
  ): void => {
    if (at > world.now) return;
    const isServer = method === 'card_present';
    const isRefund = event === 'refunded';
    world.book.add(
      'payment_transactions',
      {
        at,
        by: isRefund ? person('manager') : isServer ? null : clerk,
        device: isServer ? null : device,
      },
      {
        location_id: siteId(visit.site),
        patient_id: visit.patient.id,
        appointment_id: visit.id,
        intent_id: intent,
        idempotency_key: `demo-${intent}-${command}`,
        purpose: isRefund ? 'refund' : 'copay',
        amount_cents: amount,
        currency: 'USD',
        method,
        event,
        processor_ref: more.ref ?? null,
        last4: more.last4 ?? null,
        brand: more.brand ?? null,
        reason_code: more.reason ?? null,
        collected_by: isServer ? null : clerk,
        occurred_at: at,
        local_date: isRefund ? localDate(at) : visit.day.date,
      },
    );
  };
}

const BRANDS = ['visa', 'mastercard', 'discover'];
