import type { WebSocket } from 'ws';
import type { BYE_REASONS } from '#shared/protocol/messages.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { safeErrorFields } from '../monitoring/safe-error.ts';

export type ByeReason = (typeof BYE_REASONS)[number];

/** Codes with which a WebSocket is closed. */
export const CLOSE: Readonly<Record<ByeReason, number>> = {
  'going-away': 1001,
  'token-expired': 4401,
  'no-access': 4403,
  'too-many': 4429,
};

/** What carries the messages of one live connection: a WebSocket, or a stream of events. */
export interface LivePipe {
  /** @param type of the message, for carriers that name it */
  send(type: string, text: string): void;
  /** Bytes that the peer has not taken yet. */
  readonly backlog: number;
  /**
   * Asks for a sign of life.
   * @returns false when the peer has not answered since the last time
   */
  beat(): boolean;
  /** Ends it in order, with the reason. */
  end(reason: ByeReason): void;
  /** Ends it at once. */
  cut(): void;
  /** Calls back with every text that the peer sends; one that answers false is the last. */
  onText(callback: (text: string) => boolean): void;
  /** Calls back once when it has ended, whoever ended it. */
  onEnd(callback: () => void): void;
}

/** Messages that a device may send in one second before it is taken for broken. */
const MAX_PER_SECOND = 200;
/** Close code for peers that say what nobody asked for. */
const NOT_EXPECTED = 1008;

/** A live connection over a WebSocket. */
export function socketPipe(
  socket: WebSocket,
  options: { readonly mayTalk: boolean; readonly log: Logger },
): LivePipe {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('error', (error) => options.log.debug('live socket failed', safeErrorFields(error)));
  return {
    send(_type, text) {
      if (socket.readyState === socket.OPEN) socket.send(text);
    },
    get backlog() {
      return socket.bufferedAmount;
    },
    beat() {
      if (!answered) return false;
      answered = false;
      socket.ping();
      return true;
    },
    end: (reason) => socket.close(CLOSE[reason], reason),
    cut: () => socket.terminate(),
    onText(callback) {
      let since = performance.now();
      let count = 0;
      socket.on('message', (data, isBinary) => {
        const now = performance.now();
        if (now - since >= 1_000) [since, count] = [now, 0];
        count += 1;
        const fits = options.mayTalk && !isBinary && count <= MAX_PER_SECOND;
        // Of a text message the data is one buffer.
        if (!fits || !callback((data as Buffer).toString('utf8'))) {
          socket.close(NOT_EXPECTED, 'not expected');
        }
      });
    },
    onEnd: (callback) => socket.once('close', callback),
  };
}
