import { setTimeout as sleep } from 'node:timers/promises';
import { derivedId, newId } from '#shared/kernel/ids.ts';
import type { Rng } from '../../demo-data/rng.ts';
import { Findings } from '../fault-kind.ts';
import type { FaultKind } from '../fault-kind.ts';
import { sharedWorld } from './world.ts';
import type { HubWorld } from './world.ts';

/** A job of a server that died is another's after half a minute; then come the waits between tries. */
const SETTLE_WITHIN_MS = 150_000;
/** A wish is found by the relay within so long, and then begun. */
const BEGUN_WITHIN_MS = 30_000;

const STAGES = ['before', 'acted', 'answered'] as const;
const TROUBLES = ['drops', 'drops-after', 'hangs-after', 'fault', 'fault-after', 'busy'] as const;
type Fault =
  | { readonly kill: (typeof STAGES)[number] }
  | { readonly trouble: (typeof TROUBLES)[number] };
const FAULTS: readonly Fault[] = [
  ...STAGES.map((kill) => ({ kill })),
  ...TROUBLES.map((trouble) => ({ trouble })),
];

/**
 * Messages through a partner that takes no key and cannot be asked: the server dies at each step of a call,
 * and the partner answers late, wrongly or not at all. At most one goes out, and each has an end that people
 * see.
 */
export const messages: FaultKind = {
  name: 'messages',
  mustCheck: ['messages', 'servers killed', 'ended sent', 'ended unknown'],
  async start({ sizes, rng }) {
    const times = sizes.small ? 1 : 4;
    return {
      cases: Array.from({ length: times }, (_, nth) => ({
        name: `round ${nth}`,
        async run() {
          const found = new Findings();
          const own = rng(`round ${nth}`);
          const faults = sizes.small ? SMALL : own.sample(FAULTS, FAULTS.length);
          await sendAll(found, await sharedWorld(), own, faults);
          return found.result();
        },
      })),
    };
  },
};
const SMALL: readonly Fault[] = [{ kill: 'acted' }, { kill: 'before' }, { trouble: 'busy' }];

async function sendAll(
  found: Findings,
  world: HubWorld,
  rng: Rng,
  faults: readonly Fault[],
): Promise<void> {
  const wishes: { readonly id: string; readonly text: string; readonly fault: string }[] = [];
  const { posts } = world;
  for (const fault of faults) {
    const text = `PO-${rng.hex(10)}`;
    const met = Promise.withResolvers<void>();
    let back: Promise<void> | null = null;
    if ('trouble' in fault) posts.trouble = fault.trouble;
    posts.onCall = async (stage) => {
      if ('kill' in fault && stage === fault.kill) {
        await world.kill();
        found.checked('servers killed');
        back = world.startAgain();
      }
      if (!('kill' in fault) || stage === fault.kill) met.resolve();
    };
    wishes.push({ id: await wishFor(world, text), text, fault: JSON.stringify(fault) });
    await Promise.race([met.promise, sleep(BEGUN_WITHIN_MS)]);
    await (back as Promise<void> | null);
    posts.onCall = null;
  }
  const until = Date.now() + SETTLE_WITHIN_MS;
  for (const wish of wishes) {
    const count = (): number => posts.taken.filter((words) => words.includes(wish.text)).length;
    let end = await endOf(world, wish.id);
    for (; end === null && Date.now() < until; await sleep(200)) end = await endOf(world, wish.id);
    found.checked('messages');
    if (count() > 1) found.torn(`${wish.fault}: sent ${count()} times`);
    if (end === null) {
      found.silent(`${wish.fault}: has no end`);
      continue;
    }
    found.checked(`ended ${end}`);
    if (end === 'sent' && count() === 0) found.lost(`${wish.fault}: said to be sent`);
    if (end === 'failed' && count() > 0) found.lost(`${wish.fault}: said to have failed`);
  }
}

/** Somebody wants the summary of an order posted. @returns the id of its effect */
async function wishFor(world: HubWorld, no: string): Promise<string> {
  const { admin, site } = world;
  const [vendor, order, send] = [newId(), newId(), newId()];
  const id = derivedId('effect', 'order.summary', send);
  const stamp = '019b0b000000-0000-0000000000aa';
  await admin.query('begin');
  try {
    // As if it had been ordered long since: how orders come to that is not what is looked at here.
    await admin.query('set local session_replication_role = replica');
    await admin.query(
      `insert into public.vendors (id, name, order_channel, active)
       values ($1, 'Henry Vendor', 'email', true)`,
      [vendor],
    );
    await admin.query(
      `insert into public.purchase_orders (id, location_id, vendor_id, urgency, status, po_no)
       values ($1, $2, $3, 'routine', 'ordered', $4)`,
      [order, site, vendor, no],
    );
    await admin.query(
      `insert into public.order_sends (id, hlc, location_id, order_id, channel, language)
       values ($1, $2, $3, $4, 'slack', 'en')`,
      [send, stamp, site, order],
    );
    await admin.query(
      `insert into private.outbox (id, kind, audience, table_name, row_id, location_id)
       values ($1, 'order.summary', 'outside', 'order_sends', $2, $3)`,
      [id, send, site],
    );
    await admin.query('commit');
  } catch (error) {
    await admin.query('rollback');
    throw error;
  }
  return id;
}

/** How an effect ended, as people see it. Null: it has not. */
async function endOf(world: HubWorld, id: string): Promise<string | null> {
  const { rows } = await world.admin.query<{ event: string; shown: boolean }>(
    `select e.event, o.done_at is not null or o.failed_at is not null as shown
       from private.outbox o join public.order_send_events e on e.send_id = o.row_id
      where o.id = $1 order by e.occurred_at desc limit 1`,
    [id],
  );
  return rows[0]?.shown ? rows[0].event : null;
}
