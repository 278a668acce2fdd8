import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Redis } from 'ioredis';
import type { Cluster } from 'ioredis';
import { createLogger } from '#shared/logging/logger.ts';
import { startCutProxy } from '#stack/cut-proxy.ts';
import { startRedis } from '#stack/redis.ts';
import type { RunningRedis } from '#stack/redis.ts';
import { oneRedis } from '../config/redis-config.ts';
import { openCache } from './cache.ts';
import { openRedis } from './redis-link.ts';
import type { CacheManager } from './cache-manager.ts';

/** Two replicas over one Redis, and what stands in the database that both read. */
let redis: RunningRedis;
let here: CacheManager;
let there: CacheManager;
let truth = 0;
const lines: string[] = [];
const at = { key: 'k', tags: ['item_locations#1'] };
const changed = [{ table: 'item_locations', parts: ['org'], ids: ['1'] }] as const;

const links: (Redis | Cluster)[] = [];
function linkTo(url: string): Redis | Cluster {
  const link = openRedis(oneRedis(url));
  links.push(link);
  return link;
}
const open = (url: string): CacheManager =>
  openCache({
    redis: linkTo(url),
    sealKey: 'ab'.repeat(32),
    clock: { now: Date.now },
    log: createLogger({ level: 'info', write: (line) => lines.push(line) }),
  });
const read = (cache: CacheManager): Promise<number | null> =>
  cache.through('inventory', { ...at, load: async () => truth });
const write = async (cache: CacheManager): Promise<void> => {
  truth += 1;
  await cache.committed(changed);
};
const hits = (cache: CacheManager): number => cache.stats().types.inventory.hits;
/** Until a read is answered from Redis. */
async function warm(cache: CacheManager): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const before = hits(cache);
    expect(await read(cache)).toBe(truth);
    if (hits(cache) > before) return;
    await sleep(50);
  }
  throw new Error('redis is not used');
}

beforeAll(async () => {
  redis = await startRedis();
  here = open(redis.url);
  there = open(redis.url);
});
beforeEach(async () => {
  await warm(here);
  await warm(there);
});
afterAll(async () => {
  here.stop();
  there.stop();
  for (const link of links) link.disconnect();
  await redis.stop();
});

test('what one replica reads the other need not, and a change on one is seen on both', async () => {
  const before = there.stats().types.inventory.misses;
  expect(await read(there)).toBe(truth);
  expect(there.stats().types.inventory.misses).toBe(before);
  await write(there);
  expect([await read(here), await read(there)]).toEqual([truth, truth]);
});

test('values with PHI lie in Redis sealed, under names that say nothing', async () => {
  const wanted = { key: 'Jane Roe', tags: ['patients#Jane Roe'], load: async () => 'Jane Roe' };
  expect(await here.through('patient', wanted)).toBe('Jane Roe');
  expect(await there.get('patient', wanted)).toBe('Jane Roe');
  const raw = new Redis(redis.url);
  const keys = await raw.keys('*patient*');
  const values = await raw.mget(...keys);
  expect(keys.length).toBeGreaterThan(2);
  expect([...keys, ...values].join()).not.toContain('Jane');
  raw.disconnect();
});

test('flushed, stopped and started again: nobody reads what was before a change', async () => {
  for (let round = 0; round < 3; round += 1) {
    const raw = new Redis(redis.url);
    await raw.flushall();
    raw.disconnect();
    await write(here);
    expect([await read(here), await read(there)]).toEqual([truth, truth]);
  }
  const { port } = redis;
  await redis.stop();
  const began = performance.now();
  for (let n = 0; n < 50; n += 1) {
    await write(n % 2 ? here : there);
    expect([await read(here), await read(there)]).toEqual([truth, truth]);
  }
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(here.stats().types.inventory.passed).toBeGreaterThan(0);
  redis = await startRedis({ port });
  for (let n = 0; n < 100; n += 1) {
    await write(n % 2 ? here : there);
    expect([await read(here), await read(there)]).toEqual([truth, truth]);
    await sleep(10);
  }
  await warm(here);
  await warm(there);
  expect(lines.some((line) => line.includes('redis is away'))).toBe(true);
});

test('a replica that was cut off does not read what was there before its own changes', async () => {
  const line = await startCutProxy({ target: { host: '127.0.0.1', port: redis.port } });
  const third = open(`redis://127.0.0.1:${line.port}`);
  await warm(third);
  for (let round = 0; round < 3; round += 1) {
    line.cut();
    await write(third);
    expect(await read(third)).toBe(truth);
    line.restore();
    for (let n = 0; n < 20; n += 1) {
      expect(await read(third)).toBe(truth);
      await sleep(10);
    }
    await warm(third);
    // What it could not tell the others of, they know once it is back.
    expect([await read(here), await read(there)]).toEqual([truth, truth]);
  }
  third.stop();
  await line.close();
});

test('a connection that stood before the cache was opened is used', async () => {
  const link = linkTo(redis.url);
  await new Promise<void>((resolve) => void link.once('ready', () => resolve()));
  const late = openCache({
    redis: link,
    sealKey: null,
    clock: { now: Date.now },
    log: createLogger({ level: 'info', write: (line) => lines.push(line) }),
  });
  await warm(late);
  late.stop();
});
