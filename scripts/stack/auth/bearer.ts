import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { AuthError } from './auth-error.ts';
import { issuerOf, type AuthContext } from './context.ts';
import type { Queryable } from './database.ts';
import { AUDIENCE, findSession, type Session } from './sessions.ts';
import { findUser, type User } from './users.ts';

const Claims = z.object({ sub: z.uuid(), session_id: z.uuid() });

/** The user and session that a request's access token stands for. */
export type SignedIn = { user: User; session: Session };

/**
 * Finds out who sends a request. Throws 401 `no_authorization` without a bearer token, 403
 * `bad_jwt`, `session_not_found` after a sign-out, `user_not_found` after a deletion.
 */
export async function requireUser(
  context: AuthContext,
  db: Queryable,
  authorization: string | undefined,
): Promise<SignedIn> {
  const claims = await verifyToken(context, bearerToken(authorization));
  const user = await findUser(db, claims.sub);
  if (user === undefined) {
    throw new AuthError(403, 'user_not_found', 'User from sub claim in JWT does not exist');
  }
  const session = await findSession(db, claims.session_id);
  if (session?.user_id !== user.id) {
    const message = 'Session from session_id claim in JWT does not exist';
    throw new AuthError(403, 'session_not_found', message);
  }
  return { user, session };
}

/** Lets only the holder of the service key pass. Throws 401 or 403 `not_admin`. */
export function requireServiceKey(context: AuthContext, authorization: string | undefined): void {
  if (!sameSecret(bearerToken(authorization), context.serviceKey)) {
    throw new AuthError(403, 'not_admin', 'User not allowed');
  }
}

/** Compares two secrets in a time that says nothing about them. */
export function sameSecret(one: string, two: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(two));
}

function bearerToken(authorization: string | undefined): string {
  const token = /^bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (token !== undefined) return token;
  const message = 'This endpoint requires a valid Bearer token';
  throw new AuthError(401, 'no_authorization', message);
}

async function verifyToken(context: AuthContext, token: string): Promise<z.output<typeof Claims>> {
  try {
    const expected = { audience: AUDIENCE, issuer: issuerOf(context) };
    return Claims.parse(await context.key.verify(token, expected));
  } catch {
    const message = 'invalid JWT: unable to parse or verify signature or claims';
    throw new AuthError(403, 'bad_jwt', message);
  }
}
