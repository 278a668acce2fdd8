import { activeGrants } from '#shared/access/rights.ts';
import type { Grant } from '#shared/access/rights.ts';
import type { SessionReply } from '#shared/protocol/messages.ts';

/** How long grants hold on a person's own desktop without contact to the server. */
const OFFLINE_GRANT_MS = 14 * 24 * 3_600_000;

/** What the server said about the person at the last contact. */
export interface KnownSession {
  readonly session: SessionReply;
  /** Milliseconds since the Unix epoch, by this device's clock. */
  readonly fetchedAt: number;
}

/**
 * The time by the server's clock, as far as this device can tell: what the server said plus what has
 * passed here since. How wrong this machine's clock is makes no difference, only how it runs.
 * @param now milliseconds since the Unix epoch, by this device's clock
 */
export function serverTimeBy({ session, fetchedAt }: KnownSession, now: number): number {
  return session.serverTime + Math.max(0, now - fetchedAt);
}

/**
 * The grants that hold now; none once the device was without contact for too long.
 * @param now by the server's clock
 */
export function usableGrants({ session }: KnownSession, now: number): Grant[] {
  if (now > session.serverTime + OFFLINE_GRANT_MS) return [];
  return activeGrants(session.grants, now);
}

/**
 * The grants that held when the server was asked last, whatever the clock of this machine says since.
 * By these it is judged what a device keeps: rows may never go because a clock has jumped, and what
 * rights that have ended gave goes when the server says so.
 */
export const toldGrants = ({ session }: KnownSession): Grant[] =>
  activeGrants(session.grants, session.serverTime);
