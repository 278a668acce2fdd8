import { newId } from '#shared/kernel/ids.ts';
import { PAYMENT_PATHS } from '#shared/protocol/payments.ts';
import type { StripeEvent } from '#stack/stripe/objects.ts';
import type { Rng } from '../../demo-data/rng.ts';
import { Findings } from '../fault-kind.ts';
import type { FaultKind } from '../fault-kind.ts';
import { sharedWorld } from './world.ts';
import type { HubWorld } from './world.ts';

const CASES = { small: 4, full: 60 } as const;
let readers = 0;

/**
 * Events of Stripe come twice, in any order, with wrong signatures and while the server dies; what follows
 * from them is always the same.
 */
export const notices: FaultKind = {
  name: 'notices',
  mustCheck: ['events told', 'told twice', 'refused', 'payments', 'servers killed'],
  async start({ sizes, rng }) {
    const times = sizes.small ? CASES.small : CASES.full;
    const cases = Array.from({ length: times }, (_, nth) => ({
      name: `order ${nth}`,
      async run() {
        const found = new Findings();
        await tellAll(found, await sharedWorld(), rng(`order ${nth}`), nth % 4 === 0);
        return found.result();
      },
    }));
    return { cases };
  },
};

/** A payment with all that may happen to one. @returns what Stripe tells of it, and what it holds then */
async function eventful(world: HubWorld, rng: Rng) {
  readers += 1;
  const { books } = world.stripe;
  const from = books.events.length;
  const asked = await world.paid(9_000, `tmr_n${readers}`);
  const id = [...books.intents.values()].find(({ metadata }) => metadata['key'] === asked.key)?.id;
  if (id === undefined) throw new Error('Stripe knows nothing of it');
  let cents = 9_000;
  if (rng.chance(0.6)) {
    const body = { key: newId(), does: 'refund', amountCents: 1_000, reasonCode: 'goodwill' };
    await world.ask('manager', PAYMENT_PATHS.giveBack, { ...body, intentId: asked.intentId });
    cents -= 1_000;
  }
  if (rng.chance(0.6)) {
    books.refundOutside(id, 700);
    cents -= 700;
  }
  const isLost = rng.chance(0.5);
  if (isLost || rng.chance(0.5)) {
    const dispute = books.dispute(id);
    books.closeDispute(dispute.id, isLost ? 'lost' : 'won');
    if (isLost) cents -= 9_000;
  }
  return { asked, cents, events: books.events.slice(from) };
}

async function tellAll(found: Findings, world: HubWorld, rng: Rng, kills: boolean): Promise<void> {
  const { asked, cents, events } = await eventful(world, rng);
  const twice = events.filter(() => rng.chance(0.5));
  found.checked('told twice', twice.length);
  const order = rng.sample([...events, ...twice], events.length + twice.length);
  const dies = kills ? rng.int(0, order.length - 1) : -1;
  for (const [nth, event] of order.entries()) {
    if (rng.chance(0.2)) await mustRefuse(found, world, event);
    const said = world.stripe.deliver(event, world.hook);
    if (nth === dies) {
      await world.kill();
      found.checked('servers killed');
      await world.startAgain();
    }
    // Stripe tells again what nobody has said to have.
    if ((await said) !== 200 && (await world.stripe.deliver(event, world.hook)) !== 200) {
      found.silent(`${event.type} is not taken in`);
    }
    found.checked('events told');
  }
  const ours = await world.ourCents(asked.intentId);
  found.checked('payments');
  if (ours !== cents) found.lost(`we hold ${ours}, ${cents} is right`);
  const { rows } = await world.admin.query<{ n: number; open: number }>(
    `select count(*)::int as n, count(*) filter (where applied_at is null)::int as open
       from private.payment_notices where id = any ($1)`,
    [events.map(({ id }) => id)],
  );
  if (rows[0]?.n !== events.length) found.lost(`${events.length - (rows[0]?.n ?? 0)} events`);
  // Of readers it is told as well: nothing follows from that, and that is noted.
  if (rows[0]?.open !== 0) found.silent(`${rows[0]?.open} events without an end`);
  const before = await world.facts(asked.intentId);
  for (const event of events) await world.stripe.deliver(event, world.hook);
  const after = await world.facts(asked.intentId);
  if (after.length !== before.length) found.torn('told again, they wrote more facts');
}

async function mustRefuse(found: Findings, world: HubWorld, event: StripeEvent): Promise<void> {
  const said = await world.stripe.deliver(event, { ...world.hook, secret: 'whsec_of_nobody' });
  found.checked('refused');
  if (said !== 403) found.problem(`a wrong signature was answered with ${said}`);
}
