import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '#shared/kernel/ids.ts';
import { PAYMENT_PATHS } from '#shared/protocol/payments.ts';
import type { Meddler, Trouble } from '#stack/stripe/stripe.ts';
import type { Rng } from '../../demo-data/rng.ts';
import { Findings } from '../fault-kind.ts';
import type { FaultKind } from '../fault-kind.ts';
import { sharedWorld } from './world.ts';
import type { HubWorld } from './world.ts';

/** Calls that a payment and a refund make, at most; a fault at a later one meets nothing, and says so. */
const CALLS = { take: 7, refund: 1 } as const;
type Does = keyof typeof CALLS;
const STAGES = ['before', 'acted', 'answered'] as const;
type Stage = (typeof STAGES)[number];
const TROUBLES = [
  'drops',
  'drops-after',
  'hangs',
  'hangs-after',
  'fault',
  'fault-after',
  'busy',
  'in-use',
] as const satisfies readonly Trouble[];
/** Tries of one call by the hub, and the one that the library makes by itself. */
const ALL_TRIES = 4;
const AMOUNT = 4_500;

/** Who asks for it: again and again until it is over, or once. */
type Asker = 'asks again' | 'goes away';
let readers = 0;

/** What was found of one payment, by what Stripe and by what we have. */
async function judge(
  found: Findings,
  world: HubWorld,
  asked: { readonly key: string; readonly intentId: string; readonly takeKey: string },
  does: Does,
): Promise<void> {
  const kept = await world.kept(asked.key);
  const theirs = world.theirs(asked.takeKey);
  const ours = await world.ourCents(asked.intentId);
  found.checked('payments');
  if (theirs.taken > 1) found.torn(`charged ${theirs.taken} times`);
  if (does === 'refund' && world.refundsOf(asked.key) > 1) found.torn('given back twice');
  // A command that the server never kept was answered to nobody: nothing may have come of it.
  if (kept === null) {
    found.checked('never asked for');
    if (theirs.taken > 0 && does === 'take') found.lost('charged, and nobody knows');
    return;
  }
  if (!kept.isOver) found.silent(`${does} is ${kept.state} after the time to settle`);
  found.checked(`ended ${kept.state}`);
  if (ours !== theirs.cents) found.lost(`we hold ${ours}, Stripe ${theirs.cents} (${kept.state})`);
  if (does === 'take' && (kept.state === 'done') !== (theirs.taken === 1)) {
    found.torn(`is ${kept.state}, and taken ${theirs.taken} times`);
  }
  if (theirs.held > 0) found.torn('money is held that nobody takes');
  const succeeded = (await world.facts(asked.intentId)).filter(
    ({ event }) => event === 'succeeded',
  );
  if (succeeded.length > 1) found.torn(`${succeeded.length} facts of one taking`);
}

/** Asks for a payment or a refund while something happens to it, until it is over. */
async function run(
  world: HubWorld,
  does: Does,
  asker: Asker,
  rng: Rng,
  begin: () => Meddler,
): Promise<{ key: string; intentId: string; takeKey: string; met: () => boolean }> {
  readers += 1;
  const readerId = `tmr_${readers}`;
  const take = does === 'take' ? world.wish(AMOUNT, readerId) : await world.paid(AMOUNT, readerId);
  const back = { intentId: take.intentId, does: 'refund', amountCents: 1_500 };
  const asked = does === 'take' ? take : { ...back, key: newId(), reasonCode: 'visit_not_charged' };
  const path = does === 'take' ? PAYMENT_PATHS.begin : PAYMENT_PATHS.giveBack;
  const who = does === 'take' ? 'desk' : 'manager';
  const ask = () => world.ask(who, path, asked);
  const holdCard = (): void => {
    if (world.stripe.books.readers.get(readerId)?.status === 'in_progress') {
      world.stripe.present(readerId);
    }
  };
  let met = false;
  const meddler = begin();
  world.stripe.meddler = {
    ...meddler,
    before: async (call) => {
      const trouble = (await meddler.before?.(call)) ?? 'ok';
      met ||= trouble !== 'ok';
      return trouble;
    },
  };
  try {
    const first = await ask();
    await sleep(rng.int(0, 60));
    holdCard();
    const look = (): void => void world.ask('desk', PAYMENT_PATHS.look, { key: asked.key });
    if (asker === 'asks again') {
      if (first === null) await waitFor(async () => (await ask()) !== null);
      holdCard();
      look();
    }
    await world.settled(asked.key, holdCard);
  } finally {
    world.stripe.meddler = null;
  }
  return { key: asked.key, intentId: take.intentId, takeKey: take.key, met: () => met };
}

async function waitFor(is: () => Promise<boolean>): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until; await sleep(100)) {
    if (await is()) return;
  }
}

/** The server dies at a step of a call to Stripe, and comes back. */
export const crashes: FaultKind = {
  name: 'crashes',
  mustCheck: ['servers killed', 'payments', 'ended done'],
  async start({ sizes, rng }) {
    const all = (Object.keys(CALLS) as Does[]).flatMap((does) =>
      Array.from({ length: CALLS[does] }, (_, nth) => nth).flatMap((nth) =>
        STAGES.flatMap((stage) =>
          (['asks again', 'goes away'] as const).map((asker) => ({ does, nth, stage, asker })),
        ),
      ),
    );
    const chosen = sizes.small ? rng('crashes').sample(all, 6) : all;
    const cases = chosen.map(({ does, nth, stage, asker }) => {
      const name = `${does} call ${nth} ${stage}, ${asker}`;
      return {
        name,
        async run() {
          const found = new Findings();
          const world = await sharedWorld();
          const own = rng(name);
          let back: Promise<void> | null = null;
          const asked = await run(world, does, asker, own, () =>
            killer(world, nth, stage, () => {
              found.checked('servers killed');
              back = world.startAgain();
            }),
          );
          await (back as Promise<void> | null);
          await judge(found, world, asked, does);
          return found.result();
        },
      };
    });
    return { cases };
  },
};

/** Kills the server once, at a stage of the nth call from now. */
function killer(world: HubWorld, nth: number, stage: Stage, killed: () => void): Meddler {
  let seen = -1;
  let isDone = false;
  const at = async (which: Stage): Promise<boolean> => {
    if (isDone || which !== stage || seen !== nth) return false;
    isDone = true;
    await world.kill();
    killed();
    return true;
  };
  return {
    before: async () => {
      seen += 1;
      return (await at('before')) ? 'drops' : 'ok';
    },
    acted: async () => void (await at('acted')),
    answered: async () => void (await at('answered')),
  };
}

/** Stripe answers late, wrongly or not at all. */
export const answers: FaultKind = {
  name: 'answers',
  mustCheck: ['payments', 'faults met', 'ended done'],
  async start({ sizes, rng }) {
    const all = (Object.keys(CALLS) as Does[]).flatMap((does) =>
      Array.from({ length: CALLS[does] }, (_, nth) => nth).flatMap((nth) =>
        TROUBLES.flatMap((trouble) =>
          [1, ALL_TRIES].map((times) => ({ does, nth, trouble, times })),
        ),
      ),
    );
    const chosen = sizes.small ? rng('answers').sample(all, 12) : all;
    const cases = chosen.map(({ does, nth, trouble, times }) => {
      const name = `${does} call ${nth} ${trouble} ${times === 1 ? 'once' : 'each try'}`;
      return {
        name,
        async run() {
          const found = new Findings();
          const world = await sharedWorld();
          const own = rng(name);
          const asked = await run(world, does, own.pick(['asks again', 'goes away']), own, () => {
            let seen = -1;
            return {
              before: () => {
                seen += 1;
                return seen >= nth && seen < nth + times ? trouble : 'ok';
              },
            };
          });
          if (asked.met()) found.checked('faults met');
          await judge(found, world, asked, does);
          return found.result();
        },
      };
    });
    return { cases };
  },
};
