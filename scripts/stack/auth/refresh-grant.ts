import { z } from 'zod';
import { AuthError, parseInput } from './auth-error.ts';
import type { AuthContext } from './context.ts';
import { inTransaction, queryOne, type Queryable } from './database.ts';
import {
  addRefreshToken,
  findActiveToken,
  findSession,
  issueTokens,
  revokeToken,
  type TokenReply,
} from './sessions.ts';
import { findUser, isBanned } from './users.ts';

const RefreshBody = z.object({ refresh_token: z.string().min(1).max(255) });

type TokenRow = { token: string; session_id: string; revoked: boolean; updated_at: Date };

const refused = (code: string, reason: string): AuthError =>
  new AuthError(400, code, `Invalid Refresh Token: ${reason}`);

/**
 * Gives new tokens for a refresh token, which is good once. Its second use is allowed when the
 * answer to the first was lost (the token that it brought is still unused), or for a moment, since
 * two windows may refresh together; otherwise it was stolen, and the whole session ends.
 */
export async function refreshSession(context: AuthContext, body: unknown): Promise<TokenReply> {
  const { refresh_token: given } = parseInput(RefreshBody, body);
  const result = await inTransaction(context.pool, (tx) => refresh(context, tx, given));
  // Outside: the end of the session must be committed.
  if (result === 'reused') throw refused('refresh_token_already_used', 'Already Used');
  return result;
}

async function refresh(
  context: AuthContext,
  tx: Queryable,
  given: string,
): Promise<TokenReply | 'reused'> {
  const found = await findToken(tx, given);
  // The session's lock puts refreshes of one session in a row; then the token is read again.
  const session = found && (await findSession(tx, found.session_id, { lock: true }));
  const token = await findToken(tx, given);
  if (token === undefined || session === undefined) {
    throw refused('refresh_token_not_found', 'Refresh Token Not Found');
  }
  const user = await findUser(tx, session.user_id);
  if (user === undefined) throw refused('session_not_found', 'No Valid Session Found');
  if (isBanned(user, context.now())) throw refused('user_banned', 'User Banned');
  if (session.not_after !== null && session.not_after.getTime() < context.now()) {
    throw refused('session_expired', 'Session Expired');
  }
  const next = await replaceToken(context, tx, token, session.user_id);
  if (next === undefined) {
    await tx.query(
      'update auth.refresh_tokens set revoked = true where session_id = $1 and not revoked',
      [session.id],
    );
    return 'reused';
  }
  await tx.query(
    `update auth.sessions
        set refreshed_at = now() at time zone 'utc', updated_at = now() where id = $1`,
    [session.id],
  );
  return issueTokens(context, tx, user, session.id, next);
}

/** The token that follows the given one; undefined when the given one may not be used again. */
async function replaceToken(
  context: AuthContext,
  tx: Queryable,
  token: TokenRow,
  userId: string,
): Promise<string | undefined> {
  if (token.revoked) {
    const active = await findActiveToken(tx, token.session_id);
    if (active === undefined) return undefined;
    if (active.parent === token.token) return active.token;
    if (token.updated_at.getTime() < context.now() - context.refreshReuseMs) return undefined;
  } else {
    await revokeToken(tx, token.token);
  }
  return addRefreshToken(tx, userId, token.session_id, token.token);
}

function findToken(tx: Queryable, token: string): Promise<TokenRow | undefined> {
  return queryOne(
    tx,
    'select token, session_id, revoked, updated_at from auth.refresh_tokens where token = $1',
    [token],
  );
}
