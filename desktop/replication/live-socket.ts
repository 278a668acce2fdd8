import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { LiveMessage } from '#shared/protocol/messages.ts';
import type { ShowScreens } from '#shared/protocol/presence.ts';
import { errorOf } from './answers.ts';
import { deferred } from './timers.ts';
import type { Deferred } from './timers.ts';

/** One live connection to the server. */
export interface LiveConnection {
  /** Resolves when the server has answered a ping. */
  ping(): Promise<void>;
  /** Tells the server what this device shows; may be lost. */
  show(message: ShowScreens): void;
  /** Ends the connection; `onClose` is not called for it. */
  close(): void;
}

export interface LiveHandlers {
  onMessage(message: LiveMessage): void;
  /** The connection is gone; called at most once. */
  onClose(): void;
}

/** Beyond so much that the network has not taken, what this device shows is not told, bytes. */
const MAX_UNSENT_BYTES = 16 * 1024;
/** Largest notice that is read, bytes. */
const MAX_NOTICE_BYTES = 64 * 1024;

/**
 * Opens the live WebSocket; it stands once the server has said something. Messages that are not of the protocol are left out (a newer server may
 * say more than this build knows).
 * @throws AppError SERVER_UNREACHABLE, or what the server answered instead of the upgrade
 */
export function openLiveSocket(options: {
  url: string;
  headers: Record<string, string>;
  timeoutMs: number;
  handlers: LiveHandlers;
  log: Logger;
}): Promise<LiveConnection> {
  const { url, headers, timeoutMs, handlers, log } = options;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      headers,
      handshakeTimeout: timeoutMs,
      followRedirects: false,
      maxPayload: MAX_NOTICE_BYTES,
      perMessageDeflate: false,
    });
    /** Opened, and the server has spoken: a proxy may let an upgrade through and nothing after it. */
    let stands = false;
    let closedHere = false;
    const pings: Deferred<void>[] = [];

    const late = setTimeout(() => socket.terminate(), timeoutMs);
    const stand = (): void => {
      stands = true;
      clearTimeout(late);
      resolve({
        ping() {
          const answer = deferred<void>();
          pings.push(answer);
          if (socket.readyState === WebSocket.OPEN) socket.ping();
          return answer.promise;
        },
        show(message) {
          // What piles up is old when it arrives: the next message says it all again.
          const isOpen = socket.readyState === WebSocket.OPEN;
          if (isOpen && socket.bufferedAmount < MAX_UNSENT_BYTES) {
            socket.send(JSON.stringify(message));
          }
        },
        close() {
          closedHere = true;
          // Not a closing handshake: a half-open peer would never answer it.
          socket.terminate();
        },
      });
    };
    socket.on('pong', () => {
      for (const ping of pings.splice(0)) ping.resolve();
    });
    socket.on('message', (data, isBinary) => {
      const message = isBinary ? null : parseMessage(data);
      if (message) {
        if (!stands) stand();
        handlers.onMessage(message);
      } else log.debug('live message not understood');
    });
    socket.on('unexpected-response', (_request, response) => {
      void readText(response).then((text) => {
        const retryAfter = response.headers['retry-after'];
        reject(errorOf('live', response.statusCode ?? 0, text, retryAfter));
        socket.terminate();
      });
    });
    socket.on('error', (error) => {
      if (!stands) reject(new AppError('SERVER_UNREACHABLE', { path: 'live' }, error));
    });
    socket.on('close', () => {
      clearTimeout(late);
      if (!stands) reject(new AppError('SERVER_UNREACHABLE', { path: 'live' }));
      else if (!closedHere) handlers.onClose();
    });
  });
}

function parseMessage(data: RawData): LiveMessage | null {
  const text = Array.isArray(data)
    ? Buffer.concat(data).toString('utf8')
    : Buffer.from(data as Buffer).toString('utf8');
  try {
    const parsed = LiveMessage.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

async function readText(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > MAX_NOTICE_BYTES) break;
      parts.push(part);
    }
  } catch {
    return '';
  }
  return Buffer.concat(parts).toString('utf8');
}
