import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#shared/kernel/ids.ts';
import { LIMITS, PROTOCOL_HEADER } from '#shared/protocol/messages.ts';
import { freePort } from '#stack/free-port.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let rig: Rig;
let boss: Client;
beforeAll(async () => {
  rig = await openRig();
  boss = await rig.client(await rig.person(['MG', null]));
});
afterAll(() => rig.close());

const ask = { epoch: null, tables: [{ table: 'locations', cursors: {}, limit: 1 }] };
const withToken = (token: string) => ({ authorization: `Bearer ${token}` });

describe('who may call', () => {
  test('an expired token is told apart from a bad one', async () => {
    const expired = await rig.issuer.token(boss.userId, { expiresIn: -1 });
    expect(await boss.post('/v1/pull', ask, withToken(expired))).toMatchObject({
      status: 401,
      body: { error: { code: 'AUTH_TOKEN_EXPIRED' } },
    });
    const { issuer } = rig;
    const bad = [
      await issuer.forged(boss.userId),
      await issuer.token(boss.userId, { audience: 'others' }),
      await issuer.token(boss.userId, { issuer: 'https://elsewhere.example' }),
      await issuer.token(boss.userId, { over: { role: 'service_role' } }),
      await issuer.token('nobody'),
      `${boss.token.slice(0, -4)}AAAA`,
      'garbage',
      // "none" as the algorithm, no signature
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${boss.token.split('.')[1]}.`,
    ];
    for (const text of bad) {
      expect(await boss.post('/v1/pull', ask, withToken(text))).toMatchObject({
        status: 401,
        body: { error: { code: 'AUTH_TOKEN_INVALID' } },
      });
    }
    expect(await boss.post('/v1/pull', ask, { authorization: '' })).toMatchObject({ status: 401 });
  });

  test('a client without version, or with one from before, is asked to update', async () => {
    for (const version of ['', '0', 'x', '-1', '1.5']) {
      expect(await boss.post('/v1/pull', ask, { [PROTOCOL_HEADER]: version })).toMatchObject({
        status: 426,
        body: { error: { code: 'SYNC_CLIENT_TOO_OLD' } },
      });
    }
  });

  test('health needs nobody, and says no more than that', async () => {
    const health = await fetch(`${rig.server.url}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    const ready = await fetch(`${rig.server.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
  });
});

describe('a request that makes no sense', () => {
  test.each([
    ['text that is no JSON', '/v1/push', '{"rows": [', 400, 'REQUEST_INVALID'],
    ['no rows', '/v1/push', { rows: [] }, 400, 'REQUEST_INVALID'],
    ['a field too many', '/v1/pull', { ...ask, extra: 1 }, 400, 'REQUEST_INVALID'],
    [
      'an unknown table',
      '/v1/push',
      { rows: [{ table: 'x', base: null, row: {} }] },
      400,
      'REQUEST_INVALID',
    ],
    [
      'too many rows',
      '/v1/push',
      { rows: Array(LIMITS.pushRows + 1).fill({}) },
      400,
      'REQUEST_INVALID',
    ],
    ['too large', '/v1/push', { rows: 'x'.repeat(LIMITS.bodyBytes + 1) }, 413, 'REQUEST_TOO_LARGE'],
    ['an unknown path', '/v1/other', {}, 404, 'NOT_FOUND'],
  ])('%s', async (_name, path, body, status, code) => {
    expect(await boss.post(path, body)).toMatchObject({ status, body: { error: { code } } });
  });

  test('one poisonous row harms no other', async () => {
    const good = make.item(boss);
    let deep = '1';
    for (let level = 0; level < 10_000; level += 1) deep = `[${deep}]`;
    const poison = [
      `{"table":"inventory_items","base":null,"row":{"id":"${newId()}","name":${deep}}}`,
      `{"table":"inventory_items","base":null,"row":{"__proto__":{"id":"x"},"constructor":1}}`,
      `{"table":"inventory_items","base":null,"row":{"id":{"a":1}}}`,
      `{"table":"inventory_items","base":null,"row":{"__proto__":1,${JSON.stringify(make.item(boss)).slice(1)}}`,
      `{"table":"count_lines","base":{"\\u0000":"000000000000-0000-000000000000"},"row":{}}`,
      `{"table":"inventory_items","base":null,"row":${JSON.stringify(good)}}`,
    ];
    const { status, body } = await boss.post('/v1/push', `{"rows":[${poison.join(',')}]}`);
    expect(status).toBe(200);
    const { results } = body as { results: { outcome: string; code?: string }[] };
    expect(results.map(({ outcome, code }) => code ?? outcome)).toEqual([
      ...Array<string>(5).fill('SYNC_ROW_INVALID'),
      'ok',
    ]);
    expect(({} as Record<string, unknown>)['id']).toBeUndefined();
  });
});

test('what goes wrong inside is told to nobody, and its words stand in no log', async () => {
  const secret = 'Unmistakable Patient Name';
  const item = make.item(boss, { name: secret, description: secret });
  await boss.push({ table: 'inventory_items', row: item });
  await boss.push({
    table: 'inventory_items',
    row: { ...make.item(boss), name: secret, sku: item['sku'] },
  });
  await rig.db.admin.query(
    `create function public.boom() returns trigger language plpgsql as $$
       begin raise exception 'broken by %', new.name; end $$`,
  );
  await rig.db.admin.query(
    `create trigger boom before insert on public.inventory_items
     for each row execute function public.boom()`,
  );
  const sent = {
    rows: [{ table: 'inventory_items', base: null, row: make.item(boss, { name: secret }) }],
  };
  const reply = await boss.post('/v1/push', sent);
  await rig.db.admin.query('drop function public.boom cascade');
  expect(reply).toEqual({
    status: 500,
    body: { error: { code: 'INTERNAL', say: expect.any(String), details: {} } },
  });
  expect(rig.log.join('\n')).not.toContain(secret);
  expect(rig.log.some((line) => line.includes('"code":"INTERNAL"'))).toBe(true);
  // The same row goes through once the server is well again.
  expect(await boss.post('/v1/push', sent)).toMatchObject({ status: 200 });
});

test('a server that stops lets running requests end, but not for ever', async () => {
  const server = await rig.another();
  const client = await rig.client(boss.userId, { server });
  const item = make.item(client);
  await client.push({ table: 'inventory_items', row: item });
  const edit = (name: string) => ({
    rows: [
      { table: 'inventory_items', base: item.field_hlc, row: make.edited(item, client, { name }) },
    ],
  });
  const holder = await rig.db.admin.connect();
  await holder.query('begin');
  await holder.query('select id from public.inventory_items where id = $1 for update', [item.id]);
  const waiting = client.post('/v1/push', edit('waits')).then(
    ({ status }) => status,
    () => 'cut off',
  );
  await sleep(300);
  const started = performance.now();
  const stopped = server.stop();
  await sleep(200);
  // What can end soon does: this one waits for a lock that is given up in time.
  await holder.query('rollback');
  expect(await waiting).toBe(200);
  await stopped;

  const second = await rig.another();
  const stuck = await rig.client(boss.userId, { server: second, deviceId: client.deviceId });
  await holder.query('begin');
  await holder.query('select id from public.inventory_items where id = $1 for update', [item.id]);
  const cut = stuck.post('/v1/push', edit('cut')).then(
    ({ status }) => status,
    () => 'cut off',
  );
  await sleep(300);
  const begun = performance.now();
  await second.stop();
  expect(performance.now() - begun).toBeLessThan(5_000);
  expect(begun - started).toBeLessThan(5_000);
  expect(await cut).toBe('cut off');
  await holder.query('rollback');
  holder.release();
});

describe('a database that is away', () => {
  test('is answered with "try again", and the server is not ready', async () => {
    const databaseUrl = `postgres://ganger_sync:x@127.0.0.1:${await freePort()}/postgres`;
    const server = await rig.another({ databaseUrl });
    const client = await rig.client(boss.userId, { server, enrol: false });
    expect(await client.post('/v1/pull', ask)).toMatchObject({
      status: 503,
      body: { error: { code: 'SERVER_BUSY' } },
    });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  test('for a moment only costs the requests of that moment', async () => {
    const client = await rig.client(await rig.person(['FD', SITE.AA]));
    await Promise.all(Array.from({ length: 8 }, () => client.post('/v1/pull', ask)));
    const running = Array.from({ length: 30 }, () => client.post('/v1/pull', ask));
    await rig.db.admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and usename = 'ganger_sync'`,
    );

    for (const { status } of await Promise.all(running)) expect([200, 503]).toContain(status);
    expect((await client.post('/v1/pull', ask)).status).toBe(200);
  });
});
