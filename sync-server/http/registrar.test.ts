import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { FastifyInstance } from 'fastify';
import { AppError } from '#shared/errors/app-error.ts';
import { newId } from '#shared/kernel/ids.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { DEVICE_HEADER, PROTOCOL_HEADER } from '#shared/protocol/messages.ts';
import { oldestServed } from '#shared/protocol/served.ts';
import type { TokenVerifier } from '../auth/token-verifier.ts';
import { createApp } from './app.ts';
import { registerRoutes } from './registrar.ts';
import { JsonText, defineRoute } from './route.ts';
import type { Authorize } from './route.ts';

const USER = newId();
const verifier: TokenVerifier = {
  verify: async () => ({ userId: USER, claims: { sub: USER }, expiresAt: Number.MAX_SAFE_INTEGER }),
};
const good = {
  authorization: 'Bearer a.b.c',
  [PROTOCOL_HEADER]: '1',
  [DEVICE_HEADER]: newId(),
};

let app: FastifyInstance;
/** The clock of the server, and releases to come. */
let now = Date.parse('2026-11-30');
const history = { 3: { released: '2027-06-01' }, 4: { released: '2027-12-01' } };
afterEach(() => app.close());

async function serve(
  authorize: Authorize,
  run: (body: unknown) => unknown = (body) => ({ body }),
  body: z.ZodType | null = z.strictObject({ n: z.number() }),
) {
  app = await createApp(silentLogger);
  const route = defineRoute({
    method: 'POST',
    url: '/x',
    authorize,
    body,
    reply: null,
    bodyBytes: 100,
    words: { summary: 'Says it again.', errors: [] },
    run: async (call) => run(call.body),
  });
  registerRoutes(app, [route], {
    verifier,
    oldest: () => oldestServed(now, history),
    concurrency: 2,
  });
  return (payload: unknown, headers: Record<string, string> = good) =>
    app.inject({ method: 'POST', url: '/x', headers, payload: payload as object });
}

describe('a registered route', () => {
  test('hands the parsed body on and answers with what the work returns', async () => {
    const send = await serve('device');
    const reply = await send({ n: 1 });
    expect([reply.statusCode, reply.json()]).toEqual([200, { body: { n: 1 } }]);
    expect(reply.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(reply.headers['cache-control']).toBe('no-store');
  });

  test('names the fields of a body that does not fit, never their values', async () => {
    const send = await serve('device');
    const reply = await send({ n: 'secret', more: 1 });
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toMatchObject({
      error: { code: 'REQUEST_INVALID', details: { fields: ['n', 'more'] } },
    });
    expect(reply.body).not.toContain('secret');
  });

  test('wants version, token and device before it reads the body', async () => {
    const send = await serve('device');
    const without = (name: string) =>
      Object.fromEntries(Object.entries(good).filter(([key]) => key !== name));
    const statuses = [];
    for (const name of [PROTOCOL_HEADER, 'authorization', DEVICE_HEADER]) {
      statuses.push((await send({ n: 'x'.repeat(200) }, without(name))).statusCode);
    }
    expect(statuses).toEqual([426, 401, 403]);
  });

  test('serves a version until 90 days after the second one behind it, by its own clock', async () => {
    const send = await serve('device');
    const statuses = async (instant: string) => {
      now = Date.parse(instant);
      const replies = ['1', '2', '3'].map((version) =>
        send({ n: 1 }, { ...good, [PROTOCOL_HEADER]: version }),
      );
      return (await Promise.all(replies)).map(({ statusCode }) => statusCode);
    };
    expect(await statuses('2027-08-30T23:59:59Z')).toEqual([200, 200, 200]);
    expect(await statuses('2027-08-31T00:00:00Z')).toEqual([426, 200, 200]);
    const reply = await send({ n: 1 });
    expect(reply.json()).toMatchObject({
      error: { code: 'SYNC_CLIENT_TOO_OLD', details: { oldest: 2 } },
    });
    expect(await statuses('2028-02-29T23:59:59Z')).toEqual([426, 200, 200]);
    expect(await statuses('2028-03-01T00:00:00Z')).toEqual([426, 426, 200]);
    now = Date.parse('2026-11-30');
  });

  test('for people without a device needs none, and a public one needs nothing', async () => {
    const { [DEVICE_HEADER]: _device, ...noDevice } = good;
    const asUser = await serve('user');
    expect((await asUser({ n: 1 }, noDevice)).statusCode).toBe(200);
    await app.close();
    const open = await serve('public');
    expect((await open({ n: 1 }, {})).statusCode).toBe(200);
  });

  test('refuses a body above its own limit', async () => {
    const send = await serve('device');
    const reply = await send({ n: 'x'.repeat(200) });
    expect([reply.statusCode, reply.json()]).toMatchObject([
      413,
      { error: { code: 'REQUEST_TOO_LARGE' } },
    ]);
  });

  test('maps errors of the catalogue to their status, and hides all others', async () => {
    const send = await serve('device', () => {
      throw new AppError('COUNT_CLOSED', { table: 'count_lines' });
    });
    expect((await send({ n: 1 })).json()).toMatchObject({
      error: { code: 'COUNT_CLOSED', details: { table: 'count_lines' } },
    });
    await app.close();
    const broken = await serve('device', () => {
      throw new Error('the password is hunter2');
    });
    const reply = await broken({ n: 1 });
    expect(reply.statusCode).toBe(500);
    expect(reply.json()).toMatchObject({ error: { code: 'INTERNAL', details: {} } });
    expect(reply.body).not.toContain('hunter2');
  });

  test('sends text that is JSON already as it is', async () => {
    const send = await serve('device', () => new JsonText('{"ready":1}'));
    const reply = await send({ n: 1 });
    expect(reply.headers['content-type']).toContain('application/json');
    expect(reply.json()).toEqual({ ready: 1 });
  });
});
