import { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

/** Who may read the figures of this process for Prometheus. */
export interface MetricsConfig {
  /** Asked for as `Authorization: Bearer …` at `/metrics` of the server's own port; null: not there. */
  readonly token: string | null;
  /** A port of its own, for a network that only the collector reaches; null: none. */
  readonly port: number | null;
  readonly host: string;
}

/** Whom alerts go to, beside the people of IT in the app. */
export interface AlertsConfig {
  readonly mail: readonly string[];
  /** Numbers (E.164) that get a text of what is critical, and of what nobody has taken up. */
  readonly sms: readonly string[];
  readonly webhook: WebhookConfig | null;
  /** Hour of the daily summary, UTC. */
  readonly summaryHour: number;
}

export interface WebhookConfig {
  readonly url: string;
  /** Signs what is sent (`x-ganger-signature`). */
  readonly secret: string;
}

export interface TracesConfig {
  /** Collector that speaks OTLP over HTTP, with its path: `https://…/v1/traces`. */
  readonly url: string;
  /** Share of requests that begin a trace here; one that a device began is followed. */
  readonly share: number;
}

export interface MonitoringConfig {
  readonly metrics: MetricsConfig;
  readonly alerts: AlertsConfig;
  readonly traces: TracesConfig | null;
  /** Name of this replica: the same one after a restart. Null: its machine and port. */
  readonly replica: string | null;
}

export const NO_MONITORING: MonitoringConfig = {
  metrics: { token: null, port: null, host: '127.0.0.1' },
  alerts: { mail: [], sms: [], webhook: null, summaryHour: 11 },
  traces: null,
  replica: null,
};

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const isSafe = (text: string): boolean => {
  const url = URL.parse(text);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
};
const listOf = (item: RegExp, words: string) =>
  z
    .string()
    .transform((text) => text.split(',').map((one) => one.trim()))
    .refine((items) => items.length <= 20 && items.every((one) => item.test(one)), words)
    .optional();

export const MONITORING_ENVIRONMENT = {
  GANGER_METRICS_TOKEN: z.string().min(20, 'is too short for a token').optional(),
  GANGER_METRICS_PORT: wholeNumber(0, 65_535).optional(),
  GANGER_METRICS_HOST: z.string().min(1, 'must not be empty').default('127.0.0.1'),
  GANGER_ALERT_MAIL: listOf(/^[^\s@,<>]+@[^\s@,<>]+$/, 'must be addresses, with commas between'),
  GANGER_ALERT_SMS: listOf(/^\+[1-9]\d{6,14}$/, 'must be numbers (+1…), with commas between'),
  GANGER_ALERT_WEBHOOK: z
    .string()
    .refine(isSafe, 'must be https:// unless it is on this machine')
    .optional(),
  GANGER_ALERT_SECRET: z.string().min(20, 'is too short for a secret').optional(),
  GANGER_SUMMARY_HOUR: wholeNumber(0, 23).default(11),
  GANGER_TRACES_URL: z
    .string()
    .refine(isSafe, 'must be https:// unless it is on this machine')
    .optional(),
  GANGER_TRACES_PERCENT: wholeNumber(0, 100).default(5),
  GANGER_REPLICA: z
    .string()
    .regex(/^[\w.:-]{1,60}$/, 'must be 1 to 60 letters, digits, dots, colons, hyphens')
    .optional(),
};

type Given = Readonly<z.output<z.ZodObject<typeof MONITORING_ENVIRONMENT>>>;

/** Settings that do not fit each other, as `[key, what is wrong]`; null when they do. */
export const monitoringProblem = (given: Given): readonly [string, string] | null =>
  given.GANGER_ALERT_WEBHOOK !== undefined && given.GANGER_ALERT_SECRET === undefined
    ? ['GANGER_ALERT_SECRET', 'is required with GANGER_ALERT_WEBHOOK']
    : null;

export const monitoringConfigOf = (given: Given): MonitoringConfig => ({
  metrics: {
    token: given.GANGER_METRICS_TOKEN ?? null,
    port: given.GANGER_METRICS_PORT ?? null,
    host: given.GANGER_METRICS_HOST,
  },
  alerts: {
    mail: given.GANGER_ALERT_MAIL ?? [],
    sms: given.GANGER_ALERT_SMS ?? [],
    webhook:
      given.GANGER_ALERT_WEBHOOK === undefined || given.GANGER_ALERT_SECRET === undefined
        ? null
        : { url: given.GANGER_ALERT_WEBHOOK, secret: given.GANGER_ALERT_SECRET },
    summaryHour: given.GANGER_SUMMARY_HOUR,
  },
  traces:
    given.GANGER_TRACES_URL === undefined
      ? null
      : { url: given.GANGER_TRACES_URL, share: given.GANGER_TRACES_PERCENT / 100 },
  replica: given.GANGER_REPLICA ?? null,
});
