import { z } from 'zod';

/**
 * How the whole system fares, as the administration sees it: what was measured over hours and days, which
 * alerts fire, who was told, and what people want to hear nothing of for a while.
 */

const Id = z.guid().toLowerCase();
const Instant = z.int().min(0);
const Figure = z.number().min(0);

/** What is watched for. Each has an entry in docs/operations.md. */
export const ALERT_RULES = [
  'application-down',
  'database-failing',
  'partner-failing',
  'security-refusals',
  'audit-broken',
  'response-slow',
  'errors-many',
  'cache-misses',
  'memory-high',
  'statements-slow',
  'pool-full',
  'redis-away',
  'outbox-late',
  'outbox-failed',
  'job-failed',
  'device-silent',
  'device-queue',
  'backup-late',
] as const;
export type AlertRule = (typeof ALERT_RULES)[number];
export const SEVERITIES = ['critical', 'warning'] as const;
export type Severity = (typeof SEVERITIES)[number];
export const NOTICE_EVENTS = ['fired', 'cleared', 'escalated', 'summary'] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];
export const NOTICE_CHANNELS = ['app', 'email', 'sms', 'webhook'] as const;
export type NoticeChannel = (typeof NOTICE_CHANNELS)[number];

/** Who was told of an alert, and what became of it. */
export const NoticeView = z.object({
  event: z.enum(NOTICE_EVENTS),
  channel: z.enum(NOTICE_CHANNELS),
  /** An address or number of the settings; of the app the name of the person. */
  destination: z.string(),
  madeAt: Instant,
  state: z.enum(['waiting', 'sent', 'failed', 'unknown']),
  problem: z.string().nullable(),
});
export type NoticeView = z.infer<typeof NoticeView>;

export const AlertView = z.object({
  id: Id,
  rule: z.enum(ALERT_RULES),
  subject: z.string(),
  severity: z.enum(SEVERITIES),
  firedAt: Instant,
  clearedAt: Instant.nullable(),
  value: Figure,
  detail: z.string(),
  times: z.int().min(1),
  /** Steps of escalation that were taken. */
  level: z.int().min(0),
  acknowledgedBy: Id.nullable(),
  acknowledgedAt: Instant.nullable(),
  notices: z.array(NoticeView),
});
export type AlertView = z.infer<typeof AlertView>;

export const SilenceView = z.object({
  id: Id,
  rule: z.enum(ALERT_RULES),
  /** Null: of all subjects of the rule. */
  subject: z.string().nullable(),
  until: Instant,
  reason: z.string(),
  madeBy: Id,
  madeAt: Instant,
});
export type SilenceView = z.infer<typeof SilenceView>;

/** What was measured at a moment, or on average over the time that one point of a chart stands for. */
export const HealthPoint = z.object({
  at: Instant,
  /** Requests a minute, share with a fault of ours in percent, 95th percentile of their duration. */
  requests: Figure,
  errorPercent: Figure,
  p95Ms: Figure,
  databaseMs: Figure,
  liveConnections: Figure,
  memoryBytes: Figure,
  outboxWaiting: Figure,
  deviceChanges: Figure,
  /** Null: nothing was looked up. */
  cacheHitPercent: Figure.nullable(),
});
export type HealthPoint = z.infer<typeof HealthPoint>;

export const ReplicaView = z.object({
  id: z.string(),
  startedAt: Instant,
  seenAt: Instant,
  state: z.enum(['ok', 'down', 'stopped']),
  memoryBytes: Figure,
  liveConnections: Figure,
  redis: z.enum(['off', 'ok', 'away']),
});
export type ReplicaView = z.infer<typeof ReplicaView>;

export const MONITOR_LIMITS = {
  /** Points of a chart. */
  points: 48,
  /** Alerts that are over, of one list. */
  past: 50,
  /** Notices that are shown of one alert, newest first. */
  notices: 20,
  silenceHours: 168,
} as const;

export const MONITOR_CALLS = {
  'admin.monitor': {
    path: '/v1/admin/monitor',
    in: z.strictObject({ hours: z.union([z.literal(6), z.literal(24), z.literal(168)]) }),
    out: z.object({
      serverTime: Instant,
      /** When a replica judged last; null: never. */
      judgedAt: Instant.nullable(),
      points: z.array(HealthPoint).max(MONITOR_LIMITS.points + 1),
      replicas: z.array(ReplicaView),
      devices: z.object({
        active: z.int().min(0),
        silent: z.int().min(0),
        waiting: z.int().min(0),
        versions: z.record(z.string(), z.int().min(0)),
      }),
      firing: z.array(AlertView),
      past: z.array(AlertView),
      silences: z.array(SilenceView),
      /** By which ways people are told, beside the app. */
      ways: z.array(z.enum(NOTICE_CHANNELS)),
    }),
  },
  /** Nobody is told of a rule for a while; it is watched and shown all the same. */
  'admin.silenceAlert': {
    path: '/v1/admin/monitor/silence',
    in: z.strictObject({
      id: Id,
      rule: z.enum(ALERT_RULES),
      subject: z.string().max(120).nullable(),
      hours: z.int().min(1).max(MONITOR_LIMITS.silenceHours),
      reason: z.string().trim().min(3).max(200),
    }),
    out: z.object({ until: Instant }),
  },
  'admin.endSilence': {
    path: '/v1/admin/monitor/silence/end',
    in: z.strictObject({ id: Id }),
    out: z.object({ changed: z.boolean() }),
  },
  /** Somebody looks after it: nobody else is called. */
  'admin.takeUpAlert': {
    path: '/v1/admin/monitor/take-up',
    in: z.strictObject({ id: Id }),
    out: z.object({ changed: z.boolean() }),
  },
} as const satisfies Record<string, { path: string; in: z.ZodType; out: z.ZodType }>;
