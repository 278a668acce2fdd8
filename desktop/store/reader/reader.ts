import { Worker } from 'node:worker_threads';
import type { Observable } from 'rxjs';
import { AppError } from '#shared/errors/app-error.ts';
import { isCode } from '#shared/errors/codes.ts';
import type { ViewName } from '#shared/ipc/views.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import type { Logger } from '#shared/logging/logger.ts';
import type { CommitNotice } from '#desktop/storage/storage-types.ts';
import type { Shown } from '../views/definition.ts';
import { STORE_VIEWS } from '../views/registry.ts';
import type { FromReader, ReaderFile, ToReader } from './messages.ts';

/** What a watcher of a view is told: the whole answer, or a patch of the last that it was told. */
export interface ViewListener {
  /** @param shown what the whole answer shows of people */
  next(json: string, isPatch: boolean, shown: readonly Shown[]): void;
  /** The view cannot be answered; nothing more comes. */
  fail(error: AppError): void;
}

export interface Reader {
  /** Watches a view; the first answer is whole. @returns stops it */
  watch(view: ViewName, arg: unknown, listener: ViewListener): () => void;
  /**
   * Ends the thread and its connection: before the file is moved, replaced or encrypted anew.
   * Watchers are told nothing more.
   */
  close(): Promise<void>;
}

export interface ReaderOptions extends ReaderFile {
  /** Commits of the store; an answer after one includes it. */
  readonly changes$: Observable<CommitNotice>;
  readonly log: Logger;
  /** Told when a view or the file could not be read, for example STORE_DAMAGED. */
  readonly onProblem?: ((error: AppError) => void) | undefined;
  /** Another thread to run, for tests. */
  readonly entry?: URL | undefined;
}

/** One view with one argument, however many windows watch it. */
interface Shared {
  readonly id: number;
  readonly key: string;
  readonly view: ViewName;
  readonly arg: unknown;
  /** Listeners, and whether each has had the answer that a patch starts from. */
  readonly listeners: Map<ViewListener, boolean>;
}

/** Waits between restarts of a thread that keeps dying, in milliseconds. */
const RESTART_DELAYS = [0, 250, 1_000, 5_000, 15_000];
const HEALTHY_AFTER_MS = 60_000;
const CLOSE_WITHIN_MS = 5_000;

/** As source this file has the thread's beside it; built, it lies in the folder of the store's. */
function entryBeside(here: string): URL {
  return new URL(here.endsWith('.ts') ? 'reader-worker.ts' : 'reader.js', here);
}

/**
 * Starts the thread that answers views, on a read-only connection of its own, so that no scan holds
 * up a write or another window. When the thread dies it is started again and views are asked anew.
 */
export function startReader(options: ReaderOptions): Reader {
  const { changes$, log, onProblem, file, key, nativeBinding } = options;
  const byKey = new Map<string, Shared>();
  const byId = new Map<number, Shared>();
  let worker: Worker | null = null;
  let lastId = 0;
  let deaths = 0;
  let timer: NodeJS.Timeout | null = null;
  let closed: Promise<void> | null = null;

  const send = (message: ToReader): void => worker?.postMessage(message);
  const problem = (code: string, reason: string, view: string): AppError => {
    const error = new AppError(isCode(code) ? code : 'INTERNAL');
    log.error('view failed', { view, code: error.code, reason });
    onProblem?.(error);
    return error;
  };

  const failShared = (shared: Shared, error: AppError): void => {
    byKey.delete(shared.key);
    byId.delete(shared.id);
    for (const listener of shared.listeners.keys()) listener.fail(error);
  };

  const receive = (message: FromReader): void => {
    if (message.kind === 'closed') return;
    const shared = byId.get(message.id);
    if (!shared) return;
    if (message.kind === 'failed') {
      failShared(shared, problem(message.code, message.reason, shared.view));
      return;
    }
    const isPatch = message.kind === 'patch';
    const isForNew = message.kind === 'whole' && message.isForNew;
    for (const [listener, isReady] of shared.listeners) {
      // Who has just come waits for the whole answer, which has been asked for.
      if (isReady ? isForNew : isPatch) continue;
      if (shared.listeners.has(listener)) shared.listeners.set(listener, true);
      listener.next(message.json, isPatch, message.shown ?? []);
    }
  };

  const start = (): void => {
    timer = null;
    const born = Date.now();
    const started = new Worker(options.entry ?? entryBeside(import.meta.url), {
      name: 'reader',
      stderr: false,
    });
    worker = started;
    started.on('message', receive);
    started.on('error', (error) => {
      log.error('reader failed', { reason: error instanceof Error ? error.name : typeof error });
    });
    started.on('exit', () => {
      if (worker === started) worker = null;
      if (closed) return;
      deaths = Date.now() - born > HEALTHY_AFTER_MS ? 1 : deaths + 1;
      log.error('reader died', { deaths });
      const delay = RESTART_DELAYS[Math.min(deaths - 1, RESTART_DELAYS.length - 1)] ?? 0;
      timer = setTimeout(start, delay);
    });
    send({ kind: 'open', file: { file, key, nativeBinding } });
    for (const { id, view, arg, listeners } of byId.values()) {
      for (const listener of listeners.keys()) listeners.set(listener, false);
      send({ kind: 'watch', id, view, arg });
    }
  };

  const isRead = (name: string): boolean => {
    for (const { view } of byId.values()) if (STORE_VIEWS[view].reads.includes(name)) return true;
    return false;
  };
  const changes = changes$.subscribe((notice) => {
    if (notice.collections.some(isRead)) send({ kind: 'changed', notice });
  });

  start();
  return {
    watch(view, arg, listener) {
      if (closed) throw new AppError('STORE_NOT_OPEN');
      const name = `${view} ${canonicalJson(arg)}`;
      let shared = byKey.get(name);
      if (shared) {
        shared.listeners.set(listener, false);
        send({ kind: 'whole', id: shared.id });
      } else {
        lastId += 1;
        shared = { id: lastId, key: name, view, arg, listeners: new Map([[listener, false]]) };
        byKey.set(name, shared);
        byId.set(shared.id, shared);
        send({ kind: 'watch', id: shared.id, view, arg });
      }
      const { id, listeners } = shared;
      const mine = shared;
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0 || byId.get(id) !== mine) return;
        byKey.delete(name);
        byId.delete(id);
        send({ kind: 'unwatch', id });
      };
    },
    close() {
      closed ??= (async () => {
        changes.unsubscribe();
        if (timer) clearTimeout(timer);
        byKey.clear();
        byId.clear();
        const running = worker;
        if (!running) return;
        const exited = new Promise<void>((resolve) => running.once('exit', () => resolve()));
        send({ kind: 'close' });
        const late = setTimeout(() => void running.terminate(), CLOSE_WITHIN_MS);
        await exited;
        clearTimeout(late);
      })();
      return closed;
    },
  };
}
