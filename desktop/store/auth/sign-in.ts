import { createClient } from '@supabase/supabase-js';
import type { Session } from '@supabase/supabase-js';
import WebSocket from 'ws';
import { AppError } from '#shared/errors/app-error.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import { authError } from './errors.ts';
import { waitOnLoopback } from './loopback.ts';
import type { Loopback } from './loopback.ts';

/** Tokens are refreshed when they have less than this left, in milliseconds. */
const REFRESH_AHEAD_MS = 60_000;
/** How the account is called in an authenticator app. */
const ISSUER = 'Ganger';
/** How long the sign-in service may take to answer at all, in milliseconds. */
const REACH_WITHIN_MS = 8_000;

export interface SignIn {
  /** @throws AppError with words for the person */
  withPassword(email: string, password: string): Promise<string>;
  /** Opens the browser and waits for the person. @throws AppError AUTH_CANCELLED and others */
  withGoogle(openExternal: (url: string) => void): Promise<string>;
  cancelGoogle(): void;
  /** The code of the second factor is still to come in this session. Asks nobody. */
  needsCode(): Promise<boolean>;
  /** Whether the account has a second factor that works. @throws AppError SERVER_UNREACHABLE */
  hasFactor(): Promise<boolean>;
  /**
   * Begins a second factor, which works once its first code was confirmed. Asked again before that,
   * the answer is the same: it may already be in somebody's phone.
   * @throws AppError AUTH_MFA_NEEDED where there is one already and it was not given
   */
  beginFactor(): Promise<NewFactor>;
  /**
   * Proves the second factor by a code: the one that was begun, else one that works.
   * @throws AppError AUTH_CODE_WRONG, AUTH_TOO_MANY_ATTEMPTS; AUTH_SESSION_ENDED when the factor is
   *   not there any more
   */
  confirmFactor(code: string): Promise<void>;
  /**
   * A token that still holds, refreshed when needed.
   * @throws AppError AUTH_SESSION_ENDED when the person has to sign in again, SERVER_UNREACHABLE
   */
  token(options?: { force?: boolean }): Promise<string>;
  /** Ends the session here, and on the server when it can be reached. */
  signOut(): Promise<void>;
}

/** A second factor as an authenticator app takes it in: by picture, or typed. */
export interface NewFactor {
  readonly uri: string;
  readonly secret: string;
}

/**
 * Sign-in against Supabase Auth. The session and a sign-in that is under way (PKCE verifier) lie in
 * the device's encrypted file, so that they survive a restart.
 */
export function createSignIn(options: {
  authUrl: string;
  authKey: string;
  kv: EncryptedDatabase['kv'];
}): SignIn {
  const { authUrl, authKey, kv } = options;
  const client = createClient(authUrl, authKey, {
    auth: {
      flowType: 'pkce',
      storageKey: 'auth.session',
      storage: {
        getItem: (key) => kv.get(key) ?? null,
        setItem: (key, value) => kv.set(key, value),
        removeItem: (key) => kv.delete(key),
      },
      persistSession: true,
      autoRefreshToken: false,
      detectSessionInUrl: false,
    },
    // Electron 33 has no global WebSocket and the client insists on one, though we never use it.
    realtime: { transport: WebSocket as never },
  });
  let loopback: Loopback | null = null;
  let refreshing: Promise<Session> | null = null;
  let begun: (NewFactor & { readonly id: string }) | null = null;

  const refresh = (): Promise<Session> => {
    refreshing ??= client.auth
      .refreshSession()
      .then(({ data, error }) => {
        if (error) throw authError(error);
        if (!data.session) throw new AppError('AUTH_SESSION_ENDED');
        return data.session;
      })
      .finally(() => {
        refreshing = null;
      });
    return refreshing;
  };

  const stored = (): Session | null => {
    const text = kv.get('auth.session');
    return text ? (JSON.parse(text) as Session) : null;
  };

  const workingFactors = async (): Promise<string[]> => {
    const { data, error } = await client.auth.mfa.listFactors();
    if (error) throw authError(error);
    return data.totp.map(({ id }) => id);
  };

  return {
    async withPassword(email, password) {
      const { data, error } = await client.auth.signInWithPassword({ email, password });
      if (error) throw authError(error);
      return data.user.id;
    },

    async withGoogle(openExternal) {
      loopback?.cancel();
      await reach(authUrl);
      const back = await waitOnLoopback();
      loopback = back;
      try {
        const { data, error } = await client.auth.signInWithOAuth({
          provider: 'google',
          options: { redirectTo: back.redirectTo, skipBrowserRedirect: true },
        });
        if (error) throw authError(error);
        openExternal(data.url);
        const exchanged = await client.auth.exchangeCodeForSession(await back.code);
        if (exchanged.error) throw authError(exchanged.error);
        return exchanged.data.user.id;
      } finally {
        back.cancel();
        if (loopback === back) loopback = null;
      }
    },

    cancelGoogle() {
      loopback?.cancel();
    },

    async needsCode() {
      const { data, error } = await client.auth.mfa.getAuthenticatorAssuranceLevel();
      if (error) throw authError(error);
      return data.nextLevel === 'aal2' && data.currentLevel !== 'aal2';
    },

    async hasFactor() {
      return (await workingFactors()).length > 0;
    },

    async beginFactor() {
      if (!begun) {
        const { data, error } = await client.auth.mfa.enroll({
          factorType: 'totp',
          issuer: ISSUER,
          // Names have to differ, and an earlier one may still be there, unfinished.
          friendlyName: `${ISSUER} ${new Date().toISOString()}`,
        });
        if (error) throw authError(error);
        begun = { id: data.id, uri: data.totp.uri, secret: data.totp.secret };
      }
      return { uri: begun.uri, secret: begun.secret };
    },

    async confirmFactor(code) {
      const ids = begun ? [begun.id] : await workingFactors();
      let failure = new AppError('AUTH_SESSION_ENDED');
      // Somebody with two of them types the code of either.
      for (const factorId of ids) {
        const { error } = await client.auth.mfa.challengeAndVerify({ factorId, code });
        if (!error) {
          begun = null;
          return;
        }
        failure = authError(error);
        if (failure.code !== 'AUTH_CODE_WRONG') break;
      }
      throw failure;
    },

    async token({ force = false } = {}) {
      const session = stored();
      if (!session) throw new AppError('AUTH_SESSION_ENDED');
      const left = (session.expires_at ?? 0) * 1000 - Date.now();
      if (!force && left > REFRESH_AHEAD_MS) return session.access_token;
      return (await refresh()).access_token;
    },

    async signOut() {
      // `local` also clears the stored session when the server cannot be reached.
      begun = null;
      await client.auth.signOut({ scope: 'local' }).catch(() => undefined);
      kv.delete('auth.session');
    },
  };
}

/**
 * A browser that opens on a dead address tells nobody what to do; this does.
 * @throws AppError SERVER_UNREACHABLE
 */
async function reach(authUrl: string): Promise<void> {
  try {
    const signal = AbortSignal.timeout(REACH_WITHIN_MS);
    const answer = await fetch(new URL('/auth/v1/health', authUrl), { signal });
    await answer.body?.cancel();
  } catch (error) {
    throw new AppError('SERVER_UNREACHABLE', {}, error);
  }
}
