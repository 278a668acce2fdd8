import { AppError } from '#shared/errors/app-error.ts';
import { isCode } from '#shared/errors/codes.ts';
import { canonicalJson } from '#shared/kernel/json.ts';
import { FromStore, ListPatch, patched } from '#shared/ipc/port.ts';
import type { ToStore } from '#shared/ipc/port.ts';
import { STORE_CALLS, STORE_TOPICS } from '#shared/ipc/store-contract.ts';
import type {
  StoreCall,
  StoreCallIn,
  StoreCallOut,
  StoreTopic,
  TopicOut,
} from '#shared/ipc/store-contract.ts';
import { z } from 'zod';
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

/**
 * What is known of something watched. Only where `stale` is false is `data` sure to be there and the
 * latest. While it is true `data` is what was last known of the same thing, or undefined: it has not
 * been read yet, or the store process is away. The object is replaced, never changed.
 */
export type Live<T> =
  | { readonly stale: false; readonly data: T; readonly error: null }
  | { readonly stale: true; readonly data: T | undefined; readonly error: AppError | null };

/** Nothing is known yet. */
export const UNKNOWN: Live<never> = { stale: true, data: undefined, error: null };

/** One shared subscription: many readers, one message to the store. */
export interface Watch<T> {
  subscribe(listener: () => void): () => void;
  current(): Live<T>;
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
  receive(frame: { kind: 'next' | 'patch'; n: number; json: string }): void;
  fail(error: AppError): void;
  /** Marks the value as old and asks the new port again. */
  restart(): void;
  /** Drops the value. */
  forget(): void;
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
   * @throws AppError of the store; STORE_RESTARTING when the process ended meanwhile; STORE_TIMEOUT
   *   when no answer came within `timeoutMs` (it may still have been done); INTERNAL when the answer
   *   is not of the contract.
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
        () => this.#settle(id, new AppError('STORE_TIMEOUT', { call: name })),
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

  /** Drops everything that was watched: it is not the next person's to see. */
  forget(): void {
    for (const entry of this.#watches.values()) entry.forget();
  }

  #open(key: string, name: WatchName, arg: unknown): Entry {
    const listeners = new Set<() => void>();
    let state: Live<unknown> = UNKNOWN;
    let last = 0;
    let id: number | null = null;
    let linger: ReturnType<typeof setTimeout> | null = null;
    let retry: ReturnType<typeof setTimeout> | null = null;
    let retryMs = FIRST_RETRY_MS;

    const set = (next: Live<unknown>) => {
      state = next;
      for (const listener of listeners) listener();
    };
    const ask = () => {
      if (retry) clearTimeout(retry);
      retry = null;
      id = this.#nextId++;
      last = 0;
      this.#watchIds.set(id, entry);
      this.#port?.postMessage({ kind: 'watch', id, name, arg } satisfies ToStore);
    };
    const leave = () => {
      if (id !== null && this.#watchIds.delete(id)) {
        this.#port?.postMessage({ kind: 'unwatch', id } satisfies ToStore);
      }
      id = null;
    };
    const stop = () => {
      if (retry) clearTimeout(retry);
      if (linger) clearTimeout(linger);
      linger = null;
      if (this.#watches.get(key) === entry) this.#watches.delete(key);
      leave();
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
      receive: ({ kind, n, json }) => {
        const data = kind === 'next' ? whole(name, json) : changed(name, json, state.data);
        if (kind === 'patch' && (data === undefined || n !== last + 1)) {
          // It does not fit what is here: the whole is asked for.
          leave();
          set({ data: state.data, stale: true, error: null });
          ask();
          return;
        }
        last = n;
        if (n > 0 && id !== null) {
          this.#port?.postMessage({ kind: 'seen', id, n } satisfies ToStore);
        }
        if (data === undefined) {
          entry.fail(new AppError('INTERNAL', { watch: name, reason: 'answer' }));
        } else {
          retryMs = FIRST_RETRY_MS;
          set({ data, stale: false, error: null });
        }
      },
      fail: (error) => {
        leave();
        set({ data: state.data, stale: true, error });
        if (retry) clearTimeout(retry);
        retry = setTimeout(ask, retryMs);
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      },
      restart: () => {
        // Nobody looks: it is asked again by whoever does.
        if (listeners.size === 0) return stop();
        retryMs = FIRST_RETRY_MS;
        if (!state.stale) set({ data: state.data, stale: true, error: null });
        ask();
      },
      forget: () => {
        set(UNKNOWN);
        // Of what nobody looks at, the next person would be given the answer, and read it on paper.
        if (listeners.size === 0) return stop();
        if (id === null) return;
        leave();
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
    else if (frame.kind !== 'failed') this.#watchIds.get(frame.id)?.receive(frame);
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

/** An answer of the contract, or undefined. */
function whole(name: WatchName, json: string): unknown {
  const parsed = OUT[name].safeParse(parseJson(json));
  return parsed.success ? parsed.data : undefined;
}

/** The list after a patch, or undefined. Only the rows that came are looked at. */
function changed(name: WatchName, json: string, list: unknown): unknown {
  const out: z.ZodType = OUT[name];
  const patch = ListPatch.safeParse(parseJson(json));
  if (!patch.success || !Array.isArray(list) || !(out instanceof z.ZodArray)) return undefined;
  const put = z.array(out.element as z.ZodType).safeParse(patch.data.put.map(([, row]) => row));
  if (!put.success) return undefined;
  const rows = patch.data.put.map(([index], nth): [number, unknown] => [index, put.data[nth]]);
  return patched(list, { ...patch.data, put: rows }) ?? undefined;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}
