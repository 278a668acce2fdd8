import { z } from 'zod';
import { AuthError, parseInput } from './auth-error.ts';
import type { AuthContext } from './context.ts';
import { inTransaction } from './database.ts';
import { toUserJson, type UserJson } from './user-json.ts';
import { checkPasswordStrength, createUser, findUser, updateUser } from './users.ts';

const Metadata = z.record(z.string(), z.unknown());
/** A time as Go writes it, in hours, minutes and seconds: `24h`, `1h30m`; `none` lifts the ban. */
const BanDuration = z.string().regex(/^(none|(?=\d)(\d+h)?(\d+m)?(\d+s)?)$/);

const CreateBody = z.object({
  id: z.uuid().optional(),
  email: z.email().max(255),
  password: z.string().max(72).optional(),
  email_confirm: z.boolean().default(false),
  app_metadata: Metadata.default({}),
  user_metadata: Metadata.default({}),
});
const UpdateBody = z.object({
  password: z.string().max(72).optional(),
  email_confirm: z.literal(true).optional(),
  app_metadata: Metadata.optional(),
  user_metadata: Metadata.optional(),
  ban_duration: BanDuration.optional(),
});

/** Serves `POST /admin/users`. Throws 422 `email_exists` or `weak_password`. */
export async function adminCreateUser(context: AuthContext, body: unknown): Promise<UserJson> {
  const params = parseInput(CreateBody, body);
  if (params.password !== undefined) {
    checkPasswordStrength(params.password, context.minPasswordLength);
  }
  const email = params.email.toLowerCase();
  return inTransaction(context.pool, async (tx) => {
    const user = await createUser(tx, {
      id: params.id,
      email,
      password: params.password,
      confirmed: params.email_confirm,
      appMetadata: params.app_metadata,
      userMetadata: params.user_metadata,
      identity: { provider: 'email', data: { email, email_verified: params.email_confirm } },
    });
    return toUserJson(tx, user);
  });
}

/** Serves `GET /admin/users/{id}`. Throws 404 `user_not_found`. */
export async function adminGetUser(context: AuthContext, id: string): Promise<UserJson> {
  const user = await findUser(context.pool, id);
  if (user === undefined) throw new AuthError(404, 'user_not_found', 'User not found');
  return toUserJson(context.pool, user);
}

/** Serves `PUT /admin/users/{id}`: password, metadata, confirmation, ban. */
export async function adminUpdateUser(
  context: AuthContext,
  id: string,
  body: unknown,
): Promise<UserJson> {
  const params = parseInput(UpdateBody, body);
  if (params.password !== undefined) {
    checkPasswordStrength(params.password, context.minPasswordLength);
  }
  const bannedUntil =
    params.ban_duration === undefined ? undefined : banEnd(params.ban_duration, context.now());
  return inTransaction(context.pool, async (tx) => {
    const user = await updateUser(tx, id, {
      password: params.password,
      appMetadata: params.app_metadata,
      userMetadata: params.user_metadata,
      confirmed: params.email_confirm,
      bannedUntil,
    });
    return toUserJson(tx, user);
  });
}

/** Serves `DELETE /admin/users/{id}`: the user, their sessions and factors are gone. */
export async function adminDeleteUser(context: AuthContext, id: string): Promise<object> {
  const { rowCount } = await context.pool.query('delete from auth.users where id = $1', [id]);
  if (rowCount === 0) throw new AuthError(404, 'user_not_found', 'User not found');
  return {};
}

function banEnd(duration: string, nowMs: number): Date | null {
  if (duration === 'none') return null;
  const part = (unit: string): number =>
    Number(new RegExp(`(\\d+)${unit}`).exec(duration)?.[1] ?? 0);
  return new Date(nowMs + (part('h') * 3600 + part('m') * 60 + part('s')) * 1000);
}
