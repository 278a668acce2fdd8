import { z } from 'zod';

/** Whom mail goes out through. */
export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else STARTTLS is asked for, unless the server is on this machine. */
  readonly secure: boolean;
  readonly isHere: boolean;
  readonly user: string | null;
  readonly password: string | null;
  /** As it stands in the letter head: `Name <address>`. */
  readonly from: string;
}

/** Whom text messages go out through. */
export interface TwilioConfig {
  readonly account: string;
  /** An API key and its secret: unlike the account's own token they can be taken back alone. */
  readonly key: string;
  readonly secret: string;
  /** A messaging service (MG…) or a number. */
  readonly from: string;
}

/** Partners that this environment has. What is null is off: it fails with words, nothing waits for it. */
export interface HubsConfig {
  readonly smtp: SmtpConfig | null;
  readonly twilio: TwilioConfig | null;
  readonly stripe: StripeConfig | null;
  /** Site code → webhook; `*` for all others. */
  readonly slack: ReadonlyMap<string, string> | null;
  /** What Twilio may tell this server; null: it is not listened to. */
  readonly reports: ReportsConfig | null;
  /** All waits of hubs times this: 1, or less in drills. */
  readonly pace: number;
}

/** Whom card payments go through. */
export interface StripeConfig {
  /** A restricted key: payment intents, refunds and readers, nothing else. */
  readonly secret: string;
  readonly url: string;
  /** With which Stripe signs what it tells; null: it is not listened to. */
  readonly hookSecret: string | null;
}

/** How Twilio reaches this server, and is known by it. */
export interface ReportsConfig {
  /** The account's own token, with which Twilio signs. */
  readonly token: string;
  /** This server as Twilio calls it, without a slash at the end. */
  readonly publicUrl: string;
  /** Under which numbers of people are hashed. */
  readonly contactKey: string;
}

export const NO_HUBS: HubsConfig = {
  smtp: null,
  twilio: null,
  stripe: null,
  slack: null,
  reports: null,
  pace: 1,
};

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
/** True where that Stripe is one on this machine. */
export const isStandIn = ({ url }: StripeConfig): boolean =>
  LOOPBACK.has(URL.parse(url)?.hostname ?? '');
const ADDRESS = /^(?:[^<>@\r\n]+<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/;

const REPORTS_ENVIRONMENT = {
  GANGER_TWILIO_TOKEN: z.string().min(20, 'is too short for a token').optional(),
  GANGER_PUBLIC_URL: z
    .string()
    .refine((text) => URL.parse(text)?.protocol === 'https:', 'must be an https:// address')
    .transform((text) => text.replace(/\/+$/, ''))
    .optional(),
  GANGER_CONTACT_KEY: z.string().min(32, 'must be 32 characters at least').optional(),
};

/** The settings of the hubs. Secrets stand in the environment and nowhere else. */
export const HUBS_ENVIRONMENT = {
  GANGER_SMTP_URL: z
    .string()
    .refine(isMailServer, 'must be smtps://user:password@host:port or smtp://… with STARTTLS')
    .optional(),
  GANGER_MAIL_FROM: z
    .string()
    .max(200)
    .regex(ADDRESS, 'must be an address, or a name and an address in <>')
    .optional(),
  GANGER_SLACK_WEBHOOKS: z
    .string()
    .refine((text) => webhooksOf(text) !== null, 'must be AA=https://…,WX=https://…,*=https://…')
    .optional(),
  GANGER_TWILIO_ACCOUNT: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, 'must be an account (AC…)')
    .optional(),
  GANGER_TWILIO_KEY: z
    .string()
    .regex(/^SK[0-9a-f]{32}$/, 'must be an API key (SK…)')
    .optional(),
  GANGER_TWILIO_SECRET: z.string().min(20, 'is too short for a secret').optional(),
  GANGER_TWILIO_FROM: z
    .string()
    .regex(/^(?:MG[0-9a-f]{32}|\+[1-9]\d{6,14})$/, 'must be a messaging service (MG…) or +1…')
    .optional(),
  GANGER_STRIPE_SECRET: z
    .string()
    .regex(/^(?:sk|rk)_(?:test|live)_\w{10,}$/, 'must be a key of Stripe (rk_…)')
    .optional(),
  GANGER_STRIPE_HOOK_SECRET: z
    .string()
    .regex(/^whsec_\w{10,}$/, 'must be the secret of a webhook (whsec_…)')
    .optional(),
  GANGER_STRIPE_URL: z
    .string()
    .refine(
      (text) => LOOPBACK.has(URL.parse(text)?.hostname ?? ''),
      'must be a stand-in on this machine',
    )
    .optional(),
  /** For drills: hubs wait so many times as long as usual. */
  GANGER_HUB_PACE: z.coerce.number().min(0.01).max(1).optional(),
  ...REPORTS_ENVIRONMENT,
};

type Given = {
  readonly [K in keyof typeof HUBS_ENVIRONMENT]?:
    | z.output<(typeof HUBS_ENVIRONMENT)[K]>
    | undefined;
};
const TWILIO = [
  'GANGER_TWILIO_ACCOUNT',
  'GANGER_TWILIO_KEY',
  'GANGER_TWILIO_SECRET',
  'GANGER_TWILIO_FROM',
] as const;

const REPORTS = ['GANGER_TWILIO_TOKEN', 'GANGER_PUBLIC_URL', 'GANGER_CONTACT_KEY'] as const;

/** Settings that do not fit each other, as `[key, what is wrong]`; null when they do. */
export function hubsProblem(given: Given): readonly [string, string] | null {
  if (given.GANGER_SMTP_URL !== undefined && given.GANGER_MAIL_FROM === undefined) {
    return ['GANGER_MAIL_FROM', 'is required with GANGER_SMTP_URL'];
  }
  const missing = TWILIO.filter((key) => given[key] === undefined);
  if (missing.length > 0 && missing.length < TWILIO.length) {
    return [missing[0] ?? '', 'is required with the other settings of Twilio'];
  }
  const unheard = REPORTS.filter((key) => given[key] === undefined);
  if (unheard.length > 0 && unheard.length < REPORTS.length) {
    return [unheard[0] ?? '', 'is required with the other settings of reports'];
  }
  for (const key of ['GANGER_STRIPE_HOOK_SECRET', 'GANGER_STRIPE_URL'] as const) {
    if (given[key] !== undefined && given.GANGER_STRIPE_SECRET === undefined) {
      return ['GANGER_STRIPE_SECRET', `is required with ${key}`];
    }
  }
  return null;
}

export function hubsConfigOf(given: Given): HubsConfig {
  const { GANGER_SMTP_URL: mail, GANGER_MAIL_FROM: from } = given;
  const { GANGER_TWILIO_ACCOUNT: account, GANGER_TWILIO_KEY: key } = given;
  const { GANGER_TWILIO_SECRET: secret, GANGER_TWILIO_FROM: sender } = given;
  const { GANGER_TWILIO_TOKEN: token, GANGER_PUBLIC_URL: publicUrl } = given;
  const { GANGER_CONTACT_KEY: contactKey } = given;
  const { GANGER_STRIPE_SECRET: stripe, GANGER_STRIPE_HOOK_SECRET: hookSecret = null } = given;
  const { GANGER_STRIPE_URL: stripeUrl = 'https://api.stripe.com' } = given;
  return {
    pace: given.GANGER_HUB_PACE ?? 1,
    stripe: stripe === undefined ? null : { secret: stripe, url: stripeUrl, hookSecret },
    reports:
      token === undefined || publicUrl === undefined || contactKey === undefined
        ? null
        : { token, publicUrl, contactKey },
    smtp: mail === undefined || from === undefined ? null : smtpOf(new URL(mail), from),
    twilio:
      account === undefined || key === undefined || secret === undefined || sender === undefined
        ? null
        : { account, key, secret, from: sender },
    slack:
      given.GANGER_SLACK_WEBHOOKS === undefined ? null : webhooksOf(given.GANGER_SLACK_WEBHOOKS),
  };
}

function smtpOf(url: URL, from: string): SmtpConfig {
  const secure = url.protocol === 'smtps:';
  return {
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    isHere: LOOPBACK.has(url.hostname),
    user: url.username === '' ? null : decodeURIComponent(url.username),
    password: url.password === '' ? null : decodeURIComponent(url.password),
    from,
  };
}

function isMailServer(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && ['smtp:', 'smtps:'].includes(url.protocol) && url.hostname !== '' && !url.search
  );
}

/** Reads `AA=https://…,*=https://…`; null when it cannot be read. */
function webhooksOf(text: string): ReadonlyMap<string, string> | null {
  const found = new Map<string, string>();
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const site = part.slice(0, at).trim();
    const address = part.slice(at + 1).trim();
    const url = URL.parse(address);
    const isSafe =
      url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
    if (at < 1 || !/^(?:\*|[A-Z0-9]{1,10})$/.test(site) || !isSafe || found.has(site)) return null;
    found.set(site, address);
  }
  return found;
}
