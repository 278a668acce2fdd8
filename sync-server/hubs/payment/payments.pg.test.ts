import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { paymentState } from '#shared/merge/derive/payment-state.ts';
import type { PaymentFact } from '#shared/merge/derive/payment-state.ts';
import { ADMIN_CALLS } from '#shared/protocol/admin.ts';
import type { AdminCall, AdminOut } from '#shared/protocol/admin.ts';
import { PAYMENT_PATHS } from '#shared/protocol/payments.ts';
import type { PaymentReply } from '#shared/protocol/payments.ts';
import type { StripeEvent } from '#stack/stripe/objects.ts';
import { signatureOf, startStripe } from '#stack/stripe/stripe.ts';
import type { RunningStripe, Trouble } from '#stack/stripe/stripe.ts';
import { NO_HUBS } from '../../config/hubs-config.ts';
import { SITE, openRig } from '../../testing/rig.suite.ts';
import type { Client, Rig } from '../../testing/rig.suite.ts';
import { patientVisit } from '../../testing/visits.suite.ts';

/** Card payments from a device's call to the facts, through a real server and a Stripe that stands in. */

const HOOK = 'whsec_of_this_test';
let rig: Rig;
let stripe: RunningStripe;
let desk: Client;
let manager: Client;
let superadmin: Client;
let patientId: string;
beforeAll(async () => {
  stripe = await startStripe();
  const till = { secret: stripe.secret, url: stripe.url, hookSecret: HOOK };
  rig = await openRig({
    over: { outbox: 'send', hubs: { ...NO_HUBS, stripe: till, pace: 0.02 } },
  });
  desk = await rig.client(await rig.person(['FD', SITE.AA]));
  manager = await rig.client(await rig.person(['MG', null]));
  superadmin = await rig.client(await rig.person(['SA', null]));
  const visit = await patientVisit(rig);
  patientId = String(
    (await rows('select patient_id from appointments where id = $1', visit))[0]?.['patient_id'],
  );
});
beforeEach(() => {
  stripe.troubles.splice(0);
  told = stripe.books.events.length;
});
afterAll(async () => {
  await rig.close();
  await stripe.stop();
});

const rows = async (text: string, ...values: unknown[]) =>
  (await rig.db.admin.query<Record<string, unknown>>(text, values)).rows;
/** Events that this test has set off begin here. */
let told = 0;
let readers = 0;

function wish(amountCents = 4_500) {
  readers += 1;
  return {
    key: newId(),
    intentId: newId(),
    locationId: SITE.AA,
    patientId,
    appointmentId: null,
    purpose: 'copay',
    amountCents,
    readerId: `tmr_${readers}`,
  };
}
async function ask(client: Client, path: string, body: unknown) {
  const { status, body: said } = await client.post(path, body);
  const code = (said as { error?: { code: string } }).error?.code;
  return { status, code, reply: said as PaymentReply };
}
const stateAt = async (path: string, body: object, client = desk): Promise<string> => {
  const { status, code, reply } = await ask(client, path, body);
  return status === 200 ? reply.state : String(code);
};
const look = (key: string) => stateAt(PAYMENT_PATHS.look, { key });
async function paid(amountCents?: number, card = {}) {
  const asked = wish(amountCents);
  expect(await stateAt(PAYMENT_PATHS.begin, asked)).toBe('waiting');
  stripe.present(asked.readerId, card);
  expect(await look(asked.key)).toBe('done');
  return asked;
}
const factsOf = async (intentId: string) =>
  (await rows(
    `select id, idempotency_key, event, amount_cents::int as amount_cents, reason_code, last4
         from payment_transactions where intent_id = $1 order by recorded_at, event`,
    intentId,
  )) as unknown as (PaymentFact & { reason_code: string | null; last4: string | null })[];
const eventsOf = async (intentId: string) => (await factsOf(intentId)).map(({ event }) => event);
const taken = () =>
  [...stripe.books.intents.values()].filter(({ status }) => status === 'succeeded');
const questions = async (why: string) =>
  rows(
    `select facts from review_items where kind = 'unknown_payment' and facts ->> 'why' = $1`,
    why,
  );
const hook = () => ({ url: `${rig.server.url}/v1/webhooks/stripe`, secret: HOOK });
const deliver = async (...events: readonly StripeEvent[]) => {
  const said: number[] = [];
  for (const event of events) said.push(await stripe.deliver(event, hook()));
  return said;
};
async function admin<C extends AdminCall>(name: C, body: object = {}, client = manager) {
  const { status, body: said } = await client.post(ADMIN_CALLS[name].path, body);
  expect([name, status]).toEqual([name, 200]);
  return said as AdminOut<C>;
}

describe('a payment at a desk', () => {
  test('is taken once, however often it is asked for, and says what stood on the card', async () => {
    const before = taken().length;
    const asked = wish();
    const begun = await Promise.all([1, 2].map(() => stateAt(PAYMENT_PATHS.begin, asked)));
    expect(begun).toEqual(['waiting', 'waiting']);
    expect(await look(asked.key)).toBe('waiting');
    stripe.present(asked.readerId, { last4: '1881' });
    expect(await Promise.all([1, 2, 3].map(() => look(asked.key)))).toEqual([
      'done',
      'done',
      'done',
    ]);
    expect(await stateAt(PAYMENT_PATHS.begin, asked)).toBe('done');
    expect(taken()).toHaveLength(before + 1);
    const facts = await factsOf(asked.intentId);
    expect(facts).toMatchObject([{ event: 'created' }, { event: 'succeeded', last4: '1881' }]);
    const { tables } = await desk.pull([{ table: 'payment_transactions', limit: 1000 }]);
    const ids = tables.flatMap((page) => page.rows.map((row) => row['id']));
    expect(ids).toEqual(expect.arrayContaining(facts.map(({ id }) => id)));
    const slip = await desk.post(PAYMENT_PATHS.receipt, { key: asked.key });
    expect(slip.body).toMatchObject({ brand: 'visa', last4: '1881', authorisation: '123456' });
    const other = { ...asked, amountCents: 9_900 };
    expect(await stateAt(PAYMENT_PATHS.begin, other)).toBe('SYNC_UNIQUE_TAKEN');
  });

  test('is not begun by who may not write payments there, or for somebody who is not there', async () => {
    const stranger = await rig.client(await rig.person(['FD', SITE.WX]));
    expect(await stateAt(PAYMENT_PATHS.begin, wish(), stranger)).toBe('CALL_NOT_ALLOWED');
    const nobody = { ...wish(), patientId: newId() };
    expect(await stateAt(PAYMENT_PATHS.begin, nobody)).toBe('SYNC_PARENT_MISSING');
    const { key } = await paid();
    expect(await stateAt(PAYMENT_PATHS.look, { key }, stranger)).toBe('CALL_NOT_ALLOWED');
  });

  test('that is declined or called off takes nothing', async () => {
    const asked = wish();
    await stateAt(PAYMENT_PATHS.begin, asked);
    stripe.present(asked.readerId, { declined: 'insufficient_funds' });
    expect(await look(asked.key)).toBe('declined');
    expect(await factsOf(asked.intentId)).toMatchObject([
      { event: 'created' },
      { event: 'failed', reason_code: 'insufficient_funds' },
    ]);
    const off = wish();
    await stateAt(PAYMENT_PATHS.begin, off);
    expect(await stateAt(PAYMENT_PATHS.cancel, { key: off.key })).toBe('cancelled');
    expect(stripe.books.readers.get(off.readerId)).toBeNull();
    expect(await eventsOf(off.intentId)).toEqual(['created', 'failed']);
  });

  test('that looks like fraud is not taken, and a person is asked', async () => {
    const asked = wish();
    await stateAt(PAYMENT_PATHS.begin, asked);
    stripe.present(asked.readerId, { risk: 81 });
    expect(await look(asked.key)).toBe('risky');
    expect(await eventsOf(asked.intentId)).toEqual(['created', 'failed']);
    expect(await questions('risky')).toEqual([
      { facts: { why: 'risky', does: 'take', amount_cents: 4_500, score: 0.81 } },
    ]);
    const { payments } = await admin('admin.payments');
    const shown = { state: 'risky', score: 0.81, amountCents: 4_500, problem: 'PAYMENT_RISKY' };
    expect(payments.find(({ key }) => key === asked.key)).toMatchObject(shown);
    // Who looks after machines sees that there is one, and not how much it was about.
    const blind = await admin('admin.payments', {}, superadmin);
    expect(blind.payments.find(({ key }) => key === asked.key)?.amountCents).toBeNull();
  });

  test.each<Trouble>(['drops', 'drops-after', 'fault', 'fault-after', 'busy', 'in-use'])(
    'that meets %s at any call is taken once or not at all, and is never left without an end',
    async (trouble) => {
      for (const at of [0, 1, 2, 3, 4]) {
        const asked = wish();
        const calls = Array.from({ length: at }, () => 'ok' as const);
        // Often enough for all tries of one call.
        stripe.troubles.push(...calls, ...Array.from({ length: 4 }, () => trouble));
        let state = await stateAt(PAYMENT_PATHS.begin, asked);
        for (let n = 0; n < 80 && !['done', 'refused', 'cancelled'].includes(state); n += 1) {
          const reader = stripe.books.readers.get(asked.readerId);
          if (reader?.status === 'in_progress') stripe.present(asked.readerId);
          await new Promise((resolve) => setTimeout(resolve, 40));
          state = await look(asked.key);
          // A person who is told that nobody knows asks for it again.
          if (n % 10 === 9) state = await stateAt(PAYMENT_PATHS.begin, asked);
        }
        const facts = await factsOf(asked.intentId);
        const there = [...stripe.books.intents.values()].filter(
          ({ metadata }) => metadata['key'] === asked.key,
        );
        const done = there.filter(({ status }) => status === 'succeeded');
        expect(done.length, `${trouble} at ${at}`).toBe(state === 'done' ? 1 : 0);
        expect(paymentState(facts)?.balanceCents, `${trouble} at ${at}`).toBe(
          state === 'done' ? 4_500 : 0,
        );
        expect(['done', 'refused', 'cancelled'], `${trouble} at ${at}`).toContain(state);
        stripe.troubles.splice(0);
      }
    },
    60_000,
  );
});

describe('money that goes back', () => {
  const back = (of: { intentId: string }, amountCents: number, more = {}) => ({
    key: newId(),
    intentId: of.intentId,
    does: 'refund',
    amountCents,
    reasonCode: 'visit_not_charged',
    ...more,
  });
  const giveBack = (asked: object, client = manager) =>
    stateAt(PAYMENT_PATHS.giveBack, asked, client);

  test('goes once, never more than the clinic holds, and by who may', async () => {
    const one = await paid(5_000);
    const asked = back(one, 2_000);
    expect(await giveBack(asked, desk)).toBe('CALL_NOT_ALLOWED');
    stripe.troubles.push('drops-after', 'drops-after');
    expect(['done', 'unknown']).toContain(await giveBack(asked));
    await expect.poll(() => stateAt(PAYMENT_PATHS.giveBack, asked, manager)).toBe('done');
    expect(await giveBack(back(one, 3_001))).toBe('REQUEST_INVALID');
    expect(await giveBack(back(one, 5_000, { does: 'void' }))).toBe('REQUEST_INVALID');
    expect(paymentState(await factsOf(one.intentId))).toMatchObject({
      state: 'succeeded',
      balanceCents: 3_000,
    });
    const two = await paid(5_000);
    expect(await giveBack(back(two, 5_000, { does: 'void' }))).toBe('done');
    expect(paymentState(await factsOf(two.intentId))).toMatchObject({
      state: 'voided',
      balanceCents: 0,
    });
  });

  test('above the limit not by who took it', async () => {
    const own = { ...wish(20_000) };
    await stateAt(PAYMENT_PATHS.begin, own, manager);
    stripe.present(own.readerId);
    expect(await look(own.key)).toBe('done');
    expect(await giveBack(back(own, 10_001))).toBe('SYNC_OWN_APPROVAL');
    const another = await rig.client(await rig.person(['MG', null]));
    expect(await giveBack(back(own, 10_001), another)).toBe('done');
    expect(await giveBack(back(own, 9_000))).toBe('done');
  });

  test('by a call whose end nobody knows is looked up, not asked again', async () => {
    const one = await paid(5_000);
    const asked = back(one, 1_000);
    stripe.troubles.push('fault-after');
    expect(await giveBack(asked)).toBe('unknown');
    expect(await eventsOf(one.intentId)).toContain('processing');
    const asks = stripe.forms.length;
    await expect.poll(() => giveBack(asked)).toBe('done');
    expect(stripe.forms.slice(asks).filter(({ path }) => path === '/v1/refunds')).toEqual([]);
    expect((await eventsOf(one.intentId)).toSorted()).toEqual([
      'created',
      'processing',
      'refunded',
      'succeeded',
    ]);
  });

  test('and comes back from the bank is a question for a person', async () => {
    const one = await paid(5_000);
    const asked = back(one, 1_000);
    await giveBack(asked);
    const [refund] = [...stripe.books.refunds.values()].filter(
      ({ metadata }) => metadata['key'] === asked.key,
    );
    stripe.books.endRefund(String(refund?.id), 'failed');
    await deliver(...stripe.books.events.slice(told));
    expect(await questions('refund_failed')).toHaveLength(1);
  });
});

describe('what Stripe tells', () => {
  test('is not looked at when it is not Stripe’s, or old', async () => {
    const event = stripe.books.events[0];
    const payload = JSON.stringify(event);
    const now = Math.floor(Date.now() / 1000);
    const before = await rows('select id from private.payment_notices');
    for (const [signature, body] of [
      [signatureOf(payload, 'whsec_of_another', now), payload],
      [signatureOf(payload, HOOK, now - 3_600), payload],
      // One byte more: the bytes are what is signed, not what they mean.
      [signatureOf(payload, HOOK, now), `${payload} `],
      ['', payload],
    ] as const) {
      const answer = await fetch(hook().url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(signature === '' ? {} : { 'stripe-signature': signature }),
        },
        body,
      });
      expect(answer.status).toBe(403);
    }
    expect(await rows('select id from private.payment_notices')).toEqual(before);
  });

  test('is the same in any order and however often, and again from what is stored', async () => {
    const asked = await paid(6_000);
    const key = newId();
    await stateAt(
      PAYMENT_PATHS.giveBack,
      { key, intentId: asked.intentId, does: 'refund', amountCents: 500, reasonCode: 'goodwill' },
      manager,
    );
    const { id } = taken().find(({ metadata }) => metadata['key'] === asked.key) ?? { id: '' };
    stripe.books.refundOutside(id, 700);
    const dispute = stripe.books.dispute(id);
    stripe.books.closeDispute(dispute.id, 'lost');
    const events = stripe.books.events.slice(told);
    expect(events.length).toBeGreaterThan(8);
    const state = async () => paymentState(await factsOf(asked.intentId));
    await deliver(...events.toReversed());
    const first = await factsOf(asked.intentId);
    await Promise.all(events.map((event) => stripe.deliver(event, hook())));
    await deliver(...events);
    expect(await factsOf(asked.intentId)).toEqual(first);
    expect(await state()).toMatchObject({ takenCents: 6_000, returnedCents: 500 + 700 + 6_000 });
    expect(await questions('disputed')).toHaveLength(1);
    const { disputes, events: kept } = await admin('admin.payments');
    expect(disputes).toMatchObject([
      { status: 'lost', amountCents: 6_000, disputeRef: dispute.id },
    ]);
    const replayed = await admin('admin.paymentsReplay', { unmatchedOnly: false, days: 1 });
    expect(replayed).toEqual({ events: kept });
    expect(await factsOf(asked.intentId)).toEqual(first);
    const said = JSON.stringify(await rows('select said from private.payment_notices'));
    expect(said).not.toMatch(/card|last4|billing|client_secret/);
  });

  test('moves a payment on that nobody looked at, also before its id was noted', async () => {
    const asked = wish();
    await stateAt(PAYMENT_PATHS.begin, asked);
    stripe.present(asked.readerId);
    await deliver(...stripe.books.events.slice(told));
    await expect.poll(() => eventsOf(asked.intentId)).toEqual(['created', 'succeeded']);
  });

  test('of a payment that was not begun here is kept and shown, and changes nothing', async () => {
    const before = await admin('admin.payments');
    const form = new URLSearchParams({ amount: '900', currency: 'usd' });
    await fetch(`${stripe.url}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stripe.secret}` },
      body: form,
    });
    expect(await deliver(...stripe.books.events.slice(told))).toEqual([200]);
    const after = await admin('admin.payments');
    expect(after.unmatched).toBe(before.unmatched + 1);
  });
});

test('where both books differ a person sees it, until they are the same again', async () => {
  const asked = await paid(7_000);
  const { id } = taken().find(({ metadata }) => metadata['key'] === asked.key) ?? { id: '' };
  await admin('admin.paymentsCompare');
  const of = async () =>
    (await admin('admin.payments')).differences.find(({ paymentRef }) => paymentRef === id);
  expect(await of()).toBeUndefined();
  stripe.books.refundOutside(id, 1_500);
  await admin('admin.paymentsCompare');
  expect(await of()).toMatchObject({ ourCents: 7_000, theirCents: 5_500 });
  await deliver(...stripe.books.events.slice(told));
  await admin('admin.paymentsCompare');
  expect(await of()).toBeUndefined();
});

describe('a server that sends nothing', () => {
  const till = () => ({ secret: stripe.secret, url: stripe.url, hookSecret: null });
  const on = async (url: string) => {
    const hubs = { ...NO_HUBS, stripe: { ...till(), url }, pace: 0.02 };
    const server = await rig.another({ outbox: 'record', hubs });
    return rig.client(desk.userId, { server });
  };

  test('has a stand-in take the money, and shows what it would have asked for', async () => {
    const asked = wish(3_300);
    expect(await stateAt(PAYMENT_PATHS.begin, asked, await on(stripe.url))).toBe('waiting');
    const recorded = await rows(
      `select channel, kind, destination, body, times from private.sandbox where key = $1`,
      `payment-${asked.key}`,
    );
    expect(recorded).toEqual([
      {
        channel: 'card',
        kind: 'payment.take',
        destination: `Reader ${asked.readerId}`,
        body: 'Takes $33.00',
        times: 1,
      },
    ]);
  });

  test('calls no Stripe elsewhere', async () => {
    const asked = wish();
    expect(await stateAt(PAYMENT_PATHS.begin, asked, await on('https://api.stripe.com'))).toBe(
      'refused',
    );
    expect(await factsOf(asked.intentId)).toMatchObject([
      { event: 'created' },
      { event: 'failed', reason_code: 'HUB_OFF' },
    ]);
  });
});

test('no secret, no card and no amount stands in the log', () => {
  expect(rig.log.join('\n')).not.toMatch(/rk_test|whsec|1881|"amount/);
});
