import { PROTOCOL_VERSION } from '#shared/protocol/messages.ts';
import type { HealthView } from '#shared/protocol/admin.ts';
import { rightsOf } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { CacheManager } from '../cache/cache-manager.ts';
import { asEngine } from '../db/as-engine.ts';
import type { Caller } from '../http/route.ts';
import type { JobState } from '../jobs/periodic.ts';
import { asAdmin, msOf, numberOf } from './admin-session.ts';
import type { AdminDeps } from './admin-session.ts';

/** What the process itself knows of its state. */
export interface ProcessState {
  readonly startedAt: number;
  readonly hasRedis: boolean;
  readonly hasFiles: boolean;
  readonly liveConnections: () => number;
  readonly jobs: () => readonly JobState[];
  readonly cache: CacheManager;
}

interface Figures {
  readonly version: string;
  readonly bytes: string;
  readonly held: string;
  readonly now: string;
  readonly outbox_waiting: number;
  readonly outbox_failed: number;
  readonly oldest_outbox: string | null;
  readonly quarantined: number;
  readonly open_reviews: number;
}

/** Counts and sizes only: whoever keeps the machines running needs no row of it. */
const FIGURES_SQL = `
  select current_setting('server_version') as version,
         pg_database_size(current_database())::text as bytes,
         (pg_snapshot_xmax(s)::text::numeric - pg_snapshot_xmin(s)::text::numeric)::text as held,
         ${msOf('clock_timestamp()')} as now, o.*, q.*, r.*
    from pg_current_snapshot() s
   cross join (
     select count(*) filter (where done_at is null and failed_at is null)::int as outbox_waiting,
            count(*) filter (where failed_at is not null)::int as outbox_failed,
            ${msOf('min(created_at) filter (where done_at is null and failed_at is null)')}
              as oldest_outbox
       from private.outbox) o
   cross join (
     select count(*)::int as quarantined from private.quarantine where status = 'waiting') q
   cross join (
     select count(*)::int as open_reviews from public.review_items where status = 'open') r`;

/** In a transaction of its own: it may go on behind the answer to whoever asked. */
async function readFigures(
  pool: AdminDeps['pool'],
): Promise<{ figures: Figures; ms: number; ended: string | null } | null> {
  const began = performance.now();
  const [figures] = await asEngine(pool, (engine) => engine.query<Figures>(FIGURES_SQL));
  const ms = performance.now() - began;
  const [kept] = await asEngine(
    pool,
    (retention) =>
      retention.query<{ ended: string | null }>(
        `select ${msOf('max(ended_at)')} as ended from private.retention_runs`,
      ),
    'ganger_retention',
  );
  return figures ? { figures, ms, ended: kept?.ended ?? null } : null;
}

/**
 * How the server that answers is, and what waits in its database: for those who see all machines.
 * @throws AppError as `asAdmin`
 */
export function readHealth(
  deps: AdminDeps,
  state: ProcessState,
  caller: Caller,
): Promise<HealthView> {
  return asAdmin(deps, caller, null, async ({ access, require }) => {
    if (!rightsOf(access.grants, 'devices', 'read').all) throw new AppError('CALL_NOT_ALLOWED');
    await require('devices', 'read', { location_id: null });
    // The same for everybody who may ask, so counted once for all who watch.
    const read = await state.cache.through('health', {
      key: 'figures',
      tags: ['review_items'],
      load: () => readFigures(deps.pool),
    });
    if (!read) throw new AppError('INTERNAL', { reason: 'no figures' });
    const { figures, ms, ended } = read;
    return {
      startedAt: state.startedAt,
      serverTime: Number(figures.now),
      protocol: PROTOCOL_VERSION,
      memoryBytes: process.memoryUsage.rss(),
      liveConnections: state.liveConnections(),
      hasRedis: state.hasRedis,
      hasFiles: state.hasFiles,
      database: {
        ms: Math.round(ms * 10) / 10,
        version: figures.version,
        bytes: Number(figures.bytes),
        held: Math.max(0, Number(figures.held)),
      },
      queues: {
        outboxWaiting: figures.outbox_waiting,
        outboxFailed: figures.outbox_failed,
        oldestOutboxAt: numberOf(figures.oldest_outbox),
        quarantined: figures.quarantined,
        openReviews: figures.open_reviews,
      },
      retentionAt: numberOf(ended),
      jobs: [...state.jobs()],
    };
  });
}
