import { toAppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { LiveConnection, LiveHandlers } from './live-socket.ts';
import { realTimers } from './timers.ts';
import type { Timers } from './timers.ts';

export type OpenLive = (handlers: LiveHandlers) => Promise<LiveConnection>;

/** Where events had to stand in, the WebSocket is tried again after so long, milliseconds. */
export const SOCKET_AGAIN_MS = 5 * 60_000;
/** So often in a row a WebSocket may fail as it would with a dead server. */
const DOUBTFUL_FAILURES = 2;

/** A server that cannot be reached by anything. */
const AWAY: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
]);
/** The server itself has spoken: another way leads to the same answer. */
const SPOKEN: ReadonlySet<Code> = new Set<Code>([
  'AUTH_MFA_NEEDED',
  'AUTH_NO_ACCESS',
  'AUTH_SESSION_ENDED',
  'AUTH_TOKEN_EXPIRED',
  'AUTH_TOKEN_INVALID',
  'DEVICE_REFUSED',
  'RATE_LIMITED',
  'SERVER_BUSY',
  'SYNC_CLIENT_TOO_OLD',
]);

/**
 * Opens the live connection by whichever way comes through. A WebSocket first; where something on the
 * way answers in its place or swallows it, a stream of events. Once events stand, the WebSocket is
 * tried beside them now and then, and when it comes through, the stream ends, so that whoever keeps the
 * connection opens the better one.
 */
export function createLiveTransport(options: {
  socket: OpenLive;
  events: OpenLive;
  timers?: Timers;
  log: Logger;
}): OpenLive {
  const { socket, events, timers = realTimers, log } = options;
  let failures = 0;

  const standIn = async (handlers: LiveHandlers): Promise<LiveConnection> => {
    let isOver = false;
    let cancel: () => void = () => undefined;
    const over = (): void => {
      isOver = true;
      cancel();
    };
    const connection = await events({
      onMessage: handlers.onMessage,
      onClose: () => {
        over();
        handlers.onClose();
      },
    });
    const tryAgain = (): void => {
      cancel = timers.after(SOCKET_AGAIN_MS, () => {
        const probe = socket({ onMessage: () => undefined, onClose: () => undefined });
        probe.then(
          (better) => {
            better.close();
            if (isOver) return;
            failures = 0;
            log.info('the WebSocket comes through again');
            over();
            connection.close();
            handlers.onClose();
          },
          () => {
            if (!isOver) tryAgain();
          },
        );
      });
    };
    if (!isOver) tryAgain();
    return {
      ping: () => connection.ping(),
      show: (message) => connection.show(message),
      close() {
        over();
        connection.close();
      },
    };
  };

  return async (handlers) => {
    // As long as it is known that no WebSocket comes through, none is waited for.
    if (failures < DOUBTFUL_FAILURES) {
      try {
        const connection = await socket(handlers);
        failures = 0;
        return connection;
      } catch (error) {
        failures = Math.min(DOUBTFUL_FAILURES, failures + weightOf(error));
        if (failures < DOUBTFUL_FAILURES) throw error;
        log.info('no WebSocket comes through, trying events', { code: toAppError(error).code });
      }
    }
    try {
      return await standIn(handlers);
    } catch (error) {
      // Neither came through: from the start the next time.
      failures = 0;
      throw error;
    }
  };
}

/** How much a failure says that it is the WebSocket that does not come through. */
function weightOf(error: unknown): number {
  const { code, cause } = toAppError(error);
  if (SPOKEN.has(code) || AWAY.has((cause as { code?: unknown } | undefined)?.code)) return 0;
  // No answer may be a server that is starting; an answer that is not an upgrade is plain.
  return code === 'SERVER_UNREACHABLE' ? 1 : DOUBTFUL_FAILURES;
}
