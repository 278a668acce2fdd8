import type pg from 'pg';
import type { AttemptLimiter } from './attempt-limiter.ts';
import type { GoogleClient } from './google-client.ts';
import type { RedirectCheck } from './redirects.ts';
import type { SigningKey } from './signing-key.ts';

/** All that the endpoints of the service share. */
export type AuthContext = {
  pool: pg.Pool;
  key: SigningKey;
  google: GoogleClient | undefined;
  /** Where clients reach this service, without a path; known once it listens. */
  baseUrl: () => string;
  siteUrl: string;
  mayRedirectTo: RedirectCheck;
  serviceKey: string;
  allowSignup: boolean;
  minPasswordLength: number;
  /** Seconds that an access token is good for. */
  tokenLifetimeS: number;
  /** Milliseconds in which a refresh token may come a second time, from a second window. */
  refreshReuseMs: number;
  passwordAttempts: AttemptLimiter;
  codeAttempts: AttemptLimiter;
  /** Milliseconds since 1970. */
  now: () => number;
};

/** The issuer of the tokens: the address of this service's API. */
export function issuerOf(context: AuthContext): string {
  return `${context.baseUrl()}/auth/v1`;
}

/** The network side of a request, kept with the session that it opens. */
export type Caller = { ip: string; userAgent: string };
