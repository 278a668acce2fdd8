import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type pg from 'pg';
import { z } from 'zod';
import { updateOwnUser, signOut } from './account.ts';
import { adminCreateUser, adminDeleteUser, adminGetUser, adminUpdateUser } from './admin.ts';
import { createAttemptLimiter, type AttemptLimit } from './attempt-limiter.ts';
import { AuthError, API_VERSION_HEADER, parseInput, toErrorReply } from './auth-error.ts';
import { requireServiceKey, requireUser, sameSecret, type SignedIn } from './bearer.ts';
import type { AuthContext, Caller } from './context.ts';
import { createGoogleClient, type GoogleOptions } from './google-client.ts';
import { finishGoogleSignIn, startGoogleSignIn } from './google-flow.ts';
import {
  adminDeleteFactor,
  challengeFactor,
  enrollFactor,
  unenrollFactor,
  verifyFactor,
} from './mfa.ts';
import { createRedirectCheck } from './redirects.ts';
import { loadSigningKey, type PublicJwk } from './signing-key.ts';
import { grantTokens } from './token-grants.ts';
import { toUserJson } from './user-json.ts';

export type StartAuthOptions = {
  /** Reads and writes schema `auth`: a pool of `postgres` or of the superuser. Not closed here. */
  pool: pg.Pool;
  /** Port on 127.0.0.1; 0 takes a free one. */
  port: number;
  /** Where the key pair lies that signs access tokens; made at the first start. */
  keyFile: string;
  /** The secret that opens `/admin`. */
  serviceKey: string;
  /** When given, requests must carry this key or the service key, as Supabase's gateway asks. */
  publishableKey?: string;
  google?: GoogleOptions;
  /** Where the browser goes when it may not go where it was asked to. */
  siteUrl?: string;
  /** Patterns of further addresses for the return to the app, such as `ganger://auth/**`. */
  redirectAllow?: readonly string[];
  /** Whether an unknown Google account makes a new user; default false. */
  allowSignup?: boolean;
  minPasswordLength?: number;
  /** Seconds that an access token is good for; default one hour. */
  tokenLifetimeS?: number;
  /** Milliseconds in which a used refresh token may come once more; default ten seconds. */
  refreshReuseMs?: number;
  /** Failed passwords, and failed codes, by address and account; default 10 and 15 in 5 minutes. */
  passwordAttempts?: AttemptLimit;
  codeAttempts?: AttemptLimit;
  /** Milliseconds since 1970; a test may pass its own clock. */
  now?: () => number;
  /** Gets a line for each unexpected failure: its kind, never data of the request. */
  log?: (line: string) => void;
};

export type RunningAuth = {
  port: number;
  /** The address to give to `createClient`; the API lies under `/auth/v1`. */
  url: string;
  /** The public key under which the access tokens can be checked. */
  publicJwk: PublicJwk;
  stop: () => Promise<void>;
};

const BODY_LIMIT_BYTES = 64 * 1024;
const FIVE_MINUTES_MS = 5 * 60_000;
/** Routes that a browser opens without an API key. */
const KEYLESS = new Set(['/authorize', '/callback', '/.well-known/jwks.json', '/health']);

/**
 * Starts the sign-in service of the embedded and test environments: the part of Supabase's Auth
 * API that the product uses, on the tables of schema `auth`. No origin may call it from a page.
 */
export async function startAuth(options: StartAuthOptions): Promise<RunningAuth> {
  const key = await loadSigningKey(options.keyFile);
  let baseUrl = '';
  const context = createContext(options, key, () => baseUrl);
  const app = createApp(context, options);
  await app.listen({ host: '127.0.0.1', port: options.port });
  // A server that listens on TCP has an address of this kind.
  const { port } = app.server.address() as AddressInfo;
  baseUrl = `http://127.0.0.1:${port}`;
  return { port, url: baseUrl, publicJwk: key.publicJwk, stop: () => app.close() };
}

function createContext(
  options: StartAuthOptions,
  key: AuthContext['key'],
  baseUrl: () => string,
): AuthContext {
  const { now = Date.now, siteUrl = 'http://127.0.0.1' } = options;
  const limiter = (limit: AttemptLimit | undefined, max: number) =>
    createAttemptLimiter(limit ?? { max, windowMs: FIVE_MINUTES_MS }, now);
  return {
    pool: options.pool,
    key,
    google: options.google && createGoogleClient(options.google),
    baseUrl,
    siteUrl,
    mayRedirectTo: createRedirectCheck(siteUrl, options.redirectAllow ?? []),
    serviceKey: options.serviceKey,
    allowSignup: options.allowSignup ?? false,
    minPasswordLength: options.minPasswordLength ?? 8,
    tokenLifetimeS: options.tokenLifetimeS ?? 3600,
    refreshReuseMs: options.refreshReuseMs ?? 10_000,
    passwordAttempts: limiter(options.passwordAttempts, 10),
    codeAttempts: limiter(options.codeAttempts, 15),
    now,
  };
}

function createApp(context: AuthContext, options: StartAuthOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: () => randomUUID(),
    // Idle keep-alive connections of clients must not hold up the end.
    forceCloseConnections: true,
  });
  parseBodies(app);
  answerErrors(app, options.log ?? (() => {}));
  app.register(
    async (api) => {
      requireApiKey(api, context, options.publishableKey);
      registerRoutes(api, context);
    },
    { prefix: '/auth/v1' },
  );
  return app;
}

/** JSON only. The official client announces JSON even where it sends no body. */
function parseBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text === '') return done(null, {});
    try {
      done(null, JSON.parse(String(text)));
    } catch {
      done(new AuthError(400, 'bad_json', 'Could not parse request body as JSON'));
    }
  });
}

function answerErrors(app: FastifyInstance, log: (line: string) => void): void {
  app.setNotFoundHandler(() => {
    throw new AuthError(404, 'not_found', 'The requested path is invalid');
  });
  app.setErrorHandler<Error & { statusCode?: number; code?: string }>((error, request, reply) => {
    const { statusCode: status = 500 } = error;
    // Fastify's own refusals: too large, not JSON.
    const known =
      !(error instanceof AuthError) && status >= 400 && status < 500
        ? new AuthError(status, 'validation_failed', error.message)
        : error;
    const answer = toErrorReply(known, header(request, API_VERSION_HEADER));
    if (answer.status >= 500) {
      const where = `${request.method} ${request.routeOptions.url ?? '?'}`;
      log(`auth: ${where} failed: ${error.name} ${error.code ?? ''} (${request.id})`);
    }
    void reply.code(answer.status).headers(answer.headers).send(answer.body);
  });
}

function requireApiKey(
  api: FastifyInstance,
  context: AuthContext,
  publishableKey: string | undefined,
): void {
  if (publishableKey === undefined) return;
  api.addHook('onRequest', async (request) => {
    if (KEYLESS.has((request.routeOptions.url ?? '').replace('/auth/v1', ''))) return;
    const given = header(request, 'apikey') ?? '';
    if (sameSecret(given, publishableKey) || sameSecret(given, context.serviceKey)) return;
    throw new AuthError(401, 'no_authorization', 'No API key found in request');
  });
}

function registerRoutes(api: FastifyInstance, context: AuthContext): void {
  const authorization = (request: FastifyRequest) => header(request, 'authorization');
  const signedIn = (request: FastifyRequest): Promise<SignedIn> =>
    requireUser(context, context.pool, authorization(request));
  const requireAdmin = async (request: FastifyRequest): Promise<void> =>
    requireServiceKey(context, authorization(request));

  api.get('/health', async () => ({
    version: 'v2',
    name: 'GoTrue',
    description: 'Sign-in service of the embedded environment',
  }));
  api.get('/settings', async () => ({
    external: { email: true, phone: false, google: context.google !== undefined },
    disable_signup: !context.allowSignup,
    mailer_autoconfirm: false,
    phone_autoconfirm: false,
    sms_provider: '',
    saml_enabled: false,
  }));
  api.get('/.well-known/jwks.json', async (_request, reply) => {
    void reply.header('cache-control', 'public, max-age=600');
    return { keys: [context.key.publicJwk] };
  });

  api.post('/token', async (request) => {
    const { grant_type: grantType } = parseInput(
      z.object({ grant_type: z.string().optional() }),
      request.query,
    );
    return grantTokens(context, grantType, request.body, callerOf(request));
  });
  api.get('/authorize', async (request, reply) =>
    reply.redirect(await startGoogleSignIn(context, request.query)),
  );
  api.get('/callback', async (request, reply) =>
    reply.redirect(await finishGoogleSignIn(context, request.query)),
  );

  api.get('/user', async (request) => toUserJson(context.pool, (await signedIn(request)).user));
  api.put('/user', async (request) =>
    updateOwnUser(context, await signedIn(request), request.body),
  );
  api.post('/logout', async (request, reply) => {
    await signOut(context, await signedIn(request), request.query);
    return reply.code(204).send();
  });

  api.post('/factors', async (request) =>
    enrollFactor(context, await signedIn(request), request.body),
  );
  api.post('/factors/:id/challenge', async (request) =>
    challengeFactor(context, await signedIn(request), idOf(request), callerOf(request)),
  );
  api.post('/factors/:id/verify', async (request) =>
    verifyFactor(context, await signedIn(request), idOf(request), request.body, callerOf(request)),
  );
  api.delete('/factors/:id', async (request) =>
    unenrollFactor(context, await signedIn(request), idOf(request)),
  );

  api.register(async (admin) => {
    admin.addHook('onRequest', requireAdmin);
    admin.post('/admin/users', (request) => adminCreateUser(context, request.body));
    admin.get('/admin/users/:id', (request) => adminGetUser(context, idOf(request)));
    admin.put('/admin/users/:id', (request) =>
      adminUpdateUser(context, idOf(request), request.body),
    );
    admin.delete('/admin/users/:id', (request) => adminDeleteUser(context, idOf(request)));
    admin.delete('/admin/users/:id/factors/:factor', (request) =>
      adminDeleteFactor(context, idOf(request), factorOf(request)),
    );
  });
}

function idOf(request: FastifyRequest): string {
  return parseInput(z.object({ id: z.uuid() }), request.params).id;
}

function factorOf(request: FastifyRequest): string {
  return parseInput(z.object({ factor: z.uuid() }), request.params).factor;
}

function callerOf(request: FastifyRequest): Caller {
  return { ip: request.ip, userAgent: header(request, 'user-agent') ?? '' };
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
