import type { Cluster, Redis } from 'ioredis';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { createCacheManager } from './cache-manager.ts';
import type { CacheManager, CacheParts } from './cache-manager.ts';
import { dataTypeOf } from './data-types.ts';
import type { DataTypeName } from './data-types.ts';
import { createMemoryStore } from './memory-store.ts';
import { createSealing } from './sealing.ts';
import { trustRedis } from './trusted-redis.ts';

/** The cache of a server: over Redis where there is one, else in its own memory. */
export function openCache(options: {
  /** The connection to Redis, which stays the caller's to end. */
  readonly redis: Redis | Cluster | null;
  /** 32 bytes as hexadecimal digits; null: values with PHI are not kept in Redis. */
  readonly sealKey: string | null;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onLookup?: CacheParts['onLookup'];
}): CacheManager {
  const { redis, sealKey, clock, log, onLookup } = options;
  const memory = createMemoryStore((type) => dataTypeOf(type as DataTypeName).most);
  const outside = redis && trustRedis(redis, log, sealKey === null ? null : createSealing(sealKey));
  return createCacheManager({
    memory,
    shared: outside?.shared ?? null,
    sealed: outside?.sealed ?? null,
    clock,
    log,
    onLookup,
  });
}
