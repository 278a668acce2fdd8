import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

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
      authUrl: 'https://auth.example/auth/v1',
      redisUrl: null,
      logLevel: 'info',
      concurrency: 50,
    });
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
    expect(loadConfig({ ...good, GANGER_REDIS_URL: '' }).redisUrl).toBeNull();
  });

  test('keys over an open network are refused, on this machine they are not', () => {
    expect(problemsOf({ ...good, GANGER_AUTH_URL: 'http://auth.example' })).toEqual([
      '  GANGER_AUTH_URL: must be https:// unless it is on this machine',
    ]);
    expect(problemsOf({ ...good, GANGER_AUTH_URL: 'http://127.0.0.1:9999' })).toEqual([]);
  });
});
