import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '#shared/kernel/clock.ts';
import { newId } from '#shared/kernel/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { findVendorSpec, loadContract } from '#stack/openapi-contract.ts';
import { startStripe } from '#stack/stripe/stripe.ts';
import type { RunningStripe, Trouble } from '#stack/stripe/stripe.ts';
import { HubFailure } from '../hub-failure.ts';
import type { StripeConfig } from '../../config/hubs-config.ts';
import type { HubRecord } from '../universal-hub.ts';
import { FRAUD_LIMIT, fraudScore } from './fraud.ts';
import { PaymentHub } from './payment-hub.ts';

let stripe: RunningStripe;
let config: StripeConfig;
let hub: PaymentHub;
const audited: HubRecord[] = [];
const lines: string[] = [];
beforeAll(async () => {
  stripe = await startStripe();
  config = { secret: stripe.secret, url: stripe.url, hookSecret: null };
  hub = open();
});
afterAll(() => stripe.stop());

function open(of = config, tries = 3): PaymentHub {
  return new PaymentHub(of, 'live', {
    clock: systemClock,
    log: createLogger({ level: 'debug', write: (line) => lines.push(line) }),
    audit: async (record) => void audited.push(record),
    pace: {
      timeoutMs: 1_000,
      tries,
      firstWaitMs: 1,
      longestWaitMs: 20,
      breaker: { failures: 1_000, pauseMs: 1, longestPauseMs: 1 },
    },
  });
}

const about = { table: 'payment_transactions', id: newId(), locationId: null };
const CALM = { triesAtReader: 1, declinedToday: 0 };
let readers = 0;
function wish(amountCents = 4_500) {
  readers += 1;
  return { key: newId(), amountCents, readerId: `tmr_${readers}`, about };
}
async function authorised(amountCents?: number, card = {}) {
  const asked = wish(amountCents);
  const { intentId } = await hub.begin(asked);
  stripe.present(asked.readerId, card);
  return { ...asked, intentId };
}
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) =>
      error instanceof HubFailure ? `${error.code} ${error.done}` : String(error),
  );
const ofKey = (key: string) =>
  [...stripe.books.intents.values()].filter(({ metadata }) => metadata['key'] === key);

describe('a card payment', () => {
  test('waits for a card, is judged, and is taken once however often it is looked at', async () => {
    const asked = wish();
    const begun = await hub.begin(asked);
    expect(begun.is).toBe('waiting');
    const paying = { ...asked, intentId: begun.intentId };
    expect(await hub.settle(paying, CALM)).toEqual(begun);
    stripe.present(asked.readerId, { risk: 12 });
    const paid = { is: 'paid', intentId: begun.intentId, amountCents: 4_500 };
    expect(await Promise.all([1, 2, 3].map(() => hub.settle(paying, CALM)))).toEqual([
      paid,
      paid,
      paid,
    ]);
    expect(await hub.settle(paying, CALM)).toEqual(paid);
  });

  test.each<[Trouble, string]>([
    ['drops-after', 'after Stripe took it'],
    ['drops', 'before Stripe got it'],
    ['busy', 'while Stripe is busy'],
    ['fault', 'by a fault of Stripe’s'],
  ])('that is cut off (%s) at any of its calls is one payment', async (trouble) => {
    for (const at of [0, 1, 2, 3]) {
      const asked = wish();
      stripe.troubles.push(...Array.from({ length: at }, () => 'ok' as const), trouble);
      const begun = await hub.begin(asked);
      stripe.present(asked.readerId, {});
      const end = await hub.settle({ ...asked, intentId: begun.intentId }, CALM);
      expect(end.is, `call ${at}`).toBe('paid');
      expect(ofKey(asked.key), `call ${at}`).toHaveLength(1);
      stripe.troubles.splice(0);
    }
  });

  test('that was begun by a server which died is the same when another one begins it', async () => {
    const asked = wish();
    // Twice: the library itself asks once more where a connection is cut.
    stripe.troubles.push('ok', 'drops-after', 'drops-after');
    expect(await codeOf(open(config, 1).begin(asked))).toBe('HUB_FAILED unknown');
    await hub.begin(asked);
    expect(ofKey(asked.key)).toHaveLength(1);
  });

  test('whose card is declined takes nothing and says why', async () => {
    const asked = await authorised(4_500, { declined: 'card_declined' });
    expect(await hub.settle(asked, CALM)).toEqual({
      is: 'declined',
      intentId: asked.intentId,
      why: 'card_declined',
    });
  });

  test('that looks like fraud is given up, and nothing is taken', async () => {
    const asked = await authorised(4_500, { risk: 81 });
    const end = await hub.settle(asked, CALM);
    expect(end).toEqual({ is: 'risky', intentId: asked.intentId, score: 0.81 });
    expect(stripe.books.intents.get(asked.intentId)).toMatchObject({
      status: 'canceled',
      amount_received: 0,
      cancellation_reason: 'fraudulent',
    });
    expect((await hub.settle(asked, CALM)).is).toBe('cancelled');
    const near = await authorised(4_500, { risk: 80 });
    expect((await hub.settle(near, CALM)).is).toBe('paid');
  });

  test('that is called off frees its reader; a reader asks for one card at a time', async () => {
    const first = wish();
    const begun = await hub.begin(first);
    const second = { ...wish(), readerId: first.readerId };
    expect(await codeOf(hub.begin(second))).toBe('PAYMENT_READER_BUSY no');
    const end = await hub.cancel({ ...first, intentId: begun.intentId });
    expect(end.is).toBe('cancelled');
    expect((await hub.begin(second)).is).toBe('waiting');
  });

  test('is refused for a wrong key, and where Stripe is not set up', async () => {
    const wrong = open({ ...config, secret: 'rk_test_wrong00000' });
    expect(await codeOf(wrong.begin(wish()))).toBe('HUB_SIGN_IN no');
    const off = new PaymentHub(null, 'live', {
      clock: systemClock,
      log: createLogger({ level: 'silent', write: () => undefined }),
      audit: async () => undefined,
    });
    expect(await codeOf(off.begin(wish()))).toBe('HUB_OFF no');
  });
});

describe('money that is given back', () => {
  const facts = { ...CALM, toAnotherCard: false };
  const paid = async (amountCents: number) => {
    const asked = await authorised(amountCents);
    await hub.settle(asked, CALM);
    return asked;
  };
  const returned = (intentId: string) =>
    [...stripe.books.refunds.values()]
      .filter((one) => one.payment_intent === intentId)
      .map(({ amount }) => amount);

  test('goes once, also when its answer is lost', async () => {
    const { intentId } = await paid(5_000);
    const key = newId();
    stripe.troubles.push('drops-after');
    const asked = { key, intentId, amountCents: 2_000, about, facts };
    const first = await hub.refund(asked);
    expect(await hub.refund(asked)).toEqual(first);
    expect(first.is).toBe('done');
    expect(returned(intentId)).toEqual([2_000]);
  });

  test('of which nobody knows is found by its key, and a wish that never arrived is not', async () => {
    const { intentId } = await paid(5_000);
    const wish = { key: newId(), intentId, amountCents: 2_000, about, facts };
    // The fault is kept under the key: asked again Stripe says the same, though it was done.
    stripe.troubles.push('fault-after');
    expect(await codeOf(hub.refund(wish))).toBe('HUB_FAILED unknown');
    expect(await codeOf(hub.refund(wish))).toBe('HUB_FAILED unknown');
    expect(await hub.findRefund(wish)).toMatchObject({ is: 'done', amountCents: 2_000 });
    expect(await hub.findRefund({ ...wish, key: newId() })).toBeNull();
    expect(returned(intentId)).toEqual([2_000]);
  });

  test('is never more than was taken', async () => {
    const { intentId } = await paid(5_000);
    const refund = (amountCents: number) =>
      hub.refund({ key: newId(), intentId, amountCents, about, facts });
    await refund(3_000);
    expect(await codeOf(refund(2_001))).toBe('HUB_REFUSED no');
    await refund(2_000);
  });

  test('to another card is left to a person, and Stripe is not asked', async () => {
    const { intentId } = await paid(5_000);
    const before = stripe.books.refunds.size;
    const asked = { key: newId(), intentId, amountCents: 5_000, about };
    const risky = hub.refund({ ...asked, facts: { ...facts, toAnotherCard: true } });
    expect(await codeOf(risky)).toBe('PAYMENT_RISKY no');
    expect(stripe.books.refunds.size).toBe(before);
  });
});

test('what Stripe has is listed with our keys, over as many pages as it takes', async () => {
  const since = Date.now() - 3_600_000;
  const one = await authorised(7_700);
  await hub.settle(one, CALM);
  for (let n = 0; n < 120; n += 1) await hub.begin({ ...wish(), readerId: `tmr_page_${n}` });
  const two = await authorised(8_800);
  await hub.settle(two, CALM);
  stripe.books.refundOutside(two.intentId, 800);
  const books = await hub.books(since, about);
  const of = (key: string) => books.find((each) => each.key === key);
  expect([of(one.key), of(two.key)]).toMatchObject([
    { intentId: one.intentId, takenCents: 7_700, returnedCents: 0 },
    { intentId: two.intentId, takenCents: 8_800, returnedCents: 800 },
  ]);
});

test('the slip says card and authorisation of a payment that was taken', async () => {
  const asked = await authorised(4_500, { last4: '1881' });
  await hub.settle(asked, CALM);
  const slip = {
    brand: 'visa',
    last4: '1881',
    application: 'Visa Credit',
    authorisation: '123456',
  };
  expect(await hub.receipt(asked)).toMatchObject(slip);
});

test('a payment of which nobody knows is found by its key, and who judges first is heard', async () => {
  const asked = wish();
  const since = Date.now();
  stripe.troubles.push('fault-after');
  expect(await codeOf(hub.begin(asked))).toBe('HUB_FAILED unknown');
  const intentId = await hub.find(asked.key, since - 60_000, about);
  expect(intentId).toMatch(/^pi_/);
  expect(await hub.find(newId(), since - 60_000, about)).toBeNull();
  await hub.askReader({ ...asked, intentId: intentId ?? '' });
  stripe.present(asked.readerId, { risk: 95 });
  // Another replica has judged before us.
  const known = { ...asked, intentId: intentId ?? '' };
  expect((await hub.settle(known, CALM, async () => 0.1)).is).toBe('paid');
});

test('the score is one of our rules or Stripe’s, whichever is larger, and 0 to 1', () => {
  const facts = { ...CALM, amountCents: 100, toAnotherCard: false, stripeRisk: null };
  expect(fraudScore(facts)).toBe(0);
  expect(fraudScore({ ...facts, stripeRisk: 65 })).toBe(0.65);
  const worst = { ...facts, amountCents: 900_000, triesAtReader: 99, declinedToday: 99 };
  expect(fraudScore(worst)).toBe(1);
  for (const one of [
    { amountCents: 900_000 },
    { triesAtReader: 99 },
    { declinedToday: 99 },
  ] as const) {
    expect(fraudScore({ ...facts, ...one })).toBeLessThanOrEqual(FRAUD_LIMIT);
  }
  expect(fraudScore({ ...facts, toAnotherCard: true })).toBeGreaterThan(FRAUD_LIMIT);
});

test('every call stands in the audit, and no secret and no amount in the log', () => {
  expect(new Set(audited.map(({ hub: name, call }) => `${name} ${call.partner}`))).toEqual(
    new Set(['payment stripe']),
  );
  expect(lines.join('\n')).not.toMatch(/rk_test|4500|pi_[0-9a-f]/);
});

const spec = findVendorSpec('stripe-trimmed.json');
// Without the vendor's description there is nothing to judge by: these checks do not exist then.
if (spec !== undefined) {
  describe('by Stripe’s own description of its API', () => {
    test('the server that stands in for it answers as it does', async () => {
      const contract = await loadContract(spec, { errorSchema: '#/components/schemas/error' });
      const verdicts = stripe.replies.map((reply) => ({ ...reply, ...contract.judge(reply) }));
      expect(verdicts.length).toBeGreaterThan(100);
      expect(verdicts.filter((verdict) => !('kept' in verdict)).slice(0, 3)).toEqual([]);
    });

    test('what it is asked is described there', () => {
      const { paths } = JSON.parse(readFileSync(spec, 'utf8')) as Description;
      const unknown = stripe.forms.flatMap(({ path, form }) => {
        const shape = path.replace(/pi_\w+/, '{intent}').replace(/tmr_\w+/, '{reader}');
        const fields =
          paths[shape]?.post?.requestBody.content['application/x-www-form-urlencoded']?.schema
            .properties ?? {};
        return Object.keys(form)
          .map((name) => NEWER[name.split('[')[0] ?? ''] ?? name)
          .filter((name) => !((name.split('[')[0] ?? '') in fields))
          .map((name) => `${shape} ${name}`);
      });
      expect(unknown).toEqual([]);
    });
  });
}

/** Fields that the library's version of the API names otherwise than the description at hand. */
const NEWER: Readonly<Record<string, string>> = {
  allowed_payment_method_types: 'payment_method_types',
};

interface Description {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly post?: {
          readonly requestBody: {
            readonly content: Readonly<
              Record<string, { readonly schema: { readonly properties?: object } }>
            >;
          };
        };
      }
    >
  >;
}
