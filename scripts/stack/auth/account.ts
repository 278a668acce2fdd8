import { z } from 'zod';
import { AuthError, parseInput } from './auth-error.ts';
import type { SignedIn } from './bearer.ts';
import type { AuthContext } from './context.ts';
import { inTransaction } from './database.ts';
import { hasVerifiedFactor } from './mfa.ts';
import { toUserJson, type UserJson } from './user-json.ts';
import { checkPassword, checkPasswordStrength, updateUser } from './users.ts';

const UpdateBody = z.object({
  data: z.record(z.string(), z.unknown()).optional(),
  password: z.string().min(1).max(72).optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  app_metadata: z.unknown().optional(),
});
const LogoutQuery = z.object({ scope: z.enum(['global', 'local', 'others']).default('global') });

/**
 * Serves `PUT /user`: password and own metadata. A new password ends the user's other sessions.
 * Throws `AuthError` for a weak or unchanged one, and where the second factor is missing.
 */
export async function updateOwnUser(
  context: AuthContext,
  { user, session }: SignedIn,
  body: unknown,
): Promise<UserJson> {
  const params = parseInput(UpdateBody, body);
  if (params.app_metadata !== undefined) {
    const message = 'Updating app_metadata requires admin privileges';
    throw new AuthError(403, 'not_admin', message);
  }
  if ((params.email ?? user.email) !== user.email || (params.phone ?? '') !== (user.phone ?? '')) {
    const message = 'Changing the email address or phone number is not supported here';
    throw new AuthError(422, 'validation_failed', message);
  }
  const { password } = params;
  if (password !== undefined) {
    checkPasswordStrength(password, context.minPasswordLength);
    if (session.aal === 'aal1' && (await hasVerifiedFactor(context.pool, user.id))) {
      const message = 'AAL2 session is required to update email or password when MFA is enabled.';
      throw new AuthError(401, 'insufficient_aal', message);
    }
    if (user.has_password && (await checkPassword(context.pool, user, password))) {
      const message = 'New password should be different from the old password.';
      throw new AuthError(422, 'same_password', message);
    }
  }
  return inTransaction(context.pool, async (tx) => {
    const updated = await updateUser(tx, user.id, { password, userMetadata: params.data });
    if (password !== undefined) {
      await tx.query('delete from auth.sessions where user_id = $1 and id <> $2', [
        user.id,
        session.id,
      ]);
    }
    return toUserJson(tx, updated);
  });
}

/** Serves `POST /logout`: ends this session, the user's others, or (by default) all of them. */
export async function signOut(
  context: AuthContext,
  { user, session }: SignedIn,
  query: unknown,
): Promise<void> {
  const { scope } = parseInput(LogoutQuery, query);
  await context.pool.query(
    `delete from auth.sessions
      where user_id = $1
        and case $3 when 'local' then id = $2 when 'others' then id <> $2 else true end`,
    [user.id, session.id, scope],
  );
}
