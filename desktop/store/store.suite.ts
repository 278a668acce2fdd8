import path from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { createKeyChain, unprotectedWrap } from '#desktop/main/keys/key-chain.ts';
import type { KeyChain } from '#desktop/main/keys/key-chain.ts';
import { openDatabase } from '#desktop/storage/open-database.ts';
import type { EncryptedDatabase } from '#desktop/storage/open-database.ts';
import type { FromStore } from '#shared/ipc/port.ts';
import type { AuthState } from '#shared/ipc/store-contract.ts';
import type { StoreConfig } from '#shared/ipc/store-host.ts';
import { silentLogger } from '#shared/logging/logger.ts';
import { DEMO_PASSWORD } from '../../scripts/dev/demo-people.ts';
import { demoProfileKey } from '../../scripts/dev/demo-profile-key.ts';
import { DEMO_AUTH_KEY } from '../../scripts/dev/dev-stack.ts';
import type { Host, WindowPort } from './host.ts';
import { Store } from './store.ts';

/** A machine with a folder of its own; the store on it may be started and stopped many times. */
export interface TestDevice {
  readonly dataDir: string;
  readonly keys: KeyChain;
  folderOf(userId: string): string;
  /**
   * @param differences what the main process does otherwise
   * @param settings of the installation that differ
   */
  start(differences?: Partial<Host>, settings?: Partial<StoreConfig>): Promise<Store>;
  /** The data key of a profile without a PIN whose store is not running. */
  dataKeyOf(userId: string): Promise<string>;
  /** The device's own file while no store is running. */
  withOwnFile(work: (database: EncryptedDatabase) => void): Promise<void>;
}

export function deviceIn(
  dataDir: string,
  stack: { readonly serverUrl: string; readonly authUrl: string },
): TestDevice {
  const keys = createKeyChain(path.join(dataDir, 'keys'), () => unprotectedWrap);
  const folderOf = (userId: string): string => path.join(dataDir, 'profiles', userId);
  return {
    dataDir,
    keys,
    folderOf,
    async start(differences = {}, settings = {}) {
      const host: Host = {
        secret: (name, create) => keys.key(name, create),
        forgetSecret: (name) => keys.forget(name),
        keychain: () => keys.backend(),
        askPath: () => Promise.resolve(path.join(dataDir, 'backup.ganger-backup')),
        askCopyPath: (ending) => Promise.resolve(path.join(dataDir, `copy.${ending}`)),
        openExternal: () => undefined,
        renewPorts: () => undefined,
        ready: () => undefined,
        stopped: () => undefined,
        ...differences,
      };
      const store = new Store(
        host,
        {
          dataDir,
          serverUrl: stack.serverUrl,
          authUrl: stack.authUrl,
          authKey: DEMO_AUTH_KEY,
          deviceName: 'Test',
          deviceKind: 'desktop',
          nativeBinding: null,
          logLevel: 'silent',
          recoveryKey: null,
          appVersion: '0.0.0',
          queryLog: false,
          ...settings,
        },
        silentLogger,
      );
      await store.start();
      return store;
    },
    dataKeyOf: (userId) => demoProfileKey(path.join(dataDir, 'keys'), folderOf(userId), userId),
    async withOwnFile(work) {
      const key = await keys.key('device', false);
      const file = path.join(dataDir, 'device.db');
      const database = openDatabase({ file, key, mustExist: true, log: silentLogger });
      work(database);
      database.close();
    },
  };
}

const asWindowPort = (port: MessagePort): WindowPort => ({
  postMessage: (message) => port.postMessage(message),
  onMessage: (listener) => void port.on('message', listener),
  onClose: (listener) => void port.on('close', listener),
  start: () => port.start(),
});

interface Answer {
  readonly code?: string;
  readonly value?: unknown;
}

export interface TestWindow {
  call(name: string, arg: object): Promise<string>;
  /** The value of a call. @throws Error with the code of its error */
  ask(name: string, arg: object): Promise<unknown>;
  auth(): AuthState | undefined;
  /** Watches a view or state. @returns what was told of it last */
  watch(name: string, arg: object): () => unknown;
  /** Ends as a window does that was closed. */
  close(): void;
}

/** A window that only makes typed calls; each answers `ok` or the code of its error. */
export function openWindow(store: Store): TestWindow {
  const calls = new MessageChannel();
  store.servePorts(1, asWindowPort(new MessageChannel().port1), asWindowPort(calls.port1));
  const waiting = new Map<number, (answer: Answer) => void>();
  let id = 0;
  const told = new Map<number, unknown>();
  calls.port2.on('message', (message: FromStore) => {
    if (message.kind === 'next') {
      told.set(message.id, JSON.parse(message.json));
      calls.port2.postMessage({ kind: 'seen', id: message.id, n: message.n });
    } else if (message.kind === 'failed') waiting.get(message.id)?.({ code: message.error.code });
    else if (message.kind === 'answer') waiting.get(message.id)?.({ value: message.value });
  });
  const watch = (name: string, arg: object): (() => unknown) => {
    id += 1;
    const mine = id;
    calls.port2.postMessage({ kind: 'watch', id: mine, name, arg });
    return () => told.get(mine);
  };
  const auth = watch('auth.state', {});
  const send = (name: string, arg: object): Promise<Answer> => {
    id += 1;
    const mine = id;
    const answer = new Promise<Answer>((resolve) => waiting.set(mine, resolve));
    calls.port2.postMessage({ kind: 'call', id: mine, name, arg });
    return answer;
  };
  return {
    call: async (name, arg) => (await send(name, arg)).code ?? 'ok',
    async ask(name, arg) {
      const { code, value } = await send(name, arg);
      if (code !== undefined) throw new Error(code);
      return value;
    },
    auth: () => auth() as AuthState | undefined,
    watch,
    close: () => calls.port2.close(),
  };
}

export const signIn = (window: TestWindow, email: string): Promise<string> =>
  window.call('auth.signInWithPassword', { email, password: DEMO_PASSWORD });
