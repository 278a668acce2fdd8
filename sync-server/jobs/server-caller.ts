import type { Caller } from '../http/route.ts';

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
