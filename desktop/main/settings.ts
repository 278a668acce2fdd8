import { z } from 'zod';

const Settings = z.object({
  GANGER_SERVER_URL: z.url().default('http://127.0.0.1:7420'),
  GANGER_AUTH_URL: z.url().default('http://127.0.0.1:7421'),
  GANGER_AUTH_KEY: z.string().min(1).default('sb_publishable_demo'),
  GANGER_DEVICE_NAME: z.string().min(1).max(80).optional(),
  /** `file` keeps keys unprotected in a file: for tests and the demo only, refused when packaged. */
  GANGER_KEY_STORE: z.enum(['os', 'file']).default('os'),
  /** `1`: a Linux without a keychain keeps keys with a fixed password; only where policy says so. */
  GANGER_ALLOW_BASIC_TEXT: z.enum(['0', '1']).default('0'),
  GANGER_NATIVE_BINDING: z.string().optional(),
  /** Public key of the organization for recovery copies of keys (`scripts/recovery`). */
  GANGER_RECOVERY_KEY: z.string().min(1).max(500).optional(),
  /** `1`: reports every query that needs a scan. */
  GANGER_QUERY_LOG: z.enum(['0', '1']).default('0'),
  /** Collector (OTLP over HTTP) of traces of this device's requests. */
  GANGER_TRACES_URL: z.url({ protocol: /^https?$/ }).optional(),
  GANGER_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('warn'),
});

export type Settings = z.infer<typeof Settings>;

/**
 * Reads the settings of this installation from the environment.
 * @throws Error that names every key that is wrong
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = Settings.safeParse(env);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((i) => `  ${i.path.join('.')}: ${i.message}`);
  throw new Error(`These settings are not right:\n${lines.join('\n')}`);
}
