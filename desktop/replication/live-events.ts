import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { LiveMessage } from '#shared/protocol/messages.ts';
import type { ShowScreens } from '#shared/protocol/presence.ts';
import { errorOf, jsonOf } from './answers.ts';
import { createEventReader } from './event-reader.ts';
import type { LiveConnection, LiveHandlers } from './live-socket.ts';
import { deferred } from './timers.ts';
import type { Deferred } from './timers.ts';

/**
 * Opens the stream of server-sent events that stands in for the WebSocket. What the device shows goes
 * by requests of its own, one at a time, always the latest.
 * @throws AppError SERVER_UNREACHABLE when no `hello` comes in time (a proxy may keep a stream back),
 *   or what the server answered in place of the stream
 */
export async function openLiveEvents(options: {
  url: string;
  headers: Record<string, string>;
  timeoutMs: number;
  handlers: LiveHandlers;
  /** Sends what the device shows; a failure is passed over. */
  post: (message: ShowScreens) => Promise<unknown>;
  fetch: typeof globalThis.fetch;
  log: Logger;
}): Promise<LiveConnection> {
  const { url, headers, timeoutMs, handlers, post, log } = options;
  const abort = new AbortController();
  const late = setTimeout(() => abort.abort(), timeoutMs);
  const hello = deferred<boolean>();
  const pings: Deferred<void>[] = [];
  let closedHere = false;
  let ended = false;

  const end = (): void => {
    if (ended) return;
    ended = true;
    hello.resolve(false);
    if (!closedHere) handlers.onClose();
  };
  let stands = false;
  const read = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    const reader = createEventReader((data) => {
      const message = LiveMessage.safeParse(jsonOf(data));
      if (!message.success) return log.debug('live event not understood');
      if (message.data.type === 'hello') hello.resolve(true);
      handlers.onMessage(message.data);
    });
    try {
      for await (const part of body) {
        // Whatever comes, a comment too, is a sign of life.
        for (const ping of pings.splice(0)) ping.resolve();
        reader.take(decoder.decode(part, { stream: true }));
      }
    } catch (error) {
      log.debug('live events ended', { reason: error instanceof Error ? error.name : '' });
    }
    if (stands) end();
    else hello.resolve(false);
  };

  let sending = false;
  let next: ShowScreens | null = null;
  const sendNext = async (): Promise<void> => {
    sending = true;
    for (let message = next; message && !ended && !closedHere; message = next) {
      next = null;
      await post(message).catch(() => undefined);
    }
    sending = false;
  };

  try {
    const answer = await options.fetch(url, {
      headers: { ...headers, accept: 'text/event-stream' },
      redirect: 'manual',
      signal: abort.signal,
    });
    if (answer.status !== 200) {
      const retryAfter = answer.headers.get('retry-after');
      throw errorOf('live', answer.status, await answer.text(), retryAfter);
    }
    const type = answer.headers.get('content-type') ?? '';
    if (!type.startsWith('text/event-stream') || !answer.body) {
      throw new AppError('SERVER_ANSWER_INVALID', { path: 'live', status: 200 });
    }
    void read(answer.body as unknown as AsyncIterable<Uint8Array>);
    if (!(await hello.promise)) throw new AppError('SERVER_UNREACHABLE', { path: 'live' });
  } catch (error) {
    closedHere = true;
    abort.abort();
    throw error instanceof AppError
      ? error
      : new AppError('SERVER_UNREACHABLE', { path: 'live' }, error);
  } finally {
    clearTimeout(late);
  }
  stands = true;
  return {
    ping() {
      const answer = deferred<void>();
      pings.push(answer);
      return answer.promise;
    },
    show(message) {
      next = message;
      if (!sending) void sendNext();
    },
    close() {
      closedHere = true;
      abort.abort();
    },
  };
}
