import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { silentLogger } from '#shared/logging/logger.ts';
import { createApp } from '../../http/app.ts';
import { createMetrics } from './metrics.ts';
import { listenForMetrics, registerMetrics } from './serve-metrics.ts';

const TOKEN = 'a token of twenty and more';
const metrics = createMetrics({
  pool: new pg.Pool({ max: 2 }),
  liveConnections: () => 4,
  withProcess: false,
});
afterAll(() => metrics.stop());

describe('on the port of the server', () => {
  test('they are for whoever has the token, and for nobody else', async () => {
    const app = await createApp(silentLogger);
    registerMetrics(app, TOKEN, metrics);
    const ask = async (authorization?: string) => {
      const headers = authorization === undefined ? {} : { authorization };
      const { statusCode, body } = await app.inject({ url: '/metrics', headers });
      return [statusCode, body.includes('ganger_live_connections 4')];
    };
    expect(await ask()).toEqual([401, false]);
    for (const wrong of [TOKEN, `Bearer ${TOKEN} `, 'Bearer', `Basic ${TOKEN}`]) {
      expect(await ask(wrong), wrong).toEqual([401, false]);
    }
    expect(await ask(`Bearer ${TOKEN}`)).toEqual([200, true]);
    await app.close();
  });

  test('without a token the path does not exist', async () => {
    const app = await createApp(silentLogger);
    const { statusCode } = await app.inject({
      url: '/metrics',
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(statusCode).toBe(404);
    await app.close();
  });
});

test('on a port of their own there is nothing but them', async () => {
  const server = await listenForMetrics({ token: null, host: '127.0.0.1', port: 0 }, metrics);
  const { port } = server.address() as AddressInfo;
  const ask = async (path: string, method = 'GET') =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { method })).status;
  expect(await ask('/metrics')).toBe(200);
  expect(await ask('/metrics', 'POST')).toBe(404);
  expect(await ask('/v1/push', 'POST')).toBe(404);
  server.closeAllConnections();
  server.close();
});
