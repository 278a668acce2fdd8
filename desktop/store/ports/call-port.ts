import { AppError, toAppError } from '#shared/errors/app-error.ts';
import type { SafeDetails } from '#shared/errors/app-error.ts';
import { ToStore } from '#shared/ipc/port.ts';
import type { FromStore } from '#shared/ipc/port.ts';
import { STORE_CALLS, STORE_TOPICS } from '#shared/ipc/store-contract.ts';
import type { StoreCall, StoreCallOut, StoreTopic } from '#shared/ipc/store-contract.ts';
import { VIEWS } from '#shared/ipc/views.ts';
import type { ViewName } from '#shared/ipc/views.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { z } from 'zod';
import type { WindowPort } from '../host.ts';
import { sizeOf } from './size-of.ts';

/** Stops what was started. */
export type Stop = () => void;

export type CallHandlers = {
  readonly [C in StoreCall]: (
    arg: z.output<(typeof STORE_CALLS)[C]['in']>,
  ) => Promise<StoreCallOut<C>>;
};

export interface WatchHandlers {
  /** Calls `next` with the present value at once and with every later one. */
  topic(name: StoreTopic, next: (value: unknown) => void): Stop;
  /**
   * As `topic`, for a derived read. `next` takes JSON text: the whole answer, or a `ListPatch` of the
   * one before. After `fail` nothing more comes.
   */
  view(
    name: ViewName,
    arg: unknown,
    next: (json: string, isPatch?: boolean) => void,
    fail: (error: unknown) => void,
  ): Stop;
}

/** More watches than a screen can need: beyond it a window is broken. */
const MAX_WATCHES = 200;
/** More calls than a person can have open. */
const MAX_CALLS = 64;
/** Frames of one watch that a window has not seen yet; one that falls behind gets the latest later. */
const MAX_UNSEEN = 2;
/** An argument beyond this is no argument of the contract. */
const MAX_ARG_BYTES = 256 * 1024;

/** Something that a window watches. */
interface Running {
  stop: Stop;
  /** Number of the last frame sent, and of the last that the window has seen. */
  sent: number;
  seen: number;
  /** True when a frame was left out, since the window does not drain. */
  isBehind: boolean;
  start(): void;
}

/**
 * Serves the typed calls and watches of one window until its port closes. A window that does not
 * drain its port (paused in a debugger, busy) is sent no more than a few frames a watch, and the
 * latest state once it hears again.
 */
export function serveCalls(options: {
  port: WindowPort;
  calls: CallHandlers;
  watches: WatchHandlers;
  log: Logger;
  /** Which calls and watches this window may use; all when left out. */
  mayUse?: ((name: StoreCall | StoreTopic | ViewName) => boolean) | undefined;
}): void {
  const { port, calls, watches, log, mayUse = () => true } = options;
  const running = new Map<number, Running>();
  let open = 0;
  let isClosed = false;
  const send = (message: FromStore): void => {
    if (!isClosed) port.postMessage(message);
  };

  const failed = (id: number, error: unknown): void => {
    const { code, safe, cause } = toAppError(error);
    if (code === 'INTERNAL') {
      log.error('call failed', { reason: cause instanceof Error ? cause.name : typeof cause });
    }
    send({ kind: 'failed', id, error: { code, details: mutable(safe) } });
  };

  const call = async (id: number, name: string, arg: unknown): Promise<void> => {
    if (open >= MAX_CALLS) return failed(id, new AppError('STORE_OVERLOADED'));
    open += 1;
    try {
      if (!isCall(name) || !mayUse(name)) throw new AppError('CALL_NOT_ALLOWED');
      const parsed = STORE_CALLS[name].in.safeParse(checked(arg));
      if (!parsed.success) throw new AppError('REQUEST_INVALID');
      const run = calls[name] as (arg: unknown) => Promise<unknown>;
      send({ kind: 'answer', id, value: await run(parsed.data) });
    } catch (error) {
      failed(id, error);
    } finally {
      open -= 1;
    }
  };

  const begin = (id: number, watched: Running, name: WatchName, arg: unknown): void => {
    let isOver = false;
    const next = (json: string, isPatch = false): void => {
      if (isOver) return;
      if (watched.isBehind || watched.sent - watched.seen >= MAX_UNSEEN) {
        watched.isBehind = true;
        return;
      }
      watched.sent += 1;
      send({ kind: isPatch ? 'patch' : 'next', id, n: watched.sent, json });
    };
    const fail = (error: unknown): void => {
      if (isOver) return;
      isOver = true;
      if (running.get(id) === watched) running.delete(id);
      watched.stop();
      failed(id, error);
    };
    const stop = isTopic(name)
      ? watches.topic(name, (value) => next(JSON.stringify(value)))
      : watches.view(name, arg, next, fail);
    watched.stop = () => {
      isOver = true;
      stop();
    };
    // What failed or answered at once may be over already.
    if (running.get(id) !== watched) watched.stop();
  };

  const watch = (id: number, name: string, raw: unknown): void => {
    try {
      if (running.size >= MAX_WATCHES) throw new AppError('STORE_OVERLOADED');
      if (!isWatch(name) || !mayUse(name)) throw new AppError('CALL_NOT_ALLOWED');
      const { arg } = isTopic(name) ? STORE_TOPICS[name] : VIEWS[name];
      const parsed = arg.safeParse(checked(raw));
      if (!parsed.success) throw new AppError('REQUEST_INVALID');
      running.get(id)?.stop();
      const watched: Running = {
        stop: () => undefined,
        sent: 0,
        seen: 0,
        isBehind: false,
        start: () => begin(id, watched, name, parsed.data),
      };
      running.set(id, watched);
      watched.start();
    } catch (error) {
      running.delete(id);
      failed(id, error);
    }
  };

  const seen = (id: number, n: number): void => {
    const watched = running.get(id);
    if (!watched) return;
    watched.seen = Math.min(watched.sent, Math.max(watched.seen, n));
    if (!watched.isBehind || watched.seen < watched.sent) return;
    // It has heard all: what it missed meanwhile is in the answer that it gets anew.
    watched.isBehind = false;
    try {
      watched.stop();
      watched.start();
    } catch (error) {
      running.delete(id);
      failed(id, error);
    }
  };

  port.onMessage((raw) => {
    const message = ToStore.safeParse(raw);
    if (!message.success) return;
    const { data } = message;
    if (data.kind === 'call') void call(data.id, data.name, data.arg);
    else if (data.kind === 'watch') watch(data.id, data.name, data.arg);
    else if (data.kind === 'seen') seen(data.id, data.n);
    else {
      running.get(data.id)?.stop();
      running.delete(data.id);
    }
  });
  port.onClose(() => {
    isClosed = true;
    for (const { stop } of running.values()) stop();
    running.clear();
  });
  port.start();
}

type WatchName = StoreTopic | ViewName;

const isCall = (name: string): name is StoreCall => Object.hasOwn(STORE_CALLS, name);
const isTopic = (name: string): name is StoreTopic => Object.hasOwn(STORE_TOPICS, name);
const isWatch = (name: string): name is WatchName => isTopic(name) || Object.hasOwn(VIEWS, name);

/** @throws AppError REQUEST_TOO_LARGE */
function checked(arg: unknown): unknown {
  if (sizeOf(arg, MAX_ARG_BYTES) > MAX_ARG_BYTES) throw new AppError('REQUEST_TOO_LARGE');
  return arg;
}

type Details = Record<string, string | number | boolean | string[]>;

function mutable(safe: SafeDetails): Details {
  const details: Details = {};
  for (const [key, value] of Object.entries(safe)) {
    details[key] = typeof value === 'object' ? [...value] : value;
  }
  return details;
}
