import { z } from 'zod';

/** How Redis is reached. */
export interface RedisConfig {
  readonly mode: 'single' | 'sentinel' | 'cluster';
  /** One address; of Sentinels or nodes of a Cluster several. Name and password stand in the first. */
  readonly urls: readonly string[];
  /** The name under which Sentinels know the master. */
  readonly master: string | null;
}

const isAddress = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && url.hostname !== '' && ['redis:', 'rediss:'].includes(url.protocol);
};

export const REDIS_ENVIRONMENT = {
  GANGER_REDIS_URL: z
    .string()
    .refine((text) => text.split(',').every(isAddress), 'must be a redis:// address')
    .optional(),
  GANGER_REDIS_MASTER: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'must be the name of a master')
    .optional(),
  GANGER_REDIS_CLUSTER: z.enum(['on', 'off'], 'must be on or off').default('off'),
  GANGER_CACHE_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits, lower case')
    .optional(),
};

type Given = {
  readonly [K in keyof typeof REDIS_ENVIRONMENT]?: z.output<(typeof REDIS_ENVIRONMENT)[K]>;
};

/** Settings that do not fit each other, as `[key, what is wrong]`; null when they do. */
export function redisProblem(given: Given): readonly [string, string] | null {
  const { GANGER_REDIS_URL: url, GANGER_REDIS_MASTER: master } = given;
  const cluster = given.GANGER_REDIS_CLUSTER === 'on';
  if (url === undefined && (master !== undefined || cluster)) {
    return ['GANGER_REDIS_URL', 'is required with the other settings of Redis'];
  }
  if (master !== undefined && cluster) {
    return ['GANGER_REDIS_MASTER', 'is for Sentinels, a Cluster finds its masters by itself'];
  }
  if (url?.includes(',') === true && master === undefined && !cluster) {
    return ['GANGER_REDIS_URL', 'has several addresses, which only Sentinels or a Cluster have'];
  }
  return null;
}

export function redisConfigOf(given: Given): RedisConfig | null {
  const { GANGER_REDIS_URL: url, GANGER_REDIS_MASTER: master } = given;
  if (url === undefined) return null;
  const cluster = given.GANGER_REDIS_CLUSTER === 'on';
  const mode = cluster ? 'cluster' : master === undefined ? 'single' : 'sentinel';
  return { mode, urls: url.split(','), master: master ?? null };
}

/** One Redis at an address. */
export const oneRedis = (url: string): RedisConfig => ({
  mode: 'single',
  urls: [url],
  master: null,
});
