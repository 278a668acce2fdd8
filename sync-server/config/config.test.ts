import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';
import { NO_HUBS } from './hubs-config.ts';
import { USUAL_LIMITS } from './limits.ts';
import { NO_MONITORING } from './monitoring-config.ts';

const good = {
  GANGER_DATABASE_URL: 'postgres://ganger_sync:pw@127.0.0.1:5432/postgres',
  GANGER_AUTH_URL: 'https://auth.example/auth/v1/',
};

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  test('fills in what may be left out and drops the slash after the issuer', () => {
    expect(loadConfig(good)).toEqual({
      host: '127.0.0.1',
      port: 8787,
      databaseUrl: good.GANGER_DATABASE_URL,
      poolSize: 10,
      namedStatements: false,
      authUrl: 'https://auth.example/auth/v1',
      accounts: null,
      redis: null,
      cacheKey: null,
      rates: {
        address: { perSecond: 500, burst: 15_000 },
        user: { perSecond: 50, burst: 1_500 },
        device: { perSecond: 50, burst: 1_500 },
      },
      trustedProxies: [],
      logLevel: 'info',
      concurrency: 50,
      limits: USUAL_LIMITS,
      files: null,
      outbox: 'keep',
      auditKey: null,
      hubs: NO_HUBS,
      monitoring: NO_MONITORING,
    });
  });

  test('takes to whom alerts go, and a webhook only with the secret that signs for it', () => {
    const env = {
      ...good,
      GANGER_ALERT_MAIL: 'it@ganger.example, oncall@ganger.example',
      GANGER_ALERT_SMS: '+15550100001',
      GANGER_ALERT_WEBHOOK: 'https://hooks.example/alerts',
    };
    expect(problemsOf(env)).toEqual([
      '  GANGER_ALERT_SECRET: is required with GANGER_ALERT_WEBHOOK',
    ]);
    const secret = 's'.repeat(24);
    expect(loadConfig({ ...env, GANGER_ALERT_SECRET: secret }).monitoring?.alerts).toEqual({
      mail: ['it@ganger.example', 'oncall@ganger.example'],
      sms: ['+15550100001'],
      webhook: { url: env.GANGER_ALERT_WEBHOOK, secret },
      summaryHour: 11,
    });
    expect(problemsOf({ ...good, GANGER_TRACES_URL: 'http://open.example/v1/traces' })).toEqual([
      '  GANGER_TRACES_URL: must be https:// unless it is on this machine',
    ]);
  });

  test('has the partners that are set, each whole or not at all', () => {
    const mail = {
      GANGER_SMTP_URL: 'smtps://clinic%40x:p%40ss@mail.example',
      GANGER_MAIL_FROM: 'Ganger <orders@ganger.example>',
    };
    expect(loadConfig({ ...good, ...mail }).hubs?.smtp).toEqual({
      host: 'mail.example',
      port: 465,
      secure: true,
      isHere: false,
      user: 'clinic@x',
      password: 'p@ss',
      from: 'Ganger <orders@ganger.example>',
    });
    const hooks = 'AA=https://hooks.slack.example/a, *=https://hooks.slack.example/b';
    expect([...(loadConfig({ ...good, GANGER_SLACK_WEBHOOKS: hooks }).hubs?.slack ?? [])]).toEqual([
      ['AA', 'https://hooks.slack.example/a'],
      ['*', 'https://hooks.slack.example/b'],
    ]);
    const hex = 'a'.repeat(32);
    const twilio = {
      GANGER_TWILIO_ACCOUNT: `AC${hex}`,
      GANGER_TWILIO_KEY: `SK${hex}`,
      GANGER_TWILIO_SECRET: hex,
      GANGER_TWILIO_FROM: '+17345550100',
    };
    expect(loadConfig({ ...good, ...twilio }).hubs?.twilio).toEqual({
      account: `AC${hex}`,
      key: `SK${hex}`,
      secret: hex,
      from: '+17345550100',
    });
    const till = { GANGER_STRIPE_SECRET: 'rk_test_0123456789' };
    const hook = { GANGER_STRIPE_HOOK_SECRET: 'whsec_0123456789' };
    expect(loadConfig({ ...good, ...till, ...hook, GANGER_HUB_PACE: '0.5' }).hubs).toMatchObject({
      stripe: {
        secret: till.GANGER_STRIPE_SECRET,
        url: 'https://api.stripe.com',
        hookSecret: hook.GANGER_STRIPE_HOOK_SECRET,
      },
      pace: 0.5,
    });
    const wrong: readonly (readonly [Record<string, string>, string])[] = [
      [{ GANGER_SMTP_URL: mail.GANGER_SMTP_URL }, 'GANGER_MAIL_FROM: is required'],
      [{ ...mail, GANGER_SMTP_URL: 'http://mail.example' }, 'GANGER_SMTP_URL: must be smtps://'],
      [{ ...mail, GANGER_MAIL_FROM: 'a\r\nBcc: x@y' }, 'GANGER_MAIL_FROM: must be an address'],
      [{ GANGER_SLACK_WEBHOOKS: 'https://x.example' }, 'GANGER_SLACK_WEBHOOKS: must be AA='],
      [{ GANGER_SLACK_WEBHOOKS: 'AA=http://x.example' }, 'GANGER_SLACK_WEBHOOKS: must be AA='],
      [{ ...twilio, GANGER_TWILIO_FROM: '' }, 'GANGER_TWILIO_FROM: is required'],
      [{ ...twilio, GANGER_TWILIO_KEY: hex }, 'GANGER_TWILIO_KEY: must be an API key'],
      [hook, 'GANGER_STRIPE_SECRET: is required'],
      [
        { ...till, GANGER_STRIPE_URL: 'https://stripe.example' },
        'GANGER_STRIPE_URL: must be a stand-in',
      ],
      [{ GANGER_TWILIO_TOKEN: hex }, 'GANGER_PUBLIC_URL: is required'],
      [
        {
          GANGER_TWILIO_TOKEN: hex,
          GANGER_CONTACT_KEY: hex,
          GANGER_PUBLIC_URL: 'http://x.example',
        },
        'GANGER_PUBLIC_URL: must be an https:// address',
      ],
    ];
    for (const [env, problem] of wrong) {
      const problems = problemsOf({ ...good, ...env }).join();
      expect(problems).toContain(problem);
      // Never a value: it may be a secret.
      for (const value of Object.values(env)) {
        if (value !== '' && !value.startsWith('http')) expect(problems).not.toContain(value);
      }
    }
  });

  test('keeps files in a folder or in Supabase Storage, never half of one or both', () => {
    const url = 'https://project.storage.example/storage/v1';
    const key = 'sb_secret_0123456789abcdef';
    const storage = { GANGER_STORAGE_URL: url, GANGER_STORAGE_KEY: key };
    expect(loadConfig({ ...good, GANGER_FILES_DIR: '/srv/files' }).files).toEqual({
      kind: 'folder',
      folder: '/srv/files',
    });
    expect(loadConfig({ ...good, ...storage }).files).toEqual({
      kind: 'supabase',
      url,
      key,
      bucket: 'ganger-files',
    });
    const wrong: readonly (readonly [Record<string, string>, string])[] = [
      [
        { ...storage, GANGER_FILES_DIR: '/srv' },
        'GANGER_FILES_DIR: and GANGER_STORAGE_URL exclude',
      ],
      [{ GANGER_STORAGE_URL: url }, 'GANGER_STORAGE_KEY: is required'],
      [{ GANGER_STORAGE_KEY: key }, 'GANGER_STORAGE_URL: is required'],
      [{ GANGER_FILES_DIR: 'files' }, 'GANGER_FILES_DIR: must be an absolute path'],
      [{ ...storage, GANGER_STORAGE_URL: 'http://open.example' }, 'must be an https:// address'],
      [{ ...storage, GANGER_STORAGE_BUCKET: 'A/b' }, 'GANGER_STORAGE_BUCKET: must be'],
    ];
    for (const [env, words] of wrong) expect(problemsOf({ ...good, ...env })[0]).toContain(words);
  });

  test('names every bad key at once, not only the first', () => {
    const problems = problemsOf({
      GANGER_PORT: '70000',
      GANGER_AUTH_URL: 'ftp://auth.example',
      GANGER_REDIS_URL: 'http://cache.example',
      GANGER_LOG_LEVEL: 'loud',
      GANGER_POOL_SIZE: '0',
      GANGER_CONCURRENCY: 'many',
    });
    expect(problems).toEqual([
      '  GANGER_PORT: must be at most 65535',
      '  GANGER_DATABASE_URL: is required',
      '  GANGER_POOL_SIZE: must be at least 1',
      '  GANGER_AUTH_URL: must be an http(s):// address',
      '  GANGER_REDIS_URL: must be a redis:// address',
      '  GANGER_LOG_LEVEL: must be one of debug, info, warn, error, silent',
      '  GANGER_CONCURRENCY: must be a whole number',
    ]);
  });

  test('never repeats a value, which may hold a password', () => {
    const problems = problemsOf({
      ...good,
      GANGER_DATABASE_URL: 'mysql://someone:hunter2@db.example/x',
    });
    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain('hunter2');
  });

  test('an empty value counts as not set', () => {
    expect(problemsOf({ ...good, GANGER_AUTH_URL: '' })).toEqual([
      '  GANGER_AUTH_URL: is required',
    ]);
    expect(loadConfig({ ...good, GANGER_REDIS_URL: '' }).redis).toBeNull();
  });

  test('keys over an open network are refused, on this machine they are not', () => {
    expect(problemsOf({ ...good, GANGER_AUTH_URL: 'http://auth.example' })).toEqual([
      '  GANGER_AUTH_URL: must be https:// unless it is on this machine',
    ]);
    expect(problemsOf({ ...good, GANGER_AUTH_URL: 'http://127.0.0.1:9999' })).toEqual([]);
  });
});
