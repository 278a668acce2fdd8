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
  /** As `topic`, for a derived read; `next` takes JSON text. */
  view(name: ViewName, arg: unknown, next: (json: string) => void): Stop;
}

/** More watches than a screen can need: beyond it a window is broken. */
const MAX_WATCHES = 200;

/** Serves the typed calls and watches of one window until its port closes. */
export function serveCalls(options: {
  port: WindowPort;
  calls: CallHandlers;
  watches: WatchHandlers;
  log: Logger;
}): void {
  const { port, calls, watches, log } = options;
  const running = new Map<number, Stop>();
  const send = (message: FromStore): void => port.postMessage(message);

  const failed = (id: number, error: unknown): void => {
    const { code, safe, cause } = toAppError(error);
    if (code === 'INTERNAL') {
      log.error('call failed', { reason: cause instanceof Error ? cause.name : typeof cause });
    }
    send({ kind: 'failed', id, error: { code, details: mutable(safe) } });
  };

  const call = async (id: number, name: string, arg: unknown): Promise<void> => {
    try {
      if (!Object.hasOwn(STORE_CALLS, name)) throw new AppError('CALL_NOT_ALLOWED');
      const parsed = STORE_CALLS[name as StoreCall].in.safeParse(arg);
      if (!parsed.success) throw new AppError('REQUEST_INVALID');
      const run = calls[name as StoreCall] as (arg: unknown) => Promise<unknown>;
      send({ kind: 'answer', id, value: await run(parsed.data) });
    } catch (error) {
      failed(id, error);
    }
  };

  const watch = (id: number, name: string, arg: unknown): void => {
    try {
      if (running.size >= MAX_WATCHES) throw new AppError('CALL_NOT_ALLOWED');
      running.get(id)?.();
      const next = (json: string): void => send({ kind: 'next', id, json });
      if (Object.hasOwn(STORE_TOPICS, name)) {
        const topic = name as StoreTopic;
        running.set(
          id,
          watches.topic(topic, (value) => next(JSON.stringify(value))),
        );
      } else if (Object.hasOwn(VIEWS, name)) {
        const parsed = VIEWS[name as ViewName].arg.safeParse(arg);
        if (!parsed.success) throw new AppError('REQUEST_INVALID');
        running.set(id, watches.view(name as ViewName, parsed.data, next));
      } else {
        throw new AppError('CALL_NOT_ALLOWED');
      }
    } catch (error) {
      failed(id, error);
    }
  };

  port.onMessage((raw) => {
    const message = ToStore.safeParse(raw);
    if (!message.success) return;
    const { kind, id } = message.data;
    if (kind === 'call') void call(id, message.data.name, message.data.arg);
    else if (kind === 'watch') watch(id, message.data.name, message.data.arg);
    else {
      running.get(id)?.();
      running.delete(id);
    }
  });
  port.onClose(() => {
    for (const stop of running.values()) stop();
    running.clear();
  });
  port.start();
}

type Details = Record<string, string | number | boolean | string[]>;

function mutable(safe: SafeDetails): Details {
  const details: Details = {};
  for (const [key, value] of Object.entries(safe)) {
    details[key] = typeof value === 'object' ? [...value] : value;
  }
  return details;
}
