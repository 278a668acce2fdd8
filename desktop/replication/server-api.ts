import type { z } from 'zod';
import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import {
  DEVICE_HEADER,
  PATHS,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  PullReply,
  PushReply,
  SessionReply,
} from '#shared/protocol/messages.ts';
import type { PullRequest, PushRequest, SessionRequest } from '#shared/protocol/messages.ts';
import { PresenceReply } from '#shared/protocol/presence.ts';
import { TRACE_HEADER } from '#shared/protocol/trace.ts';
import { errorOf, jsonOf } from './answers.ts';
import { openLiveEvents } from './live-events.ts';
import { openLiveSocket } from './live-socket.ts';
import { createLiveTransport } from './live-transport.ts';
import type { LiveConnection, LiveHandlers } from './live-socket.ts';
import { askable, pushLowered } from './older-server.ts';

/** What the replication needs from the server. All calls throw AppError only, without row data. */
export interface ServerApi {
  /** Version of the protocol that the server was last heard to speak; not said: this device's. */
  readonly serverVersion?: number;
  /** Makes this device known and tells who the caller is. */
  session(device: SessionRequest['device'], signal?: AbortSignal): Promise<SessionReply>;
  pull(request: PullRequest, signal?: AbortSignal): Promise<PullReply>;
  push(request: PushRequest, signal?: AbortSignal): Promise<PushReply>;
  /** Resolves when the connection stands. */
  live(handlers: LiveHandlers): Promise<LiveConnection>;
}

/** The server as it is reached from here. */
export interface HttpServerApi extends ServerApi {
  /** One question of another kind than the exchange of rows; its answer is parsed by `reply`. */
  ask<T>(path: string, body: unknown, reply: z.ZodType<T>): Promise<T>;
  /** The same in nobody's name: without a token, for what proves itself otherwise. */
  askOpenly<T>(path: string, body: unknown, reply: z.ZodType<T>): Promise<T>;
}

/** Follows requests of this device, where somebody looks for where time goes. */
export interface RequestTracer {
  /** @returns the header of the request, and what is called when it is over; null: no answer came */
  begin(path: string): { readonly traceparent: string; end(status: number | null): void };
}

export interface ServerApiOptions {
  /** For example `https://sync.example`; a path in it is kept. */
  readonly baseUrl: string;
  /** The access token; with `force` a new one, since the server called the last one expired. */
  getToken(options?: { force: boolean }): Promise<string>;
  readonly deviceId: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly log: Logger;
  /** Milliseconds until a request counts as failed. */
  readonly timeoutMs?: number;
  readonly tracer?: RequestTracer | undefined;
}

const TIMEOUT_MS = 30_000;
/** A live connection that has not said hello after so long will not, milliseconds. */
const LIVE_TIMEOUT_MS = 10_000;

/**
 * The sync server over HTTP and WebSocket. Every answer is parsed: what is not ours (a captive
 * portal, a proxy's page) becomes SERVER_ANSWER_INVALID, no answer SERVER_UNREACHABLE, an answer of
 * our server its own code. An expired token is renewed once per request.
 */
export function createServerApi(options: ServerApiOptions): HttpServerApi {
  const { deviceId, log, timeoutMs = TIMEOUT_MS } = options;
  const send = options.fetch ?? globalThis.fetch;
  const base = options.baseUrl.replace(/\/+$/, '');

  const headers = (token: string | null): Record<string, string> => ({
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
    [DEVICE_HEADER]: deviceId,
  });

  let serverVersion: number = PROTOCOL_VERSION;
  let epoch: string | null = null;
  /** Says it for the version that the server speaks; once more when that turns out to be older. */
  const fitted = async <T>(say: (version: number) => Promise<T>): Promise<T> => {
    const assumed = serverVersion;
    const turnedOut = (): boolean => serverVersion < Math.min(assumed, PROTOCOL_VERSION);
    try {
      const reply = await say(assumed);
      if (!turnedOut()) return reply;
    } catch (error) {
      if (!turnedOut()) throw error;
    }
    log.info('the server is older than this device', { server: serverVersion });
    return say(serverVersion);
  };

  const pull = async (
    request: PullRequest,
    version: number,
    signal: AbortSignal | undefined,
  ): Promise<PullReply> => {
    const asked = version < PROTOCOL_VERSION ? askable(request, version) : request;
    if (asked.tables.length === 0) {
      if (epoch === null) throw new AppError('SERVER_OLDER');
      return { epoch, serverTime: Date.now(), tables: [] };
    }
    const reply = await call(PATHS.pull, asked, PullReply, signal);
    ({ epoch } = reply);
    return reply;
  };

  const once = async <T>(
    path: string,
    body: string,
    schema: z.ZodType<T>,
    token: string | null,
    signal: AbortSignal | undefined,
  ): Promise<T> => {
    const limit = AbortSignal.timeout(timeoutMs);
    const span = options.tracer?.begin(path);
    let status: number;
    let text: string;
    let retryAfter: string | null;
    let said: string | null;
    try {
      const answer = await send(base + path, {
        method: 'POST',
        headers: {
          ...headers(token),
          'content-type': 'application/json',
          ...(span ? { [TRACE_HEADER]: span.traceparent } : {}),
        },
        body,
        // A redirect is a portal or a proxy: following it would show our token to a stranger.
        redirect: 'manual',
        signal: signal ? AbortSignal.any([limit, signal]) : limit,
      });
      status = answer.status;
      retryAfter = answer.headers.get('retry-after');
      text = await answer.text();
      said = answer.headers.get(PROTOCOL_HEADER);
      span?.end(status);
    } catch (error) {
      span?.end(null);
      throw new AppError('SERVER_UNREACHABLE', { path }, error);
    }
    if (said !== null && /^\d{1,6}$/.test(said)) serverVersion = Number(said);
    if (status === 200) {
      const reply = parseAnswer(path, text, schema);
      // The first version did not say which one it was.
      if (said === null) serverVersion = 1;
      return reply;
    }
    throw errorOf(path, status, text, retryAfter);
  };

  const call = async <T>(
    path: string,
    request: unknown,
    schema: z.ZodType<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> => {
    const body = JSON.stringify(request);
    const token = await options.getToken();
    try {
      return await once(path, body, schema, token, signal);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'AUTH_TOKEN_EXPIRED') throw error;
      log.debug('token expired, renewing', { path });
      return once(path, body, schema, await options.getToken({ force: true }), signal);
    }
  };

  const guarded = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (error) {
      throw toAppError(error);
    }
  };

  /** With a new token when the server calls the present one expired. */
  const admitted = async <T>(open: (headers: Record<string, string>) => Promise<T>): Promise<T> => {
    try {
      return await open(headers(await options.getToken()));
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'AUTH_TOKEN_EXPIRED') throw error;
      return open(headers(await options.getToken({ force: true })));
    }
  };
  const live = { timeoutMs: Math.min(timeoutMs, LIVE_TIMEOUT_MS), log };
  const openLive = createLiveTransport({
    socket: (handlers) =>
      admitted((its) => {
        const url = `${base.replace(/^http/, 'ws')}${PATHS.live}`;
        return openLiveSocket({ ...live, url, headers: its, handlers });
      }),
    events: (handlers) =>
      admitted((its) =>
        openLiveEvents({
          ...live,
          url: `${base}${PATHS.liveEvents}`,
          headers: its,
          handlers,
          post: (message) => call(PATHS.livePresence, message, PresenceReply, undefined),
          fetch: send,
        }),
      ),
    log,
  });

  return {
    session: (device, signal) =>
      guarded(() => call(PATHS.session, { device }, SessionReply, signal)),
    get serverVersion() {
      return serverVersion;
    },
    pull: (request, signal) => guarded(() => fitted((version) => pull(request, version, signal))),
    push: (request, signal) =>
      guarded(() =>
        fitted((version) => {
          const send = (rows: PushRequest): Promise<PushReply> =>
            call(PATHS.push, rows, PushReply, signal);
          return version < PROTOCOL_VERSION
            ? pushLowered(request, version, send, Date.now)
            : send(request);
        }),
      ),
    live: (handlers) => guarded(() => openLive(handlers)),
    ask: (path, body, reply) => guarded(() => call(path, body, reply, undefined)),
    askOpenly: (path, body, reply) =>
      guarded(() => once(path, JSON.stringify(body), reply, null, undefined)),
  };
}

function parseAnswer<T>(path: string, text: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new AppError('SERVER_ANSWER_INVALID', { path, status: 200 });
}
