import { AuthError } from './auth-error.ts';

/** At most `max` failures a key in `windowMs` milliseconds. */
export type AttemptLimit = { max: number; windowMs: number };

export type AttemptLimiter = {
  /** Throws `AuthError` 429 `over_request_rate_limit` when the key has failed too often. */
  check(key: string): void;
  /** Counts a failure. */
  failed(key: string): void;
  /** Forgets the failures of a key that got it right. */
  succeeded(key: string): void;
};

/**
 * Counts failed attempts by key (who, and against which account) in memory. Only failures count,
 * so that many devices behind one address can sign in, while guessing is stopped.
 */
export function createAttemptLimiter(limit: AttemptLimit, now: () => number): AttemptLimiter {
  const failures = new Map<string, number[]>();
  const recent = (key: string): number[] =>
    (failures.get(key) ?? []).filter((at) => at > now() - limit.windowMs);
  return {
    check(key) {
      if (recent(key).length < limit.max) return;
      throw new AuthError(429, 'over_request_rate_limit', 'Request rate limit reached');
    },
    failed(key) {
      failures.set(key, [...recent(key), now()]);
      if (failures.size > 10_000) {
        for (const other of failures.keys()) {
          if (recent(other).length === 0) failures.delete(other);
        }
      }
    },
    succeeded(key) {
      failures.delete(key);
    },
  };
}
