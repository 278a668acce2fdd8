import { afterEach, describe, expect, test } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { newId } from '#shared/kernel/ids.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { DEVICE_HEADER, PROTOCOL_HEADER } from '#shared/protocol/messages.ts';
import type { TokenVerifier } from '../../auth/token-verifier.ts';
import type { Rate } from '../../config/rates-config.ts';
import { createApp } from '../app.ts';
import { registerRoutes } from '../registrar.ts';
import { defineRoute } from '../route.ts';
import type { Authorize } from '../route.ts';
import type { Buckets } from './bucket.ts';
import { createMemoryBuckets } from './memory-buckets.ts';
import { createRateLimits, subjectOf } from './rate-limits.ts';

/** Tokens name their people. */
const verifier: TokenVerifier = {
  verify: async (token) => ({
    userId: token.split('.')[1] ?? '',
    claims: {},
    expiresAt: Number.MAX_SAFE_INTEGER,
  }),
};
const MANY: Rate = { perSecond: 1_000, burst: 1_000 };
const few = (burst: number): Rate => ({ perSecond: 0.1, burst });

let app: FastifyInstance;
const lines: string[] = [];
afterEach(() => app.close());

interface Call {
  readonly user?: string;
  readonly device?: string;
  readonly ip?: string;
  readonly version?: string;
  readonly url?: string;
}

async function serve(
  over: Partial<Record<'address' | 'user' | 'device', Rate>>,
  options: { own?: Rate; authorize?: Authorize; shared?: Buckets | null } = {},
) {
  const { own, authorize = 'device', shared = null } = options;
  const log = createLogger({ level: 'info', write: (line) => lines.push(line) });
  app = await createApp(log, ['127.0.0.1']);
  let now = 0;
  const rates = createRateLimits({
    rates: { address: MANY, user: MANY, device: MANY, ...over },
    shared,
    own: createMemoryBuckets(() => now),
    log,
  });
  app.addHook('onRequest', (request) => rates.address(request));
  const route = (url: string, rate: Rate | undefined) =>
    defineRoute({
      method: 'POST',
      url,
      authorize,
      body: null,
      reply: null,
      bodyBytes: 100,
      words: { summary: 'Does nothing.', errors: [] },
      ...(rate ? { rate } : {}),
      run: async () => ({}),
    });
  registerRoutes(app, [route('/x', own), route('/y', undefined)], {
    verifier,
    oldest: () => 1,
    rates,
    concurrency: 10,
  });
  const [someone, somewhere] = [newId(), newId()];
  const call = async (by: Call = {}) => {
    const {
      user = someone,
      device = somewhere,
      ip = '203.0.113.7',
      version = '2',
      url = '/x',
    } = by;
    const { statusCode, headers, body } = await app.inject({
      method: 'POST',
      url,
      headers: {
        authorization: `Bearer a.${user}.c`,
        [PROTOCOL_HEADER]: version,
        [DEVICE_HEADER]: device,
        'x-forwarded-for': ip,
      },
    });
    return { status: statusCode, headers, body: JSON.parse(body) as { error?: { code: string } } };
  };
  const statuses = async (...calls: Call[]) => {
    const all = [];
    for (const by of calls) all.push((await call(by)).status);
    return all;
  };
  return { call, statuses, pass: (ms: number) => void (now += ms) };
}

describe('limits of rates', () => {
  test('each tier counts its own, and another subject is not touched', async () => {
    const [user, device] = [newId(), newId()];
    const byUser = await serve({ user: few(2) });
    expect(await byUser.statuses({}, { device }, { device }, { user })).toEqual([
      200, 200, 429, 200,
    ]);
    await app.close();
    const byDevice = await serve({ device: few(2) });
    expect(await byDevice.statuses({}, { user }, { user }, { device })).toEqual([
      200, 200, 429, 200,
    ]);
    await app.close();
    const byAddress = await serve({ address: few(2) });
    const other = { user, device };
    expect(await byAddress.statuses({}, other, other, { ip: '203.0.113.8' })).toEqual([
      200, 200, 429, 200,
    ]);
    await app.close();
    const byRoute = await serve({}, { own: few(1) });
    expect(await byRoute.statuses({}, {}, { url: '/y' }, { device })).toEqual([200, 429, 200, 200]);
  });

  test('a route that is open to everybody is counted by address', async () => {
    const { statuses } = await serve({}, { own: few(1), authorize: 'public' });
    expect(await statuses({}, {}, { ip: '203.0.113.8' })).toEqual([200, 429, 200]);
  });

  test('says what is left, of the tier that is nearest to its end, and when to come back', async () => {
    const { call, pass } = await serve({ user: few(3) });
    const first = await call();
    expect(first.headers).toMatchObject({
      'ratelimit-limit': '3',
      'ratelimit-remaining': '2',
      'ratelimit-reset': '10',
      'ratelimit-policy': '3;w=30;name="user"',
    });
    expect(first.headers['retry-after']).toBeUndefined();
    await call();
    await call();
    const refused = await call();
    expect(refused).toMatchObject({
      status: 429,
      body: { error: { code: 'RATE_LIMITED', details: { reason: 'user' } } },
      headers: { 'ratelimit-remaining': '0', 'retry-after': '10' },
    });
    pass(9_000);
    expect((await call()).headers['retry-after']).toBe('1');
    pass(1_000);
    expect((await call()).status).toBe(200);
  });

  test('a client of the first version is told what it knows', async () => {
    const { call } = await serve({ device: few(1) });
    await call({ version: '1' });
    expect(await call({ version: '1' })).toMatchObject({
      status: 503,
      body: { error: { code: 'SERVER_BUSY' } },
      headers: { 'retry-after': '10' },
    });
  });

  test('counts nothing by address for this machine itself', async () => {
    const { statuses } = await serve({ address: few(1) });
    const here = { ip: '127.0.0.1' };
    expect(await statuses(here, here, here)).toEqual([200, 200, 200]);
  });

  test('while the shared count fails each replica counts by itself, and says so once', async () => {
    let asked = 0;
    const shared: Buckets = {
      async take() {
        asked += 1;
        throw new Error('away');
      },
    };
    lines.length = 0;
    const { statuses } = await serve({ device: few(2) }, { shared });
    expect(await statuses({}, {}, {})).toEqual([200, 200, 429]);
    expect(asked).toBe(1);
    expect(lines.filter((line) => line.includes('redis is away')).length).toBe(1);
  });
});

test('addresses count as networks where a line has many, and are not kept as they are', () => {
  expect(subjectOf('::1')).toBeNull();
  expect(subjectOf('127.0.0.1')).toBeNull();
  expect(subjectOf('::ffff:127.0.0.1')).toBeNull();
  expect(subjectOf('::ffff:203.0.113.7')).toBe(subjectOf('203.0.113.7'));
  expect(subjectOf('203.0.113.7')).not.toBe(subjectOf('203.0.113.8'));
  expect(subjectOf('2001:db8:1:2::1')).toBe(subjectOf('2001:0DB8:1:2:ffff:1:2:3'));
  expect(subjectOf('2001:db8:1:2::1')).not.toBe(subjectOf('2001:db8:1:3::1'));
  expect(subjectOf('2001:db8::1')).toBe(subjectOf('2001:db8:0:0:1::'));
  expect(subjectOf('203.0.113.7')).toMatch(/^[\w-]{22}$/);
});
