import { createTranslate } from '#shared/i18n/format.ts';
import { EN } from '#shared/i18n/messages.en.ts';
import type { Queries } from '../../db/with-session.ts';
import type { Said } from '../alerts/notices.ts';
import type { SystemState } from './figures.ts';

const say = createTranslate<typeof EN>('en', EN);

interface DayRow {
  readonly requests: number;
  readonly errors: number;
  readonly p95: number;
  readonly cache: number | null;
  readonly live: number;
  readonly minutes: number;
  readonly fired: readonly { readonly rule: string; readonly n: number }[];
  readonly refused: number;
  readonly people: number;
  readonly writes: number;
  readonly suspended: number;
}

const DAY_SQL = `
  with t as (select timestamptz 'epoch' + $1::bigint * interval '1 ms' as now)
  select p.*, a.fired, s.*
    from t
   cross join lateral (
     select coalesce(round(sum((figures ->> 'requests')::float))::int, 0) as requests,
            coalesce(round(sum((figures ->> 'requests')::float
              * (figures ->> 'errorPercent')::float / 100))::int, 0) as errors,
            coalesce(round(percentile_cont(0.95) within group (
              order by (figures ->> 'p95Ms')::float))::int, 0) as p95,
            round(avg((figures ->> 'cacheHitPercent')::float))::int as cache,
            coalesce(max((figures ->> 'liveConnections')::int), 0) as live,
            count(*)::int as minutes
       from private.health_samples where at > t.now - interval '1 day' and at <= t.now) p
   cross join lateral (
     select coalesce(jsonb_agg(jsonb_build_object('rule', r.rule, 'n', r.n) order by r.rule), '[]')
              as fired
       from (select rule, sum(times)::int as n from private.alerts
              where fired_at > t.now - interval '1 day' group by rule) r) a
   cross join lateral (
     select count(*) filter (where action = 'refuse')::int as refused,
            count(*) filter (where action in ('insert', 'update'))::int as writes,
            count(distinct actor_id)::int as people,
            (select count(*)::int from public.devices where status = 'suspended') as suspended
       from public.audit_logs
      where recorded_at > t.now - interval '1 day' and recorded_at <= t.now) s`;

/**
 * Performance and use, security and backup of the last day, in figures: one message a day, also when
 * nothing was wrong, so that its absence says something.
 */
export async function dailySummary(db: Queries, state: SystemState): Promise<Said> {
  const { now, devices, outbox, security, backup } = state;
  const [day] = await db.query<DayRow>(DAY_SQL, [now]);
  if (!day) throw new Error('the database said nothing of the day');
  const date = new Date(now).toISOString().slice(0, 10);
  const fired = day.fired.map(({ rule, n }) => `${rule} (${n})`).join(', ');
  const versions = Object.entries(devices.versions).map(([version, n]) => `${version} (${n})`);
  const archived =
    backup.lastAt === null ? 'never' : new Date(backup.lastAt).toISOString().slice(0, 16);
  const title = say('alert.said.summary', { day: date });
  const lines = [
    title,
    '',
    'Performance and use',
    `  Requests: ${day.requests}, of which ${day.errors} failed; 95th percentile ${day.p95} ms`,
    `  Most live connections: ${day.live}; people who wrote something: ${day.people}`,
    `  Changes written: ${day.writes}`,
    ...(day.cache === null ? [] : [`  Found in the cache: ${day.cache} %`]),
    `  Minutes watched: ${day.minutes} of 1440`,
    `  Alerts that fired: ${fired === '' ? 'none' : fired}`,
    `  Messages: ${outbox.waiting} wait, ${outbox.failed} were given up`,
    `  Devices: ${devices.active} active, ${devices.silent} silent with unsent changes`,
    `  Versions of the app: ${versions.length === 0 ? 'not known' : versions.join(', ')}`,
    '',
    'Security',
    `  Refused acts: ${day.refused}; suspended devices: ${day.suspended}`,
    `  Chains of reads that do not hold (last week): ${security.brokenChains}`,
    '',
    'Backup',
    backup.isOn
      ? `  The database's log was archived last at ${archived} (UTC)`
      : '  The database archives nothing by itself: check the backup of its host',
  ];
  return { event: 'summary', alert: null, title, body: lines.join('\n'), isUrgent: false };
}
