import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { BehaviorSubject } from 'rxjs';
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '#shared/errors/app-error.ts';
import type { FromStore, ToStore } from '#shared/ipc/port.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { serveCalls } from './call-port.ts';
import type { CallHandlers, WatchHandlers } from './call-port.ts';

/** The typed calls of one window, over a real port. */
const ports: MessagePort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) port.close();
});

function serve(options: {
  calls?: Partial<CallHandlers>;
  watches?: Partial<WatchHandlers>;
  mayUse?: (name: string) => boolean;
}) {
  const { port1, port2 } = new MessageChannel();
  ports.push(port2);
  const heard: FromStore[] = [];
  port2.on('message', (message: FromStore) => heard.push(message));
  serveCalls({
    port: {
      postMessage: (message) => port1.postMessage(message),
      onMessage: (listener) => void port1.on('message', listener),
      onClose: (listener) => void port1.on('close', listener),
      start: () => port1.start(),
    },
    calls: (options.calls ?? {}) as CallHandlers,
    watches: {
      topic: () => () => undefined,
      view: () => () => undefined,
      ...options.watches,
    },
    log: silentLogger,
    mayUse: options.mayUse,
  });
  const say = (message: ToStore): void => port2.postMessage(message);
  const last = () => heard.at(-1);
  return { port: port2, heard, say, last };
}

const watchLots = { kind: 'watch', id: 1, name: 'inventory.lots', arg: { itemId: 'x' } } as const;

test('a window that takes nothing in gets two frames, and the latest state once it hears again', async () => {
  const state$ = new BehaviorSubject('first');
  const { heard, say } = serve({
    watches: {
      view(_name, _arg, next) {
        const watching = state$.subscribe((state) =>
          next(JSON.stringify(state), state === 'patch'),
        );
        return () => watching.unsubscribe();
      },
    },
  });
  say(watchLots);
  await expect.poll(() => heard).toHaveLength(1);
  for (const state of ['patch', 'third', 'fourth', 'latest']) state$.next(state);
  await expect.poll(() => heard).toHaveLength(2);
  say({ kind: 'seen', id: 1, n: 1 });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(heard).toHaveLength(2);
  say({ kind: 'seen', id: 1, n: 2 });
  await expect
    .poll(() => heard)
    .toEqual([
      { kind: 'next', id: 1, n: 1, json: '"first"' },
      { kind: 'patch', id: 1, n: 2, json: '"patch"' },
      { kind: 'next', id: 1, n: 3, json: '"latest"' },
    ]);
  expect(state$.observers).toHaveLength(1);
});

test('a view that fails says so once and is over; the window may ask again', async () => {
  const stop = vi.fn();
  const { last, say, heard } = serve({
    watches: {
      view(_name, _arg, _next, fail) {
        setTimeout(() => fail(new AppError('STORE_IO')), 1);
        return stop;
      },
    },
  });
  say(watchLots);
  await expect.poll(last).toMatchObject({ kind: 'failed', id: 1, error: { code: 'STORE_IO' } });
  expect(stop).toHaveBeenCalledOnce();
  say({ ...watchLots, id: 2 });
  await expect.poll(() => heard).toHaveLength(2);
});

test('what a window may not use, or asks wrongly, is refused with a code', async () => {
  const { heard, say } = serve({ mayUse: (name) => name !== 'keys.rotate' });
  say({ kind: 'call', id: 1, name: 'keys.rotate', arg: {} });
  say({ kind: 'call', id: 2, name: 'constructor', arg: {} });
  say({ kind: 'call', id: 3, name: 'sync.now', arg: { more: 1 } });
  say({ kind: 'watch', id: 4, name: 'toString', arg: {} });
  say({ kind: 'watch', id: 5, name: 'inventory.lots', arg: {} });
  say({ kind: 'call', id: 6, name: 'sync.now', arg: { text: 'x'.repeat(300_000) } });
  await expect
    .poll(() =>
      heard
        .toSorted((a, b) => a.id - b.id)
        .map((frame) => frame.kind === 'failed' && frame.error.code),
    )
    .toEqual([
      'CALL_NOT_ALLOWED',
      'CALL_NOT_ALLOWED',
      'REQUEST_INVALID',
      'CALL_NOT_ALLOWED',
      'REQUEST_INVALID',
      'REQUEST_TOO_LARGE',
    ]);
});

test('more open calls than a person can have are refused', async () => {
  const { heard, say } = serve({
    calls: { 'sync.now': () => new Promise<null>(() => undefined) },
  });
  for (let id = 0; id < 70; id += 1) say({ kind: 'call', id, name: 'sync.now', arg: {} });
  await expect.poll(() => heard).toHaveLength(6);
  expect(heard.every((frame) => frame.kind === 'failed')).toBe(true);
});

test('everything that a window watches ends with it', async () => {
  const state$ = new BehaviorSubject(1);
  const watching: WatchHandlers['topic'] = (_name, next) => {
    const subscription = state$.subscribe(next);
    return () => subscription.unsubscribe();
  };
  for (let n = 0; n < 50; n += 1) {
    const { port, say, heard } = serve({ watches: { topic: watching } });
    say({ kind: 'watch', id: 1, name: 'sync.status', arg: {} });
    say({ kind: 'watch', id: 2, name: 'auth.state', arg: {} });
    await expect.poll(() => heard, { interval: 1 }).toHaveLength(2);
    port.close();
  }
  await expect.poll(() => state$.observers).toHaveLength(0);
});
