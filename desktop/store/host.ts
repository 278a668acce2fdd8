import type { MessagePortMain } from 'electron';
import { AppError } from '#shared/errors/app-error.ts';
import { HostToStore } from '#shared/ipc/store-host.ts';
import type { StoreConfig, StoreToHost } from '#shared/ipc/store-host.ts';

/** A port of a window, reduced to what is used of it. */
export interface WindowPort {
  postMessage(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  start(): void;
}

export interface Host {
  /** The key of a file; `create` only when the file does not exist yet. @throws AppError */
  key(name: string, create: boolean): Promise<string>;
  openExternal(url: string): void;
  /** Gives every window new ports in place of those that ended with a profile. */
  renewPorts(): void;
  ready(): void;
  stopped(): void;
}

export interface HostEvents {
  start(config: StoreConfig): void;
  ports(windowId: number, storage: WindowPort, calls: WindowPort): void;
  woke(): void;
  stop(): void;
}

/** The store's side of the conversation with the main process. */
export function connectHost(events: HostEvents): Host {
  const { parentPort } = process;
  const waiting = new Map<number, { give: (hex: string) => void; fail: (e: AppError) => void }>();
  let lastAsk = 0;
  const send = (message: StoreToHost): void => parentPort.postMessage(message);

  parentPort.on('message', (event) => {
    const parsed = HostToStore.safeParse(event.data);
    if (!parsed.success) return;
    const message = parsed.data;
    switch (message.kind) {
      case 'start':
        events.start(message.config);
        break;
      case 'ports': {
        const [storage, calls] = event.ports;
        if (storage && calls) events.ports(message.windowId, wrap(storage), wrap(calls));
        break;
      }
      case 'key': {
        const ask = waiting.get(message.ask);
        waiting.delete(message.ask);
        if (message.hex) ask?.give(message.hex);
        break;
      }
      case 'key-failed': {
        const ask = waiting.get(message.ask);
        waiting.delete(message.ask);
        ask?.fail(AppError.fromBody({ code: message.code }));
        break;
      }
      case 'woke':
        events.woke();
        break;
      case 'stop':
        events.stop();
        break;
    }
  });

  return {
    key(name, create) {
      lastAsk += 1;
      const ask = lastAsk;
      return new Promise((give, fail) => {
        waiting.set(ask, { give, fail });
        send({ kind: 'ask-key', ask, name, create });
      });
    },
    openExternal: (url) => send({ kind: 'open-external', url }),
    renewPorts: () => send({ kind: 'renew-ports' }),
    ready: () => send({ kind: 'ready' }),
    stopped: () => send({ kind: 'stopped' }),
  };
}

function wrap(port: MessagePortMain): WindowPort {
  return {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', (event) => listener(event.data));
    },
    onClose: (listener) => {
      port.on('close', listener);
    },
    start: () => port.start(),
  };
}
