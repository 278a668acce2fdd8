import { MessageChannelMain, powerMonitor, shell, utilityProcess } from 'electron';
import type { UtilityProcess, WebContents } from 'electron';
import { toAppError } from '#shared/errors/app-error.ts';
import { PORTS_MESSAGE } from '#shared/ipc/port.ts';
import { StoreToHost } from '#shared/ipc/store-host.ts';
import type { DeskStatus, HostToStore, StoreConfig } from '#shared/ipc/store-host.ts';
import type { FileEnding } from '#shared/schema/file-types.ts';
import type { PathWish } from '../ask-path.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { KeyChain } from '../keys/key-chain.ts';

/** Waits between restarts of a store process that keeps dying, in milliseconds. */
const RESTART_DELAYS = [0, 250, 1_000, 3_000, 10_000];
/** A store that lived this long is healthy again. */
const HEALTHY_AFTER_MS = 60_000;
const STOP_WITHIN_MS = 4_000;

export interface StoreHost {
  /** Gives a window a fresh pair of ports; it gets new ones by itself when the store restarts. */
  connect(window: WebContents): void;
  /** Asks the store to finish its writes and ends it. */
  stop(): Promise<void>;
  readonly pid: () => number | undefined;
}

/**
 * Runs the store process, the only one that opens the database, and starts it again when it dies.
 * Windows are not reloaded: they get new ports and reopen in place.
 */
export function startStoreHost(options: {
  entry: string;
  config: StoreConfig;
  keys: KeyChain;
  /** Asks the person for a file; null when they changed their mind. */
  askPath: (wish: PathWish, ending: FileEnding | undefined) => Promise<string | null>;
  /** Told where the data stands. */
  onStatus: (status: DeskStatus) => void;
  log: Logger;
}): StoreHost {
  const { entry, config, keys, askPath, onStatus, log } = options;
  const windows = new Set<WebContents>();
  let child: UtilityProcess | null = null;
  let stopping: (() => void) | null = null;
  let deaths = 0;

  const send = (message: HostToStore): void => child?.postMessage(message);

  /** Answers what the store asks: always, or it would wait for ever. */
  const answer = async (ask: number, find: () => Promise<string | null>): Promise<void> => {
    // Its successor counts its questions anew: it must not take this answer for one of its own.
    const asker = child;
    const reply = (message: HostToStore): void => {
      if (child === asker) send(message);
    };
    try {
      reply({ kind: 'answer', ask, value: await find() });
    } catch (error) {
      const { code, safe } = toAppError(error);
      const reason = String(safe['reason'] ?? '').slice(0, 60);
      log.error('the store did not get what it asked for', { code, reason });
      reply({ kind: 'failed', ask, code, reason });
    }
  };

  const secret = async (name: string, wish: 'find' | 'create' | 'forget') => {
    if (wish !== 'forget') return keys.key(name, wish === 'create');
    await keys.forget(name);
    return null;
  };

  const onMessage = (raw: unknown): void => {
    const message = StoreToHost.safeParse(raw);
    if (!message.success) {
      log.error('store said something unknown');
      return;
    }
    const said = message.data;
    switch (said.kind) {
      case 'ask-secret':
        void answer(said.ask, () => secret(said.name, said.wish));
        break;
      case 'ask-keychain':
        void answer(said.ask, () => keys.backend());
        break;
      case 'ask-path':
        void answer(said.ask, () => askPath(said.wish, said.ending));
        break;
      case 'open-external':
        // Only the sign-in page ever leaves the app, and only over the web's own protocols.
        if (/^https?:$/.test(new URL(said.url).protocol)) void shell.openExternal(said.url);
        break;
      case 'renew-ports':
        for (const window of windows) givePorts(window);
        break;
      case 'status':
        onStatus(said.status);
        break;
      case 'stopped':
        stopping?.();
        break;
      case 'ready':
        log.info('store ready');
        break;
    }
  };

  const givePorts = (window: WebContents): void => {
    if (window.isDestroyed() || !child) return;
    const storage = new MessageChannelMain();
    const calls = new MessageChannelMain();
    child.postMessage({ kind: 'ports', windowId: window.id } satisfies HostToStore, [
      storage.port1,
      calls.port1,
    ]);
    window.postMessage(PORTS_MESSAGE, null, [storage.port2, calls.port2]);
  };

  const start = (): void => {
    const born = Date.now();
    child = utilityProcess.fork(entry, [], { serviceName: 'Ganger store', stdio: 'inherit' });
    child.on('message', onMessage);
    child.on('exit', (code) => {
      child = null;
      if (stopping) {
        stopping();
        return;
      }
      deaths = Date.now() - born > HEALTHY_AFTER_MS ? 1 : deaths + 1;
      log.error('store process died', { code, deaths });
      const delay = RESTART_DELAYS[Math.min(deaths - 1, RESTART_DELAYS.length - 1)] ?? 0;
      setTimeout(start, delay);
    });
    send({ kind: 'start', config });
    for (const window of windows) givePorts(window);
  };

  start();
  powerMonitor.on('resume', () => send({ kind: 'woke' }));
  powerMonitor.on('unlock-screen', () => send({ kind: 'woke' }));

  return {
    connect(window) {
      if (!windows.has(window)) {
        windows.add(window);
        window.once('destroyed', () => windows.delete(window));
      }
      givePorts(window);
    },
    stop() {
      const running = child;
      if (!running) return Promise.resolve();
      return new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          resolve();
        };
        const timer = setTimeout(() => {
          running.kill();
          done();
        }, STOP_WITHIN_MS);
        stopping = done;
        send({ kind: 'stop' });
      });
    },
    pid: () => child?.pid,
  };
}
