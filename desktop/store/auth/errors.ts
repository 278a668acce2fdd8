import { AppError } from '#shared/errors/app-error.ts';
import type { Code } from '#shared/errors/codes.ts';

/** Codes of the sign-in service that mean something to a person. */
const BY_CODE: Readonly<Record<string, Code>> = {
  invalid_credentials: 'AUTH_WRONG_PASSWORD',
  email_not_confirmed: 'AUTH_NO_ACCESS',
  user_banned: 'AUTH_NO_ACCESS',
  signup_disabled: 'AUTH_NO_ACCESS',
  over_request_rate_limit: 'AUTH_TOO_MANY_ATTEMPTS',
  mfa_verification_failed: 'AUTH_CODE_WRONG',
  mfa_verification_rejected: 'AUTH_CODE_WRONG',
  mfa_challenge_expired: 'AUTH_CODE_WRONG',
  // Reset meanwhile by an administrator: signing in anew leads to a new one.
  mfa_factor_not_found: 'AUTH_SESSION_ENDED',
  insufficient_aal: 'AUTH_MFA_NEEDED',
  access_denied: 'AUTH_CANCELLED',
  refresh_token_not_found: 'AUTH_SESSION_ENDED',
  refresh_token_already_used: 'AUTH_SESSION_ENDED',
  session_not_found: 'AUTH_SESSION_ENDED',
  session_expired: 'AUTH_SESSION_ENDED',
};

/**
 * Why the browser came back without a code, by the service's own code. A person who said no at Google
 * comes back without one.
 */
export function refusalError(code: string | null): AppError {
  return new AppError((code === null ? undefined : BY_CODE[code]) ?? 'AUTH_CANCELLED');
}

/** An error of the sign-in client as one of ours. */
export function authError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const { name, code, status } = (error ?? {}) as {
    name?: string;
    code?: string;
    status?: number;
  };
  const known = code ? BY_CODE[code] : undefined;
  if (known) return new AppError(known);
  if (status === 429) return new AppError('AUTH_TOO_MANY_ATTEMPTS');
  // The client calls a network failure "retryable fetch"; a proxy's HTML page is "unknown".
  if (name === 'AuthRetryableFetchError') {
    return new AppError(status === 0 || !status ? 'SERVER_UNREACHABLE' : 'SERVER_BUSY');
  }
  if (name === 'AuthUnknownError') return new AppError('SERVER_ANSWER_INVALID');
  if (name === 'AuthSessionMissingError') return new AppError('AUTH_SESSION_ENDED');
  if (status !== undefined && status >= 500) return new AppError('SERVER_BUSY');
  return new AppError('INTERNAL', {}, error);
}
