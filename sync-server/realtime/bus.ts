import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Logger } from '#shared/logging/logger.ts';
import { ShownScreen } from '#shared/protocol/presence.ts';
import { openRedis } from '../cache/redis-link.ts';
import type { RedisConfig } from '../config/redis-config.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';
import { ChangeSetMessage } from './change.ts';
import type { ChangeSet } from './change.ts';

/** What one replica tells the others about who shows what. */
export const PresenceNews = z.object({
  put: z.array(
    z.object({
      user: z.string(),
      device: z.string(),
      name: z.string(),
      seq: z.number(),
      screens: z.array(ShownScreen),
      /** How long ago the device said so, milliseconds: clocks of replicas need not agree. */
      ageMs: z.number().min(0),
    }),
  ),
  gone: z.array(z.object({ holder: z.string(), seq: z.number() })),
});
export type PresenceNews = z.infer<typeof PresenceNews>;

/** One kind of message between the replicas of the server. A lost one costs time, never data. */
export interface Channel<T> {
  /** Tells the other replicas; returns at once and never throws. */
  publish(message: T): void;
  /** Calls back for every message of another replica. */
  listen(onMessage: (message: T) => void): void;
}

export interface Bus {
  /** False for a server that is alone. */
  readonly isShared: boolean;
  /** Whether Redis is in reach now. */
  readonly state: () => 'off' | 'ok' | 'away';
  readonly changes: Channel<ChangeSet>;
  readonly presence: Channel<PresenceNews>;
  /** Calls back when other replicas may have said something that was not heard here. */
  onGap(callback: () => void): void;
  stop(): Promise<void>;
}

const noChannel = { publish: () => undefined, listen: () => undefined };

/** For a server that is alone. */
export const noBus: Bus = {
  isShared: false,
  state: () => 'off',
  changes: noChannel,
  presence: noChannel,
  onGap: () => undefined,
  stop: async () => undefined,
};

/** At most one line of complaint in this time while Redis is away. */
const COMPLAIN_EVERY_MS = 30_000;

/** Says only that its sender could not be heard for a while. */
const Gap = z.object({});

/**
 * A bus over Redis. Nothing waits for Redis: while it is away messages are dropped. When it is back,
 * whoever may have missed some is called (`onGap`): the replica that did not hear, and all others by one
 * that was not heard.
 */
export function createRedisBus(redis: RedisConfig, log: Logger): Bus {
  const self = randomUUID();
  const out = openRedis(redis);
  const into = openRedis(redis, false);
  let complainedAt = Number.NEGATIVE_INFINITY;
  const complain = (error: unknown): void => {
    const now = performance.now();
    if (now - complainedAt < COMPLAIN_EVERY_MS) return;
    complainedAt = now;
    log.warn('redis is away, notices stay on this replica', safeErrorFields(error));
  };
  out.on('error', complain);
  into.on('error', complain);

  const gapCallbacks: (() => void)[] = [];
  const foundGap = (): void => gapCallbacks.forEach((callback) => callback());
  const names: string[] = [];
  // Asked for at every connection by ourselves: without a queue the first ask would come too early.
  into.on('ready', () => {
    into.subscribe(...names).then(foundGap, complain);
  });
  let unheard = false;

  const channel = <T>(name: string, schema: z.ZodType<T>): Channel<T> => {
    const Envelope = z.object({ from: z.string(), message: schema });
    names.push(name);
    return {
      publish(message) {
        out.publish(name, JSON.stringify({ from: self, message })).catch((error: unknown) => {
          unheard = true;
          complain(error);
        });
      },
      listen(onMessage) {
        into.on('message', (at: string, text: string) => {
          if (at !== name) return;
          const envelope = Envelope.safeParse(parsed(text)).data;
          if (envelope && envelope.from !== self) onMessage(envelope.message);
        });
      },
    };
  };

  const gaps = channel('ganger:gaps:1', Gap);
  gaps.listen(foundGap);
  out.on('ready', () => {
    if (!unheard) return;
    unheard = false;
    gaps.publish({});
  });

  return {
    isShared: true,
    state: () => (out.status === 'ready' && into.status === 'ready' ? 'ok' : 'away'),
    changes: channel('ganger:changes:2', ChangeSetMessage),
    presence: channel('ganger:presence:1', PresenceNews),
    onGap: (callback) => void gapCallbacks.push(callback),
    async stop() {
      out.disconnect();
      into.disconnect();
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
