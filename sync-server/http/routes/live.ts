import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { PATHS, PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import { EVENTS_ROUTE, LIVE_ROUTE, codesOf } from '../describe/openapi.ts';
import type { Listener, LiveHub } from '../../realtime/live-hub.ts';
import { eventsPipe } from '../../realtime/events-pipe.ts';
import { socketPipe } from '../../realtime/live-pipe.ts';
import type { Access } from '../../sync/ports.ts';
import { identify } from '../registrar.ts';
import type { Gate } from '../registrar.ts';
import type { Caller } from '../route.ts';

/** A device that loses its connection again and again has no use for trying faster. */
const RATE = { perSecond: 2, burst: 60 };

/**
 * The live connection, as a WebSocket or as a stream of events. Everything that can refuse a caller happens before the upgrade, so that a
 * refusal is an ordinary answer with a code and not a socket that closes.
 */
export function registerLive(
  app: FastifyInstance,
  deps: {
    gate: Gate;
    hub: LiveHub;
    /** @throws AppError as `requireKnown` */
    readAccess: (caller: Caller) => Promise<Access>;
    log: Logger;
    /** How often a stream of events carries a comment, milliseconds. */
    eventsBeatMs?: number | undefined;
  },
): void {
  for (const route of [LIVE_ROUTE, EVENTS_ROUTE]) {
    app.described.set(`GET ${route.url}`, new Set(codesOf.live(route)));
  }
  const admitted = new WeakMap<FastifyRequest, Listener>();
  const admit = async (request: FastifyRequest): Promise<void> => {
    const caller = (await identify(request, 'device', deps.gate, RATE)) as Caller;
    if (request.routeOptions.url === PATHS.live && !request.ws) {
      throw new AppError('REQUEST_INVALID', { reason: 'not a live connection' });
    }
    deps.hub.makeRoom(caller);
    const { grants, epoch } = await deps.readAccess(caller);
    if (grants.length === 0) throw new AppError('AUTH_NO_ACCESS');
    admitted.set(request, { caller, grants, epoch, version: caller.protocol ?? PROTOCOL_VERSION });
  };
  app.route({
    method: 'GET',
    url: PATHS.liveEvents,
    onRequest: admit,
    handler: (request, reply) => {
      const listener = admitted.get(request);
      reply.hijack();
      if (listener) deps.hub.connect(eventsPipe(reply.raw, deps.eventsBeatMs), listener);
      else reply.raw.destroy();
    },
  });
  app.route({
    method: 'GET',
    url: PATHS.live,
    websocket: true,
    onRequest: admit,
    handler: (socket: WebSocket, request) => {
      const listener = admitted.get(request);
      if (!listener) return socket.terminate();
      const mayTalk = listener.version > 1;
      deps.hub.connect(socketPipe(socket, { mayTalk, log: deps.log }), listener);
    },
  });
}
