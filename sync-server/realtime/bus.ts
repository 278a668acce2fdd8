import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { Logger } from '#shared/logging/logger.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';
import { ChangeSetMessage } from './change.ts';
import type { ChangeSet } from './change.ts';

/** Carries change sets between the replicas of the server. A lost one costs time, never data. */
export interface Bus {
  /** False for a server that is alone. */
  readonly isShared: boolean;
  /** Tells the other replicas; returns at once and never throws. */
  publish(set: ChangeSet): void;
  /** Calls back for every change set of another replica. */
  listen(onChange: (set: ChangeSet) => void): void;
  stop(): Promise<void>;
}

/** For a server that is alone. */
export const noBus: Bus = {
  isShared: false,
  publish: () => undefined,
  listen: () => undefined,
  stop: async () => undefined,
};

const CHANNEL = 'ganger:changes:1';
const Envelope = z.object({ from: z.string(), set: ChangeSetMessage });
/** At most one line of complaint in this time while Redis is away. */
const COMPLAIN_EVERY_MS = 30_000;

/**
 * A bus over Redis. Nothing waits for Redis: while it is away messages are dropped, and devices find
 * changes of other replicas at their next regular pull.
 */
export function createRedisBus(redisUrl: string, log: Logger): Bus {
  const self = randomUUID();
  const connection = {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    retryStrategy: (attempt: number) => Math.min(100 * 2 ** attempt, 5_000),
  };
  const out = new Redis(redisUrl, connection);
  const into = new Redis(redisUrl, connection);
  let complainedAt = Number.NEGATIVE_INFINITY;
  const complain = (error: unknown): void => {
    const now = performance.now();
    if (now - complainedAt < COMPLAIN_EVERY_MS) return;
    complainedAt = now;
    log.warn('redis is away, notices stay on this replica', safeErrorFields(error));
  };
  out.on('error', complain);
  into.on('error', complain);
  // Asked for at every connection by ourselves: without a queue the first ask would come too early.
  into.on('ready', () => {
    into.subscribe(CHANNEL).catch(complain);
  });

  return {
    isShared: true,
    publish(set) {
      out.publish(CHANNEL, JSON.stringify({ from: self, set })).catch(complain);
    },
    listen(onChange) {
      into.on('message', (_channel: string, text: string) => {
        const envelope = readEnvelope(text);
        if (envelope && envelope.from !== self) onChange(envelope.set);
      });
    },
    async stop() {
      out.disconnect();
      into.disconnect();
    },
  };
}

function readEnvelope(text: string): z.infer<typeof Envelope> | null {
  try {
    return Envelope.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
