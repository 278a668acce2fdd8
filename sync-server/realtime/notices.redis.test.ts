import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCutProxy } from '#stack/cut-proxy.ts';
import { startRedis } from '#stack/redis.ts';
import type { RunningRedis } from '#stack/redis.ts';
import { oneRedis } from '../config/redis-config.ts';
import type { RunningServer } from '../server.ts';
import { openRig } from '../testing/rig.suite.ts';
import type { Rig } from '../testing/rig.suite.ts';
import * as make from '../testing/rows.suite.ts';

let redis: RunningRedis;
let rig: Rig;
let second: RunningServer;
beforeAll(async () => {
  redis = await startRedis();
  rig = await openRig({ over: { redis: oneRedis(redis.url) } });
  second = await rig.another();
});
afterAll(async () => {
  await rig.close();
  await redis.stop();
});

/** Both replicas have subscribed once a notice has crossed. */
describe('two servers over one database', () => {
  test('a change on one is told on the other, and on its own only once', async () => {
    const user = await rig.person(['MG', null]);
    const here = await rig.client(user);
    const there = await rig.client(user, { server: second });
    const [liveHere, liveThere] = await Promise.all([here.live(), there.live()]);
    await expect(
      (async () => {
        for (let tries = 0; tries < 50; tries += 1) {
          await here.push({ table: 'inventory_items', row: make.item(here) });
          const crossed = await liveThere.changed('inventory_items', 200).then(
            () => true,
            () => false,
          );
          if (crossed) return true;
        }
        return false;
      })(),
    ).resolves.toBe(true);
    await sleep(100);
    liveHere.messages.length = 0;
    liveThere.messages.length = 0;
    await here.push({ table: 'inventory_items', row: make.item(here) });
    await Promise.all([liveHere.changed('inventory_items'), liveThere.changed('inventory_items')]);
    await sleep(100);
    expect([liveHere.messages.length, liveThere.messages.length]).toEqual([1, 1]);
    // What the notice announced is there for a pull from either server.
    const { tables } = await there.pull([{ table: 'inventory_items' }]);
    expect(tables[0]?.rows.length).toBeGreaterThan(1);
    for (const { socket } of [liveHere, liveThere]) socket.close();
  });

  test('without Redis pushes stay as fast, and each server still tells its own clients', async () => {
    const user = await rig.person(['MG', null]);
    const here = await rig.client(user);
    const live = await here.live();
    await redis.stop();
    const started = performance.now();
    for (let n = 0; n < 5; n += 1) {
      await here.push({ table: 'inventory_items', row: make.item(here) });
    }
    expect(performance.now() - started).toBeLessThan(2_000);
    await live.changed('inventory_items');
    expect(rig.log.some((line) => line.includes('redis is away'))).toBe(true);
    // It comes back on the same port, and notices cross again by themselves.
    redis = await startRedis({ port: redis.port });
    const there = await rig.client(user, { server: second });
    const far = await there.live();
    let crossed = false;
    for (let tries = 0; tries < 60 && !crossed; tries += 1) {
      await here.push({ table: 'inventory_items', row: make.item(here) });
      crossed = await far.changed('inventory_items', 200).then(
        () => true,
        () => false,
      );
    }
    expect(crossed).toBe(true);
    live.socket.close();
    far.socket.close();
  });
});

test('what did not cross while one server had no way to Redis is made up for, both ways', async () => {
  const toRedis = await startCutProxy({ target: { host: '127.0.0.1', port: redis.port } });
  const third = await rig.another({ redis: oneRedis(`redis://127.0.0.1:${toRedis.port}`) });
  const user = await rig.person(['MG', null]);
  const [here, there] = await Promise.all([
    rig.client(user, { server: third }),
    rig.client(user, { server: second }),
  ]);
  const [liveHere, liveThere] = await Promise.all([here.live(), there.live()]);
  for (const [by, own, other] of [
    [here, liveHere, liveThere],
    [there, liveThere, liveHere],
  ] as const) {
    toRedis.cut();
    await sleep(150);
    own.messages.length = 0;
    other.messages.length = 0;
    await by.push({ table: 'inventory_items', row: make.item(by) });
    await own.changed('inventory_items');
    await sleep(100);
    expect(other.messages).toEqual([]);
    toRedis.restore();
    await other.changed('inventory_items', 10_000);
  }
  for (const { socket } of [liveHere, liveThere]) socket.close();
  await third.stop();
  await toRedis.close();
});

test('a server whose Redis was never there starts, serves and stops', async () => {
  const server = await rig.another({ redis: oneRedis('redis://127.0.0.1:1') });
  const client = await rig.client(await rig.person(['MG', null]), { server });
  const live = await client.live();
  await client.push({ table: 'inventory_items', row: make.item(client) });
  await live.changed('inventory_items');
  const started = performance.now();
  await server.stop();
  expect(performance.now() - started).toBeLessThan(5_000);
});
