import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LiveConnection } from '#desktop/replication/live-socket.ts';
import { createServerApi } from '#desktop/replication/server-api.ts';
import type { LiveMessage } from '#shared/protocol/messages.ts';
import type { Screen } from '#shared/protocol/presence.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { startRoundRobin } from '#stack/round-robin.ts';
import type { RoundRobin } from '#stack/round-robin.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

/** A real server behind a proxy that knows no WebSocket. */
let rig: Rig;
let proxy: RoundRobin;
let boss: Client;
beforeAll(async () => {
  rig = await openRig({ livePace: { heartbeatMs: 100, recheckMs: 200, eventsBeatMs: 150 } });
  proxy = await startRoundRobin({ targets: [rig.server.url], websockets: false });
  boss = await rig.client(await rig.person(['MG', null]));
});
afterAll(async () => {
  await proxy.close();
  await rig.close();
});

/** Reads a stream of events until it ends. */
async function events(client: Client, url = rig.server.url, over: Record<string, string> = {}) {
  const abort = new AbortController();
  const answer = await fetch(`${url}/v1/live/events`, {
    headers: client.headers(over),
    signal: abort.signal,
  });
  let text = '';
  const ended = (async () => {
    try {
      for await (const part of answer.body ?? []) text += Buffer.from(part).toString('utf8');
    } catch {
      // Cut by the test.
    }
  })();
  return { answer, text: () => text, ended, close: () => abort.abort() };
}

describe('a stream of events', () => {
  test('is refused before it begins, with an ordinary answer', async () => {
    const nobody = await rig.client(await rig.person(), { enrol: false });
    const { answer, text, ended } = await events(nobody);
    await ended;
    expect([answer.status, JSON.parse(text())]).toMatchObject([
      403,
      { error: { code: 'DEVICE_REFUSED' } },
    ]);
  });

  test('carries the same notices, under the names of their types', async () => {
    const stream = await events(boss);
    expect(stream.answer.headers.get('content-type')).toContain('text/event-stream');
    await expect.poll(stream.text).toContain('event: hello\ndata: {"type":"hello"');
    await boss.push({ table: 'inventory_items', row: make.item(boss) });
    await expect.poll(stream.text).toContain('event: changed\ndata: {"type":"changed"');
    stream.close();
    await expect.poll(() => rig.server.liveConnections()).toBe(0);
  });

  test('ends with an event that says why: the token, the rights, the server', async () => {
    const short = await rig.client(boss.userId, {
      token: await rig.issuer.token(boss.userId, { expiresIn: 2 }),
    });
    const byToken = await events(short);
    const person = await rig.person(['CS', SITE.AA]);
    const byRights = await events(await rig.client(person));
    await rig.db.admin.query('update public.user_roles set valid_to = now() where user_id = $1', [
      person,
    ]);
    await Promise.all([byToken.ended, byRights.ended]);
    expect(byToken.text()).toContain('event: bye\ndata: {"type":"bye","reason":"token-expired"');
    expect(byRights.text()).toContain('"reason":"no-access"');
    const server = await rig.another();
    const byServer = await events(await rig.client(boss.userId, { server }), server.url);
    await expect.poll(byServer.text).toContain('hello');
    await server.stop();
    await byServer.ended;
    expect(byServer.text()).toContain('"reason":"going-away"');
  });
});

describe('a device behind a proxy that strips upgrades', () => {
  test('hears by events, is on its screens by requests, and takes the WebSocket when it can', async () => {
    const person = await rig.person(['CS', SITE.AA]);
    const mine = await rig.client(person);
    const heard: LiveMessage[] = [];
    let ended = 0;
    const api = createServerApi({
      baseUrl: proxy.url,
      getToken: () => Promise.resolve(mine.token),
      deviceId: mine.deviceId,
      log: silentLogger,
    });
    const live: LiveConnection = await api.live({
      onMessage: (message) => heard.push(message),
      onClose: () => (ended += 1),
    });
    expect(heard.map(({ type }) => type)).toEqual(['hello']);
    const row = make.countSession(boss, SITE.AA);
    await boss.push({ table: 'count_sessions', row });
    await expect.poll(() => heard.map(({ type }) => type)).toContain('changed');

    const screen: Screen = { module: 'inventory', table: 'count_sessions', id: row.id };
    const other = await boss.live();
    other.show(screen);
    const shown = { ...screen, focus: null };
    live.show({ type: 'presence', seq: 1, screens: [shown] });
    await other.sees(screen, ([one]) => one?.user === person);
    await expect.poll(() => heard.map(({ type }) => type)).toContain('presence');
    // A ping is answered by whatever the stream carries next.
    await live.ping();
    other.socket.close();
    live.close();
    await sleep(50);
    expect(ended).toBe(0);
  });
});
