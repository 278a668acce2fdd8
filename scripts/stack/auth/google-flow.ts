import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AuthError, parseInput } from './auth-error.ts';
import { issuerOf, type AuthContext } from './context.ts';
import { inTransaction, queryOne, type Queryable } from './database.ts';
import type { GoogleAccount, GoogleClient } from './google-client.ts';
import { FLOW_LIFETIME_MS } from './token-grants.ts';
import {
  createUser,
  findUserByEmail,
  findUserByIdentity,
  isBanned,
  linkIdentity,
  updateUser,
  type User,
} from './users.ts';

const PROVIDER = 'google';

const AuthorizeQuery = z.object({
  provider: z.string(),
  redirect_to: z.string().max(2000).optional(),
  code_challenge: z.string().min(43).max(128),
  code_challenge_method: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['s256', 'plain'])),
});
const CallbackQuery = z.object({
  state: z.string().max(100).optional(),
  code: z.string().max(2000).optional(),
  error: z.string().max(200).optional(),
  error_description: z.string().max(500).optional(),
});

type FlowRow = { id: string; redirect_to: string; created_at: Date };

/**
 * Serves `GET /authorize`: remembers the app's challenge and returns the address at Google where
 * the browser goes. An address to return to that is not allowed is replaced by the site's.
 */
export async function startGoogleSignIn(context: AuthContext, query: unknown): Promise<string> {
  const { provider, redirect_to: wanted, ...pkce } = parseInput(AuthorizeQuery, query);
  const google = requireGoogle(context, provider);
  const redirectTo =
    wanted !== undefined && context.mayRedirectTo(wanted) ? wanted : context.siteUrl;
  const id = randomUUID();
  await context.pool.query(
    `insert into auth.flow_state
       (id, code_challenge_method, code_challenge, provider_type, authentication_method, referrer)
     values ($1, $2, $3, $4, 'oauth', $5)`,
    [id, pkce.code_challenge_method, pkce.code_challenge, provider, redirectTo],
  );
  return google.authorizationUrl(id, callbackUrl(context));
}

/**
 * Serves `GET /callback`: Google sends the browser here. Returns the address in the app to which
 * it goes on, with a code to exchange, or with the error.
 */
export async function finishGoogleSignIn(context: AuthContext, query: unknown): Promise<string> {
  let returnTo = context.siteUrl;
  try {
    const answer = parseInput(CallbackQuery, query);
    const flow = await findFlow(context, answer.state);
    returnTo = flow.redirect_to;
    if (answer.error !== undefined) {
      return withError(returnTo, answer.error, undefined, answer.error_description ?? '');
    }
    const google = requireGoogle(context, PROVIDER);
    const account = await google.exchange(answer.code ?? '', callbackUrl(context));
    const code = randomUUID();
    await inTransaction(context.pool, async (tx) => {
      const user = await findOrCreate(context, tx, account);
      await completeFlow(tx, flow.id, user.id, code, account.accessToken);
    });
    const url = new URL(returnTo);
    url.searchParams.set('code', code);
    return url.href;
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    const kind = error.status === 403 ? 'access_denied' : 'invalid_request';
    return withError(returnTo, kind, error.code, error.message);
  }
}

function callbackUrl(context: AuthContext): string {
  return `${issuerOf(context)}/callback`;
}

function requireGoogle(context: AuthContext, provider: string): GoogleClient {
  if (provider === PROVIDER && context.google !== undefined) return context.google;
  const message = 'Unsupported provider: provider is not enabled';
  throw new AuthError(400, 'validation_failed', message);
}

async function findFlow(context: AuthContext, state: string | undefined): Promise<FlowRow> {
  const flow = await queryOne<FlowRow>(
    context.pool,
    `select id, referrer as redirect_to, created_at
       from auth.flow_state where id::text = $1 and auth_code is null`,
    [state ?? ''],
  );
  if (flow === undefined || flow.created_at.getTime() < context.now() - FLOW_LIFETIME_MS) {
    throw new AuthError(400, 'bad_oauth_state', 'OAuth state not found or expired');
  }
  return flow;
}

/** The user of an account: known, linked now by the verified address, or new where allowed. */
async function findOrCreate(
  context: AuthContext,
  tx: Queryable,
  account: GoogleAccount,
): Promise<User> {
  const data = identityData(account);
  const user =
    (await findUserByIdentity(tx, PROVIDER, account.subject)) ??
    (await findUserByEmail(tx, account.email));
  if (user === undefined) {
    if (!context.allowSignup) {
      throw new AuthError(403, 'signup_disabled', 'Signups not allowed for this instance');
    }
    return createUser(tx, {
      email: account.email,
      confirmed: true,
      appMetadata: {},
      userMetadata: data,
      identity: { provider: PROVIDER, subject: account.subject, data },
    });
  }
  if (isBanned(user, context.now())) throw new AuthError(403, 'user_banned', 'User is banned');
  await linkIdentity(tx, user.id, PROVIDER, account.subject, data);
  // Whoever set a password without owning the address must not keep a way in.
  if (user.email_confirmed_at === null) {
    await tx.query('update auth.users set encrypted_password = null where id = $1', [user.id]);
  }
  return updateUser(tx, user.id, { userMetadata: data, confirmed: true });
}

function identityData(account: GoogleAccount): Record<string, unknown> {
  return {
    sub: account.subject,
    provider_id: account.subject,
    email: account.email.toLowerCase(),
    email_verified: true,
    ...(account.name === undefined ? {} : { name: account.name, full_name: account.name }),
    ...(account.picture === undefined ? {} : { avatar_url: account.picture }),
  };
}

async function completeFlow(
  tx: Queryable,
  flowId: string,
  userId: string,
  code: string,
  providerToken: string,
): Promise<void> {
  const { rowCount } = await tx.query(
    `update auth.flow_state
        set auth_code = $2, user_id = $3, provider_access_token = $4,
            auth_code_issued_at = now(), updated_at = now()
      where id = $1 and auth_code is null`,
    [flowId, code, userId, providerToken],
  );
  if (rowCount !== 1) throw new AuthError(400, 'bad_oauth_state', 'OAuth state was used already');
}

/** The error goes into the query, where apps with PKCE look, and into the fragment. */
function withError(
  address: string,
  error: string,
  code: string | undefined,
  description: string,
): string {
  const url = new URL(address);
  const details = new URLSearchParams({
    error,
    ...(code === undefined ? {} : { error_code: code }),
    error_description: description,
  });
  for (const [key, value] of details) url.searchParams.set(key, value);
  url.hash = details.toString();
  return url.href;
}
