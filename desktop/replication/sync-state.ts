import type { Code } from '#shared/errors/codes.ts';
import { failureKind } from './failures.ts';

/** The eight states in which a person can find their data (the same as in `#shared/ipc`). */
export type SyncState =
  | 'synced'
  | 'saved-here'
  | 'queued'
  | 'syncing'
  | 'offline'
  | 'needs-you'
  | 'paused'
  | 'failed';

/** What the screen is told; has the shape of `SyncStatus` in `#shared/ipc/sync-status.ts`. */
export interface ReplicationStatus {
  readonly state: SyncState;
  readonly online: boolean;
  readonly waiting: number;
  readonly needsYou: number;
  readonly lastSyncedAt: number | null;
  readonly firstSync: { readonly done: number; readonly total: number } | null;
  readonly problem: Code | null;
}

/** Everything that the state depends on. */
export interface SyncFacts {
  /** Local changes without an answer of the server, refused ones left out. */
  readonly waiting: number;
  /** Refused changes. */
  readonly needsYou: number;
  /** How long the server has not been reached, milliseconds; null while it is reached. */
  readonly unreachedMs: number | null;
  /** What fails now, whatever it is. */
  readonly problem: Code | null;
  /** It is the local store that fails. */
  readonly storeFails: boolean;
  /** Rows are on their way to the server. */
  readonly pushing: boolean;
  /** Changes are held back: a try has failed, or a row waits for another one. */
  readonly pushHeld: boolean;
  /** Every table has been asked to its end since the connection last came (back). */
  readonly caughtUp: boolean;
}

/** Outages shorter than this are nobody's business, milliseconds. */
export const SHORT_OUTAGE_MS = 3000;

/**
 * One state for every combination of facts, the first that holds:
 *
 * 1. `paused`      nothing moves before the person signs in again or the app is updated
 * 2. `failed`      the server or this machine says no for good (device refused, disk full, damage)
 * 3. `needs-you`   the server refused a change; also while offline, since only a person ends it
 * 4. `offline`     the server was not reached for 3 s or longer; `waiting` tells what is kept here
 * 5. `syncing`     changes are on their way, or what others did is still being loaded
 * 6. `queued`      changes wait for their next try or for another change
 * 7. `saved-here`  changes are safe on this device and about to be sent
 * 8. `synced`      nothing waits and everything was loaded; never otherwise
 */
export function deriveSyncState(facts: SyncFacts): SyncState {
  const { problem } = facts;
  if (facts.storeFails) return 'failed';
  if (problem !== null) {
    if (problem === 'DEVICE_REFUSED' || problem === 'AUTH_NO_ACCESS') return 'failed';
    if (failureKind(problem) === 'closed') return 'paused';
  }
  if (facts.needsYou > 0) return 'needs-you';
  if (facts.unreachedMs !== null && facts.unreachedMs >= SHORT_OUTAGE_MS) {
    // The server answers, only not with what was asked: that is no outage of the network.
    return problem === 'INTERNAL' ? 'failed' : 'offline';
  }
  if (facts.pushing && facts.waiting > 0) return 'syncing';
  if (facts.waiting > 0) return facts.pushHeld ? 'queued' : 'saved-here';
  return facts.caughtUp ? 'synced' : 'syncing';
}
