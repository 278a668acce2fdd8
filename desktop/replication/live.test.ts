import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { PING_EVERY_MS, PONG_WITHIN_MS, startLive } from './live.ts';
import type { LiveHandlers } from './live-socket.ts';
import { manualTime } from './testing/manual-time.ts';

/** A server that takes or refuses connections, and may fall silent. */
function rig(random = () => 0.5, accepts = true) {
  const time = manualTime();
  const state = { accepts, answersPings: true, tries: 0, ups: 0, downs: 0, open: 0, shown: 0 };
  let handlers: LiveHandlers | null = null;
  const live = startLive({
    api: {
      live: (its) => {
        state.tries += 1;
        if (!state.accepts) return Promise.reject(new AppError('SERVER_UNREACHABLE'));
        handlers = its;
        state.open += 1;
        return Promise.resolve({
          ping: () => (state.answersPings ? Promise.resolve() : new Promise<void>(() => undefined)),
          show: () => void (state.shown += 1),
          close: () => void (state.open -= 1),
        });
      },
    },
    timers: time,
    random,
    log: silentLogger,
    onUp: () => (state.ups += 1),
    onDown: () => (state.downs += 1),
    onMessage: () => undefined,
  });
  return {
    time,
    state,
    live,
    drop: () => handlers?.onClose(),
    bye: (retryMs: number) => handlers?.onMessage({ type: 'bye', reason: 'going-away', retryMs }),
  };
}

test('comes up, and up again after it was lost', async () => {
  const { time, state, live, drop } = rig();
  await time.pass(0);
  expect(live.up).toBe(true);
  drop();
  expect(live.up).toBe(false);
  await time.pass(2000);
  expect(live.up).toBe(true);
  expect(state).toMatchObject({ ups: 2, downs: 1 });
  live.stop();
});

test('tries less often while the server is away, and is back at most three seconds after it', async () => {
  const { time, state, live } = rig(() => 1, false);
  await time.pass(600_000);
  expect(state.tries).toBeGreaterThan(190);
  expect(state.tries).toBeLessThan(210);
  state.accepts = true;
  await time.pass(3_000);
  expect(live.up).toBe(true);
  live.stop();
});

test('waits are spread, so that devices do not come back together', async () => {
  const waits = new Set<number>();
  for (const share of [0, 0.25, 0.5, 0.75]) {
    const { time, live, drop } = rig(() => share);
    await time.pass(0);
    drop();
    waits.add(time.next ?? -1);
    live.stop();
  }
  expect(waits.size).toBe(4);
});

test('comes back when the server that sent it away has asked for, and not before', async () => {
  const { time, state, live, bye, drop } = rig(() => 0);
  await time.pass(0);
  bye(5_000);
  drop();
  await time.pass(4_999);
  expect([state.tries, live.up]).toEqual([1, false]);
  await time.pass(1_000);
  expect([state.tries, live.up]).toEqual([2, true]);
  // Once only: the next loss is an ordinary one.
  drop();
  await time.pass(500);
  expect(live.up).toBe(true);
  live.stop();
});

test('looked at again and again, a dead connection is still found in time', async () => {
  const { time, state, live } = rig();
  await time.pass(0);
  state.answersPings = false;
  for (let passed = 0; passed < PONG_WITHIN_MS; passed += 3_000) {
    live.hint();
    await time.pass(3_000);
  }
  expect(state.downs).toBe(1);
  live.stop();
});

test('says what the device shows while it is up, and keeps nothing for later', async () => {
  const { time, state, live } = rig();
  const message = { type: 'presence' as const, seq: 1, screens: [] };
  live.show(message);
  await time.pass(0);
  expect([live.up, state.shown]).toEqual([true, 0]);
  live.show(message);
  expect(state.shown).toBe(1);
  live.stop();
});

test('a hundred devices that lost the server together come back spread over the wait', async () => {
  // Seeded, so that what holds today holds tomorrow.
  let seed = 7;
  const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const time = manualTime();
  const tries: number[] = [];
  let isAway = true;
  const lives = Array.from({ length: 100 }, () =>
    startLive({
      api: {
        live: () => {
          tries.push(time.now());
          if (isAway) return Promise.reject(new AppError('SERVER_UNREACHABLE'));
          return Promise.resolve({
            ping: () => Promise.resolve(),
            show: () => undefined,
            close: () => undefined,
          });
        },
      },
      timers: time,
      random,
      log: silentLogger,
      onUp: () => undefined,
      onDown: () => undefined,
      onMessage: () => undefined,
    }),
  );
  await time.pass(20_000);
  isAway = false;
  const back = time.now();
  tries.length = 0;
  await time.pass(3_000);
  expect(lives.every(({ up }) => up)).toBe(true);
  expect(tries).toHaveLength(100);
  const windows = Map.groupBy(tries, (at) => Math.floor((at - back) / 250));
  // Evenly spread, 8 or 9 would come in a quarter of a second.
  expect(Math.max(...[...windows.values()].map((some) => some.length))).toBeLessThanOrEqual(20);
  for (const live of lives) live.stop();
});

test('tries at once when the network is said to be back', async () => {
  const { time, state, live } = rig(() => 1, false);
  await time.pass(100_000);
  const { tries } = state;
  state.accepts = true;
  live.hint();
  await time.pass(0);
  expect(state.tries).toBe(tries + 1);
  expect(live.up).toBe(true);
  live.stop();
});

test('finds a half-open connection by a ping that nobody answers', async () => {
  const { time, state, live } = rig();
  await time.pass(PING_EVERY_MS * 5);
  expect(state.downs).toBe(0);
  state.answersPings = false;
  await time.pass(PING_EVERY_MS + PONG_WITHIN_MS);
  expect(state.downs).toBe(1);
  expect(state.open).toBe(0);
  await time.pass(2000);
  expect(live.up).toBe(true);
  live.stop();
});

test('a hint checks a connection that seems to stand', async () => {
  const { time, state, live } = rig();
  await time.pass(0);
  state.answersPings = false;
  live.hint();
  await time.pass(PONG_WITHIN_MS);
  expect(state.downs).toBe(1);
  live.stop();
});

test('stopped it stays down and leaves no timer behind', async () => {
  const { time, state, live } = rig();
  await time.pass(0);
  live.stop();
  expect(state.open).toBe(0);
  expect(time.next).toBeNull();
  await time.pass(100_000);
  expect(state.tries).toBe(1);
});
