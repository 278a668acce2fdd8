import { expect, test } from 'vitest';
import { z } from 'zod';
import { silentLogger } from '#shared/logging/logger.ts';
import { CODES } from '#shared/errors/codes.ts';
import { createApp } from '../app.ts';
import { registerRoutes } from '../registrar.ts';
import { defineRoute } from '../route.ts';
import { HOOK_ROUTES } from '../routes/webhooks.ts';
import { codesOf, describeApi, undescribed } from './openapi.ts';

const route = defineRoute({
  method: 'POST',
  url: '/v1/known/:id',
  authorize: 'device',
  body: z.object({}),
  reply: null,
  bodyBytes: 100,
  words: { summary: 'Is described.', errors: ['NOT_FOUND'] },
  run: async () => ({}),
});
const gate = { verifier: { verify: () => Promise.reject(new Error('no')) }, oldest: () => 1 };

test('a route that the server has and nobody describes is found', async () => {
  const app = await createApp(silentLogger);
  registerRoutes(app, [route], { ...gate, concurrency: 1 });
  expect(undescribed(describeApi([route], [], app.registered), app.registered)).toEqual([]);
  app.get('/v1/planted', async () => 'hello');
  app.put('/v1/known/:id', async () => 'hello');
  app.post('/v1/webhooks/twilio/status', async () => 'hello');
  const api = describeApi([route], [], app.registered, [], HOOK_ROUTES);
  expect(undescribed(api, app.registered)).toEqual(['GET /v1/planted', 'PUT /v1/known/:id']);
  await app.close();
});

test('every route says the codes of its headers, its body and the load beside its own', () => {
  const codes = codesOf.route(route);
  for (const code of [
    'SYNC_CLIENT_TOO_OLD',
    'AUTH_TOKEN_EXPIRED',
    'DEVICE_REFUSED',
    'REQUEST_INVALID',
    'NOT_FOUND',
    'RATE_LIMITED',
    'SERVER_BUSY',
    'INTERNAL',
  ] as const) {
    expect(codes).toContain(code);
  }
  const api = describeApi([route], [], []);
  const { post } = (api['paths'] as Record<string, Record<string, { responses: object }>>)[
    '/v1/known/{id}'
  ] as { post: { responses: object } };
  expect(new Set(Object.keys(post.responses).map(Number))).toEqual(
    new Set([200, ...codes.map((code) => CODES[code].status)]),
  );
});

test('what a partner calls is described where it exists only', () => {
  const url = '/v1/webhooks/twilio/status';
  const paths = (registered: string[]) =>
    describeApi([], [], registered, [], HOOK_ROUTES)['paths'] as Record<string, object>;
  expect(paths([])).toEqual({});
  expect(Object.keys(paths([`POST ${url}`]))).toEqual([url]);
});
