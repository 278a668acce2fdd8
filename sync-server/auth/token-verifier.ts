import { createHash } from 'node:crypto';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { AppError } from '#shared/errors/app-error.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { CacheManager } from '../cache/cache-manager.ts';

/** Somebody who proved who they are. */
export interface Identity {
  readonly userId: string;
  /** All claims of the token: the policies of the database read them. */
  readonly claims: JWTPayload;
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
}

export interface TokenVerifier {
  /**
   * @throws AppError AUTH_TOKEN_EXPIRED, AUTH_TOKEN_INVALID, or SERVER_BUSY when the issuer's keys
   * cannot be fetched (the token may well be good)
   */
  verify(token: string): Promise<Identity>;
}

const LONGEST_TOKEN = 8_192;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Verifies access tokens of the sign-in service with its published keys (ES256). Tokens that were
 * verified once are remembered until they expire, since a verification costs five times a request.
 */
export function createTokenVerifier(options: {
  authUrl: string;
  clock: Clock;
  cache: CacheManager;
}): TokenVerifier {
  const { authUrl, clock, cache } = options;
  const keys = createRemoteJWKSet(new URL(`${authUrl}/.well-known/jwks.json`), {
    timeoutDuration: 3_000,
    cooldownDuration: 5_000,
    cacheMaxAge: 10 * 60_000,
  });

  return {
    async verify(token) {
      if (token.length > LONGEST_TOKEN) throw new AppError('AUTH_TOKEN_INVALID');
      // The hash, not the token: a memory dump then holds nobody's session.
      const key = createHash('sha256').update(token).digest('base64url');
      const identity = await cache.through<Identity>('session', {
        key,
        tags: [],
        load: async () => identityOf(await verified(token, keys, authUrl, clock)),
        freshMs: ({ expiresAt }) => expiresAt - clock.now(),
      });
      if (!identity || identity.expiresAt <= clock.now()) throw new AppError('AUTH_TOKEN_EXPIRED');
      return identity;
    },
  };
}

async function verified(
  token: string,
  keys: ReturnType<typeof createRemoteJWKSet>,
  issuer: string,
  clock: Clock,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['ES256'],
      issuer,
      audience: 'authenticated',
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(clock.now()),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new AppError('AUTH_TOKEN_EXPIRED', {}, error);
    if (isAboutTheToken(error)) throw new AppError('AUTH_TOKEN_INVALID', {}, error);
    throw new AppError('SERVER_BUSY', { reason: 'sign-in keys' }, error);
  }
}

function identityOf(payload: JWTPayload): Identity {
  const { sub, exp, role } = payload;
  if (sub === undefined || !GUID.test(sub) || exp === undefined || role !== 'authenticated') {
    throw new AppError('AUTH_TOKEN_INVALID');
  }
  return { userId: sub, claims: payload, expiresAt: exp * 1000 };
}

/** Keys that cannot be fetched say nothing about the token; everything else of jose does. */
function isAboutTheToken(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return false;
  if (error instanceof errors.JWKSNoMatchingKey) return true;
  // jose throws its plain base class when the answer of the key server is not usable.
  return error instanceof errors.JOSEError && error.constructor !== errors.JOSEError;
}
