import type { ServerResponse } from 'node:http';
import type { LivePipe } from './live-pipe.ts';

/** A comment is sent so often, so that the peer knows a live stream from a dead one, milliseconds. */
export const EVENTS_BEAT_MS = 8_000;

/**
 * A live connection over server-sent events, for networks that let no WebSocket through. The device
 * says nothing on it. The answer must not have been begun.
 */
export function eventsPipe(response: ServerResponse, beatMs: number = EVENTS_BEAT_MS): LivePipe {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    // Some proxies gather an answer until it is whole, unless they are told.
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
  });
  const write = (text: string): void => {
    if (!response.writableEnded && !response.destroyed) response.write(text);
  };
  const beat = setInterval(() => write(':\n\n'), beatMs);
  beat.unref();
  response.once('close', () => clearInterval(beat));
  // A peer that is gone shows as a close; unheard, the error would end the process.
  response.on('error', () => undefined);
  let unsent = false;
  return {
    send: (type, text) => write(`event: ${type}\ndata: ${text}\n\n`),
    get backlog() {
      return response.writableLength;
    },
    beat() {
      const isStuck = unsent && response.writableLength > 0;
      unsent = response.writableLength > 0;
      return !isStuck;
    },
    end: () => void response.end(),
    cut: () => void response.destroy(),
    onText: () => undefined,
    onEnd: (callback) => void response.once('close', callback),
  };
}
