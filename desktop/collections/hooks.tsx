import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import type { ReactNode } from 'react';
import type { AppError } from '#shared/errors/app-error.ts';
import type { StoreTopic, TopicOut } from '#shared/ipc/store-contract.ts';
import type { ViewArg, ViewName, ViewOut } from '#shared/ipc/views.ts';
import type { TableName, TableRow } from '#shared/schema/tables.ts';
import type { WindowDatabase } from './database.ts';
import type { StoreClient, WatchArg, Watched, WatchName, WatchOut } from './store-client.ts';
import type { Tables } from './tables.ts';

/** What a window has of the store process. */
export interface StoreAccess {
  readonly client: StoreClient;
  readonly database: WindowDatabase;
  readonly tables: Tables;
}

const Access = createContext<StoreAccess | null>(null);

export function StoreProvider(props: { access: StoreAccess; children: ReactNode }) {
  return <Access value={props.access}>{props.children}</Access>;
}

/** The calls and tables of the store. @throws Error outside of a `StoreProvider` */
export function useStore(): StoreAccess {
  const access = useContext(Access);
  if (!access) throw new Error('useStore needs a StoreProvider around it');
  return access;
}

const NOTHING: Watched<never> = { data: undefined, stale: true, error: null };

/** A reactive answer of a view. Null as `arg` watches nothing. */
export function useWatch<V extends ViewName>(view: V, arg: ViewArg<V> | null): Watched<ViewOut<V>> {
  return useWatched(view, arg as WatchArg<V> | null) as Watched<ViewOut<V>>;
}

/** A state of the store process, for example who is signed in. */
export function useTopic<T extends StoreTopic>(topic: T): Watched<TopicOut<T>> {
  return useWatched(topic, EMPTY as WatchArg<T>) as Watched<TopicOut<T>>;
}
const EMPTY = {};

function useWatched<N extends WatchName>(name: N, arg: WatchArg<N> | null): Watched<WatchOut<N>> {
  const { client } = useStore();
  const key = arg === null ? null : JSON.stringify(arg);
  // The key stands for the argument: a new object of equal content is the same watch.
  const watch = useMemo(
    () => (key === null ? null : client.watch(name, JSON.parse(key) as WatchArg<N>)),
    [client, name, key],
  );
  const subscribe = useCallback(
    (listener: () => void) => watch?.subscribe(listener) ?? (() => undefined),
    [watch],
  );
  return useSyncExternalStore(subscribe, () => watch?.current() ?? NOTHING);
}

/** Rows of a table that match, as they change. The collection stays open while this is mounted. */
export function useRows<N extends TableName>(
  name: N,
  selector: Readonly<Record<string, unknown>> | null,
): { rows: readonly TableRow<N>[] | undefined; error: AppError | null } {
  const { tables } = useStore();
  const key = selector === null ? null : JSON.stringify(selector);
  const [state, setState] = useState<{
    key: string | null;
    rows: readonly TableRow<N>[] | undefined;
    error: AppError | null;
  }>({ key, rows: undefined, error: null });
  useEffect(() => {
    if (key === null) return undefined;
    return tables.live(
      name,
      JSON.parse(key) as Record<string, unknown>,
      (rows) => setState({ key, rows, error: null }),
      (error) => setState((former) => ({ ...former, error })),
    );
  }, [tables, name, key]);
  return state.key === key ? state : { rows: undefined, error: null };
}

/** One row of a table as it changes: undefined while loading, null when it does not exist. */
export function useRow<N extends TableName>(
  name: N,
  id: string | null,
): TableRow<N> | null | undefined {
  const { rows } = useRows(name, id === null ? null : { id });
  return rows === undefined ? undefined : (rows[0] ?? null);
}
