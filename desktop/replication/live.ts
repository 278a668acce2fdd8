import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { LiveMessage } from '#shared/protocol/messages.ts';
import type { ShowScreens } from '#shared/protocol/presence.ts';
import { retryAfterMs } from './answers.ts';
import { createBackoff } from './backoff.ts';
import type { LiveConnection } from './live-socket.ts';
import type { ServerApi } from './server-api.ts';
import type { Timers } from './timers.ts';

export interface LiveOptions {
  readonly api: Pick<ServerApi, 'live'>;
  readonly timers: Timers;
  readonly random: () => number;
  readonly log: Logger;
  /** The connection stands (again): whatever was said meanwhile is unknown. */
  readonly onUp: () => void;
  readonly onDown: (code: Code) => void;
  readonly onMessage: (message: LiveMessage) => void;
}

export interface Live {
  readonly up: boolean;
  /** There is reason to believe that the network is back, or that the connection is dead. */
  hint(): void;
  /** Tells the server what this device shows; said to nobody while there is no connection. */
  show(message: ShowScreens): void;
  stop(): void;
}

/** A ping is sent so often, milliseconds. */
export const PING_EVERY_MS = 20_000;
/** A connection that does not answer a ping within this time is dead, milliseconds. */
export const PONG_WITHIN_MS = 10_000;
/**
 * Longest wait between two tries, milliseconds. Who comes back from an outage sees the others within
 * five seconds, and a thousand devices that try this often are 300 refused connections a second.
 */
export const RECONNECT_WITHIN_MS = 3_000;

/**
 * Keeps one live connection: it comes back after 0.25 s to 3 s (exponential, full jitter), at once
 * when the network is said to be back, and finds half-open connections by pings that nobody answers.
 */
export function startLive(options: LiveOptions): Live {
  const { api, timers, random, log, onUp, onDown, onMessage } = options;
  const backoff = createBackoff({
    timers,
    random,
    onReady: () => void connect(),
    maxMs: RECONNECT_WITHIN_MS,
  });
  let connection: LiveConnection | null = null;
  let connecting = false;
  let stopped = false;
  let cancelPing: () => void = () => undefined;
  /** True while a ping waits for its answer. */
  let asking = false;
  /** The server asked not to be called before so many milliseconds. */
  let comeBackMs = 0;

  const lost = (code: Code, notBeforeMs = 0): void => {
    cancelPing();
    asking = false;
    const asked = Math.max(notBeforeMs, comeBackMs);
    comeBackMs = 0;
    connection?.close();
    const wasUp = connection !== null;
    connection = null;
    if (stopped) return;
    if (wasUp) log.info('live connection lost', { code });
    backoff.failed({ notBeforeMs: asked });
    onDown(code);
  };

  const connect = async (): Promise<void> => {
    if (stopped || connecting || connection) return;
    connecting = true;
    // A socket that closes while its opening is still being told must not count as up.
    let closed = false;
    let mine: LiveConnection | null = null;
    try {
      mine = await api.live({
        onMessage: (message) => {
          if (message.type === 'bye') comeBackMs = message.retryMs;
          if (!stopped) onMessage(message);
        },
        onClose: () => {
          closed = true;
          if (mine !== null && connection === mine) lost('SERVER_UNREACHABLE');
        },
      });
    } catch (error) {
      connecting = false;
      lost(toAppError(error).code, retryAfterMs(error));
      return;
    }
    connecting = false;
    if (stopped) {
      mine.close();
      return;
    }
    if (closed) {
      lost('SERVER_UNREACHABLE');
      return;
    }
    connection = mine;
    backoff.succeeded();
    log.info('live connection up');
    onUp();
    watch(mine, PING_EVERY_MS);
  };

  const watch = (watched: LiveConnection, afterMs: number): void => {
    cancelPing();
    cancelPing = timers.after(afterMs, () => {
      if (connection !== watched) return;
      asking = true;
      cancelPing = timers.after(PONG_WITHIN_MS, () => {
        if (connection === watched) lost('SERVER_UNREACHABLE');
      });
      void watched.ping().then(() => {
        asking = false;
        if (connection === watched) watch(watched, PING_EVERY_MS);
      });
    });
  };

  void connect();

  return {
    get up() {
      return connection !== null;
    },
    hint() {
      if (!connection) backoff.wake();
      else if (!asking) watch(connection, 0);
    },
    show: (message) => connection?.show(message),
    stop() {
      stopped = true;
      backoff.stop();
      cancelPing();
      connection?.close();
      connection = null;
    },
  };
}
