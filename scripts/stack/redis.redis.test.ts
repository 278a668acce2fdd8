import { Redis } from 'ioredis';
import { afterEach, describe, expect, it } from 'vitest';
import { isAlive } from './processes.ts';
import { startRedis, type RunningRedis, type StartRedisOptions } from './redis.ts';

const servers: RunningRedis[] = [];

async function start(options?: StartRedisOptions): Promise<RunningRedis> {
  const server = await startRedis(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function ask<T>(server: RunningRedis, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(server.url, { maxRetriesPerRequest: 0 });
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

describe('startRedis', () => {
  it('runs servers beside each other that share nothing', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await ask(one, (redis) => redis.set('key', 'value'));
    expect(await ask(one, (redis) => redis.get('key'))).toBe('value');
    expect(await ask(two, (redis) => redis.get('key'))).toBeNull();
  });

  it('keeps nothing on disk and drops the least recently used entries when full', async () => {
    const server = await start();
    const settings = await ask(server, (redis) =>
      redis.config('GET', 'save', 'appendonly', 'maxmemory-policy'),
    );
    expect(settings).toEqual(
      expect.arrayContaining(['save', '', 'appendonly', 'no', 'maxmemory-policy', 'allkeys-lru']),
    );
  });

  it('is gone after stop, and can come back on the same port, empty', async () => {
    const server = await start();
    await ask(server, (redis) => redis.set('key', 'value'));
    await Promise.all([server.stop(), server.stop()]);
    expect(isAlive(server.pid)).toBe(false);
    const again = await start({ port: server.port });
    expect(await ask(again, (redis) => redis.dbsize())).toBe(0);
  });

  it('says so when the port is taken, and when the program cannot be run', async () => {
    const { port } = await start();
    await expect(start({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken`);
    await expect(start({ program: '/nonexistent/redis' })).rejects.toThrow(/could not be run/);
  });
});
