import { z } from 'zod';
import { AppError } from '#shared/errors/app-error.ts';

/** Where accounts for signing in are kept, and the secret key that may change them. */
export interface AccountsConfig {
  /** Issuer of the access tokens: the API of Supabase Auth. */
  readonly url: string;
  readonly key: string;
}

/** An account as administrators may see it: whether one can get in, never by what. */
export interface Account {
  readonly lastSignInAt: number | null;
  /** True when nobody gets in with it, and sessions are not renewed any more. */
  readonly isClosed: boolean;
  /** Second factors that work. */
  readonly factorIds: readonly string[];
}

/**
 * The accounts with which people sign in. They lie with the sign-in service, outside of the database's
 * transactions: every call may come again and changes nothing the second time.
 */
export interface Accounts {
  /**
   * Makes an account under the id of the person. The address counts as theirs: whoever proves to Google that
   * it is, is in.
   * @throws AppError SYNC_UNIQUE_TAKEN when another account has the address
   */
  make(person: { readonly id: string; readonly email: string }): Promise<void>;
  /** Null: there is none. */
  find(id: string): Promise<Account | null>;
  /** Nobody gets in any more, and no session is renewed; or they do again. */
  setClosed(id: string, isClosed: boolean): Promise<void>;
  /** Forgets second factors, so that the person sets a new one. */
  removeFactors(id: string, factorIds: readonly string[]): Promise<void>;
}

const TIMEOUT_MS = 6_000;
/** The service knows bans that end; nobody waits for the end of this one. */
const FOR_EVER = '876000h';

const User = z.object({
  id: z.guid(),
  email: z.string().optional(),
  last_sign_in_at: z.string().nullish(),
  banned_until: z.string().nullish(),
  factors: z.array(z.object({ id: z.guid(), status: z.string() })).nullish(),
});
type User = z.infer<typeof User>;
/** In the older form of its answers `code` is the status, and `error_code` says what it is. */
const Failure = z.object({
  code: z.union([z.string(), z.number()]).optional(),
  error_code: z.string().optional(),
});

/**
 * Accounts of Supabase Auth, through its API for administrators.
 * @returns null where the server has no key for it
 */
export function createAccounts(config: AccountsConfig | null): Accounts | null {
  if (config === null) return null;
  const { url, key } = config;

  const call = async (
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<{ user: User | null; fault: string | null }> => {
    let status: number;
    let json: unknown;
    try {
      const answer = await fetch(`${url}/admin/users${path}`, {
        method,
        headers: {
          apikey: key,
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      status = answer.status;
      json = await answer.json();
    } catch (error) {
      throw new AppError('SERVER_BUSY', { reason: 'sign-in service' }, error);
    }
    if (status === 200) return { user: User.safeParse(json).data ?? null, fault: null };
    const said = Failure.safeParse(json).data;
    const fault = String(said?.error_code ?? said?.code ?? '');
    if (status === 404) return { user: null, fault: 'not_found' };
    if (fault === 'email_exists' || fault === 'user_already_exists') return { user: null, fault };
    // What else it says is about our key or our request: a fault of the set-up, not of the person.
    throw new AppError(
      status === 401 || status === 403 ? 'ACCOUNTS_OFF' : 'SERVER_BUSY',
      { reason: 'sign-in service', status },
      new Error(fault),
    );
  };

  return {
    async make({ id, email }) {
      const wish = { id, email, email_confirm: true };
      const { user, fault } = await call('POST', '', wish);
      if (fault === null && user?.id === id) return;
      // The same call, come again: the account is there, under this id.
      const there = await call('GET', `/${id}`);
      if (there.user?.email === email) return;
      throw new AppError('SYNC_UNIQUE_TAKEN', { fields: ['email'] });
    },
    async find(id) {
      const { user } = await call('GET', `/${id}`);
      return user && accountOf(user);
    },
    async setClosed(id, isClosed) {
      await call('PUT', `/${id}`, { ban_duration: isClosed ? FOR_EVER : 'none' });
    },
    async removeFactors(id, factorIds) {
      for (const factor of factorIds) await call('DELETE', `/${id}/factors/${factor}`);
    },
  };
}

function accountOf(user: User): Account {
  const { last_sign_in_at: lastSignIn, banned_until: bannedUntil, factors } = user;
  return {
    lastSignInAt: instantOf(lastSignIn),
    isClosed: (instantOf(bannedUntil) ?? 0) > Date.now(),
    factorIds: (factors ?? []).filter(({ status }) => status === 'verified').map(({ id }) => id),
  };
}

function instantOf(text: string | null | undefined): number | null {
  const instant = Date.parse(text ?? '');
  return Number.isFinite(instant) ? instant : null;
}
