import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tableOf } from '#shared/schema/tables.ts';
import type { TableName } from '#shared/schema/tables.ts';
import { anyDots } from '#shared/testing/arbitraries.ts';
import { CHECK_IN_EVENTS, checkInState } from './check-in-state.ts';
import type { CheckInFact } from './check-in-state.ts';
import { DELIVERY_EVENTS, deliveryStatus } from './delivery-status.ts';
import type { DeliveryEvent, DeliveryFact } from './delivery-status.ts';
import { CONSENT_DECISIONS, effectiveConsent } from './effective-consent.ts';
import type { ConsentFact, OptOutFact } from './effective-consent.ts';
import { areRatingsRevealed, meetingRating, rockStatus } from './eos.ts';
import { isRead } from './is-read.ts';
import { PAYMENT_EVENTS, paymentState } from './payment-state.ts';
import type { PaymentEvent, PaymentFact } from './payment-state.ts';

const ids = fc.constantFrom('f1', 'f2', 'f3', 'f4', 'f5', 'f6');
/** Facts with ids of their own, and the same facts in another order, some of them more than once. */
function retold<F extends { readonly id: string }>(fact: fc.Arbitrary<F>) {
  return fc
    .uniqueArray(fact, { selector: ({ id }) => id, maxLength: 6 })
    .chain((facts) =>
      fc.tuple(
        fc.constant(facts),
        fc.tuple(
          fc.shuffledSubarray(facts, { minLength: facts.length }),
          facts.length > 0
            ? fc.array(fc.constantFrom(...facts), { maxLength: 6 })
            : fc.constant([]),
        ),
      ),
    )
    .map(([facts, [shuffled, again]]) => ({
      facts,
      // Copies, as they would come over the wire.
      told: structuredClone([...again, ...shuffled, ...again]) as F[],
    }));
}

const anyDelivery: fc.Arbitrary<DeliveryFact> = fc.record({
  id: ids,
  event: fc.constantFrom(...DELIVERY_EVENTS),
  attempt_no: fc.integer({ min: 1, max: 2 }),
});
const anyPayment: fc.Arbitrary<PaymentFact> = fc.record({
  id: ids,
  idempotency_key: fc.constantFrom('command-1', 'command-2'),
  event: fc.constantFrom(...PAYMENT_EVENTS),
  amount_cents: fc.integer({ min: 1, max: 3 }),
});
const anyCheckIn: fc.Arbitrary<CheckInFact> = fc.record({
  id: ids,
  event: fc.constantFrom(...CHECK_IN_EVENTS),
  occurred_at: fc.integer({ min: 1, max: 4 }),
  undoes_id: fc.option(ids, { nil: null }),
});
const moment = fc.option(fc.integer({ min: 1, max: 3 }), { nil: null });
const anyConsent: fc.Arbitrary<ConsentFact> = fc.record({
  id: ids,
  decision: fc.constantFrom(...CONSENT_DECISIONS),
  given_at: moment,
});
const anyOptOut: fc.Arbitrary<OptOutFact> = fc.record({ id: ids, received_at: moment });
const EARLY = '000000000001-0000-00000000000a';
const LATE = '000000000002-0000-00000000000a';
const anyRockCheckIn = fc.record({
  id: ids,
  week_start: fc.constantFrom('2026-11-09', '2026-11-16'),
  by_owner: fc.boolean(),
  status: fc.constantFrom('on_track', 'off_track', 'done'),
  hlc: fc.constantFrom(EARLY, LATE),
});
const anyRating = fc.record({
  id: ids,
  user_id: fc.constantFrom('ann', 'bo', 'cy'),
  rating: fc.integer({ min: 1, max: 10 }),
});
const anyRead = fc.record({
  id: ids,
  notification_id: fc.constantFrom('n1', 'n2'),
  user_id: fc.constantFrom('ann', 'bo'),
  read: anyDots,
});

describe('what is derived is the same for any order and repetition of its facts', () => {
  /** Pairs a kind of fact with what is derived from it. */
  const derived = <F extends { readonly id: string }>(
    name: string,
    fact: fc.Arbitrary<F>,
    derive: (facts: readonly F[]) => unknown,
  ) => ({
    name,
    check: (): void =>
      fc.assert(
        fc.property(retold(fact), ({ facts, told }) => {
          expect(derive(told)).toEqual(derive(facts));
        }),
        { numRuns: 300 },
      ),
  });
  test.each([
    derived('a delivery', anyDelivery, deliveryStatus),
    derived('a payment', anyPayment, paymentState),
    derived('a check-in', anyCheckIn, checkInState),
    derived('a consent', anyConsent, (consents) => effectiveConsent(consents, [])),
    derived('an opt-out', anyOptOut, (outs) =>
      effectiveConsent([{ id: 'c', decision: 'given', given_at: 2 }], outs),
    ),
    derived('a rock', anyRockCheckIn, rockStatus),
    derived('a rating', anyRating, (ratings) => meetingRating(ratings, ['ann', 'bo'])),
    derived('a reading', anyRead, (reads) => isRead('n1', 'ann', reads)),
  ])('$name', ({ check }) => {
    check();
  });
});

test.each([
  ['delivery_tracking', 'event', DELIVERY_EVENTS],
  ['payment_transactions', 'event', PAYMENT_EVENTS],
  ['check_in_records', 'event', CHECK_IN_EVENTS],
  ['consents', 'decision', CONSENT_DECISIONS],
] as const)('every value of %s is one that its derivation knows', (table, field, known) => {
  const values = tableOf(table as TableName).fields[field]?.values ?? [];
  expect([...values].toSorted()).toEqual([...known].toSorted());
});

describe('a delivery', () => {
  const told = (...events: DeliveryEvent[]): DeliveryFact[] =>
    events.map((event, at) => ({ id: `e${at}`, event, attempt_no: 1 }));

  test('never moves back when one more event of an attempt is told', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...DELIVERY_EVENTS)), fc.nat(), (events, at) => {
        if (events.length === 0) return;
        const all = told(...events);
        const before = deliveryStatus(all.toSpliced(at % all.length, 1));
        const after = deliveryStatus(all) as DeliveryEvent;
        if (before !== null) {
          expect(DELIVERY_EVENTS.indexOf(after)).toBeGreaterThanOrEqual(
            DELIVERY_EVENTS.indexOf(before),
          );
        }
      }),
    );
  });

  test('that was delivered stays so when "sent" comes in late', () => {
    expect(deliveryStatus(told('queued', 'delivered', 'sent'))).toBe('delivered');
    expect(deliveryStatus(told('acknowledged', 'opened'))).toBe('acknowledged');
    expect(deliveryStatus([])).toBeNull();
  });

  test('that came back did not arrive, unless it was opened', () => {
    expect(deliveryStatus(told('bounced', 'delivered'))).toBe('bounced');
    expect(deliveryStatus(told('opened', 'bounced'))).toBe('opened');
  });

  test('is where its latest attempt is, until one attempt reached the patient', () => {
    const facts: DeliveryFact[] = [
      { id: '1', event: 'bounced', attempt_no: 1 },
      { id: '2', event: 'queued', attempt_no: 2 },
    ];
    expect(deliveryStatus(facts)).toBe('queued');
    facts.push({ id: '3', event: 'delivered', attempt_no: 1 });
    expect(deliveryStatus(facts)).toBe('queued');
    facts.push({ id: '4', event: 'opened', attempt_no: 1 });
    expect(deliveryStatus(facts)).toBe('opened');
  });
});

describe('a payment', () => {
  let count = 0;
  const told = (command: string, event: PaymentEvent, amount_cents = 4000): PaymentFact => ({
    id: `p${(count += 1)}`,
    idempotency_key: command,
    event,
    amount_cents,
  });

  test('counts what one command did once, under however many ids it is told', () => {
    const facts = [told('a', 'created'), told('a', 'succeeded'), told('a', 'succeeded')];
    expect(paymentState(facts)).toEqual({
      state: 'succeeded',
      askedCents: 4000,
      takenCents: 4000,
      returnedCents: 0,
      balanceCents: 4000,
    });
  });

  test('whose outcome is unknown is processing, also after another command failed', () => {
    expect(paymentState([told('a', 'created'), told('a', 'processing')])?.state).toBe('processing');
    const retry = [told('a', 'failed'), told('a', 'processing'), told('b', 'processing')];
    expect(paymentState(retry)?.state).toBe('processing');
    expect(paymentState([told('a', 'failed'), told('a', 'processing')])?.state).toBe('failed');
  });

  test('that failed and then went through has gone through', () => {
    const facts = [told('a', 'failed'), told('b', 'succeeded'), told('a', 'created')];
    expect(paymentState(facts)).toMatchObject({ state: 'succeeded', balanceCents: 4000 });
  });

  test('that is given back in part still stands, wholly given back it does not', () => {
    const facts = [told('a', 'succeeded'), told('b', 'refunded', 1000)];
    expect(paymentState(facts)).toMatchObject({ state: 'succeeded', balanceCents: 3000 });
    facts.push(told('c', 'refunded', 3000));
    expect(paymentState(facts)).toMatchObject({ state: 'refunded', balanceCents: 0 });
    const voided = [told('a', 'voided'), told('b', 'succeeded')];
    expect(paymentState(voided)).toMatchObject({ state: 'voided', balanceCents: 0 });
  });

  test('that was put off and then compared with the drawer is reconciled', () => {
    expect(paymentState([told('a', 'deferred')])?.state).toBe('deferred');
    const facts = [told('a', 'deferred'), told('b', 'succeeded'), told('c', 'reconciled')];
    expect(paymentState(facts)).toMatchObject({ state: 'reconciled', balanceCents: 4000 });
    expect(paymentState([])).toBeNull();
  });

  test('holds what was taken less what was given back, whatever came', () => {
    fc.assert(
      fc.property(retold(anyPayment), ({ told: facts }) => {
        const state = paymentState(facts);
        if (!state) return;
        expect(state.balanceCents).toBe(state.takenCents - state.returnedCents);
        const isHeld = state.state === 'succeeded' || state.state === 'reconciled';
        if (state.balanceCents > 0) expect(isHeld).toBe(true);
        else expect(state.state).not.toBe('succeeded');
      }),
    );
  });
});

describe('a check-in', () => {
  const at = (
    id: string,
    event: CheckInFact['event'],
    occurred_at: number,
    undoes_id: string | null = null,
  ): CheckInFact => ({ id, event, occurred_at, undoes_id });

  test('at the kiosk and at the desk is one, the earlier', () => {
    const state = checkInState([
      at('desk', 'checked_in', 905),
      at('kiosk', 'checked_in', 901),
      at('door', 'arrived', 910),
    ]);
    expect(state).toEqual({
      state: 'checked_in',
      checkInId: 'kiosk',
      checkedInAt: 901,
      duplicateIds: ['desk'],
    });
  });

  test('that is undone is gone, and the next one counts', () => {
    const facts = [at('wrong', 'checked_in', 900), at('undo', 'undo', 901)];
    expect(checkInState(facts)).toMatchObject({ state: 'expected', checkInId: null });
    facts.push(at('right', 'checked_in', 902));
    expect(checkInState(facts)).toMatchObject({ state: 'checked_in', checkInId: 'right' });
  });

  test('that is undone by its name takes nothing else along', () => {
    const state = checkInState([
      at('door', 'arrived', 899),
      at('wrong', 'checked_in', 900),
      at('desk', 'checked_in', 903),
      at('undo', 'undo', 950, 'wrong'),
    ]);
    expect(state).toMatchObject({ state: 'checked_in', checkInId: 'desk', duplicateIds: [] });
  });

  test('does not move back for what is told late', () => {
    const state = checkInState([at('a', 'roomed', 910), at('b', 'arrived', 912)]);
    expect(state.state).toBe('roomed');
    expect(checkInState([])).toMatchObject({ state: 'expected', checkInId: null });
  });
});

describe('a consent', () => {
  const given = (given_at: number | null, decision: ConsentFact['decision'] = 'given') => ({
    id: `${decision}-${given_at}`,
    decision,
    given_at,
  });

  test('that nobody asked for is unknown', () => {
    expect(effectiveConsent([], [])).toBe('unknown');
  });

  test('follows the newest decision, at the same moment the revocation', () => {
    expect(effectiveConsent([given(1, 'revoked'), given(2)], [])).toBe('given');
    expect(effectiveConsent([given(2), given(2, 'revoked')], [])).toBe('revoked');
    expect(effectiveConsent([given(2), given(2, 'declined')], [])).toBe('declined');
  });

  test.each([
    ['newer', 2, 3, 'opted_out'],
    ['of the same moment', 2, 2, 'opted_out'],
    ['of a moment nobody knows', 2, null, 'opted_out'],
    ['older, and consented to again since', 2, 1, 'given'],
    ['known, against a consent nobody can date', null, 1, 'opted_out'],
  ] as const)('against an opt-out that is %s', (_, given_at, received_at, expected) => {
    expect(effectiveConsent([given(given_at)], [{ id: 'o', received_at }])).toBe(expected);
  });

  test('never allows anything that a newer or undated opt-out forbids', () => {
    fc.assert(
      fc.property(retold(anyConsent), retold(anyOptOut), ({ told: consents }, { told: outs }) => {
        if (effectiveConsent(consents, outs) !== 'given') return;
        const times = consents.map(({ given_at }) => given_at ?? -Infinity);
        for (const { received_at } of outs) {
          expect(received_at ?? Infinity).toBeLessThan(Math.max(...times));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a rock', () => {
  const said = (id: string, week_start: string, by_owner: boolean, status: string, ms: number) => ({
    id,
    week_start,
    by_owner,
    status,
    hlc: `00000000000${ms}-0000-00000000000a`,
  });

  test('stands as its owner said of the latest week', () => {
    const facts = [
      said('1', '2026-11-16', true, 'on_track', 1),
      said('2', '2026-11-16', false, 'off_track', 5),
      said('3', '2026-11-09', true, 'done', 9),
    ];
    expect(rockStatus(facts)).toBe('on_track');
    expect(rockStatus([...facts, said('4', '2026-11-16', true, 'off_track', 6)])).toBe('off_track');
    expect(rockStatus(facts.slice(1))).toBe('off_track');
    expect(rockStatus([])).toBeNull();
  });
});

describe('a meeting', () => {
  const ratings = [
    { id: '1', user_id: 'ann', rating: 9 },
    { id: '2', user_id: 'bo', rating: 6 },
    { id: '3', user_id: 'absent', rating: 1 },
  ];

  test('is rated by those who were there', () => {
    expect(meetingRating(ratings, ['ann', 'bo', 'cy'])).toBe(7.5);
    expect(meetingRating(ratings, ['cy'])).toBeNull();
  });

  test('shows its ratings when all who were there have given theirs, or it is closed', () => {
    expect(areRatingsRevealed(ratings, ['ann', 'bo'], false)).toBe(true);
    expect(areRatingsRevealed(ratings, ['ann', 'cy'], false)).toBe(false);
    expect(areRatingsRevealed(ratings, ['ann', 'cy'], true)).toBe(true);
  });
});

test('a notification is read once one device says so, for that person alone', () => {
  const read = { '00000000000a': ['000000000001-0000-00000000000a', ''] } as const;
  const rows = [
    { notification_id: 'n1', user_id: 'ann', read },
    { notification_id: 'n1', user_id: 'bo', read: {} },
  ];
  expect(isRead('n1', 'ann', rows)).toBe(true);
  expect(isRead('n1', 'bo', rows)).toBe(false);
  expect(isRead('n2', 'ann', rows)).toBe(false);
});
