import type { AlertRule, Severity } from '#shared/protocol/admin-monitor.ts';
import type { Replica, SystemState } from './figures.ts';
import { addTraffic, quantileOf } from './traffic.ts';

/** Something for which a rule holds now. */
export interface Finding {
  /** Of what it speaks: a replica, a partner, a job; empty where there is one only. */
  readonly subject: string;
  /** What was measured, in the unit of the rule. */
  readonly value: number;
  /** Names and codes of ours; never anything of a record. */
  readonly detail?: string;
}

export interface Rule {
  readonly severity: Severity;
  /** It has to hold for so long before anybody hears of it, milliseconds. */
  readonly forMs: number;
  find(state: SystemState): Finding[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A replica that has not been heard of for so long is down. */
export const DOWN_AFTER_MS = 30 * SECOND;
/** Fewer requests than this in five minutes say nothing about all of them. */
const FEW_REQUESTS = 20;
const FEW_LOOKUPS = 100;

const alive = ({ now, replicas }: SystemState): Replica[] =>
  replicas.filter(({ seenAt, stoppedAt }) => stoppedAt === null && now - seenAt < DOWN_AFTER_MS);
const trafficOf = (state: SystemState) =>
  addTraffic(alive(state).map(({ figures }) => figures.traffic));
const one = (is: boolean, value: number, detail?: string): Finding[] =>
  is ? [{ subject: '', value, ...(detail === undefined ? {} : { detail }) }] : [];
const share = (part: number, all: number): number => (all === 0 ? 0 : (100 * part) / all);

/** The thresholds: critical at once, warnings within five minutes. Each has an entry in the runbook. */
export const RULES: Readonly<Record<AlertRule, Rule>> = {
  'application-down': {
    severity: 'critical',
    forMs: 0,
    find(state) {
      const { now, replicas, wasDownMs } = state;
      const down = replicas.filter(
        ({ seenAt, stoppedAt }) =>
          stoppedAt === null &&
          now - seenAt >= DOWN_AFTER_MS &&
          // Somebody else has taken its place, as a new container has a new name.
          !replicas.some(({ startedAt }) => startedAt > seenAt),
      );
      return [
        ...one(wasDownMs !== null, Math.round((wasDownMs ?? 0) / SECOND)),
        ...down.map(({ id, seenAt }) => ({
          subject: id,
          value: Math.round((now - seenAt) / SECOND),
        })),
      ];
    },
  },
  'database-failing': {
    severity: 'critical',
    forMs: 0,
    find(state) {
      const { connectionFailures } = trafficOf(state);
      // One that drops is replaced, and nobody notices.
      return one(connectionFailures >= 3, connectionFailures);
    },
  },
  'partner-failing': {
    severity: 'critical',
    forMs: 5 * MINUTE,
    find(state) {
      const partners = Map.groupBy(
        alive(state).flatMap(({ figures }) => figures.partners),
        ({ partner }) => partner,
      );
      return [...partners].flatMap(([partner, seen]) => {
        const okAt = Math.max(...seen.map(({ lastOkAt }) => lastOkAt ?? 0));
        const failedAt = Math.max(...seen.map(({ lastFailureAt }) => lastFailureAt ?? 0));
        // What was asked long ago says nothing about now.
        if (failedAt <= okAt || state.now - failedAt > 10 * MINUTE) return [];
        const code = seen.find(({ lastFailureAt }) => lastFailureAt === failedAt)?.code ?? '';
        return [{ subject: partner, value: 1, detail: code }];
      });
    },
  },
  'security-refusals': {
    severity: 'critical',
    forMs: 0,
    find(state) {
      const { refusals, requests } = trafficOf(state);
      const { refusedActs } = state.security;
      // Expired tokens are refused all day, by ones and twos; guessing looks like this.
      const isGuessing = refusals >= 50 && share(refusals, requests) > 10;
      return one(refusedActs >= 10 || isGuessing, Math.max(refusedActs, isGuessing ? refusals : 0));
    },
  },
  'audit-broken': {
    severity: 'critical',
    forMs: 0,
    find: ({ security }) => one(security.brokenChains > 0, security.brokenChains),
  },
  'response-slow': {
    severity: 'warning',
    forMs: MINUTE,
    find(state) {
      const traffic = trafficOf(state);
      const ms = quantileOf(traffic, 0.95);
      return one(traffic.requests >= FEW_REQUESTS && ms > 2_000, ms);
    },
  },
  'errors-many': {
    severity: 'warning',
    forMs: MINUTE,
    find(state) {
      const { requests, errors } = trafficOf(state);
      const percent = share(errors, requests);
      return one(requests >= FEW_REQUESTS && percent > 1, Math.round(percent * 10) / 10);
    },
  },
  'cache-misses': {
    severity: 'warning',
    forMs: 2 * MINUTE,
    find(state) {
      const { cacheHits, cacheLookups } = trafficOf(state);
      const percent = Math.round(share(cacheHits, cacheLookups));
      return one(cacheLookups >= FEW_LOOKUPS && percent < 60, percent);
    },
  },
  'memory-high': {
    severity: 'warning',
    forMs: 2 * MINUTE,
    find: (state) =>
      alive(state).flatMap(({ id, figures: { memoryBytes, memoryLimit } }) => {
        const percent = Math.round(share(memoryBytes, memoryLimit ?? 0));
        return percent > 80 ? [{ subject: id, value: percent }] : [];
      }),
  },
  'statements-slow': {
    severity: 'warning',
    forMs: 0,
    find(state) {
      const { slowStatements, slowest } = trafficOf(state);
      return one(slowStatements > 0, slowStatements, slowest ?? undefined);
    },
  },
  'pool-full': {
    severity: 'warning',
    forMs: MINUTE,
    find: (state) =>
      alive(state).flatMap(({ id, figures: { pool } }) =>
        pool.waiting > 0 && pool.used >= pool.most ? [{ subject: id, value: pool.waiting }] : [],
      ),
  },
  'redis-away': {
    severity: 'warning',
    forMs: MINUTE,
    find: (state) =>
      alive(state).flatMap(({ id, figures }) =>
        figures.redis === 'away' ? [{ subject: id, value: 1 }] : [],
      ),
  },
  'outbox-late': {
    severity: 'warning',
    forMs: 0,
    find: ({ outbox }) => one(outbox.oldestMs > 15 * MINUTE, Math.round(outbox.oldestMs / MINUTE)),
  },
  'outbox-failed': {
    severity: 'warning',
    forMs: 0,
    find: ({ outbox }) => one(outbox.failed > 0, outbox.failed),
  },
  'job-failed': {
    severity: 'warning',
    forMs: 4 * MINUTE,
    find: (state) =>
      alive(state).flatMap(({ id, figures }) =>
        figures.failedJobs.map((job) => ({ subject: job, value: 1, detail: id })),
      ),
  },
  'device-silent': {
    severity: 'warning',
    forMs: 0,
    find: ({ devices }) => one(devices.silent > 0, devices.silent),
  },
  'device-queue': {
    severity: 'warning',
    forMs: 4 * MINUTE,
    find: ({ devices }) => one(devices.longestQueue >= 200, devices.longestQueue),
  },
  'backup-late': {
    severity: 'warning',
    forMs: 0,
    find({ now, backup }) {
      const { isOn, lastAt, lastFailedAt } = backup;
      if (!isOn) return [];
      const isFailing = lastFailedAt !== null && lastFailedAt > (lastAt ?? 0);
      const age = lastAt === null ? now - (lastFailedAt ?? now) : now - lastAt;
      return one(age > 24 * HOUR || (isFailing && age > HOUR), Math.round(age / HOUR));
    },
  },
};
