import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Redis } from 'ioredis';
import type { Cluster } from 'ioredis';
import { freePort } from '#stack/free-port.ts';
import { startRedis } from '#stack/redis.ts';
import type { RunningRedis } from '#stack/redis.ts';
import { oneRedis } from '../config/redis-config.ts';
import type { RedisConfig } from '../config/redis-config.ts';
import { describeCacheStore } from '../testing/cache-store.suite.ts';
import { openRedis } from './redis-link.ts';
import { createRedisStore } from './redis-store.ts';
import { createSealing } from './sealing.ts';

let single: RunningRedis;
let node: RunningRedis;
let sentinel: RunningRedis;
const links: (Redis | Cluster)[] = [];

/** Waits until a connection can be used. */
async function ready(config: RedisConfig): Promise<Redis | Cluster> {
  const link = openRedis(config);
  link.on('error', () => undefined);
  links.push(link);
  if (link.status !== 'ready') {
    await new Promise<void>((resolve) => void link.once('ready', () => resolve()));
  }
  return link;
}
const open: Record<string, Redis | Cluster> = {};
const linkOf = (name: string): Redis | Cluster => {
  const link = open[name];
  if (!link) throw new Error('not connected');
  return link;
};

beforeAll(async () => {
  const busPort = await freePort();
  [single, node] = await Promise.all([
    startRedis(),
    startRedis({
      settings: {
        'cluster-enabled': 'yes',
        'cluster-port': String(busPort),
        'cluster-announce-ip': '127.0.0.1',
      },
    }),
  ]);
  const alone = new Redis(node.url);
  await alone.cluster('ADDSLOTSRANGE', 0, 16_383);
  while (!String(await alone.cluster('INFO')).includes('cluster_state:ok')) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  alone.disconnect();
  sentinel = await startRedis({ sentinelOf: { name: 'ganger', port: single.port } });
  open['single'] = await ready(oneRedis(single.url));
  open['cluster'] = await ready({ mode: 'cluster', urls: [node.url], master: null });
  open['sentinel'] = await ready({ mode: 'sentinel', urls: [sentinel.url], master: 'ganger' });
});
afterAll(async () => {
  for (const link of links) link.disconnect();
  await Promise.all([sentinel, single, node].map((running) => running.stop()));
});

describeCacheStore('single', () => createRedisStore(linkOf('single')));
describeCacheStore('cluster', () => createRedisStore(linkOf('cluster')));
describeCacheStore('sentinel', () => createRedisStore(linkOf('sentinel')));
describeCacheStore('sealed', () =>
  createRedisStore(linkOf('single'), createSealing('ab'.repeat(32))),
);

describe('in Redis', () => {
  const place = { type: 'lost', key: 'a', tags: ['x', 'y'] };
  const entry = { value: 'old', freshUntil: 1, until: 2 };
  const fill = async (): Promise<Redis> => {
    const redis = linkOf('single') as Redis;
    const store = createRedisStore(redis);
    await store.write(place, entry, (await store.read(place)).mark, 60_000);
    expect((await store.read(place)).entry).toEqual(entry);
    return redis;
  };
  const seen = async (): Promise<unknown> =>
    (await createRedisStore(linkOf('single')).read(place)).entry?.value;

  test('what is lost takes values with it, and none comes back', async () => {
    // As an eviction would: any one of the keys behind a value, in turn.
    for (const which of [':g', ':t:x', ':t:y', ':v:a']) {
      const redis = await fill();
      const kept = await redis.get('{ganger:c1:lost}:v:a');
      expect(await redis.del(`{ganger:c1:lost}${which}`)).toBe(1);
      expect([which, await seen()]).toEqual([which, undefined]);
      // A replica of Redis that was behind: the value stands there again.
      if (which !== ':v:a') {
        await redis.set('{ganger:c1:lost}:v:a', kept ?? '');
        expect([which, await seen()]).toEqual([which, undefined]);
      }
    }
    const redis = await fill();
    await redis.flushall();
    expect(await seen()).toBeUndefined();
  });

  test('what is no value of ours is none', async () => {
    const redis = await fill();
    for (const text of ['', 'null', '{"m":1}', 'garbage', '{"v":"old"}']) {
      await redis.set('{ganger:c1:lost}:v:a', text);
      expect(await seen()).toBeUndefined();
    }
  });

  test('a sweep leaves no keys that fit, and everything has an end', async () => {
    const redis = linkOf('single') as Redis;
    await redis.flushall();
    const store = createRedisStore(redis);
    for (let n = 0; n < 1_200; n += 1) {
      const at = { type: 'swept', key: `${n % 2}/${n}`, tags: ['x'] };
      await store.write(at, entry, 'g x', 60_000);
    }
    await store.sweep('swept', '0/*');
    expect((await redis.keys('*:v:0/*')).length).toBe(0);
    const left = await redis.keys('*');
    expect(left.length).toBe(601);
    for (const key of left.slice(0, 50)) expect(await redis.pttl(key)).toBeGreaterThan(0);
  });
});
