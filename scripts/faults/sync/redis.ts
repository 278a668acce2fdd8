import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findRedis, startRedis } from '#stack/redis.ts';
import { freePort } from '#stack/free-port.ts';
import type { FaultKind } from '../fault-kind.ts';
import { ALWAYS_CHECKED, checkAll } from './checks.ts';
import { keepWorking } from './kills.ts';
import { caseIn } from './with-clinic.ts';
import type { InClinic } from './with-clinic.ts';

/** Redis carries notices between two replicas: it is flushed, it goes, it comes back. */
export const redis: FaultKind = {
  name: 'redis',
  mustCheck: [...ALWAYS_CHECKED, 'times flushed', 'times away', 'replicas'],
  async start(context) {
    if ((await findRedis()) === undefined) throw new Error('there is no Redis on this machine');
    const port = await freePort();
    let running = await startRedis({ port });
    const url = running.url;
    const end = (): Promise<void> => running.stop();
    const away = async (ms: number): Promise<void> => {
      await running.stop();
      await sleep(ms);
      running = await startRedis({ port });
    };
    const options = { redisUrl: url, servers: 2 };
    const work = (inClinic: InClinic): Promise<void> => run(inClinic, url, away);
    return { cases: [caseIn(context, 'two replicas', work, options)], end };
  },
};

async function run(
  inClinic: InClinic,
  url: string,
  away: (ms: number) => Promise<void>,
): Promise<void> {
  const { found, clinic, pool, rng, small, device } = inClinic;
  const devices = await Promise.all([
    device('at-first', { server: 0 }),
    device('at-second', { server: 1 }),
  ]);
  found.checked('replicas', clinic.servers.length);
  for (const each of devices) keepWorking(each, pool, rng.uint32(), 50);
  for (let round = 0; round < (small ? 1 : 10); round += 1) {
    await sleep(rng.int(100, 500));
    const client = new Redis(url);
    await client.flushall();
    client.disconnect();
    found.checked('times flushed');
    await away(rng.int(500, 3_000));
    found.checked('times away');
  }
  for (const each of devices) await each.call('rest', null);
  // A notice that was lost with Redis is made up for when it is back.
  await checkAll(found, clinic, devices);
}
