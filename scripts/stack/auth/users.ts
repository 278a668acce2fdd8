import { randomUUID } from 'node:crypto';
import { AuthError } from './auth-error.ts';
import { queryOne, type Queryable } from './database.ts';

/** A row of `auth.users`, as far as this service uses it. */
export type User = {
  id: string;
  aud: string;
  role: string;
  email: string | null;
  phone: string | null;
  has_password: boolean;
  email_confirmed_at: Date | null;
  confirmed_at: Date | null;
  last_sign_in_at: Date | null;
  banned_until: Date | null;
  app_metadata: Record<string, unknown>;
  user_metadata: Record<string, unknown>;
  is_anonymous: boolean;
  created_at: Date;
  updated_at: Date;
};

const COLUMNS = `id, aud, role, email, phone, email_confirmed_at, confirmed_at, last_sign_in_at,
  banned_until, is_anonymous, created_at, updated_at,
  encrypted_password is not null as has_password,
  coalesce(raw_app_meta_data, '{}') as app_metadata,
  coalesce(raw_user_meta_data, '{}') as user_metadata`;

/** The work factor of bcrypt that GoTrue uses. */
const SALT = `extensions.gen_salt('bf', 10)`;

export type NewUser = {
  id?: string | undefined;
  email: string;
  password?: string | undefined;
  confirmed: boolean;
  appMetadata: Record<string, unknown>;
  userMetadata: Record<string, unknown>;
  identity: { provider: string; subject?: string; data: Record<string, unknown> };
};

/** A user by id; undefined when there is none, or it was deleted. */
export function findUser(db: Queryable, id: string): Promise<User | undefined> {
  return queryOne(db, `select ${COLUMNS} from auth.users where id = $1 and deleted_at is null`, [
    id,
  ]);
}

/** A user by e-mail address, in any case of letters. */
export function findUserByEmail(db: Queryable, email: string): Promise<User | undefined> {
  return queryOne(
    db,
    `select ${COLUMNS} from auth.users
      where email = lower($1) and deleted_at is null and not is_sso_user`,
    [email],
  );
}

/** A user by the account that a provider knows them under. */
export function findUserByIdentity(
  db: Queryable,
  provider: string,
  subject: string,
): Promise<User | undefined> {
  return queryOne(
    db,
    `select ${COLUMNS} from auth.users
      where deleted_at is null
        and id = (select user_id from auth.identities where provider = $1 and provider_id = $2)`,
    [provider, subject],
  );
}

/** Tells whether the password is the user's; takes as long when there is no such user. */
export async function checkPassword(
  db: Queryable,
  user: User | undefined,
  password: string,
): Promise<boolean> {
  const row = await queryOne<{ matches: boolean | null }>(
    db,
    `select extensions.crypt($2, coalesce(stored, ${SALT})) = stored as matches
       from (select (select encrypted_password from auth.users where id = $1) as stored) as found`,
    [user?.id ?? null, password],
  );
  return row?.matches === true;
}

/** Creates a user with one identity. Throws 422 `email_exists` when the address is taken. */
export async function createUser(db: Queryable, user: NewUser): Promise<User> {
  const { provider, subject, data } = user.identity;
  const created = await queryOne<User>(
    db,
    `insert into auth.users (id, instance_id, aud, role, email, encrypted_password,
        email_confirmed_at, raw_app_meta_data, raw_user_meta_data)
     values ($1, '00000000-0000-0000-0000-000000000000', 'authenticated', 'authenticated',
        lower($2), case when $3::text is not null then extensions.crypt($3, ${SALT}) end,
        case when $4 then now() end, $5, $6)
     on conflict do nothing
     returning ${COLUMNS}`,
    [
      user.id ?? randomUUID(),
      user.email,
      user.password ?? null,
      user.confirmed,
      { ...user.appMetadata, provider, providers: [provider] },
      user.userMetadata,
    ],
  );
  if (created === undefined) {
    const message = 'A user with this email address has already been registered';
    throw new AuthError(422, 'email_exists', message);
  }
  await linkIdentity(db, created.id, provider, subject ?? created.id, {
    ...data,
    sub: subject ?? created.id,
  });
  return created;
}

/** Adds a provider's account to a user, or refreshes what the provider says about them. */
export async function linkIdentity(
  db: Queryable,
  userId: string,
  provider: string,
  subject: string,
  data: Record<string, unknown>,
): Promise<void> {
  await db.query(
    `insert into auth.identities (provider_id, user_id, identity_data, provider, last_sign_in_at)
     values ($1, $2, $3, $4, now())
     on conflict (provider_id, provider) do update
       set identity_data = excluded.identity_data, last_sign_in_at = now(), updated_at = now()`,
    [subject, userId, data, provider],
  );
  await db.query(
    `update auth.users
        set raw_app_meta_data = coalesce(raw_app_meta_data, '{}') || jsonb_build_object(
              'providers', (select jsonb_agg(distinct provider)
                              from auth.identities where user_id = $1)),
            updated_at = now()
      where id = $1`,
    [userId],
  );
}

/** SQL that merges an object into a column by key; a key set to null goes. */
function merged(column: string, parameter: string): string {
  return `(select coalesce(jsonb_object_agg(key, value), '{}')
             from jsonb_each(coalesce(${column}, '{}') || coalesce(${parameter}::jsonb, '{}'))
            where value <> 'null')`;
}

/** What `updateUser` changes; metadata is merged by key, and null removes a key. */
export type UserChanges = {
  password?: string | undefined;
  appMetadata?: Record<string, unknown> | undefined;
  userMetadata?: Record<string, unknown> | undefined;
  confirmed?: true | undefined;
  /** Null lifts a ban. */
  bannedUntil?: Date | null | undefined;
};

/** Changes a user. Throws 404 `user_not_found`. */
export async function updateUser(db: Queryable, id: string, changes: UserChanges): Promise<User> {
  const updated = await queryOne<User>(
    db,
    `update auth.users
        set raw_user_meta_data = ${merged('raw_user_meta_data', '$2')},
            raw_app_meta_data = ${merged('raw_app_meta_data', '$3')},
            encrypted_password = case when $4::text is null then encrypted_password
              else extensions.crypt($4, ${SALT}) end,
            banned_until = case when $5 then $6::timestamptz else banned_until end,
            email_confirmed_at = case when $7 then coalesce(email_confirmed_at, now())
              else email_confirmed_at end,
            updated_at = now()
      where id = $1 and deleted_at is null
      returning ${COLUMNS}`,
    [
      id,
      changes.userMetadata ?? null,
      changes.appMetadata ?? null,
      changes.password ?? null,
      changes.bannedUntil !== undefined,
      changes.bannedUntil ?? null,
      changes.confirmed === true,
    ],
  );
  if (updated === undefined) throw new AuthError(404, 'user_not_found', 'User not found');
  return updated;
}

/** Throws 422 `weak_password` for a password under the least length. */
export function checkPasswordStrength(password: string, minLength: number): void {
  if (password.length >= minLength) return;
  throw new AuthError(
    422,
    'weak_password',
    `Password should be at least ${minLength} characters.`,
    { weak_password: { reasons: ['length'] } },
  );
}

/** Tells whether a ban holds at a time in milliseconds. */
export function isBanned(user: User, nowMs: number): boolean {
  return user.banned_until !== null && user.banned_until.getTime() > nowMs;
}
