import { randomBytes, randomUUID } from 'node:crypto';
import { issuerOf, type AuthContext, type Caller } from './context.ts';
import { queryOne, type Queryable } from './database.ts';
import { toUserJson, type UserJson } from './user-json.ts';
import type { User } from './users.ts';

export const AUDIENCE = 'authenticated';

/** How a session was opened or raised, as its tokens name it (`amr`). */
export type AuthMethod = 'password' | 'oauth' | 'totp';

/** A row of `auth.sessions`, as far as this service uses it. */
export type Session = {
  id: string;
  user_id: string;
  aal: 'aal1' | 'aal2' | 'aal3';
  not_after: Date | null;
};

/** What a client gets when it signs in or refreshes. */
export type TokenReply = {
  access_token: string;
  token_type: 'bearer';
  expires_in: number;
  expires_at: number;
  refresh_token: string;
  user: UserJson;
};

/** A session by id, locked until the transaction ends where asked. */
export function findSession(
  db: Queryable,
  id: string,
  { lock = false } = {},
): Promise<Session | undefined> {
  return queryOne(
    db,
    `select id, user_id, coalesce(aal::text, 'aal1') as aal, not_after
       from auth.sessions where id = $1 ${lock ? 'for update' : ''}`,
    [id],
  );
}

/** Opens a session for a user who has proved who they are, and issues its first tokens. */
export async function openSession(
  context: AuthContext,
  tx: Queryable,
  user: User,
  method: AuthMethod,
  caller: Caller,
): Promise<TokenReply> {
  const sessionId = randomUUID();
  await tx.query(
    `insert into auth.sessions (id, user_id, aal, user_agent, ip) values ($1, $2, 'aal1', $3, $4)`,
    [sessionId, user.id, caller.userAgent, caller.ip],
  );
  await recordMethod(tx, sessionId, method);
  const signedIn = await queryOne<{ last_sign_in_at: Date; updated_at: Date }>(
    tx,
    `update auth.users set last_sign_in_at = now(), updated_at = now() where id = $1
     returning last_sign_in_at, updated_at`,
    [user.id],
  );
  const refreshToken = await addRefreshToken(tx, user.id, sessionId, null);
  return issueTokens(context, tx, { ...user, ...signedIn }, sessionId, refreshToken);
}

/** Notes that a session was strengthened by a method, now. */
export async function recordMethod(
  tx: Queryable,
  sessionId: string,
  method: AuthMethod,
): Promise<void> {
  await tx.query(
    `insert into auth.mfa_amr_claims (session_id, authentication_method) values ($1, $2)
     on conflict (session_id, authentication_method) do update set updated_at = now()`,
    [sessionId, method],
  );
}

/** Adds a refresh token to a session; `parent` is the token that it replaces. */
export async function addRefreshToken(
  tx: Queryable,
  userId: string,
  sessionId: string,
  parent: string | null,
): Promise<string> {
  const token = randomBytes(18).toString('base64url');
  await tx.query(
    `insert into auth.refresh_tokens (token, user_id, revoked, parent, session_id)
     values ($1, $2, false, $3, $4)`,
    [token, userId, parent, sessionId],
  );
  return token;
}

/** Replaces the token that a session has now by a new one, which is returned. */
export async function rotateRefreshToken(tx: Queryable, session: Session): Promise<string> {
  const active = await findActiveToken(tx, session.id);
  if (active !== undefined) await revokeToken(tx, active.token);
  return addRefreshToken(tx, session.user_id, session.id, active?.token ?? null);
}

/** The token of a session that was issued last and is not used yet. */
export function findActiveToken(
  tx: Queryable,
  sessionId: string,
): Promise<{ token: string; parent: string | null } | undefined> {
  return queryOne(
    tx,
    `select token, parent from auth.refresh_tokens
      where session_id = $1 and not revoked order by id desc limit 1`,
    [sessionId],
  );
}

/** Marks a refresh token as used. */
export async function revokeToken(tx: Queryable, token: string): Promise<void> {
  await tx.query(
    'update auth.refresh_tokens set revoked = true, updated_at = now() where token = $1',
    [token],
  );
}

/** Signs an access token for a session and words the reply of the token endpoint. */
export async function issueTokens(
  context: AuthContext,
  tx: Queryable,
  user: User,
  sessionId: string,
  refreshToken: string,
): Promise<TokenReply> {
  const session = await findSession(tx, sessionId);
  const { rows: methods } = await tx.query<{ method: string; timestamp: number }>(
    `select authentication_method as method, extract(epoch from updated_at)::int as timestamp
       from auth.mfa_amr_claims where session_id = $1 order by updated_at desc, method`,
    [sessionId],
  );
  const issuedAt = Math.floor(context.now() / 1000);
  const expiresAt = issuedAt + context.tokenLifetimeS;
  const accessToken = await context.key.sign({
    iss: issuerOf(context),
    sub: user.id,
    aud: AUDIENCE,
    exp: expiresAt,
    iat: issuedAt,
    email: user.email ?? '',
    phone: user.phone ?? '',
    app_metadata: user.app_metadata,
    user_metadata: user.user_metadata,
    role: user.role,
    aal: session?.aal ?? 'aal1',
    amr: methods,
    session_id: sessionId,
    is_anonymous: user.is_anonymous,
  });
  return {
    access_token: accessToken,
    token_type: 'bearer',
    expires_in: context.tokenLifetimeS,
    expires_at: expiresAt,
    refresh_token: refreshToken,
    user: await toUserJson(tx, user),
  };
}
