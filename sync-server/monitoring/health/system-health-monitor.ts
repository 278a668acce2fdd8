import type pg from 'pg';
import type { Clock } from '#shared/kernel/clock.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { HealthPoint } from '#shared/protocol/admin-monitor.ts';
import type { AlertsConfig } from '../../config/monitoring-config.ts';
import { asEngine } from '../../db/as-engine.ts';
import type { Queries } from '../../db/with-session.ts';
import { periodic } from '../../jobs/periodic.ts';
import type { PeriodicJob } from '../../jobs/periodic.ts';
import { collectChanges } from '../../realtime/change.ts';
import type { ChangeSet } from '../../realtime/change.ts';
import { putNotices, saidOf } from '../alerts/notices.ts';
import type { Said } from '../alerts/notices.ts';
import type { SystemFigures } from '../metrics/metrics.ts';
import { safeErrorFields } from '../safe-error.ts';
import { judge } from './alert-book.ts';
import type { Alert } from './alert-book.ts';
import { dailySummary } from './daily-summary.ts';
import type { ReplicaFigures, SystemState } from './figures.ts';
import {
  downtimeBefore,
  endReplica,
  forgetOld,
  isOurTurn,
  putAlerts,
  putPoint,
  putReplica,
  readAlerts,
  readSilences,
  readState,
} from './health-store.ts';
import { addTraffic, quantileOf } from './traffic.ts';

export const ROUND_MS = 10_000;
/** A round that comes a little early is still a round. */
const TURN_MS = ROUND_MS * 0.8;
/** Rounds in a row without the database until people are told: one may be a restart. */
const LOST_ROUNDS = 2;
const MINUTES_OF_WINDOW = 5;

export interface MonitorDeps {
  readonly id: string;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly hlc: HybridClock;
  readonly log: Logger;
  readonly config: AlertsConfig;
  readonly announce: (set: ChangeSet) => void;
  /** How this replica is. */
  readonly look: () => Omit<ReplicaFigures, 'databaseMs'>;
  /** Told of what was found, or of null when another replica found it. */
  readonly onState: (figures: SystemFigures | null) => void;
  /** Sends without the database, when it is the database that is away; must not throw. */
  readonly sendDirectly: (said: Said) => Promise<void>;
}

export interface SystemHealthMonitor {
  readonly job: PeriodicJob;
  /** One round: says how this replica is, and judges everything when it is its turn. */
  round(): Promise<void>;
  /** Says that this replica was stopped in order. */
  stop(): Promise<void>;
}

/**
 * Watches database, Redis, partners, replicas and machines. Every replica says every ten seconds how it is;
 * one of them judges, whichever comes first, on what stands in the database: so alerts survive every
 * replica, and each is told once. While the database is away each replica tells by itself what it can.
 */
export function createSystemHealthMonitor(deps: MonitorDeps): SystemHealthMonitor {
  const { id, pool, clock, log, config } = deps;
  const startedAt = clock.now();
  let isFirst = true;
  let databaseMs = 0;
  let lostRounds = 0;
  let lostAlert: Alert | null = null;

  const work = async (db: Queries, now: number): Promise<Work | null> => {
    const wasDownMs = isFirst ? await downtimeBefore(db, now) : null;
    await putReplica(db, { id, startedAt, now, figures: { ...deps.look(), databaseMs } });
    if (!(await isOurTurn(db, now, TURN_MS))) return null;
    const state = await readState(db, now, wasDownMs);
    const before = await readAlerts(db, now);
    const judged = judge(state, before, await readSilences(db, now), newId);
    await putAlerts(db, judged.alerts, judged.dropped);
    const said = judged.notices.map(({ alert, event }) => saidOf(alert, event, now));
    if (lostAlert) {
      // Those who were told directly that the database is away are told that it is back.
      const over = { ...lostAlert, clearedAt: now };
      if (await isFirstToSay(db, over)) {
        await putAlerts(db, [over], []);
        said.push(saidOf(over, 'cleared', now));
      }
    }
    if (await isSummaryDue(db, now, config.summaryHour)) said.push(await dailySummary(db, state));
    const rows = await putNotices(db, said, { now, hlc: deps.hlc, config });
    if (await putPoint(db, now, pointOf(state))) await forgetOld(db, now);
    const [at] = await db.query<{ xid: string | null }>(
      'select pg_current_xact_id_if_assigned()::text as xid',
    );
    const firing = judged.alerts.filter(
      ({ firedAt, clearedAt }) => firedAt !== null && clearedAt === null,
    );
    return { state, firing, notices: judged.notices.length, rows, xid: at?.xid ?? null };
  };

  const round = async (): Promise<void> => {
    const now = clock.now();
    const began = performance.now();
    let done: Work | null;
    try {
      done = await asEngine(pool, (db) => work(db, now));
    } catch (error) {
      lostRounds += 1;
      if (lostRounds >= LOST_ROUNDS && lostAlert === null) {
        lostAlert = lostDatabase(now);
        log.error('database away, people are told directly', safeErrorFields(error));
        await deps.sendDirectly(saidOf(lostAlert, 'fired', now));
      }
      throw error;
    }
    databaseMs = Math.round((performance.now() - began) * 10) / 10;
    isFirst = false;
    lostRounds = 0;
    // What this replica had told stands in the database now, or another one has said it.
    lostAlert = done === null ? lostAlert : null;
    if (done === null) {
      deps.onState(null);
      return;
    }
    const { state, firing, notices, rows, xid } = done;
    deps.onState({ outbox: state.outbox, devices: state.devices, alerts: firing });
    if (notices > 0) log.warn('alerts', { firing: firing.length, notices });
    if (rows.length === 0) return;
    const changes = collectChanges();
    for (const row of rows) changes.add('notifications', row);
    deps.announce({ xid, changes: changes.list() });
  };

  return {
    job: periodic('health-monitor', ROUND_MS, round, log),
    round,
    async stop() {
      await asEngine(pool, (db) => endReplica(db, id, clock.now())).catch((error: unknown) =>
        log.warn('end not noted', safeErrorFields(error)),
      );
    },
  };
}

interface Work {
  readonly state: SystemState;
  readonly firing: readonly Alert[];
  readonly notices: number;
  readonly rows: readonly Record<string, unknown>[];
  readonly xid: string | null;
}

const lostDatabase = (now: number): Alert => ({
  id: newId(),
  rule: 'database-failing',
  subject: 'unreachable',
  severity: 'critical',
  since: now,
  firedAt: now,
  okSince: null,
  clearedAt: null,
  value: LOST_ROUNDS,
  detail: '',
  times: 1,
  level: 0,
  toldAt: now,
  acknowledgedAt: null,
});

/** All replicas saw the same outage: the first that is back says so. */
async function isFirstToSay(db: Queries, { rule, subject, firedAt }: Alert): Promise<boolean> {
  const said = await db.query(
    `select 1 from private.alerts where rule = $1 and subject = $2 and (cleared_at is null or
        cleared_at > timestamptz 'epoch' + $3::bigint * interval '1 ms')`,
    [rule, subject, firedAt],
  );
  return said.length === 0;
}

/** True once a day, for whoever asks first after the hour. */
async function isSummaryDue(db: Queries, now: number, hour: number): Promise<boolean> {
  const today = new Date(now);
  if (today.getUTCHours() < hour) return false;
  const due = await db.execute(
    'update private.monitor set summary_on = $1::date where summary_on < $1::date',
    [today.toISOString().slice(0, 10)],
  );
  return due === 1;
}

/** What the charts keep of a moment. */
function pointOf(state: SystemState): HealthPoint {
  const living = state.replicas.filter(
    ({ stoppedAt, seenAt }) => stoppedAt === null && state.now - seenAt < 3 * ROUND_MS,
  );
  const all = living.map(({ figures }) => figures);
  const traffic = addTraffic(all.map((one) => one.traffic));
  const { requests, errors, cacheHits, cacheLookups } = traffic;
  const sum = (read: (one: ReplicaFigures) => number): number =>
    all.reduce((total, one) => total + read(one), 0);
  return {
    at: state.now,
    requests: requests / MINUTES_OF_WINDOW,
    errorPercent: requests === 0 ? 0 : (100 * errors) / requests,
    p95Ms: quantileOf(traffic, 0.95),
    databaseMs: Math.max(0, ...all.map((one) => one.databaseMs)),
    liveConnections: sum((one) => one.liveConnections),
    memoryBytes: sum((one) => one.memoryBytes),
    outboxWaiting: state.outbox.waiting,
    deviceChanges: state.devices.waiting,
    cacheHitPercent: cacheLookups === 0 ? null : (100 * cacheHits) / cacheLookups,
  };
}
