import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

const good = {
  GANGER_DATABASE_URL: 'postgres://ganger_sync:x@localhost/ganger',
  GANGER_AUTH_URL: 'https://auth.example/auth/v1',
};
const problemOf = (env: Record<string, string>): string => {
  try {
    loadConfig({ ...good, ...env });
    return 'none';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.join();
  }
};

describe('settings of Redis', () => {
  test('one, Sentinels or a Cluster', () => {
    const redisOf = (env: Record<string, string>) => loadConfig({ ...good, ...env }).redis;
    expect(redisOf({ GANGER_REDIS_URL: 'redis://a' })).toEqual({
      mode: 'single',
      urls: ['redis://a'],
      master: null,
    });
    const two = { GANGER_REDIS_URL: 'redis://:pw@a:26379,redis://b' };
    expect(redisOf({ ...two, GANGER_REDIS_MASTER: 'main' })).toEqual({
      mode: 'sentinel',
      urls: ['redis://:pw@a:26379', 'redis://b'],
      master: 'main',
    });
    expect(redisOf({ ...two, GANGER_REDIS_CLUSTER: 'on' })?.mode).toBe('cluster');
    expect(redisOf({})).toBeNull();
  });

  test('what does not fit is named, never its value', () => {
    const secret = 'http://:hunter2@a';
    expect(problemOf({ GANGER_REDIS_URL: secret })).toContain('GANGER_REDIS_URL');
    expect(problemOf({ GANGER_REDIS_URL: secret })).not.toContain('hunter2');
    expect(problemOf({ GANGER_REDIS_URL: 'redis://a,redis://b' })).toContain('several addresses');
    expect(problemOf({ GANGER_REDIS_MASTER: 'main' })).toContain('GANGER_REDIS_URL: is required');
    expect(
      problemOf({
        GANGER_REDIS_URL: 'redis://a',
        GANGER_REDIS_MASTER: 'main',
        GANGER_REDIS_CLUSTER: 'on',
      }),
    ).toContain('GANGER_REDIS_MASTER');
    expect(problemOf({ GANGER_CACHE_KEY: 'short' })).toContain('GANGER_CACHE_KEY');
  });
});

describe('settings of rates', () => {
  test('are on, and may be off', () => {
    expect(loadConfig({ ...good, GANGER_RATE_USER: '7' }).rates?.user).toEqual({
      perSecond: 7,
      burst: 210,
    });
    expect(loadConfig({ ...good, GANGER_RATES: 'off' }).rates).toBeNull();
  });

  test('take the word of proxies that are named, and of nothing that is no network', () => {
    const proxies = (text: string) =>
      loadConfig({ ...good, GANGER_TRUSTED_PROXIES: text }).trustedProxies;
    expect(proxies('10.0.0.0/8, 2001:db8::1')).toEqual(['10.0.0.0/8', '2001:db8::1']);
    for (const text of ['true', '*', '10.0.0.0/33', '10.0.0/8', '10.0.0.1/', 'proxy.example']) {
      expect(problemOf({ GANGER_TRUSTED_PROXIES: text })).toContain('GANGER_TRUSTED_PROXIES');
    }
  });
});
