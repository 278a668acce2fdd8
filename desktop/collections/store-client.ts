import { AppError } from '#shared/errors/app-error.ts';
import { isCode } from '#shared/errors/codes.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { FromStore } from '#shared/ipc/port.ts';
import type { ToStore } from '#shared/ipc/port.ts';
import { STORE_CALLS, STORE_TOPICS } from '#shared/ipc/store-contract.ts';
import type {
  StoreCall,
  StoreCallIn,
  StoreCallOut,
  StoreTopic,
  TopicOut,
} from '#shared/ipc/store-contract.ts';
import { VIEWS } from '#shared/ipc/views.ts';
import type { ViewArg, ViewName, ViewOut } from '#shared/ipc/views.ts';

/** Anything that the store process lets a window watch: a view or a topic. */
export type WatchName = ViewName | StoreTopic;
export type WatchArg<N extends WatchName> = N extends ViewName ? ViewArg<N> : Record<string, never>;
export type WatchOut<N extends WatchName> = N extends ViewName
  ? ViewOut<N>
  : N extends StoreTopic
    ? TopicOut<N>
    : never;

/** What is known of something watched. The object is replaced, never changed. */
export interface Watched<T> {
  readonly data: T | undefined;
  /** True while `data` may be old: the store process is away or has not answered yet. */
  readonly stale: boolean;
  readonly error: AppError | null;
}

/** One shared subscription: many readers, one message to the store. */
export interface Watch<T> {
  subscribe(listener: () => void): () => void;
  current(): Watched<T>;
}

/** The two ends of a `MessagePort` that the client needs. */
export type ClientPort = Pick<MessagePort, 'postMessage' | 'close' | 'onmessage'>;

interface Pending {
  readonly frame: ToStore;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: AppError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

interface Entry extends Watch<unknown> {
  receive(json: string): void;
  fail(error: AppError): void;
  /** Marks the value as old and asks the new port again. */
  restart(): void;
}

const CALL_TIMEOUT_MS = 30_000;
/** How long an unread watch stays warm, so that going back to a list shows it at once. */
const LINGER_MS = 15_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;

const OUT = {
  ...Object.fromEntries(Object.entries(VIEWS).map(([name, { out }]) => [name, out])),
  ...Object.fromEntries(Object.entries(STORE_TOPICS).map(([name, { out }]) => [name, out])),
} as Record<WatchName, (typeof STORE_TOPICS)[StoreTopic]['out'] | (typeof VIEWS)[ViewName]['out']>;

/**
 * The window's side of the typed port to the store process. Outlives the port: when the store
 * process starts again, pending calls fail with STORE_RESTARTING and watches ask anew.
 */
export class StoreClient {
  #port: ClientPort | null = null;
  #nextId = 1;
  readonly #pending = new Map<number, Pending>();
  readonly #watchIds = new Map<number, Entry>();
  readonly #watches = new Map<string, Entry>();

  /** Takes a port into use, instead of the one before. */
  attach(port: ClientPort): void {
    const former = this.#port;
    this.#port = port;
    port.onmessage = (event) => this.#receive(event.data);
    if (former) {
      former.onmessage = null;
      former.close();
      for (const id of this.#pending.keys()) this.#settle(id, new AppError('STORE_RESTARTING'));
    } else {
      // Calls made before the first port arrived have not been sent yet.
      for (const { frame } of this.#pending.values()) port.postMessage(frame);
    }
    this.#watchIds.clear();
    for (const entry of this.#watches.values()) entry.restart();
  }

  /**
   * Calls the store process.
   * @throws AppError of the store; STORE_RESTARTING when the process ended meanwhile; INTERNAL when
   *   no answer came within `timeoutMs` or the answer is not of the contract.
   */
  async call<C extends StoreCall>(
    name: C,
    arg: StoreCallIn<C>,
    timeoutMs: number = CALL_TIMEOUT_MS,
  ): Promise<StoreCallOut<C>> {
    const id = this.#nextId++;
    const frame: ToStore = { kind: 'call', id, name, arg };
    const answer = await new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(
        () => this.#settle(id, new AppError('INTERNAL', { call: name, reason: 'timeout' })),
        timeoutMs,
      );
      this.#pending.set(id, { frame, resolve, reject, timer });
      this.#port?.postMessage(frame);
    });
    const parsed = STORE_CALLS[name].out.safeParse(answer);
    if (!parsed.success) throw new AppError('INTERNAL', { call: name, reason: 'answer' });
    return parsed.data as StoreCallOut<C>;
  }

  /** The shared subscription to a view or topic; nothing is asked before somebody subscribes. */
  watch<N extends WatchName>(name: N, arg: WatchArg<N>): Watch<WatchOut<N>> {
    const key = `${name} ${canonicalJson(arg)}`;
    const known = this.#watches.get(key);
    if (known) return known as Watch<WatchOut<N>>;
    const entry = this.#open(key, name, arg);
    return entry as Watch<WatchOut<N>>;
  }

  #open(key: string, name: WatchName, arg: unknown): Entry {
    const listeners = new Set<() => void>();
    let state: Watched<unknown> = { data: undefined, stale: true, error: null };
    let id: number | null = null;
    let linger: ReturnType<typeof setTimeout> | null = null;
    let retry: ReturnType<typeof setTimeout> | null = null;
    let retryMs = FIRST_RETRY_MS;

    const set = (next: Watched<unknown>) => {
      state = next;
      for (const listener of listeners) listener();
    };
    const ask = () => {
      if (retry) clearTimeout(retry);
      retry = null;
      id = this.#nextId++;
      this.#watchIds.set(id, entry);
      this.#port?.postMessage({ kind: 'watch', id, name, arg } satisfies ToStore);
    };
    const stop = () => {
      if (retry) clearTimeout(retry);
      if (this.#watches.get(key) === entry) this.#watches.delete(key);
      if (id !== null && this.#watchIds.delete(id)) {
        this.#port?.postMessage({ kind: 'unwatch', id } satisfies ToStore);
      }
      id = null;
    };
    const entry: Entry = {
      current: () => state,
      subscribe: (listener) => {
        if (linger) clearTimeout(linger);
        linger = null;
        listeners.add(listener);
        this.#watches.set(key, entry);
        if (id === null) ask();
        return () => {
          listeners.delete(listener);
          if (listeners.size === 0) linger = setTimeout(stop, LINGER_MS);
        };
      },
      receive: (json) => {
        retryMs = FIRST_RETRY_MS;
        const parsed = OUT[name].safeParse(parseJson(json));
        if (parsed.success) set({ data: parsed.data, stale: false, error: null });
        else entry.fail(new AppError('INTERNAL', { watch: name, reason: 'answer' }));
      },
      fail: (error) => {
        set({ ...state, stale: true, error });
        if (id !== null) this.#watchIds.delete(id);
        if (retry) clearTimeout(retry);
        retry = setTimeout(ask, retryMs);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      },
      restart: () => {
        if (id === null) return;
        retryMs = FIRST_RETRY_MS;
        if (!state.stale) set({ ...state, stale: true });
        ask();
      },
    };
    this.#watches.set(key, entry);
    return entry;
  }

  #receive(data: unknown): void {
    const parsed = FromStore.safeParse(data);
    if (!parsed.success) return;
    const frame = parsed.data;
    if (frame.kind === 'answer') this.#settle(frame.id, null, frame.value);
    else if (frame.kind === 'next') this.#watchIds.get(frame.id)?.receive(frame.json);
    else {
      const { code, details } = frame.error;
      const error = new AppError(isCode(code) ? code : 'INTERNAL', details);
      if (this.#pending.has(frame.id)) this.#settle(frame.id, error);
      else this.#watchIds.get(frame.id)?.fail(error);
    }
  }

  #settle(id: number, error: AppError | null, value?: unknown): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    if (error) pending.reject(error);
    else pending.resolve(value);
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
