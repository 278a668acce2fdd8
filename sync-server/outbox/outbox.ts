import type pg from 'pg';
import type { Clock } from '#shared/kernel/clock.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { HubView } from '#shared/protocol/admin-outbox.ts';
import { isStandIn } from '../config/hubs-config.ts';
import type { HubsConfig } from '../config/hubs-config.ts';
import type { WebhookConfig } from '../config/monitoring-config.ts';
import { asEngine } from '../db/as-engine.ts';
import type { CommunicationHub } from '../hubs/communication/communication-hub.ts';
import { openCommunicationHub } from '../hubs/communication/communication-hub.ts';
import { PaymentHub } from '../hubs/payment/payment-hub.ts';
import { openPayments } from '../hubs/payment/payments.ts';
import type { Payments } from '../hubs/payment/payments.ts';
import { HUB_PACE } from '../hubs/universal-hub.ts';
import type { HubDeps, HubPace, HubRecord } from '../hubs/universal-hub.ts';
import { SERVER_CALLER } from '../jobs/server-caller.ts';
import { periodic } from '../jobs/periodic.ts';
import type { PeriodicJob } from '../jobs/periodic.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { EFFECT_RULES } from '../sync/effects/effects.ts';
import type { Tracing } from '../monitoring/tracing/tracing.ts';
import type { Carrier } from './carrier.ts';
import type { CarryOutDeps } from './carry-out.ts';
import { alertNoticeCarrier } from './carriers/alert-notice.ts';
import { orderSummaryCarrier } from './carriers/order-summary.ts';
import { createJobQueue } from './job-queue.ts';
import { recordedCarrier } from './recorded.ts';

/** An effect that nobody has kicked is found within this time. */
const RELAY_MS = 5_000;

export interface Outbox {
  stop(): Promise<void>;
  /** To be told of every commit: what it set off is carried out at once. */
  noticed(set: ChangeSet): void;
  health(): HubView[];
  readonly jobs: readonly PeriodicJob[];
  readonly deps: CarryOutDeps;
  readonly payments: Payments;
  /** Where everything that says something to somebody outside goes through. */
  readonly hub: CommunicationHub;
}

/**
 * Carries out what rows set off: hubs, their carriers and the queue.
 * @param options.mode record: nothing leaves the machine, and what would is written down
 */
export function createOutbox(
  options: {
    readonly mode: 'record' | 'send';
    readonly databaseUrl: string;
    readonly hubs: HubsConfig;
    /** Where alerts go. */
    readonly webhook?: WebhookConfig | null;
  },
  base: {
    readonly pool: pg.Pool;
    readonly clock: Clock;
    readonly log: Logger;
    readonly hlc: HybridClock;
    readonly announce: (set: ChangeSet) => void;
    /** Figures: called once for each call to a partner. */
    readonly onCall?: (record: HubRecord) => void;
    readonly follow?: Tracing['follow'];
  },
): Outbox {
  const { pool, clock, log } = base;
  const { stripe, pace } = options.hubs;
  const hubDeps: HubDeps = {
    clock,
    log,
    audit: (record) => auditCall(pool, record),
    pace: timesPace(HUB_PACE, pace),
    ...(base.onCall ? { onCall: base.onCall } : {}),
  };
  const isLive = options.mode === 'send';
  const hub = openCommunicationHub(
    {
      mode: isLive ? 'live' : 'sandbox',
      config: options.hubs,
      webhook: options.webhook ?? null,
      pool,
    },
    hubDeps,
  );
  // Where nothing may leave the machine, only a stand-in on it is called.
  const till = isLive || (stripe !== null && isStandIn(stripe)) ? stripe : null;
  const payments = openPayments(
    { isOn: till !== null, isSandbox: !isLive, pace },
    { ...base, hub: new PaymentHub(till, isLive ? 'live' : 'sandbox', hubDeps) },
  );
  const carriers = new Map<string, Carrier>();
  for (const own of [orderSummaryCarrier(hub), alertNoticeCarrier(hub)] as Carrier[]) {
    carriers.set(own.kind, own);
  }
  if (options.mode === 'record') {
    for (const { kind } of EFFECT_RULES) {
      if (!carriers.has(kind)) carriers.set(kind, recordedCarrier(kind) as Carrier);
    }
  }
  const deps: CarryOutDeps = { ...base, carriers };
  const queue = createJobQueue({ databaseUrl: options.databaseUrl }, deps);
  const causes: ReadonlySet<string> = new Set(
    EFFECT_RULES.filter(({ kind }) => carriers.has(kind)).map(({ cause }) => cause),
  );
  const relaying = periodic('outbox', RELAY_MS, () => queue.relay(), log);
  return {
    jobs: [
      relaying,
      periodic('job-queue', queue.beatMs, () => queue.beat(), log),
      ...payments.jobs,
    ],
    payments,
    deps,
    hub,
    stop: () => queue.stop(),
    noticed({ changes }) {
      if (changes.some(({ table }) => causes.has(table))) relaying.now();
    },
    health: () => [...hub.health(), ...payments.hub.health()],
  };
}

/** All waits times a factor; how often is tried stays. */
const timesPace = (pace: HubPace, factor: number): HubPace => ({
  ...pace,
  timeoutMs: pace.timeoutMs * factor,
  firstWaitMs: pace.firstWaitMs * factor,
  longestWaitMs: pace.longestWaitMs * factor,
  breaker: {
    ...pace.breaker,
    pauseMs: pace.breaker.pauseMs * factor,
    longestPauseMs: pace.breaker.longestPauseMs * factor,
  },
});

/** Calls that only ask say nothing to anybody. */
const READS: ReadonlySet<string> = new Set(['look-up', 'look', 'list']);

/** That something left the house, or was tried to, stands in the chain of the server. */
async function auditCall(pool: pg.Pool, record: HubRecord): Promise<void> {
  const { call, outcome, hub } = record;
  if (READS.has(call.operation)) return;
  const entry = {
    action: 'export',
    table_name: call.about.table,
    row_id: call.about.id,
    outcome,
    location_id: call.about.locationId,
    field_names: [],
    purpose: `${hub}.${call.partner}.${call.operation}`,
  };
  await asEngine(pool, (db) =>
    db.query('select private.append_audit($1, $2::jsonb)', [
      SERVER_CALLER.deviceId,
      JSON.stringify([entry]),
    ]),
  );
}
