import { ALERT_RULES } from '#shared/protocol/admin-monitor.ts';
import type { AlertRule, HealthPoint } from '#shared/protocol/admin-monitor.ts';
import type { Queries } from '../../db/with-session.ts';
import { SAME_WITHIN_MS } from './alert-book.ts';
import type { Alert, Silence } from './alert-book.ts';
import { ReplicaFigures } from './figures.ts';
import type { Replica, SystemState } from './figures.ts';
import { DOWN_AFTER_MS } from './rules.ts';

/** An instant of the server's clock as the database takes it. */
const at = (place: string): string => `(timestamptz 'epoch' + ${place}::bigint * interval '1 ms')`;
const ms = (column: string): string => `floor(extract(epoch from ${column}) * 1000)::bigint::text`;
const num = (text: string | null): number | null => (text === null ? null : Number(text));

/** Replicas that ended so long ago are forgotten, and with them that they were down. */
const FORGOTTEN_AFTER = `interval '7 days'`;

/** Writes down how this replica is. */
export async function putReplica(
  db: Queries,
  replica: { id: string; startedAt: number; now: number; figures: ReplicaFigures },
): Promise<void> {
  await db.execute(
    `insert into private.replicas (id, started_at, seen_at, figures)
     values ($1, ${at('$2')}, ${at('$3')}, $4::jsonb)
     on conflict (id) do update set started_at = excluded.started_at, seen_at = excluded.seen_at,
       stopped_at = null, figures = excluded.figures`,
    [replica.id, replica.startedAt, replica.now, JSON.stringify(replica.figures)],
  );
}

export async function endReplica(db: Queries, id: string, now: number): Promise<void> {
  await db.execute(`update private.replicas set stopped_at = ${at('$2')} where id = $1`, [id, now]);
}

/** For how long no replica was there before this one; null: some was, or the last one was stopped. */
export async function downtimeBefore(db: Queries, now: number): Promise<number | null> {
  const [last] = await db.query<{ seen: string | null; stopped: boolean | null }>(
    `select ${ms('seen_at')} as seen, stopped_at is not null as stopped
       from private.replicas order by seen_at desc limit 1`,
  );
  const gap = now - (num(last?.seen ?? null) ?? now);
  return last?.stopped === false && gap >= DOWN_AFTER_MS ? gap : null;
}

/** True for the one replica that judges in this round; its transaction keeps the others waiting. */
export async function isOurTurn(db: Queries, now: number, everyMs: number): Promise<boolean> {
  const won = await db.execute(
    `update private.monitor set judged_at = ${at('$1')} where judged_at <= ${at('$2')}`,
    [now, now - everyMs],
  );
  return won === 1;
}

interface StateRow {
  readonly waiting: number;
  readonly failed: number;
  readonly oldest: string | null;
  readonly active: number;
  readonly silent: number;
  readonly queued: string;
  readonly longest: number;
  readonly versions: Readonly<Record<string, number>>;
  readonly refused: number;
  readonly broken: number;
  readonly archive: string;
  readonly archived: string | null;
  readonly archive_failed: string | null;
}

/** Figures only. Of machines those count that may still come. */
const STATE_SQL = `
  with machines as (
    select r.waiting, r.app_version, greatest(d.last_seen_at, r.reported_at) as seen
      from public.devices d left join private.device_reports r on r.device_id = d.id
     where d.status = 'active'),
  t as (select ${at('$1')} as now)
  select o.*, m.*, s.*, b.*
    from t
   cross join lateral (
     select count(*) filter (where failed_at is null)::int as waiting,
            count(*) filter (where failed_at is not null)::int as failed,
            ${ms('min(greatest(created_at, available_at)) filter (where failed_at is null)')}
              as oldest
       from private.outbox where done_at is null and kind <> 'alert.notice') o
   cross join lateral (
     select count(*)::int as active,
            count(*) filter (where waiting > 0 and seen < t.now - interval '24 hours')::int
              as silent,
            coalesce(sum(waiting), 0)::text as queued,
            coalesce(max(waiting) filter (where seen > t.now - interval '1 hour'), 0) as longest,
            coalesce((select jsonb_object_agg(v.app_version, v.n) from (
              select app_version, count(*)::int as n from machines
               where app_version is not null group by 1) v), '{}') as versions
       from machines) m
   cross join lateral (
     select coalesce((
              select max(n)::int from (
                select count(*) as n from public.audit_logs a
                 where a.action = 'refuse' and a.recorded_at > t.now - interval '5 minutes'
                 group by a.device_id) by_device), 0) as refused,
            (select count(*)::int from private.device_chains c
              where c.fault_at > t.now - interval '7 days') as broken) s
   cross join lateral (
     select current_setting('archive_mode') as archive, ${ms('last_archived_time')} as archived,
            ${ms('last_failed_time')} as archive_failed
       from pg_catalog.pg_stat_archiver) b`;

/** How everything is now. */
export async function readState(
  db: Queries,
  now: number,
  wasDownMs: number | null,
): Promise<SystemState> {
  const [row] = await db.query<StateRow>(STATE_SQL, [now]);
  if (!row) throw new Error('the database said nothing of its state');
  const oldest = num(row.oldest);
  return {
    now,
    wasDownMs,
    replicas: await readReplicas(db),
    outbox: {
      waiting: row.waiting,
      failed: row.failed,
      oldestMs: oldest === null ? 0 : Math.max(0, now - oldest),
    },
    devices: {
      active: row.active,
      silent: row.silent,
      waiting: Number(row.queued),
      longestQueue: row.longest,
      versions: row.versions,
    },
    security: { refusedActs: row.refused, brokenChains: row.broken },
    backup: {
      isOn: row.archive !== 'off',
      lastAt: num(row.archived),
      lastFailedAt: num(row.archive_failed),
    },
  };
}

export async function readReplicas(db: Queries): Promise<Replica[]> {
  const rows = await db.query<{
    id: string;
    started: string;
    seen: string;
    stopped: string | null;
    figures: unknown;
  }>(
    `select id, ${ms('started_at')} as started, ${ms('seen_at')} as seen,
            ${ms('stopped_at')} as stopped, figures
       from private.replicas order by id`,
  );
  return rows.flatMap(({ id, started, seen, stopped, figures }) => {
    // One of another version may say it in other words: it is seen, and counts as nothing to do.
    const parsed = ReplicaFigures.safeParse(figures);
    return [
      {
        id,
        startedAt: Number(started),
        seenAt: Number(seen),
        stoppedAt: num(stopped),
        figures: parsed.data ?? NOTHING_KNOWN,
      },
    ];
  });
}

const NOTHING_KNOWN: ReplicaFigures = {
  memoryBytes: 0,
  memoryLimit: null,
  liveConnections: 0,
  redis: 'off',
  pool: { used: 0, waiting: 0, most: 1 },
  databaseMs: 0,
  traffic: {
    requests: 0,
    errors: 0,
    durations: [],
    refusals: 0,
    slowStatements: 0,
    slowest: null,
    cacheHits: 0,
    cacheLookups: 0,
    connectionFailures: 0,
  },
  partners: [],
  failedJobs: [],
};

interface AlertRow {
  readonly id: string;
  readonly rule: string;
  readonly subject: string;
  readonly severity: Alert['severity'];
  readonly since: string;
  readonly fired: string | null;
  readonly ok: string | null;
  readonly cleared: string | null;
  readonly value: number;
  readonly detail: string;
  readonly times: number;
  readonly level: number;
  readonly told: string | null;
  readonly acknowledged: string | null;
}

/** Alerts that are not over, and those that were over a moment ago. */
export async function readAlerts(db: Queries, now: number): Promise<Alert[]> {
  const rows = await db.query<AlertRow>(
    `select id, rule, subject, severity, ${ms('since')} as since, ${ms('fired_at')} as fired,
            ${ms('ok_since')} as ok, ${ms('cleared_at')} as cleared, value, detail, times, level,
            ${ms('told_at')} as told, ${ms('acknowledged_at')} as acknowledged
       from private.alerts
      where (cleared_at is null or cleared_at > ${at('$1')}) and rule = any ($2::text[])
      order by cleared_at desc nulls first
        for update`,
    [now - SAME_WITHIN_MS, ALERT_RULES],
  );
  return rows.map((row) => ({
    id: row.id,
    rule: row.rule as AlertRule,
    subject: row.subject,
    severity: row.severity,
    since: Number(row.since),
    firedAt: num(row.fired),
    okSince: num(row.ok),
    clearedAt: num(row.cleared),
    value: row.value,
    detail: row.detail,
    times: row.times,
    level: row.level,
    toldAt: num(row.told),
    acknowledgedAt: num(row.acknowledged),
  }));
}

export async function readSilences(db: Queries, now: number): Promise<Silence[]> {
  return db.query<Silence & { rule: AlertRule }>(
    `select rule, subject from private.alert_silences
      where ended_at is null and until > ${at('$1')}`,
    [now],
  );
}

export async function putAlerts(
  db: Queries,
  alerts: readonly Alert[],
  dropped: readonly string[],
): Promise<void> {
  if (dropped.length > 0) {
    await db.execute('delete from private.alerts where id = any ($1::uuid[])', [dropped]);
  }
  for (const a of alerts) {
    await db.execute(
      `insert into private.alerts (id, rule, subject, severity, since, fired_at, ok_since,
         cleared_at, value, detail, times, level, told_at)
       values ($1, $2, $3, $4, ${at('$5')}, ${at('$6')}, ${at('$7')}, ${at('$8')}, $9, $10, $11,
         $12, ${at('$13')})
       on conflict (id) do update set fired_at = excluded.fired_at, ok_since = excluded.ok_since,
         cleared_at = excluded.cleared_at, value = excluded.value, detail = excluded.detail,
         times = excluded.times, level = excluded.level, told_at = excluded.told_at,
         -- It fires again: whoever looked after it before may not know.
         acknowledged_at = case when excluded.times = alerts.times then alerts.acknowledged_at end,
         acknowledged_by = case when excluded.times = alerts.times then alerts.acknowledged_by end`,
      [
        a.id,
        a.rule,
        a.subject,
        a.severity,
        a.since,
        a.firedAt,
        a.okSince,
        a.clearedAt,
        a.value,
        a.detail,
        a.times,
        a.level,
        a.toldAt,
      ],
    );
  }
}

/** Keeps a point for the charts, once a minute. @returns false: there is one already */
export async function putPoint(db: Queries, now: number, point: HealthPoint): Promise<boolean> {
  const due = await db.execute(
    `update private.monitor set sampled_at = ${at('$1')} where sampled_at <= ${at('$2')}`,
    [now, now - 60_000],
  );
  if (due === 0) return false;
  await db.execute(
    `insert into private.health_samples (at, figures) values (${at('$1')}, $2::jsonb)
     on conflict (at) do nothing`,
    [now, JSON.stringify(point)],
  );
  return true;
}

/** Removes what is too old to be looked at. */
export async function forgetOld(db: Queries, now: number): Promise<void> {
  for (const text of [
    `delete from private.health_samples where at < ${at('$1')} - interval '31 days'`,
    `delete from private.alerts where cleared_at < ${at('$1')} - interval '1 year'`,
    `delete from private.alert_notices where made_at < ${at('$1')} - interval '1 year'`,
    `delete from private.replicas
      where coalesce(stopped_at, seen_at) < ${at('$1')} - ${FORGOTTEN_AFTER}`,
  ]) {
    await db.execute(text, [now]);
  }
}
