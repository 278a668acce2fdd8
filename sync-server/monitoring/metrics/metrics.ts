import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type pg from 'pg';
import type { HubRecord } from '../../hubs/universal-hub.ts';

/** Bounds of durations, seconds: fine where the goals of the server lie. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.245, 0.5, 1, 2, 5, 10];

/** What the outbox, machines and alerts come to, as the health monitor found them last. */
export interface SystemFigures {
  readonly outbox: { readonly waiting: number; readonly failed: number; readonly oldestMs: number };
  readonly devices: { readonly active: number; readonly silent: number; readonly waiting: number };
  readonly alerts: readonly { readonly rule: string; readonly severity: string }[];
}

export interface Metrics {
  /** What Prometheus reads. */
  text(): Promise<{ readonly type: string; readonly body: string }>;
  /** Names of all figures but those of the process itself. */
  names(): string[];
  request(method: string, route: string, status: number, ms: number): void;
  /** Rows of one push or pull, by what became of them. */
  rows(way: 'push' | 'pull', outcome: string, n: number): void;
  statement(ms: number, isOk: boolean, isSlow: boolean): void;
  hubCall(record: HubRecord): void;
  cacheLookup(type: string, outcome: string): void;
  system(figures: SystemFigures): void;
  stop(): void;
}

/**
 * The figures of one server, for Prometheus. Labels are names of our own (routes as patterns, tables,
 * partners, codes): there are few of them, and none says anything about anybody.
 * @param options.withProcess figures of the process too; of several servers in one process at most one
 */
export function createMetrics(options: {
  readonly pool: pg.Pool;
  readonly liveConnections: () => number;
  readonly withProcess: boolean;
}): Metrics {
  const { pool, liveConnections } = options;
  const registry = new Registry();
  const registers = [registry];
  const http = new Histogram({
    name: 'ganger_http_request_duration_seconds',
    help: 'Requests by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const rows = new Counter({
    name: 'ganger_sync_rows_total',
    help: 'Rows that devices pushed and pulled, by what became of them.',
    labelNames: ['way', 'outcome'],
    registers,
  });
  const statements = new Histogram({
    name: 'ganger_database_statement_duration_seconds',
    help: 'Statements of the pool, as whoever asked waited for them.',
    buckets: SECONDS,
    registers,
  });
  const failed = new Counter({
    name: 'ganger_database_statements_failed_total',
    help: 'Statements that the database refused or that were cut off.',
    registers,
  });
  const slow = new Counter({
    name: 'ganger_database_slow_statements_total',
    help: 'Statements that took longer than a second.',
    registers,
  });
  const hubs = new Histogram({
    name: 'ganger_hub_call_duration_seconds',
    help: 'Calls to partners, by outcome: ok, or a code.',
    labelNames: ['hub', 'partner', 'operation', 'outcome'],
    buckets: [...SECONDS, 20, 60],
    registers,
  });
  const cache = new Counter({
    name: 'ganger_cache_lookups_total',
    help: 'Look-ups in the cache by type of data and outcome.',
    labelNames: ['type', 'outcome'],
    registers,
  });
  const gauge = (name: string, help: string, ...labelNames: string[]): Gauge =>
    new Gauge({ name, help, labelNames, registers });
  const gaugeOf = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gaugeOf('ganger_live_connections', 'Live connections of devices.', liveConnections);
  gaugeOf('ganger_database_connections', 'Connections of the pool.', () => pool.totalCount);
  gaugeOf('ganger_database_connections_idle', 'Of these, unused.', () => pool.idleCount);
  gaugeOf('ganger_database_waiting', 'Requests that wait for one.', () => pool.waitingCount);
  gaugeOf('ganger_database_connections_max', 'Most connections.', () => pool.options.max);
  const waiting = gauge('ganger_outbox_waiting', 'Effects to be carried out.');
  const given = gauge('ganger_outbox_failed', 'Effects that were given up, for a person to see.');
  const oldest = gauge('ganger_outbox_oldest_seconds', 'Age of the oldest effect that waits.');
  const devices = gauge('ganger_devices', 'Machines by state.', 'state');
  const queued = gauge('ganger_device_changes_waiting', 'Changes that wait on machines, as said.');
  const alerts = gauge('ganger_alerts_firing', 'Alerts that fire.', 'rule', 'severity');
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  if (options.withProcess) collectDefaultMetrics({ register: registry });

  return {
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
    names: () => names,
    request: (method, route, status, ms) =>
      http.observe({ method, route, status: String(status) }, ms / 1000),
    rows: (way, outcome, n) => {
      if (n > 0) rows.inc({ way, outcome }, n);
    },
    statement(ms, isOk, isSlow) {
      statements.observe(ms / 1000);
      if (!isOk) failed.inc();
      if (isSlow) slow.inc();
    },
    hubCall: ({ hub, call, outcome, ms }) =>
      hubs.observe({ hub, partner: call.partner, operation: call.operation, outcome }, ms / 1000),
    cacheLookup: (type, outcome) => cache.inc({ type, outcome }),
    system(figures) {
      waiting.set(figures.outbox.waiting);
      given.set(figures.outbox.failed);
      oldest.set(figures.outbox.oldestMs / 1000);
      devices.set({ state: 'active' }, figures.devices.active);
      devices.set({ state: 'silent' }, figures.devices.silent);
      queued.set(figures.devices.waiting);
      alerts.reset();
      for (const { rule, severity } of figures.alerts) alerts.inc({ rule, severity });
    },
    stop: () => registry.clear(),
  };
}
