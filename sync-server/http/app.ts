import { randomUUID } from 'node:crypto';
import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { LIMITS, PROTOCOL_HEADER, PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import { errorOfRequest, logError } from './errors.ts';
import { parseJson } from './parse-json.ts';
import { rateHeaders } from './rates/rate-limits.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The logger of this request: carries its id, never its content. */
    lines: Logger;
  }
  interface FastifyInstance {
    /** Every route of the server, as `GET /path`. */
    registered: string[];
    /** The codes that the description names, by route. */
    described: Map<string, ReadonlySet<Code>>;
  }
}

/** A client may meet what nobody told it of: a fault of the route's words. */
export const UNDESCRIBED = 'an error that the description of the route does not name';

/** All headers of a request; the largest is a token. */
const HEADER_BYTES = 16 * 1024;

/**
 * The bare HTTP server: ids, limits, headers, error answers and one log line a request. Routes are
 * added by `registerRoutes` and `registerLive`.
 */
export async function createApp(
  log: Logger,
  trustedProxies: readonly string[] = [],
): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    bodyLimit: LIMITS.bodyBytes,
    http: { maxHeaderSize: HEADER_BYTES },
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    // Never taken from the client, who could otherwise write into our log.
    genReqId: () => randomUUID(),
    return503OnClosing: false,
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
  });

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (_request: unknown, text: string | Buffer) => parseJson(String(text)),
  );

  app.decorate('registered', []);
  app.decorate('described', new Map());
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) if (each !== 'HEAD') app.registered.push(`${each} ${url}`);
  });

  app.decorateRequest('lines');
  app.decorateRequest('rate', null);
  app.addHook('onRequest', async (request, reply) => {
    request.lines = log.child({ request: request.id });
    reply.headers({
      'x-request-id': request.id,
      // So that a newer client knows what it may ask here.
      [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });
  app.addHook('onSend', async (request, reply) => {
    if (request.rate) reply.headers(rateHeaders(request.rate));
  });
  app.addHook('onResponse', async (request, reply) => {
    request.lines.info('request', {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });
  app.setErrorHandler((error, request, reply) => sendError(errorOfRequest(error), request, reply));
  app.setNotFoundHandler((request, reply) => sendError(new AppError('NOT_FOUND'), request, reply));

  await app.register(websocket, {
    options: { maxPayload: 4096, perMessageDeflate: false },
    // The live route closes its sockets itself, with a code that tells devices to come back.
    preClose: (done: () => void) => done(),
  });
  return app;
}

function sendError(error: AppError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  logError(request.lines, error);
  const { url } = request.routeOptions;
  const codes = request.server.described.get(`${request.method} ${url}`);
  if (codes && !codes.has(error.code)) {
    request.lines.error(UNDESCRIBED, { code: error.code, route: url ?? 'none' });
  }
  // Spread, so that those who were turned away together do not come back together.
  if (error.code === 'SERVER_BUSY' && request.rate?.allowed !== false) {
    void reply.header('retry-after', String(1 + Math.floor(Math.random() * 3)));
  }
  return reply.status(error.info.status).send({ error: error.toBody() });
}
