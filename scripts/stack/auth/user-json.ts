import type { Queryable } from './database.ts';
import type { User } from './users.ts';

/** A user as the API shows them. */
export type UserJson = Record<string, unknown> & { id: string };

type IdentityRow = {
  id: string;
  provider_id: string;
  identity_data: Record<string, unknown>;
  provider: string;
  email: string | null;
  last_sign_in_at: Date | null;
  created_at: Date;
  updated_at: Date;
};

type FactorRow = {
  id: string;
  friendly_name: string | null;
  factor_type: string;
  status: string;
  created_at: Date;
  updated_at: Date;
};

/** Writes a user with identities and factors as the API does: what is not set is left out. */
export async function toUserJson(db: Queryable, user: User): Promise<UserJson> {
  const { rows: identities } = await db.query<IdentityRow>(
    `select id, provider_id, identity_data, provider, email, last_sign_in_at, created_at, updated_at
       from auth.identities where user_id = $1 order by created_at, id`,
    [user.id],
  );
  const { rows: factors } = await db.query<FactorRow>(
    `select id, friendly_name, factor_type::text, status::text, created_at, updated_at
       from auth.mfa_factors where user_id = $1 order by created_at, id`,
    [user.id],
  );
  return {
    id: user.id,
    aud: user.aud,
    role: user.role,
    email: user.email ?? '',
    ...present('email_confirmed_at', user.email_confirmed_at),
    phone: user.phone ?? '',
    ...present('confirmed_at', user.confirmed_at),
    ...present('last_sign_in_at', user.last_sign_in_at),
    ...present('banned_until', user.banned_until),
    app_metadata: user.app_metadata,
    user_metadata: user.user_metadata,
    ...(factors.length > 0 ? { factors: factors.map(toFactorJson) } : {}),
    identities: identities.map((identity) => toIdentityJson(user.id, identity)),
    created_at: user.created_at,
    updated_at: user.updated_at,
    is_anonymous: user.is_anonymous,
  };
}

function toIdentityJson(userId: string, identity: IdentityRow): Record<string, unknown> {
  return {
    identity_id: identity.id,
    id: identity.provider_id,
    user_id: userId,
    identity_data: identity.identity_data,
    provider: identity.provider,
    ...present('last_sign_in_at', identity.last_sign_in_at),
    created_at: identity.created_at,
    updated_at: identity.updated_at,
    ...present('email', identity.email),
  };
}

function toFactorJson(factor: FactorRow): Record<string, unknown> {
  return { ...factor, friendly_name: factor.friendly_name ?? '' };
}

function present(key: string, value: unknown): Record<string, unknown> {
  return value === null ? {} : { [key]: value };
}
