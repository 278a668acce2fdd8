import type { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

/** What one replica takes on before it turns work away. */
export interface ServerLimits {
  /** Live connections in all, of one person, and of one device (the oldest goes then). */
  readonly maxLive: number;
  readonly maxLivePerUser: number;
  readonly maxLivePerDevice: number;
  /** A request that would wait longer for its turn is turned away at once, milliseconds. */
  readonly maxWaitMs: number;
  /** Delay of the event loop beyond which new work is turned away, milliseconds. */
  readonly maxLagMs: number;
  /** Resident memory beyond which new work is turned away, MiB. */
  readonly maxMemoryMb: number;
  /** How long a stopping replica says that it is not ready before it takes no connection, milliseconds. */
  readonly drainMs: number;
}

export const USUAL_LIMITS: ServerLimits = {
  maxLive: 6_000,
  maxLivePerUser: 40,
  maxLivePerDevice: 4,
  maxWaitMs: 2_000,
  maxLagMs: 400,
  maxMemoryMb: 1_024,
  drainMs: 500,
};

/**
 * For a server that shares its process with others, as in tests: the load of the process is not its
 * own, and nobody waits for it to leave.
 */
export const SHARED_PROCESS_LIMITS: ServerLimits = {
  ...USUAL_LIMITS,
  maxLagMs: Number.POSITIVE_INFINITY,
  maxMemoryMb: Number.POSITIVE_INFINITY,
  drainMs: 0,
};

export const LIMITS_ENVIRONMENT = {
  GANGER_MAX_LIVE: wholeNumber(1, 100_000).default(USUAL_LIMITS.maxLive),
  GANGER_MAX_LIVE_PER_USER: wholeNumber(1, 10_000).default(USUAL_LIMITS.maxLivePerUser),
  GANGER_MAX_LIVE_PER_DEVICE: wholeNumber(1, 100).default(USUAL_LIMITS.maxLivePerDevice),
  GANGER_MAX_WAIT_MS: wholeNumber(10, 60_000).default(USUAL_LIMITS.maxWaitMs),
  GANGER_MAX_LAG_MS: wholeNumber(20, 60_000).default(USUAL_LIMITS.maxLagMs),
  GANGER_MAX_MEMORY_MB: wholeNumber(128, 1_000_000).default(USUAL_LIMITS.maxMemoryMb),
  GANGER_DRAIN_MS: wholeNumber(0, 2_000).default(USUAL_LIMITS.drainMs),
};

type Given = {
  readonly [K in keyof typeof LIMITS_ENVIRONMENT]: z.output<(typeof LIMITS_ENVIRONMENT)[K]>;
};

export const limitsOf = (given: Given): ServerLimits => ({
  maxLive: given.GANGER_MAX_LIVE,
  maxLivePerUser: given.GANGER_MAX_LIVE_PER_USER,
  maxLivePerDevice: given.GANGER_MAX_LIVE_PER_DEVICE,
  maxWaitMs: given.GANGER_MAX_WAIT_MS,
  maxLagMs: given.GANGER_MAX_LAG_MS,
  maxMemoryMb: given.GANGER_MAX_MEMORY_MB,
  drainMs: given.GANGER_DRAIN_MS,
});
