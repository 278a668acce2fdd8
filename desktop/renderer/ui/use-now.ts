import { useEffect, useState } from 'react';

/**
 * The present, renewed often enough for "3 minutes ago", and whenever what is looked at changes: what
 * begins now is not to be called later.
 */
export function useNow(everyMs = 30_000, lookedAt?: unknown): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  useEffect(() => {
    if (lookedAt === undefined) return undefined;
    const soon = setTimeout(() => setNow(Date.now()));
    return () => clearTimeout(soon);
  }, [lookedAt]);
  return now;
}
