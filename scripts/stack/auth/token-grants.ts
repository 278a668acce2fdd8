import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AuthError, parseInput } from './auth-error.ts';
import type { AuthContext, Caller } from './context.ts';
import { inTransaction, queryOne } from './database.ts';
import { sameSecret } from './bearer.ts';
import { refreshSession } from './refresh-grant.ts';
import { openSession, type TokenReply } from './sessions.ts';
import { checkPassword, findUser, findUserByEmail, isBanned } from './users.ts';

/** How long a sign-in at the provider may take, and how long its code is good for. */
export const FLOW_LIFETIME_MS = 5 * 60_000;

const PasswordBody = z.object({
  email: z.string().min(1).max(255),
  password: z.string().max(1000),
});
const PkceBody = z.object({ auth_code: z.uuid(), code_verifier: z.string().min(43).max(128) });

type Grant = (context: AuthContext, body: unknown, caller: Caller) => Promise<object>;

const GRANTS: Readonly<Record<string, Grant>> = {
  password: passwordGrant,
  refresh_token: (context, body) => refreshSession(context, body),
  pkce: pkceGrant,
};

/** Serves `POST /token`: signs in by what `grant_type` names, or refreshes. */
export function grantTokens(
  context: AuthContext,
  grantType: string | undefined,
  body: unknown,
  caller: Caller,
): Promise<object> {
  const grant = Object.hasOwn(GRANTS, grantType ?? '') ? GRANTS[grantType ?? ''] : undefined;
  if (grant === undefined) {
    throw new AuthError(400, 'invalid_credentials', 'unsupported_grant_type');
  }
  return grant(context, body, caller);
}

async function passwordGrant(
  context: AuthContext,
  body: unknown,
  caller: Caller,
): Promise<TokenReply> {
  const { email, password } = parseInput(PasswordBody, body);
  const attempt = `${caller.ip} ${email.toLowerCase()}`;
  context.passwordAttempts.check(attempt);
  const user = await findUserByEmail(context.pool, email);
  if (!(await checkPassword(context.pool, user, password)) || user === undefined) {
    context.passwordAttempts.failed(attempt);
    throw new AuthError(400, 'invalid_credentials', 'Invalid login credentials');
  }
  if (isBanned(user, context.now())) throw new AuthError(400, 'user_banned', 'User is banned');
  if (user.email_confirmed_at === null) {
    throw new AuthError(400, 'email_not_confirmed', 'Email not confirmed');
  }
  context.passwordAttempts.succeeded(attempt);
  return inTransaction(context.pool, (tx) => openSession(context, tx, user, 'password', caller));
}

type FlowRow = {
  user_id: string;
  code_challenge: string;
  code_challenge_method: string;
  provider_access_token: string | null;
  auth_code_issued_at: Date;
};

/** Exchanges the code of a sign-in at a provider, for whoever knows the verifier, once. */
function pkceGrant(context: AuthContext, body: unknown, caller: Caller): Promise<object> {
  const { auth_code: code, code_verifier: verifier } = parseInput(PkceBody, body);
  return inTransaction(context.pool, async (tx) => {
    const flow = await queryOne<FlowRow>(
      tx,
      `select user_id, code_challenge, code_challenge_method, provider_access_token,
              auth_code_issued_at
         from auth.flow_state where auth_code = $1 and user_id is not null for update`,
      [code],
    );
    const user = flow && (await findUser(tx, flow.user_id));
    if (flow === undefined || user === undefined) {
      const message = 'invalid flow state, no valid flow state found';
      throw new AuthError(404, 'flow_state_not_found', message);
    }
    if (flow.auth_code_issued_at.getTime() < context.now() - FLOW_LIFETIME_MS) {
      const message = 'invalid flow state, flow state has expired';
      throw new AuthError(403, 'flow_state_expired', message);
    }
    if (!sameSecret(challengeOf(verifier, flow.code_challenge_method), flow.code_challenge)) {
      const message = 'code challenge does not match previously saved code verifier';
      throw new AuthError(400, 'bad_code_verifier', message);
    }
    if (isBanned(user, context.now())) throw new AuthError(403, 'user_banned', 'User is banned');
    await tx.query('delete from auth.flow_state where auth_code = $1', [code]);
    const reply = await openSession(context, tx, user, 'oauth', caller);
    return { ...reply, provider_token: flow.provider_access_token ?? undefined };
  });
}

function challengeOf(verifier: string, method: string): string {
  return method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
}
