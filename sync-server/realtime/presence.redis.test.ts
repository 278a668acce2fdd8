import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { PRESENCE } from '#shared/protocol/presence.ts';
import type { Screen } from '#shared/protocol/presence.ts';
import { startRedis } from '#stack/redis.ts';
import type { RunningRedis } from '#stack/redis.ts';
import { oneRedis } from '../config/redis-config.ts';
import type { RunningServer } from '../server.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Client, Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let redis: RunningRedis;
let rig: Rig;
let second: RunningServer;
let count: Screen;
beforeAll(async () => {
  redis = await startRedis();
  rig = await openRig({ over: { redis: oneRedis(redis.url) } });
  second = await rig.another();
});
beforeEach(async () => {
  const boss = await rig.client(await rig.person(['MG', null]));
  const session = make.countSession(boss, SITE.AA);
  await boss.push({ table: 'count_sessions', row: session });
  count = { module: 'inventory', table: 'count_sessions', id: session.id };
});
afterAll(async () => {
  await rig.close();
  await redis.stop();
});

const clerk = async (server: RunningServer): Promise<Client> =>
  rig.client(await rig.person(['CS', SITE.AA]), { server });

test('people on different replicas see each other come, and go at once', async () => {
  const [ana, ben] = await Promise.all([clerk(rig.server), clerk(second)]);
  const [here, there] = await Promise.all([ana.live(), ben.live()]);
  here.show(count);
  there.show(count);
  await here.sees(count, ([one]) => one?.user === ben.userId);
  await there.sees(count, ([one]) => one?.user === ana.userId);
  here.socket.terminate();
  await there.sees(count, (people) => people.length === 0, 1_000);
  there.socket.close();
});

test('a request may go to another replica than the one that holds the connection', async () => {
  const [ana, ben] = await Promise.all([clerk(rig.server), clerk(second)]);
  const [here, there] = await Promise.all([ana.live(), ben.live()]);
  there.show(count);
  // The connection of this device is on the first replica, what it shows goes to the second.
  const far = await rig.client(ana.userId, {
    deviceId: ana.deviceId,
    server: second,
    enrol: false,
    token: ana.token,
  });
  const screens = [{ ...count, focus: null }];
  await far.post('/v1/live/presence', { type: 'presence', seq: 1, screens });
  await there.sees(count, ([one]) => one?.user === ana.userId);
  await here.sees(count, ([one]) => one?.user === ben.userId);
  for (const live of [here, there]) live.socket.close();
});

test('a replica that starts later knows within a beat who is where', async () => {
  const ana = await clerk(rig.server);
  const here = await ana.live();
  here.show(count);
  const third = await rig.another();
  const ben = await clerk(third);
  const there = await ben.live();
  there.show(count);
  await there.sees(count, ([one]) => one?.user === ana.userId, PRESENCE.beatMs + 2_000);
  for (const live of [here, there]) live.socket.close();
  await third.stop();
});

test('what a dead replica knew is forgotten; a device that moves is not missed', async () => {
  const dying = await rig.another();
  const [ana, ben, cem] = await Promise.all([clerk(dying), clerk(second), clerk(dying)]);
  const [here, there, lost] = await Promise.all([ana.live(), ben.live(), cem.live()]);
  for (const live of [here, there, lost]) live.show(count);
  await there.sees(count, (people) => people.length === 2);
  const before = there.messages.length;
  await dying.stop();
  // Ana comes back on another replica and is on her screen all the time; Cem does not.
  const moved = await rig.client(ana.userId, {
    deviceId: ana.deviceId,
    server: second,
    enrol: false,
    token: ana.token,
  });
  const again = await moved.live();
  const beats = setInterval(() => {
    again.show(count);
    there.show(count);
  }, PRESENCE.beatMs);
  again.show(count);
  there.show(count);
  await there.sees(count, ([one, more]) => one?.user === ana.userId && !more, 10_000);
  const people = there.messages
    .slice(before)
    .flatMap((m) => (m.type === 'presence' ? m.screens.map((screen) => screen.people) : []));
  expect(people.every((those) => those.some(({ user }) => user === ana.userId))).toBe(true);
  clearInterval(beats);
  for (const live of [again, there]) live.socket.close();
  await sleep(50);
});
