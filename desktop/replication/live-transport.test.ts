import { expect, test } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import type { LiveConnection, LiveHandlers } from './live-socket.ts';
import { SOCKET_AGAIN_MS, createLiveTransport } from './live-transport.ts';
import { manualTime } from './testing/manual-time.ts';

/** Two ways to a server, each of which works or fails in its own manner. */
function rig(socketFails: AppError | null, eventsFail: AppError | null = null) {
  const time = manualTime();
  const state = { socketFails, eventsFail, socket: 0, events: 0, closed: 0 };
  const way =
    (name: 'socket' | 'events') =>
    (handlers: LiveHandlers): Promise<LiveConnection> => {
      state[name] += 1;
      const failure = name === 'socket' ? state.socketFails : state.eventsFail;
      if (failure) return Promise.reject(failure);
      last = handlers;
      return Promise.resolve({
        ping: () => Promise.resolve(),
        show: () => undefined,
        close: () => void (state.closed += 1),
      });
    };
  let last: LiveHandlers | null = null;
  let ended = 0;
  const open = createLiveTransport({
    socket: way('socket'),
    events: way('events'),
    timers: time,
    log: silentLogger,
  });
  const handlers = { onMessage: () => undefined, onClose: () => void (ended += 1) };
  return {
    time,
    state,
    open: () => open(handlers),
    drop: () => last?.onClose(),
    ended: () => ended,
  };
}
const stripped = new AppError('REQUEST_INVALID', { path: 'live' });
const page = new AppError('SERVER_ANSWER_INVALID', { path: 'live', status: 200 });
const hungUp = new AppError('SERVER_UNREACHABLE', { path: 'live' });
const refused = new AppError(
  'SERVER_UNREACHABLE',
  { path: 'live' },
  Object.assign(new Error('no'), { code: 'ECONNREFUSED' }),
);

test.each([stripped, page])(
  'an answer in the place of an upgrade leads to events at once',
  async (why) => {
    const { state, open } = rig(why);
    await open();
    expect([state.socket, state.events]).toEqual([1, 1]);
  },
);

test('a line that is cut twice leads to events, one that is cut once does not', async () => {
  const { state, open } = rig(hungUp);
  await expect(open()).rejects.toBe(hungUp);
  expect(state.events).toBe(0);
  await open();
  expect(state.events).toBe(1);
});

test.each([
  refused,
  new AppError('SERVER_BUSY'),
  new AppError('AUTH_NO_ACCESS'),
  new AppError('SYNC_CLIENT_TOO_OLD'),
])('a server that is away or says no is asked by no other way', async (why) => {
  const { state, open } = rig(why);
  for (let n = 0; n < 5; n += 1) await expect(open()).rejects.toBe(why);
  expect([state.socket, state.events]).toEqual([5, 0]);
});

test('events come back as events, until a WebSocket beside them comes through', async () => {
  const { time, state, open, drop, ended } = rig(stripped);
  await open();
  drop();
  expect(ended()).toBe(1);
  await open();
  // It is known by now that none comes through: none is waited for.
  expect([state.socket, state.events]).toEqual([1, 2]);
  await time.pass(SOCKET_AGAIN_MS);
  expect([state.socket, ended()]).toEqual([2, 1]);
  state.socketFails = null;
  await time.pass(SOCKET_AGAIN_MS);
  // The stream and the probe are closed, and whoever keeps the connection opens it anew.
  expect([state.socket, state.closed, ended()]).toEqual([3, 2, 2]);
  await open();
  expect([state.socket, state.events]).toEqual([4, 2]);
});

test('where neither comes through, the WebSocket is first again', async () => {
  const { state, open } = rig(page, page);
  await expect(open()).rejects.toBe(page);
  await expect(open()).rejects.toBe(page);
  expect([state.socket, state.events]).toEqual([2, 2]);
});

test('closed by its keeper, nothing of it goes on', async () => {
  const { time, state, open, ended } = rig(stripped);
  (await open()).close();
  expect([state.closed, ended(), time.next]).toEqual([1, 0, null]);
});
