import type { MessagePortMain } from 'electron';
import { AppError } from '#shared/errors/app-error.ts';
import { isCode } from '#shared/errors/codes.ts';
import { HostToStore } from '#shared/ipc/store-host.ts';
import type { DeskStatus, StoreConfig, StoreToHost } from '#shared/ipc/store-host.ts';
import type { FileEnding } from '#shared/schema/file-types.ts';

/** A port of a window, reduced to what is used of it. */
export interface WindowPort {
  postMessage(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  start(): void;
}

export interface Host {
  /**
   * A secret of the keychain, 64 hexadecimal digits; `create` only where nothing is encrypted with it
   * yet. @throws AppError STORE_KEY_MISSING, KEYCHAIN_UNAVAILABLE
   */
  secret(name: string, create: boolean): Promise<string>;
  /** Removes a secret for good; one that is not there is no error. */
  forgetSecret(name: string): Promise<void>;
  /** Name of what keeps secrets on this machine. @throws AppError KEYCHAIN_UNAVAILABLE */
  keychain(): Promise<string>;
  /** Asks the person for a file; null when they changed their mind. */
  askPath(wish: 'save-backup' | 'open-backup'): Promise<string | null>;
  /** Asks the person where a copy of a file goes; null when they changed their mind. */
  askCopyPath(ending: FileEnding): Promise<string | null>;
  openExternal(url: string): void;
  /** Gives every window new ports in place of those that ended with a profile. */
  renewPorts(): void;
  ready(): void;
  stopped(): void;
}

/** The whole of it, as the process itself has it. */
export interface HostLink extends Host {
  /** Says where the data stands, for the mark beside the clock. */
  tellStatus(status: DeskStatus): void;
}

interface Asked {
  give(value: string | null): void;
  fail(error: AppError): void;
}

type Question = DistributiveOmit<Extract<StoreToHost, { ask: number }>, 'ask'>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export interface HostEvents {
  start(config: StoreConfig): void;
  ports(windowId: number, storage: WindowPort, calls: WindowPort): void;
  woke(): void;
  stop(): void;
}

/** The store's side of the conversation with the main process. */
export function connectHost(events: HostEvents): HostLink {
  const { parentPort } = process;
  const waiting = new Map<number, Asked>();
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
      case 'answer':
        take(message.ask)?.give(message.value);
        break;
      case 'failed': {
        const { code, reason } = message;
        take(message.ask)?.fail(new AppError(isCode(code) ? code : 'INTERNAL', { reason }));
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

  const ask = (question: Question): Promise<string | null> => {
    lastAsk += 1;
    const number = lastAsk;
    return new Promise((give, fail) => {
      waiting.set(number, { give, fail });
      send({ ...question, ask: number });
    });
  };
  const take = (number: number): Asked | undefined => {
    const asked = waiting.get(number);
    waiting.delete(number);
    return asked;
  };

  return {
    async secret(name, create) {
      const hex = await ask({ kind: 'ask-secret', name, wish: create ? 'create' : 'find' });
      if (hex === null) throw new AppError('STORE_KEY_MISSING', { reason: 'absent' });
      return hex;
    },
    async forgetSecret(name) {
      await ask({ kind: 'ask-secret', name, wish: 'forget' });
    },
    keychain: async () => (await ask({ kind: 'ask-keychain' })) ?? '',
    askPath: (wish) => ask({ kind: 'ask-path', wish }),
    askCopyPath: (ending) => ask({ kind: 'ask-path', wish: 'save-copy', ending }),
    openExternal: (url) => send({ kind: 'open-external', url }),
    renewPorts: () => send({ kind: 'renew-ports' }),
    tellStatus: (status) => send({ kind: 'status', status }),
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
