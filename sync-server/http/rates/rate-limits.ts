import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { PROTOCOL_HEADER, PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import { codeFor } from '#shared/protocol/older-codes.ts';
import type { Identity } from '../../auth/token-verifier.ts';
import type { Rate, RatesConfig } from '../../config/rates-config.ts';
import { safeErrorFields } from '../../monitoring/safe-error.ts';
import type { Caller } from '../route.ts';
import type { Allowance, Buckets } from './bucket.ts';

type Tier = 'address' | 'user' | 'device' | 'route';

/** What is left of the tier that is nearest to its end. */
export interface RateState extends Allowance {
  readonly tier: Tier;
  readonly rate: Rate;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until something was counted. */
    rate: RateState | null;
  }
}

export interface RateLimits {
  /**
   * Counts a call by where it comes from, before anything is spent on it.
   * @throws AppError RATE_LIMITED
   */
  address(request: FastifyRequest): Promise<void>;
  /**
   * Counts a call by who makes it and, where the route has a rate of its own, by the route.
   * @throws AppError RATE_LIMITED
   */
  caller(request: FastifyRequest, who: Caller | Identity | null, own: Rate | null): Promise<void>;
}

/** After a failure Redis is left alone for so long, milliseconds: each try may cost a whole time-out. */
const PAUSE_MS = 1_000;
const COMPLAIN_EVERY_MS = 30_000;

/**
 * Limits how often anybody calls, in tiers. Counted for all replicas together in Redis; without it, or while it is
 * away, each replica counts by itself, so that nobody is locked out by a cache that fails.
 */
export function createRateLimits(deps: {
  readonly rates: RatesConfig;
  readonly shared: Buckets | null;
  readonly own: Buckets;
  readonly log: Logger;
}): RateLimits {
  const { rates, shared, own, log } = deps;
  let blindUntil = Number.NEGATIVE_INFINITY;
  let complainedAt = Number.NEGATIVE_INFINITY;

  const take = async (subject: string, rate: Rate): Promise<Allowance> => {
    const now = performance.now();
    if (!shared || now < blindUntil) return own.take(subject, rate);
    try {
      return await shared.take(subject, rate);
    } catch (error) {
      blindUntil = now + PAUSE_MS;
      if (now - complainedAt > COMPLAIN_EVERY_MS) {
        complainedAt = now;
        log.warn('redis is away, each replica limits rates by itself', safeErrorFields(error));
      }
      return own.take(subject, rate);
    }
  };
  const count = async (
    request: FastifyRequest,
    subjects: readonly (readonly [Tier, string, Rate])[],
  ): Promise<void> => {
    const states = await Promise.all(
      subjects.map(async ([tier, subject, rate]): Promise<RateState> => {
        return { tier, rate, ...(await take(`${tier}:${subject}`, rate)) };
      }),
    );
    request.rate = tightest(request.rate ? [request.rate, ...states] : states);
    if (!request.rate || request.rate.allowed) return;
    const version = Number(request.headers[PROTOCOL_HEADER] ?? PROTOCOL_VERSION);
    const code = codeFor('RATE_LIMITED', Number.isNaN(version) ? PROTOCOL_VERSION : version);
    throw new AppError(code, { reason: request.rate.tier });
  };

  return {
    async address(request) {
      const subject = subjectOf(request.ip);
      if (subject !== null) await count(request, [['address', subject, rates.address]]);
    },
    caller(request, who, ownRate) {
      const device = who && 'deviceId' in who ? who.deviceId : null;
      const by = device ?? who?.userId ?? subjectOf(request.ip);
      const { url = '' } = request.routeOptions;
      return count(request, [
        ...(who ? ([['user', who.userId, rates.user]] as const) : []),
        ...(device !== null ? ([['device', device, rates.device]] as const) : []),
        ...(ownRate && by !== null ? ([['route', `${url}:${by}`, ownRate]] as const) : []),
      ]);
    },
  };
}

/** Refused before allowed, then who has to wait longest, then who has least left. */
function tightest(states: readonly RateState[]): RateState | null {
  const share = ({ remaining, rate }: RateState): number => remaining / rate.burst;
  const [first = null] = states.toSorted((a, b) => b.retryMs - a.retryMs || share(a) - share(b));
  return first;
}

/** The headers that tell a caller how much is left. */
export function rateHeaders({ rate, remaining, resetMs, allowed, retryMs, tier }: RateState) {
  return {
    'ratelimit-limit': String(rate.burst),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(Math.ceil(resetMs / 1_000)),
    'ratelimit-policy': `${rate.burst};w=${Math.ceil(rate.burst / rate.perSecond)};name="${tier}"`,
    ...(allowed ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryMs / 1_000))) }),
  };
}

/**
 * An address as it is counted, hashed since Redis need not know who calls; null for this machine. Of IPv6 the
 * network counts: one line has billions of addresses.
 */
export function subjectOf(ip: string): string | null {
  const address = ip.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (address === '::1' || address.startsWith('127.')) return null;
  const network = isIPv6(address) ? firstHalfOf(address) : address;
  return createHash('sha256').update(network).digest('base64url').slice(0, 22);
}

function firstHalfOf(address: string): string {
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
