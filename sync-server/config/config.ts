import { z } from 'zod';
import type { AccountsConfig } from '../accounts/accounts.ts';
import { FILES_ENVIRONMENT, filesConfigOf, filesProblem } from './files-config.ts';
import type { FilesConfig } from './files-config.ts';
import { HUBS_ENVIRONMENT, hubsConfigOf, hubsProblem } from './hubs-config.ts';
import type { HubsConfig } from './hubs-config.ts';
import { RATES_ENVIRONMENT, ratesConfigOf } from './rates-config.ts';
import type { RatesConfig } from './rates-config.ts';
import { REDIS_ENVIRONMENT, redisConfigOf, redisProblem } from './redis-config.ts';
import type { RedisConfig } from './redis-config.ts';
import { LIMITS_ENVIRONMENT, limitsOf } from './limits.ts';
import type { ServerLimits } from './limits.ts';
import {
  MONITORING_ENVIRONMENT,
  monitoringConfigOf,
  monitoringProblem,
} from './monitoring-config.ts';
import type { MonitoringConfig } from './monitoring-config.ts';
import { wholeNumber } from './whole-number.ts';

/** Everything that an operator sets. Parsed once at the start; nothing else reads the environment. */
export interface ServerConfig {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Connection string of the login role `ganger_sync`. */
  readonly databaseUrl: string;
  readonly poolSize: number;
  /**
   * True: connections keep plans of frequent statements under a name. Only where a connection stays the
   * same from one transaction to the next: not behind a pooler in transaction mode.
   */
  readonly namedStatements?: boolean;
  /** Issuer of the access tokens; its keys lie at `<base>/.well-known/jwks.json`. */
  readonly authUrl: string;
  /** Opens the accounts for signing in to administrators; null: they are made elsewhere. */
  readonly accounts?: AccountsConfig | null;
  /** Carries change notices between replicas and keeps what they share; null for a single one. */
  readonly redis: RedisConfig | null;
  /** Under which values with PHI are sealed in Redis; absent: they are not kept there. */
  readonly cacheKey?: string | null;
  /** How often anybody may call; absent: as often as they like. */
  readonly rates?: RatesConfig | null;
  /** Addresses and networks of what stands before the server, whose word about who calls is taken. */
  readonly trustedProxies?: readonly string[];
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Requests of one route that run at the same time; more wait, and beyond that are turned away. */
  readonly concurrency: number;
  /** What this replica takes on; left out where a server shares its process. */
  readonly limits?: ServerLimits;
  /** Where the bytes of files lie; null: devices keep them. */
  readonly files: FilesConfig | null;
  /**
   * What becomes of effects: `record` writes down what would be sent (embedded mode), `send` sends it,
   * `keep` leaves them in the outbox for another replica.
   */
  readonly outbox?: 'record' | 'send' | 'keep';
  /** Partners of this environment; left out: none. */
  readonly hubs?: HubsConfig;
  /** Of which the key is made that signs heads of chains of reads; absent: none is signed. */
  readonly auditKey?: string | null;
  /** Figures, alerts and traces; left out: none leave the process. */
  readonly monitoring?: MonitoringConfig;
}

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

const address = (protocols: readonly string[], words: string) =>
  z.string().refine((text) => {
    const url = URL.parse(text);
    return url !== null && url.hostname !== '' && protocols.includes(url.protocol);
  }, words);

const Environment = z.object({
  GANGER_HOST: z.string().min(1, 'must not be empty').default('127.0.0.1'),
  GANGER_PORT: wholeNumber(0, 65_535).default(8787),
  GANGER_DATABASE_URL: address(['postgres:', 'postgresql:'], 'must be a postgres:// address'),
  GANGER_NAMED_STATEMENTS: z.enum(['on', 'off'], 'must be on or off').default('off'),
  GANGER_POOL_SIZE: wholeNumber(1, 200).default(10),
  GANGER_AUTH_URL: address(['http:', 'https:'], 'must be an http(s):// address')
    .refine(isPrivateOrEncrypted, 'must be https:// unless it is on this machine')
    .transform((text) => text.replace(/\/+$/, '')),
  GANGER_AUTH_ADMIN_KEY: z.string().min(20, 'is too short for a key').optional(),
  ...REDIS_ENVIRONMENT,
  ...RATES_ENVIRONMENT,
  GANGER_LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).default('info'),
  GANGER_CONCURRENCY: wholeNumber(1, 1000).default(50),
  ...LIMITS_ENVIRONMENT,
  ...FILES_ENVIRONMENT,
  ...HUBS_ENVIRONMENT,
  ...MONITORING_ENVIRONMENT,
  GANGER_OUTBOX: z.enum(['record', 'send', 'keep'], 'must be record, send or keep').default('keep'),
  GANGER_AUDIT_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits, lower case')
    .optional(),
});

/** Says which settings are wrong; one line a key, never a value. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings of the sync server are not usable:\n${problems.join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Reads the settings of the server from the environment. An empty value counts as not set.
 * @throws ConfigError that lists every bad key, not only the first
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): ServerConfig {
  const given = Object.fromEntries(
    Object.keys(Environment.shape).map((key) => [key, env[key] === '' ? undefined : env[key]]),
  );
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => {
        const key = String(issue.path[0]);
        return `  ${key}: ${given[key] === undefined ? 'is required' : issue.message}`;
      }),
    );
  }
  const value = parsed.data;
  const misfit =
    filesProblem(value) ?? hubsProblem(value) ?? monitoringProblem(value) ?? redisProblem(value);
  if (misfit) throw new ConfigError([`  ${misfit[0]}: ${misfit[1]}`]);
  return {
    host: value.GANGER_HOST,
    port: value.GANGER_PORT,
    databaseUrl: value.GANGER_DATABASE_URL,
    poolSize: value.GANGER_POOL_SIZE,
    namedStatements: value.GANGER_NAMED_STATEMENTS === 'on',
    authUrl: value.GANGER_AUTH_URL,
    accounts:
      value.GANGER_AUTH_ADMIN_KEY === undefined
        ? null
        : { url: value.GANGER_AUTH_URL, key: value.GANGER_AUTH_ADMIN_KEY },
    redis: redisConfigOf(value),
    cacheKey: value.GANGER_CACHE_KEY ?? null,
    rates: ratesConfigOf(value),
    trustedProxies: value.GANGER_TRUSTED_PROXIES ?? [],
    logLevel: value.GANGER_LOG_LEVEL,
    concurrency: value.GANGER_CONCURRENCY,
    limits: limitsOf(value),
    files: filesConfigOf(value),
    outbox: value.GANGER_OUTBOX,
    hubs: hubsConfigOf(value),
    auditKey: value.GANGER_AUDIT_KEY ?? null,
    monitoring: monitoringConfigOf(value),
  };
}

/** Keys fetched over an open network could be anybody's. */
function isPrivateOrEncrypted(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol !== 'http:' || LOOPBACK.has(url.hostname);
}
