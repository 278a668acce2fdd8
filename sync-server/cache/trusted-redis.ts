import type { Cluster, Redis } from 'ioredis';
import type { Logger } from '#shared/logging/logger.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';
import type { SharedStore } from './cache-manager.ts';
import { DATA_TYPE_NAMES } from './data-types.ts';
import { createRedisStore } from './redis-store.ts';
import type { Sealing } from './sealing.ts';

/** After a failure it is left alone for so long, milliseconds: each try may cost a whole time-out. */
const PAUSE_MS = 500;
/** At most one line of complaint in this time while Redis is away. */
const COMPLAIN_EVERY_MS = 30_000;

/**
 * Redis as a shared place that is trusted only while nothing can have been missed. Whatever interrupts it
 * (a failure, a time-out, a new connection, which may lead to another master that lost the last writes)
 * ends the trust; it comes back once every type was cleared. So this replica never reads from it what was
 * there before a change of its own that did not reach it.
 */
export function trustRedis(
  redis: Redis | Cluster,
  log: Logger,
  sealing: Sealing | null,
): { readonly shared: SharedStore; readonly sealed: (SharedStore & Sealing) | null } {
  const store = createRedisStore(redis);
  let trusted = false;
  let clearing = false;
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  let complainedAt = Number.NEGATIVE_INFINITY;
  /** Failures so far: one that comes while it is cleared makes that worth nothing. */
  let failures = 0;

  const complain = (error: unknown): void => {
    const now = performance.now();
    if (stopped || now - complainedAt < COMPLAIN_EVERY_MS) return;
    complainedAt = now;
    log.warn('redis is away, nothing is kept in it', safeErrorFields(error));
  };
  const later = (): void => {
    if (stopped) return;
    timer ??= setTimeout(() => {
      timer = null;
      void begin();
    }, PAUSE_MS);
    timer.unref();
  };
  const begin = async (): Promise<void> => {
    if (stopped || clearing || trusted) return;
    if (redis.status !== 'ready') return;
    clearing = true;
    const before = failures;
    try {
      await Promise.all(DATA_TYPE_NAMES.map((type) => store.clear(type)));
      trusted = before === failures;
      if (!trusted) later();
    } catch (error) {
      complain(error);
      later();
    } finally {
      clearing = false;
    }
  };
  const missed = (): void => {
    failures += 1;
    trusted = false;
    later();
  };
  const failed = (error: unknown): void => {
    missed();
    complain(error);
  };
  redis.on('error', complain);
  redis.on('close', () => failed(new Error('the connection to redis ended')));
  redis.on('ready', () => void begin());
  // The connection may stand already.
  void begin();

  const rest = {
    isTrusted: () => trusted,
    failed,
    missed,
    stop() {
      stopped = true;
      trusted = false;
      if (timer) clearTimeout(timer);
    },
  };
  return {
    shared: { store, ...rest },
    sealed: sealing && { store: createRedisStore(redis, sealing), ...rest, ...sealing },
  };
}
