import { Cluster, Redis } from 'ioredis';
import type { RedisConfig } from '../config/redis-config.ts';

/** Longest wait for an answer: one that hangs must not hold a request up. */
const ANSWER_WITHIN_MS = 250;
const CONNECT_WITHIN_MS = 2_000;

const backOff = (attempt: number): number => Math.min(100 * 2 ** attempt, 5_000);

/**
 * A connection to Redis, as it is set up: to one, to the master that Sentinels name, or to a Cluster. Nothing
 * waits for a Redis that is away: what is asked then fails at once.
 * @param answers false for a connection that listens for hours
 */
export function openRedis(config: RedisConfig, answers = true): Redis | Cluster {
  const { mode, urls, master } = config;
  const addresses = urls.map((url) => new URL(url));
  const [first] = addresses;
  if (!first) throw new Error('no address of Redis');
  const { username, password } = first;
  const common = {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_WITHIN_MS,
    ...(answers ? { commandTimeout: ANSWER_WITHIN_MS, enableAutoPipelining: true } : {}),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(first.protocol === 'rediss:' ? { tls: {} } : {}),
  };
  const nodes = addresses.map(({ hostname, port }) => ({
    host: hostname.replaceAll(/^\[|\]$/g, ''),
    port: port === '' ? (mode === 'sentinel' ? 26_379 : 6_379) : Number(port),
  }));
  if (mode === 'cluster') {
    return new Cluster(nodes, {
      enableOfflineQueue: false,
      enableAutoPipelining: answers,
      clusterRetryStrategy: backOff,
      redisOptions: common,
    });
  }
  if (mode === 'sentinel') {
    const { tls, ...rest } = { tls: undefined, ...common };
    return new Redis({
      ...rest,
      sentinels: nodes,
      name: master ?? '',
      ...(tls ? { tls, sentinelTLS: tls, enableTLSForSentinelMode: true } : {}),
      sentinelRetryStrategy: backOff,
      retryStrategy: backOff,
    });
  }
  return new Redis(first.href, { ...common, retryStrategy: backOff });
}
