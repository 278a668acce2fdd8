import type { Clock } from '#shared/kernel/clock.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import type { Caller } from '../http/route.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { createBatch } from '../sync/batch.ts';
import type { Batch } from '../sync/batch.ts';
import type { OpenPush, PushStore } from '../sync/ports.ts';

/**
 * Under whose name jobs write: nobody's, since no person stands behind them. Their audit is the chain
 * of a device that no machine is.
 */
export const SERVER_CALLER: Caller = {
  userId: '5e7f0000-0000-4000-8000-000000000000',
  deviceId: '5e7f0000-0000-4000-8000-000000000001',
  claims: {},
  expiresAt: Infinity,
};

/** What a job needs that writes as a push does. */
export interface ServerWrites {
  readonly open: OpenPush;
  readonly clock: Clock;
  readonly hlc: HybridClock;
  readonly announce: (set: ChangeSet) => void;
}

/** A push of the server itself. */
export function serverBatch(
  store: PushStore,
  { clock, hlc }: Pick<ServerWrites, 'clock' | 'hlc'>,
): Batch {
  const { userId, deviceId } = SERVER_CALLER;
  return createBatch({
    store,
    userId,
    deviceId,
    grants: [],
    ended: { grants: [], reason: 'grant-ended' },
    now: clock.now(),
    hlc,
    careful: false,
  });
}
