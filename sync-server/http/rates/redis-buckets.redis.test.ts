import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Cluster, Redis } from 'ioredis';
import { newId } from '#shared/kernel/ids.ts';
import { startRedis } from '#stack/redis.ts';
import type { RunningRedis } from '#stack/redis.ts';
import { openRedis } from '../../cache/redis-link.ts';
import { oneRedis } from '../../config/redis-config.ts';
import { describeBuckets } from '../../testing/buckets.suite.ts';
import { createRedisBuckets } from './redis-buckets.ts';

let redis: RunningRedis;
let links: (Redis | Cluster)[];
beforeAll(async () => {
  redis = await startRedis();
  links = [openRedis(oneRedis(redis.url)), openRedis(oneRedis(redis.url))];
  await Promise.all(
    links.map((link) => new Promise<void>((resolve) => void link.once('ready', () => resolve()))),
  );
});
afterAll(async () => {
  for (const link of links) link.disconnect();
  await redis.stop();
});

const bucketsOf = (nth: number) => {
  const link = links[nth];
  if (!link) throw new Error('not connected');
  return createRedisBuckets(link);
};
describeBuckets('redis', () => ({ buckets: bucketsOf(0), pass: (ms) => sleep(ms) }));

test('replicas count together', async () => {
  const rate = { perSecond: 0.01, burst: 10 };
  const subject = newId();
  const both = [bucketsOf(0), bucketsOf(1)] as const;
  const taken = await Promise.all(
    Array.from({ length: 40 }, (_, n) => both[n % 2 === 0 ? 0 : 1].take(subject, rate)),
  );
  expect(taken.filter(({ allowed }) => allowed).length).toBe(10);
});

test('a key is gone when its subject has used nothing, and says nobody’s address', async () => {
  const subject = newId();
  await bucketsOf(0).take(subject, { perSecond: 20, burst: 5 });
  const key = `ganger:r1:${subject}`;
  expect(await links[0]?.pttl(key)).toBeLessThanOrEqual(50);
  await sleep(80);
  expect(await links[0]?.exists(key)).toBe(0);
});
