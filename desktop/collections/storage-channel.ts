import { Subject } from 'rxjs';
import type {
  MessageFromRemote,
  MessageToRemote,
  RemoteMessageChannel,
} from 'rxdb/plugins/storage-remote';
import type { Code } from '#shared/errors/codes.ts';
import { OVERFLOW } from '#shared/ipc/port.ts';

export type StoragePort = Pick<MessagePort, 'postMessage' | 'close' | 'onmessage'>;

/** Text of the error that requests get once their store process is gone. */
export const RETIRED = 'STORE_RESTARTING';
/** Text of the error that requests get that nobody has answered in time. */
const LATE = 'STORE_TIMEOUT';

/** RxDB's remote storage over one port, which can be given up without leaving anybody waiting. */
export interface StorageChannel extends RemoteMessageChannel {
  /**
   * Answers everything open, and everything asked from now on, by itself: closing succeeds, all else
   * fails. Without this RxDB would wait for ever and never free its open collections.
   */
  retire(options: { closePort: boolean }): void;
}

interface Open {
  readonly request: MessageToRemote;
  timer: ReturnType<typeof setTimeout>;
}

const TIMEOUT_MS = 30_000;
/** A timer that comes this much too late has slept with the machine. */
const SLEPT_MS = 2_000;
const AFTER_SLEEP_MS = 5_000;
/** How long change events are counted before the store is told that they were taken in. */
const ACK_MS = 25;

/**
 * Wraps a port to the store process. A request without an answer fails as STORE_TIMEOUT; an answer
 * that comes later is dropped.
 * @param options.onOverflow the store has left change events out, since the window did not take them
 *   in: whatever is shown may be old, and all collections have to be opened anew
 */
export function createStorageChannel(
  port: StoragePort,
  options: { onOverflow?: () => void; timeoutMs?: number } = {},
): StorageChannel {
  const { onOverflow, timeoutMs = TIMEOUT_MS } = options;
  const messages$ = new Subject<MessageFromRemote>();
  const open = new Map<string, Open>();
  let retired = false;
  let events = 0;
  let acking: ReturnType<typeof setTimeout> | null = null;

  const answerHere = (request: MessageToRemote, code: Code) => {
    const answer: MessageFromRemote = {
      connectionId: request.connectionId,
      answerTo: request.requestId,
      method: request.method,
      ...(request.method === 'close' || request.method === 'remove'
        ? { return: null }
        : { error: { name: 'Error', message: code } as NonNullable<MessageFromRemote['error']> }),
    };
    queueMicrotask(() => messages$.next(answer));
  };

  const wait = (request: MessageToRemote, ms: number, isLast: boolean): void => {
    const due = Date.now() + ms;
    const timer = setTimeout(() => {
      // The store may have answered while the machine slept: its answer is heard first.
      if (!isLast && Date.now() - due > SLEPT_MS) {
        wait(request, AFTER_SLEEP_MS, true);
        return;
      }
      open.delete(request.requestId);
      answerHere(request, LATE);
    }, ms);
    open.set(request.requestId, { request, timer });
  };

  const ack = (): void => {
    acking = null;
    if (!retired) port.postMessage({ method: 'ack', events });
    events = 0;
  };

  port.onmessage = (event) => {
    const message = event.data as MessageFromRemote;
    if ((message.method as string) === OVERFLOW) {
      onOverflow?.();
      return;
    }
    if (message.answerTo === 'changestream') {
      events += 1;
      acking ??= setTimeout(ack, ACK_MS);
      messages$.next(message);
      return;
    }
    const asked = open.get(message.answerTo);
    if (!asked) return;
    clearTimeout(asked.timer);
    open.delete(message.answerTo);
    messages$.next(message);
  };

  return {
    messages$,
    send: (message) => {
      if (retired) {
        answerHere(message, RETIRED);
        return;
      }
      wait(message, timeoutMs, false);
      port.postMessage(message);
    },
    close: () => {
      port.close();
      return Promise.resolve();
    },
    retire: ({ closePort }) => {
      if (retired) return;
      retired = true;
      if (acking) clearTimeout(acking);
      if (closePort) {
        port.onmessage = null;
        port.close();
      }
      for (const { request, timer } of open.values()) {
        clearTimeout(timer);
        answerHere(request, RETIRED);
      }
      open.clear();
    },
  };
}
