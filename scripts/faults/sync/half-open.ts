import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll, checkSettled } from './checks.ts';
import { keepWorking } from './kills.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

/** Until a silent connection is given up: a ping every 20 s with 10 s for its answer, 30 s a request. */
const FOUND_OUT_MS = 30_000;

/** Connections that die without a word, for requests and for the live connection. */
export const halfOpen: FaultKind = {
  name: 'half-open',
  mustCheck: [...ALWAYS_CHECKED, 'connections stranded', 'black holes'],
  async start(context) {
    const { small } = context.sizes;
    return {
      cases: [
        caseIn(context, 'told that the network is back', (inClinic) => run(inClinic, true)),
        ...(small ? [] : [caseIn(context, 'told nothing', (inClinic) => run(inClinic, false))]),
      ],
    };
  },
};

async function run(inClinic: InClinic, isTold: boolean): Promise<void> {
  const { found, clinic, pool, rng, small, device } = inClinic;
  const devices = await Promise.all([device('stranded'), device('other')]);
  const [stranded] = devices;
  if (!stranded) return;
  for (const each of devices) keepWorking(each, pool, rng.uint32(), 50);
  for (let round = 0; round < (small ? 1 : 5); round += 1) {
    await sleep(rng.int(100, 600));
    const { open } = stranded.network.server.stats();
    stranded.network.server.strand();
    found.checked('connections stranded', open);
    if (isTold) {
      await sleep(200);
      await stranded.call('sync', null);
    }
    stranded.network.server.blackhole();
    await sleep(small ? 500 : 5_000);
    stranded.network.server.restore();
    found.checked('black holes');
  }
  for (const each of devices) await each.call('rest', null);
  if (isTold) await stranded.call('sync', null);
  await checkSettled(found, clinic, devices, FOUND_OUT_MS + 30_000);
  await checkAll(found, clinic, devices);
}
