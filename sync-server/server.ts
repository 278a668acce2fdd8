import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#shared/kernel/clock.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { createHlc } from '#shared/kernel/hlc.ts';
import type { Logger } from '#shared/logging/logger.ts';
import { oldestServed } from '#shared/protocol/served.ts';
import { createHeadSigner } from './audit/head-signer.ts';
import { createAccounts } from './accounts/accounts.ts';
import { createTokenVerifier } from './auth/token-verifier.ts';
import { openCache } from './cache/cache.ts';
import type { CacheStats } from './cache/counts.ts';
import { openRedis } from './cache/redis-link.ts';
import type { ServerConfig } from './config/config.ts';
import { NO_HUBS } from './config/hubs-config.ts';
import { SHARED_PROCESS_LIMITS } from './config/limits.ts';
import { NO_MONITORING } from './config/monitoring-config.ts';
import { createPool } from './db/pool.ts';
import { openRange } from './files/fetches.ts';
import { createFileStore } from './files/stores.ts';
import { createUploads } from './files/uploads.ts';
import { takeEarlyReports } from './hubs/communication/twilio-reports.ts';
import { createDatabaseHub } from './hubs/database/database-hub.ts';
import { isDatabaseReady } from './db/readiness.ts';
import { withSession } from './db/with-session.ts';
import { createApp } from './http/app.ts';
import { createMemoryBuckets } from './http/rates/memory-buckets.ts';
import { createRateLimits } from './http/rates/rate-limits.ts';
import { createRedisBuckets } from './http/rates/redis-buckets.ts';
import { registerRoutes } from './http/registrar.ts';
import type { Gate } from './http/registrar.ts';
import type { Caller } from './http/route.ts';
import { adminRoutes } from './http/routes/admin.ts';
import { auditRoutes } from './http/routes/audit.ts';
import { deviceRoutes } from './http/routes/device.ts';
import { docsRoutes } from './http/routes/docs.ts';
import { fileRoutes, registerFileBytes } from './http/routes/files.ts';
import { healthRoute, readyRoute } from './http/routes/health.ts';
import { registerLive } from './http/routes/live.ts';
import { pullRoute } from './http/routes/pull.ts';
import { presenceRoute } from './http/routes/presence.ts';
import { paymentRoutes } from './http/routes/payments.ts';
import { pushRoute } from './http/routes/push.ts';
import { registerStripeWebhook } from './http/routes/stripe-webhook.ts';
import { registerWebhooks } from './http/routes/webhooks.ts';
import { sessionRoute } from './http/routes/session.ts';
import { createFileKeeper } from './jobs/keep-files.ts';
import { createWindowMover } from './jobs/move-windows.ts';
import { periodic } from './jobs/periodic.ts';
import { releaseClaims } from './jobs/release-claims.ts';
import { judgeLateTransfers } from './jobs/short-transfers.ts';
import { createRetention } from './jobs/retention.ts';
import { upkeep } from './jobs/upkeep.ts';
import { startParts } from './lifecycle.ts';
import { createOutbox } from './outbox/outbox.ts';
import { createRedisBus, noBus } from './realtime/bus.ts';
import type { ChangeSet } from './realtime/change.ts';
import { METRICS_PATH } from './monitoring/metrics/serve-metrics.ts';
import { createMonitoring } from './monitoring/monitoring.ts';
import { createLoadGuard } from './monitoring/load-guard.ts';
import { createFence } from './realtime/fence.ts';
import { LIVE_PACE, createLiveHub } from './realtime/live-hub.ts';
import type { LivePace } from './realtime/live-hub.ts';
import { createPresence } from './realtime/presence.ts';
import { createScreenJudge } from './realtime/screen-judge.ts';
import { readAccess, requireKnown } from './sync/access.ts';
import type { Access } from './sync/ports.ts';
import { pgPull } from './sync/pg-pull-store.ts';
import { pgPush } from './sync/pg-push-store.ts';
import { pgSession } from './sync/pg-session-store.ts';

/** The node part of stamps that the server itself gives; all replicas share it. */
const SERVER_NODE = '5e7f00000001';

/** Holds end to the minute. */
const RELEASE_EVERY_MS = 60_000;
const TRANSFERS_EVERY_MS = 10 * 60_000;
const UPKEEP_EVERY_MS = 60 * 60_000;
const EARLY_EVERY_MS = 60_000;

/** How long a stop waits for what is still running, milliseconds; with all parts below five seconds. */
const DRAIN_MS = 1_250;

export interface RunningServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Says what a committed transaction changed, as a push does. */
  readonly announce: (set: ChangeSet) => void;
  /** Live connections at this moment. */
  readonly liveConnections: () => number;
  /** Hits and misses of the cache by type, since the start. */
  readonly cacheStats: () => CacheStats;
  stop(): Promise<void>;
}

/**
 * Builds all parts of the sync server, the only place that does, and starts them. Several may run in
 * one process, as tests and the development stack do.
 * @throws when a part cannot start; those already started are stopped then
 */
export async function startServer(
  config: ServerConfig,
  log: Logger,
  overrides: { readonly clock?: Clock; readonly livePace?: LivePace } = {},
): Promise<RunningServer> {
  const clock = overrides.clock ?? systemClock;
  const { limits = SHARED_PROCESS_LIMITS } = config;
  const pool = createPool(config, log);
  const hlc = createHlc({ clock, node: SERVER_NODE });
  const monitoring = createMonitoring(config.monitoring ?? NO_MONITORING, {
    pool,
    clock,
    hlc,
    log,
    // Of a server on any free port nobody would know the next one again.
    name: `${hostname()}:${config.port === 0 ? randomUUID().slice(0, 8) : config.port}`.slice(
      0,
      60,
    ),
  });
  const { watch } = monitoring;
  const database = createDatabaseHub(pool, { clock, log, onStatement: watch.statement });
  const redis = config.redis && openRedis(config.redis);
  const cache = openCache({
    redis,
    sealKey: config.cacheKey ?? null,
    clock,
    log,
    onLookup: watch.cacheLookup,
  });
  const gate: Gate = {
    verifier: createTokenVerifier({ authUrl: config.authUrl, clock, cache }),
    oldest: () => oldestServed(clock.now()),
    rates: config.rates
      ? createRateLimits({
          rates: config.rates,
          shared: redis && createRedisBuckets(redis),
          own: createMemoryBuckets(() => performance.now()),
          log,
        })
      : null,
  };
  const fence = createFence(pool, log);
  const bus = config.redis === null ? noBus : createRedisBus(config.redis, log);

  const accessOf = async (caller: Caller): Promise<Access> =>
    requireKnown(
      await withSession(pool, caller, (tx) =>
        tx.asEngine((engine) => readAccess(engine, caller.userId, caller.deviceId)),
      ),
    );
  const judge = createScreenJudge(pool, cache);
  const presence = createPresence({ judge, channel: bus.presence, log });
  const hub = createLiveHub({
    fence,
    bus,
    presence,
    clock,
    log,
    random: Math.random,
    readAccess: accessOf,
    pace: overrides.livePace ?? LIVE_PACE,
    ceilings: limits,
    onChanges: (changes) => void cache.heard(changes),
    onGap: () => void cache.forget(),
  });

  const announce = (set: ChangeSet): void => {
    void cache.committed(set.changes);
    hub.announce(set);
    outbox?.noticed(set);
  };
  const mode = config.outbox ?? 'keep';
  const outbox =
    mode === 'keep'
      ? null
      : createOutbox(
          {
            mode,
            databaseUrl: config.databaseUrl,
            hubs: config.hubs ?? NO_HUBS,
            webhook: config.monitoring?.alerts.webhook ?? null,
          },
          { pool, clock, log, hlc, announce, onCall: watch.hubCall, follow: watch.follow },
        );
  const windows = createWindowMover(pool, announce, log);
  const retention = createRetention({ pool, announce, log });
  const reports = config.hubs?.reports ?? null;
  const twilio = reports && { pool, announce, hlc, log, contactKey: reports.contactKey };
  const jobs = [
    periodic(
      'release-claims',
      RELEASE_EVERY_MS,
      () => releaseClaims({ open: pgPush(pool), clock, hlc, announce }),
      log,
    ),
    periodic(
      'short-transfers',
      TRANSFERS_EVERY_MS,
      () => judgeLateTransfers({ open: pgPush(pool), clock, hlc, announce }),
      log,
    ),
    periodic('upkeep', UPKEEP_EVERY_MS, () => upkeep(pool), log),
    ...(twilio
      ? [periodic('early-reports', EARLY_EVERY_MS, () => takeEarlyReports(twilio), log)]
      : []),
    ...(outbox?.jobs ?? []),
  ];
  const jobStates = () => [windows, retention, ...jobs].map((job) => job.state());
  const partners = () => [...(outbox?.health() ?? []), database.health()];
  const monitor = monitoring.open({
    liveConnections: () => hub.size,
    redis: bus.state,
    partners,
    jobs: jobStates,
    announce,
    hub: mode === 'send' ? (outbox?.hub ?? null) : null,
    memoryLimit: Number.isFinite(limits.maxMemoryMb) ? limits.maxMemoryMb * 2 ** 20 : null,
  });
  jobs.push(monitor.job);

  const store = createFileStore(config.files);
  const uploads = store && createUploads({ pool, store, hlc, announce, log });
  const keeper = store && createFileKeeper({ pool, store, hlc, announce, log });

  const app = await createApp(log, config.trustedProxies);
  monitoring.attach(app);
  const guard = createLoadGuard({ limits, log });
  app.addHook('onRequest', async (request) => {
    if (answered.has(request.routeOptions.url ?? '')) return;
    guard.check();
    await gate.rates?.address(request);
  });
  let draining = false;
  const deps = { open: pgSession(pool), clock, announce };
  const routes = [
    healthRoute,
    readyRoute(async () => !draining && (await isDatabaseReady(pool))),
    sessionRoute(deps),
    pullRoute({ open: pgPull(pool), clock, onRows: watch.pulled }),
    pushRoute({ open: pgPush(pool), clock, hlc, announce, log, onReply: watch.pushed }),
    presenceRoute(presence),
    ...auditRoutes({
      pool,
      signer: config.auditKey ? createHeadSigner(config.auditKey) : null,
      log,
    }),
    ...fileRoutes({ uploads }),
    ...deviceRoutes(pool),
    ...paymentRoutes({
      deps: { pool, announce, accounts: null },
      desk: outbox?.payments.desk ?? null,
      now: () => clock.now(),
    }),
    ...adminRoutes(
      { pool, announce, accounts: createAccounts(config.accounts ?? null) },
      {
        startedAt: clock.now(),
        hasRedis: config.redis !== null,
        hasFiles: store !== null,
        liveConnections: () => hub.size,
        jobs: jobStates,
        cache,
      },
      {
        mode,
        health: partners,
        deps: outbox?.deps ?? null,
        payments: outbox?.payments ?? null,
      },
      { clock, alerts: (config.monitoring ?? NO_MONITORING).alerts },
    ),
  ];
  const answered = new Set([
    METRICS_PATH,
    ...routes.filter(({ always }) => always).map(({ url }) => url),
  ]);
  registerRoutes(app, [...routes, ...docsRoutes(routes, () => app.registered)], {
    ...gate,
    concurrency: config.concurrency,
    maxWaitMs: limits.maxWaitMs,
  });
  registerFileBytes(app, {
    gate,
    uploads,
    openRange: store && ((...of) => openRange({ pool, store }, ...of)),
  });
  const { eventsBeatMs } = overrides.livePace ?? LIVE_PACE;
  if (reports && twilio) registerWebhooks(app, reports, twilio);
  const hookSecret = config.hubs?.stripe?.hookSecret ?? null;
  if (hookSecret !== null && outbox) {
    registerStripeWebhook(app, { hookSecret, notices: outbox.payments.notices, log });
  }
  registerLive(app, { gate, hub, readAccess: accessOf, log, eventsBeatMs });

  const stop = await startParts(
    [
      {
        name: 'database',
        start: async () => undefined,
        // A statement that still runs keeps its connection; it is rolled back when the process ends.
        stop: () => atMost(DRAIN_MS, pool.end()),
      },
      {
        name: 'cache',
        start: async () => undefined,
        stop: async () => {
          cache.stop();
          redis?.disconnect();
        },
      },
      { name: 'bus', start: async () => undefined, stop: () => bus.stop() },
      { name: 'presence', start: async () => undefined, stop: async () => presence.stop() },
      {
        name: 'monitoring',
        start: () => monitoring.start(),
        stop: () => atMost(DRAIN_MS, monitoring.stop()),
      },
      { name: 'guard', start: async () => undefined, stop: async () => guard.stop() },
      { name: 'fence', start: async () => undefined, stop: async () => fence.stop() },
      {
        name: 'outbox',
        // Its jobs begin it, and begin it anew when the database was away.
        start: async () => undefined,
        stop: () => atMost(DRAIN_MS, outbox?.stop() ?? Promise.resolve()),
      },
      {
        name: 'jobs',
        start: async () => [windows, retention, ...jobs].forEach((job) => job.start()),
        stop: () =>
          atMost(DRAIN_MS, Promise.all([windows, retention, ...jobs].map((job) => job.stop()))),
      },
      {
        name: 'files',
        start: async () => keeper?.start(),
        stop: () => atMost(DRAIN_MS, keeper?.stop() ?? Promise.resolve()),
      },
      {
        name: 'http',
        start: async () => {
          await app.listen({ host: config.host, port: config.port });
        },
        stop: async () => {
          // Whoever spreads requests over replicas sees that none is wanted here any more, before
          // any is refused; live connections say goodbye meanwhile.
          draining = true;
          const goodbyes = hub.stop();
          await sleep(limits.drainMs);
          const closed = app.close();
          await goodbyes;
          await atMost(DRAIN_MS * 2, closed);
          // Who still waits for an answer learns now that none will come, and asks elsewhere.
          app.server.closeAllConnections();
          await closed;
        },
      },
    ],
    log,
  );
  const { port } = app.server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  log.info('listening', { host: config.host, port });
  return {
    url: `http://${host}:${port}`,
    announce,
    liveConnections: () => hub.size,
    cacheStats: cache.stats,
    stop,
  };
}

/** Waits for work to end, but no longer than so many milliseconds. */
async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
