import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SHARED_PROCESS_LIMITS } from '../config/limits.ts';
import { SITE, openRig } from '../testing/rig.suite.ts';
import type { Rig } from '../testing/rig.suite.ts';

let rig: Rig;
beforeAll(async () => {
  const limits = { ...SHARED_PROCESS_LIMITS, maxLive: 8, maxLivePerUser: 4, maxLivePerDevice: 2 };
  rig = await openRig({ over: { limits: { ...limits, drainMs: 600 } } });
});
afterAll(() => rig.close());

const person = (): Promise<string> => rig.person(['CS', SITE.AA]);

describe('live connections', () => {
  test('of one device are few: the oldest goes, and is told', async () => {
    const client = await rig.client(await person());
    const [first, second] = [await client.live(), await client.live()];
    const third = await client.live();
    expect(await first.closed()).toBe(4429);
    expect(first.messages.at(-1)).toMatchObject({ type: 'bye', reason: 'too-many' });
    expect(second.socket.readyState).toBe(second.socket.OPEN);
    for (const live of [second, third]) live.socket.close();
    await expect.poll(() => rig.server.liveConnections()).toBe(0);
  });

  test('of one person, and of all, are refused beyond their number, with a time to come back', async () => {
    const userId = await person();
    const machines = await Promise.all([1, 2, 3].map(() => rig.client(userId)));
    const [one, two, three] = machines;
    const lives = [await one?.live(), await one?.live(), await two?.live(), await two?.live()];
    await expect(three?.live()).rejects.toThrow('refused: 503');
    const stream = await fetch(`${rig.server.url}/v1/live/events`, {
      headers: three?.headers() ?? {},
    });
    expect([stream.status, stream.headers.get('retry-after')]).toEqual([
      503,
      expect.stringMatching(/^[1-3]$/),
    ]);
    const other = await rig.client(await person());
    const others = await rig.client(await person());
    lives.push(await other.live(), await other.live(), await others.live(), await others.live());
    await expect((await rig.client(await person())).live()).rejects.toThrow('refused: 503');
    for (const live of lives) live?.socket.close();
    await expect.poll(() => rig.server.liveConnections()).toBe(0);
    // There is room again.
    (await three?.live())?.socket.close();
  });
});

test('a replica that stops says so before it refuses anything, and ends what it has begun', async () => {
  const server = await rig.another();
  const client = await rig.client(await person(), { server });
  const live = await client.live();
  const ready = (): Promise<number> => fetch(`${server.url}/readyz`).then(({ status }) => status);
  expect(await ready()).toBe(200);
  const stopped = server.stop();
  await sleep(50);
  expect(await ready()).toBe(503);
  // Its device is on its way to another replica, and requests that come meanwhile are served.
  expect(await live.closed()).toBe(1001);
  expect(live.messages.at(-1)).toMatchObject({ type: 'bye', reason: 'going-away' });
  expect((await client.session()).user.id).toBe(client.userId);
  // Whoever comes to it all the same is sent on.
  const late = await client.live();
  expect(await late.closed()).toBe(1001);
  await stopped;
  await expect(ready()).rejects.toThrow('fetch failed');
});
