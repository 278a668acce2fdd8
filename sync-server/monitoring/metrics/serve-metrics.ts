import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#shared/errors/app-error.ts';
import type { MetricsConfig } from '../../config/monitoring-config.ts';
import type { Metrics } from './metrics.ts';

export const METRICS_PATH = '/metrics';

/**
 * The figures on the server's own port, for whoever has the token. Without one the path is not there.
 */
export function registerMetrics(app: FastifyInstance, token: string, metrics: Metrics): void {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = digest(`Bearer ${token}`);
  app.get(METRICS_PATH, async (request, reply) => {
    const given = digest(request.headers.authorization ?? '');
    // Of equal length, so that time says nothing about how much of a guess was right.
    if (!timingSafeEqual(given, wanted)) throw new AppError('AUTH_TOKEN_INVALID');
    const { type, body } = await metrics.text();
    return reply.header('content-type', type).send(body);
  });
}

/** The figures on a port of their own, for a network that only the collector reaches. */
export async function listenForMetrics(
  { port, host }: MetricsConfig & { readonly port: number },
  metrics: Metrics,
): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== METRICS_PATH) {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      ({ type, body }) => response.writeHead(200, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    );
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  return server;
}
