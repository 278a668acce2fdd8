import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import type { Clock } from '#shared/kernel/clock.ts';
import type { HybridClock } from '#shared/kernel/hlc.ts';
import { newId } from '#shared/kernel/ids.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { HubView } from '#shared/protocol/admin-outbox.ts';
import type { PushReply } from '#shared/protocol/messages.ts';
import type { MonitoringConfig } from '../config/monitoring-config.ts';
import type { CommunicationHub } from '../hubs/communication/communication-hub.ts';
import type { TimedStatement } from '../hubs/database/database-hub.ts';
import type { HubRecord } from '../hubs/universal-hub.ts';
import type { JobState } from '../jobs/periodic.ts';
import type { ChangeSet } from '../realtime/change.ts';
import { ALERT_NOTICE, messagesOf } from './alerts/notices.ts';
import { createSystemHealthMonitor } from './health/system-health-monitor.ts';
import type { SystemHealthMonitor } from './health/system-health-monitor.ts';
import { createTraffic } from './health/traffic.ts';
import { createMetrics } from './metrics/metrics.ts';
import { METRICS_PATH, listenForMetrics, registerMetrics } from './metrics/serve-metrics.ts';
import { safeErrorFields } from './safe-error.ts';
import { createTracing, noTracing } from './tracing/tracing.ts';
import type { Tracing } from './tracing/tracing.ts';

/** What the other parts of the server tell: each call is cheap, waits for nothing and never throws. */
export interface Watch {
  readonly statement: (statement: TimedStatement) => void;
  readonly hubCall: (record: HubRecord) => void;
  readonly pushed: (reply: PushReply) => void;
  readonly pulled: (rows: number) => void;
  readonly cacheLookup: (type: string, outcome: 'hit' | 'stale' | 'miss') => void;
  /** Does work under the trace that set it off. */
  readonly follow: Tracing['follow'];
}

/** What is asked of the other parts when they are there. */
export interface WatchedParts {
  readonly liveConnections: () => number;
  readonly redis: () => 'off' | 'ok' | 'away';
  readonly partners: () => HubView[];
  readonly jobs: () => readonly JobState[];
  readonly announce: (set: ChangeSet) => void;
  /** Null: nothing leaves the house from here, or it is only written down. */
  readonly hub: CommunicationHub | null;
  readonly memoryLimit: number | null;
}

export interface Monitoring {
  readonly watch: Watch;
  /** Counts the requests of an HTTP server, and lets whoever may read the figures there. */
  attach(app: FastifyInstance): void;
  /** Begins to watch, once all parts are made. */
  open(parts: WatchedParts): SystemHealthMonitor;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Asked every few seconds by machines: they would hide what people do. */
const NOT_COUNTED: ReadonlySet<string> = new Set(['/healthz', '/readyz', METRICS_PATH]);

/** Everything that watches one server: its figures, its traffic, and the health of the system. */
export function createMonitoring(
  config: MonitoringConfig,
  base: {
    readonly pool: pg.Pool;
    readonly clock: Clock;
    readonly hlc: HybridClock;
    readonly log: Logger;
    /** Name of this replica where the settings give none. */
    readonly name: string;
  },
): Monitoring {
  const { pool, clock, log } = base;
  const { token, port } = config.metrics;
  let parts: WatchedParts | null = null;
  let server: Server | null = null;
  let monitor: SystemHealthMonitor | null = null;
  const traffic = createTraffic(clock);
  const metrics = createMetrics({
    pool,
    liveConnections: () => parts?.liveConnections() ?? 0,
    withProcess: token !== null || port !== null,
  });
  const tracing = config.traces === null ? noTracing : createTracing(config.traces);
  watchConnections(pool, () => traffic.connectionFailed());

  return {
    watch: {
      statement(statement) {
        const { ms, isOk, isSlow, text } = statement;
        metrics.statement(ms, isOk, isSlow);
        if (isSlow) traffic.slowStatement(text());
        tracing.statement(statement);
      },
      hubCall(record) {
        metrics.hubCall(record);
        tracing.hubCall(record);
      },
      follow: tracing.follow,
      pushed({ results }) {
        for (const { outcome } of results) metrics.rows('push', outcome, 1);
      },
      pulled: (rows) => metrics.rows('pull', 'ok', rows),
      cacheLookup(type, outcome) {
        metrics.cacheLookup(type, outcome);
        traffic.cacheLookup(outcome !== 'miss');
      },
    },
    attach(app) {
      tracing.attach(app);
      app.addHook('onResponse', async (request, reply) => {
        const route = request.routeOptions.url ?? 'none';
        const ms = reply.elapsedTime;
        metrics.request(request.method, route, reply.statusCode, ms);
        if (!NOT_COUNTED.has(route)) traffic.request(reply.statusCode, ms);
      });
      if (token !== null) registerMetrics(app, token, metrics);
    },
    open(watched) {
      parts = watched;
      monitor = createSystemHealthMonitor({
        id: config.replica ?? base.name,
        pool,
        clock,
        hlc: base.hlc,
        log,
        config: config.alerts,
        announce: watched.announce,
        look: () => ({
          memoryBytes: process.memoryUsage.rss(),
          memoryLimit: watched.memoryLimit,
          liveConnections: watched.liveConnections(),
          redis: watched.redis(),
          pool: {
            used: pool.totalCount - pool.idleCount,
            waiting: pool.waitingCount,
            most: pool.options.max,
          },
          traffic: traffic.figures(),
          partners: watched
            .partners()
            .filter(({ hub, mode }) => hub !== 'database' && mode === 'live')
            .map(({ partner, lastOkAt, lastFailureAt, lastCode }) => ({
              partner,
              lastOkAt,
              lastFailureAt,
              code: lastCode,
            })),
          failedJobs: watched
            .jobs()
            .filter(({ state }) => state === 'failed')
            .map(({ name }) => name),
        }),
        onState: (figures) => {
          if (figures) metrics.system(figures);
        },
        async sendDirectly(said) {
          const { hub } = watched;
          if (!hub) return;
          const about = { table: 'notifications', id: said.alert?.id ?? newId() };
          const sent = messagesOf(said, config.alerts).map((message) => {
            const envelope = { key: newId(), kind: ALERT_NOTICE, locationId: null, isPlain: true };
            return hub.send(message, envelope, about);
          });
          for (const one of await Promise.allSettled(sent)) {
            if (one.status === 'rejected') log.error('alert not sent', safeErrorFields(one.reason));
          }
        },
      });
      return monitor;
    },
    async start() {
      if (port === null) return;
      server = await listenForMetrics({ ...config.metrics, port }, metrics);
    },
    async stop() {
      await monitor?.stop();
      await tracing.stop().catch(() => log.warn('traces not sent'));
      server?.close();
      server?.closeAllConnections();
      metrics.stop();
    },
  };
}

type Connect = (...args: unknown[]) => unknown;

/** Hears of connections that cannot be made, and of those that drop while nobody has them. */
function watchConnections(pool: pg.Pool, onFailure: () => void): void {
  pool.on('error', onFailure);
  const connect = pool.connect.bind(pool) as Connect;
  const watched: Connect = (...args) => {
    const answer = connect(...args);
    if (answer instanceof Promise) answer.catch(onFailure);
    return answer;
  };
  pool.connect = watched as typeof pool.connect;
}
