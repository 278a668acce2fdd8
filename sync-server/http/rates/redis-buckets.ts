import type { Cluster, Redis } from 'ioredis';
import { z } from 'zod';
import { allowanceOf, sizesOf } from './bucket.ts';
import type { Buckets } from './bucket.ts';

/**
 * By the clock of Redis, which is one for all replicas. The key holds when the subject will have used nothing,
 * and is gone by then.
 */
const TAKE = `
  local time = redis.call('TIME')
  local now = time[1] * 1000 + time[2] / 1000
  local step, most = tonumber(ARGV[1]), tonumber(ARGV[2])
  local debt = math.max(0, tonumber(redis.call('GET', KEYS[1]) or '0') - now)
  if debt + step > most + 0.001 then return {0, tostring(debt)} end
  debt = debt + step
  redis.call('SET', KEYS[1], string.format('%.3f', now + debt), 'PX', math.ceil(debt))
  return {1, tostring(debt)}`;

const Answer = z.tuple([z.number(), z.coerce.number()]);

/** Counts in Redis, for all replicas together. @throws what Redis fails with */
export function createRedisBuckets(redis: Redis | Cluster): Buckets {
  redis.defineCommand('gangerTake', { numberOfKeys: 1, lua: TAKE });
  const { gangerTake } = redis as unknown as {
    gangerTake: (this: unknown, key: string, step: number, most: number) => Promise<unknown>;
  };
  return {
    async take(subject, rate) {
      const { step, most } = sizesOf(rate);
      const answer = await gangerTake.call(redis, `ganger:r1:${subject}`, step, most);
      const [allowed, debt] = Answer.parse(answer);
      return allowanceOf(rate, allowed === 1, debt);
    },
  };
}
