import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '#shared/errors/app-error.ts';
import { fieldsOfIssues } from '#shared/schema/rows.ts';
import type { Identity, TokenVerifier } from '../auth/token-verifier.ts';
import { codesOf } from './describe/openapi.ts';
import { bearerToken, deviceId, requireProtocol } from './headers.ts';
import type { Rate } from '../config/rates-config.ts';
import { createLimiter } from './limiter.ts';
import type { RateLimits } from './rates/rate-limits.ts';
import { ReadyText } from './route.ts';
import type { Authorize, Caller, Route } from './route.ts';

/** What tells who calls. */
export interface Gate {
  readonly verifier: TokenVerifier;
  /** The oldest version of the protocol that is served now. */
  readonly oldest: () => number;
  /** Absent: anybody may call as often as they like. */
  readonly rates?: RateLimits | null;
}

/**
 * Tells who calls, from the headers alone, and counts the call.
 * @param rate how often one caller may call this route, beside what everybody may call in all
 * @throws AppError SYNC_CLIENT_TOO_OLD, AUTH_TOKEN_EXPIRED, AUTH_TOKEN_INVALID, DEVICE_REFUSED, RATE_LIMITED
 */
export async function identify(
  request: FastifyRequest,
  authorize: Authorize,
  gate: Gate,
  rate: Rate | null = null,
): Promise<Caller | Identity | null> {
  const who = await knownOf(request, authorize, gate);
  await gate.rates?.caller(request, who, rate);
  return who;
}

async function knownOf(
  request: FastifyRequest,
  authorize: Authorize,
  { verifier, oldest }: Gate,
): Promise<Caller | Identity | null> {
  if (authorize === 'public') return null;
  const protocol = requireProtocol(request.headers, oldest());
  const identity = await verifier.verify(bearerToken(request.headers));
  if (authorize === 'user') return identity;
  return { ...identity, deviceId: deviceId(request.headers), protocol };
}

/**
 * Turns route values into routes of the HTTP server. Who calls is settled before the body is read;
 * each route has its own line of waiting requests.
 */
export function registerRoutes(
  app: FastifyInstance,
  routes: readonly Route[],
  deps: Gate & { concurrency: number; maxWaitMs?: number },
): void {
  const callers = new WeakMap<FastifyRequest, Caller | Identity | null>();
  for (const route of routes) {
    const limiter = createLimiter(deps.concurrency, deps.concurrency * 4, deps.maxWaitMs);
    app.described.set(`${route.method} ${route.url}`, new Set(codesOf.route(route)));
    app.route({
      method: route.method,
      url: route.url,
      bodyLimit: route.bodyBytes,
      onRequest: async (request) => {
        // Before a token is verified and a body read: turning away has to be cheap.
        limiter.check();
        callers.set(request, await identify(request, route.authorize, deps, route.rate));
      },
      handler: async (request, reply) => {
        const body = parseBody(route, request.body);
        const caller = callers.get(request) ?? null;
        const answer = await limiter.run(() => route.run({ caller, body, log: request.lines }));
        if (!(answer instanceof ReadyText)) return answer;
        return reply.headers(answer.headers).send(answer.text);
      },
    });
  }
}

function parseBody(route: Route, body: unknown): unknown {
  if (!route.body) return undefined;
  const parsed = route.body.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new AppError('REQUEST_INVALID', { fields: fieldsOfIssues(parsed.error) });
}
