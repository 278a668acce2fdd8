import type pg from 'pg';
import type { Clock } from '#shared/kernel/clock.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { periodic } from '../../jobs/periodic.ts';
import type { PeriodicJob } from '../../jobs/periodic.ts';
import type { ChangeSet } from '../../realtime/change.ts';
import { comparePayments } from './compare.ts';
import type { NoticeDeps } from './notices.ts';
import { DESK_PACE, PaymentDesk } from './payment-desk.ts';
import type { PaymentHub } from './payment-hub.ts';

const COMPARE_EVERY_MS = 60 * 60_000;

/** All that this server does about card payments. */
export interface Payments {
  readonly hub: PaymentHub;
  readonly desk: PaymentDesk;
  readonly notices: NoticeDeps;
  /** @returns how many payments differ */
  compare(): Promise<number>;
  readonly jobs: readonly PeriodicJob[];
}

/**
 * @param options.isOn false: no Stripe is set up, so there is nothing to look at
 * @param options.pace all waits times this
 */
export function openPayments(
  options: { readonly isOn: boolean; readonly isSandbox: boolean; readonly pace: number },
  base: {
    readonly hub: PaymentHub;
    readonly pool: pg.Pool;
    readonly clock: Clock;
    readonly log: Logger;
    readonly hlc: HybridClock;
    readonly announce: (set: ChangeSet) => void;
  },
): Payments {
  const { isOn, isSandbox, pace: factor } = options;
  const { hub, pool, clock, log } = base;
  const pace = {
    settledMs: DESK_PACE.settledMs * factor,
    patienceMs: DESK_PACE.patienceMs * factor,
    lookMs: DESK_PACE.lookMs * factor,
    longestLookMs: DESK_PACE.longestLookMs * factor,
    askPersonMs: DESK_PACE.askPersonMs * factor,
  };
  const desk = new PaymentDesk({ ...base, isSandbox, pace });
  const compare = async (): Promise<number> => (await comparePayments({ pool, hub, clock })).length;
  const jobs = [
    periodic('payments', pace.lookMs, () => desk.round(), log),
    periodic('payments-compare', COMPARE_EVERY_MS, compare, log, { atStart: false }),
  ];
  return { hub, desk, notices: { ...base, desk }, compare, jobs: isOn ? jobs : [] };
}
