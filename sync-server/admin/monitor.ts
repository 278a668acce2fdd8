import { ALERT_RULES, MONITOR_LIMITS } from '#shared/protocol/admin-monitor.ts';
import type {
  AlertView,
  HealthPoint,
  NoticeChannel,
  NoticeView,
  SilenceView,
} from '#shared/protocol/admin-monitor.ts';
import type { AdminIn, AdminOut } from '#shared/protocol/admin.ts';
import { rightsOf } from '#shared/access/rights.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { AlertsConfig } from '../config/monitoring-config.ts';
import type { Queries } from '../db/with-session.ts';
import type { Caller } from '../http/route.ts';
import { readReplicas, readState } from '../monitoring/health/health-store.ts';
import { DOWN_AFTER_MS } from '../monitoring/health/rules.ts';
import { asAdmin, msOf, numberOf } from './admin-session.ts';
import type { AdminDeps, AdminSession } from './admin-session.ts';

export interface MonitorState {
  readonly clock: Clock;
  readonly alerts: AlertsConfig;
}

type Texts<R, K extends keyof R> = Omit<R, K> & { readonly [P in K]: string | null };

const CHARTED = [
  'requests',
  'errorPercent',
  'p95Ms',
  'databaseMs',
  'liveConnections',
  'memoryBytes',
  'outboxWaiting',
  'deviceChanges',
  'cacheHitPercent',
] as const satisfies readonly (keyof HealthPoint)[];

/** Averages over as many stretches of time as a chart has points. Names are ours, from the list above. */
const POINTS_SQL = `
  select ${msOf('b.at')} as at,
         ${CHARTED.map((name) => `avg((s.figures ->> '${name}')::float) as "${name}"`).join(', ')}
    from private.health_samples s
   cross join lateral (
     select date_bin($3::int * interval '1 second', s.at, timestamptz 'epoch') as at) b
   where s.at > timestamptz 'epoch' + $1::bigint * interval '1 ms'
     and s.at <= timestamptz 'epoch' + $2::bigint * interval '1 ms'
   group by b.at order by b.at`;

const alertsSql = (where: string, order: string): string => `
  select a.id, a.rule, a.subject, a.severity, ${msOf('a.fired_at')} as "firedAt",
         ${msOf('a.cleared_at')} as "clearedAt", a.value, a.detail, a.times, a.level,
         a.acknowledged_by as "acknowledgedBy", ${msOf('a.acknowledged_at')} as "acknowledgedAt",
         coalesce((
           select jsonb_agg(to_jsonb(n) order by n."madeAt" desc, n.channel, n.destination)
             from (select event, channel, destination, state, problem,
                          floor(extract(epoch from made_at) * 1000)::bigint as "madeAt"
                     from private.alert_notices where alert_id = a.id
                    order by made_at desc, channel, destination
                    limit ${MONITOR_LIMITS.notices}) n), '[]') as notices
    from private.alerts a
   where a.fired_at is not null and a.rule = any ($1::text[]) and ${where}
   order by ${order} limit ${MONITOR_LIMITS.past}`;
const FIRING_SQL = alertsSql('a.cleared_at is null', 'a.severity, a.fired_at desc');
const PAST_SQL = alertsSql('a.cleared_at is not null', 'a.cleared_at desc');

/**
 * How the whole system fares: figures over time, what fires, who was told. For those who see all machines.
 * @throws AppError as `asAdmin`
 */
export function readMonitor(
  deps: AdminDeps,
  { clock, alerts }: MonitorState,
  caller: Caller,
  { hours }: AdminIn<'admin.monitor'>,
): Promise<AdminOut<'admin.monitor'>> {
  return asAdmin(deps, caller, null, async (session) => {
    await requireAll(session);
    const now = clock.now();
    return session.tx.asEngine(async (engine) => {
      const { devices } = await readState(engine, now, null);
      const replicas = await readReplicas(engine);
      const [judged] = await engine.query<{ at: string }>(
        `select ${msOf('judged_at')} as at from private.monitor`,
      );
      const judgedAt = Number(judged?.at ?? 0);
      return {
        serverTime: now,
        judgedAt: judgedAt === 0 ? null : judgedAt,
        points: await readPoints(engine, now, hours),
        replicas: replicas.map(({ id, startedAt, seenAt, stoppedAt, figures }) => ({
          id,
          startedAt,
          seenAt,
          state:
            stoppedAt !== null
              ? 'stopped'
              : now - seenAt < DOWN_AFTER_MS
                ? 'ok'
                : ('down' as const),
          memoryBytes: figures.memoryBytes,
          liveConnections: figures.liveConnections,
          redis: figures.redis,
        })),
        devices: {
          active: devices.active,
          silent: devices.silent,
          waiting: devices.waiting,
          versions: devices.versions,
        },
        firing: await readAlertViews(engine, FIRING_SQL),
        past: await readAlertViews(engine, PAST_SQL),
        silences: await readSilenceViews(engine, now),
        ways: waysOf(alerts),
      };
    });
  });
}

async function readPoints(engine: Queries, now: number, hours: number): Promise<HealthPoint[]> {
  const stepSeconds = (hours * 3_600) / MONITOR_LIMITS.points;
  const rows = await engine.query<Texts<HealthPoint, 'at'>>(POINTS_SQL, [
    now - hours * 3_600_000,
    now,
    stepSeconds,
  ]);
  return rows.map((row) => ({ ...row, at: Number(row.at) }));
}

type AlertRow = Texts<AlertView, 'firedAt' | 'clearedAt' | 'acknowledgedAt'> & {
  readonly notices: NoticeView[];
};

async function readAlertViews(engine: Queries, text: string): Promise<AlertView[]> {
  const rows = await engine.query<AlertRow>(text, [ALERT_RULES]);
  return rows.map((row) => ({
    ...row,
    firedAt: Number(row.firedAt),
    clearedAt: numberOf(row.clearedAt),
    acknowledgedAt: numberOf(row.acknowledgedAt),
  }));
}

async function readSilenceViews(engine: Queries, now: number): Promise<SilenceView[]> {
  const rows = await engine.query<Texts<SilenceView, 'until' | 'madeAt'>>(
    `select id, rule, subject, ${msOf('until')} as until, reason, made_by as "madeBy",
            ${msOf('made_at')} as "madeAt"
       from private.alert_silences
      where ended_at is null and until > timestamptz 'epoch' + $1::bigint * interval '1 ms'
        and rule = any ($2::text[])
      order by until, id limit ${MONITOR_LIMITS.past}`,
    [now, ALERT_RULES],
  );
  return rows.map((row) => ({ ...row, until: Number(row.until), madeAt: Number(row.madeAt) }));
}

const waysOf = ({ mail, sms, webhook }: AlertsConfig): NoticeChannel[] => [
  ...(mail.length > 0 ? (['email'] as const) : []),
  ...(sms.length > 0 ? (['sms'] as const) : []),
  ...(webhook ? (['webhook'] as const) : []),
];

/**
 * Lets nobody be told of a rule for a while. Asked twice under one id, it is done once.
 * @throws AppError as `asAdmin`
 */
export function silenceAlert(
  deps: AdminDeps,
  { clock }: MonitorState,
  caller: Caller,
  { id, rule, subject, hours, reason }: AdminIn<'admin.silenceAlert'>,
): Promise<AdminOut<'admin.silenceAlert'>> {
  return acting(deps, caller, id, 'alert.silence', async (engine) => {
    const now = clock.now();
    const until = now + hours * 3_600_000;
    await engine.execute(
      `insert into private.alert_silences (id, rule, subject, until, reason, made_by, made_at)
       values ($1, $2, $3, timestamptz 'epoch' + $4::bigint * interval '1 ms', $5, $6,
         timestamptz 'epoch' + $7::bigint * interval '1 ms')
       on conflict (id) do nothing`,
      [id, rule, subject, until, reason, caller.userId, now],
    );
    return { until };
  });
}

/** @throws AppError as `asAdmin` */
export function endSilence(
  deps: AdminDeps,
  { clock }: MonitorState,
  caller: Caller,
  { id }: AdminIn<'admin.endSilence'>,
): Promise<AdminOut<'admin.endSilence'>> {
  return acting(deps, caller, id, 'alert.silence-end', async (engine) => ({
    changed:
      (await engine.execute(
        `update private.alert_silences
            set ended_at = timestamptz 'epoch' + $2::bigint * interval '1 ms', ended_by = $3
          where id = $1 and ended_at is null`,
        [id, clock.now(), caller.userId],
      )) > 0,
  }));
}

/**
 * Notes that the caller looks after an alert, so that nobody else is called.
 * @throws AppError as `asAdmin`
 */
export function takeUpAlert(
  deps: AdminDeps,
  { clock }: MonitorState,
  caller: Caller,
  { id }: AdminIn<'admin.takeUpAlert'>,
): Promise<AdminOut<'admin.takeUpAlert'>> {
  return acting(deps, caller, id, 'alert.take-up', async (engine) => ({
    changed:
      (await engine.execute(
        `update private.alerts
            set acknowledged_at = timestamptz 'epoch' + $2::bigint * interval '1 ms',
                acknowledged_by = $3
          where id = $1 and cleared_at is null and acknowledged_at is null`,
        [id, clock.now(), caller.userId],
      )) > 0,
  }));
}

/** An act of somebody who keeps the machines running, with its entry in the audit. */
function acting<T>(
  deps: AdminDeps,
  caller: Caller,
  id: string,
  purpose: string,
  work: (engine: Queries) => Promise<T>,
): Promise<T> {
  return asAdmin(deps, caller, { table: 'audit_logs', id }, async (session) => {
    await requireAll(session);
    await session.require('devices', 'update', { location_id: null });
    const done = await session.tx.asEngine(work);
    await session.audit({
      action: 'update',
      table_name: 'audit_logs',
      row_id: id,
      outcome: 'ok',
      field_names: [],
      purpose,
    });
    return done;
  });
}

async function requireAll({ access, require }: AdminSession): Promise<void> {
  if (!rightsOf(access.grants, 'devices', 'read').all) throw new AppError('CALL_NOT_ALLOWED');
  await require('devices', 'read', { location_id: null });
}
